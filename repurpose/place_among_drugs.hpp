// How high a count stands among those of the drugs in use.
//
// Path counts of a disease with many genes are large for every drug. What tells is whether a drug stands high
// among the others, so beside each count goes its place:
//
//   place = -ln((above + ties / 2 + 1/2) / (n + 1))
//
// n drugs that are in use for some other disease, `above` of them with a larger count, `ties` with the same
// one: about 0.7 in the middle, 4.6 where one drug in a hundred stands higher. A count of 0 has the place 0.
// That the drugs in use are the measure, and not all drugs of the store, keeps places the same however many
// compounds of which little is known a store holds.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "repurpose/real_matrix.hpp"

namespace theriac::repurpose {

/// Counts that are not 0, drug by drug, each with its place: most lines say nothing of most drugs.
class PlacedCounts {
 public:
  struct Entry {
    std::uint32_t line = 0;
    double count = 0, place = 0;
  };
  /// Entries of one drug, by line.
  struct Row {
    const Entry *first = nullptr, *last = nullptr;
    const Entry* begin() const { return first; }
    const Entry* end() const { return last; }
  };

  PlacedCounts() = default;
  /// Of drugs x lines; counts below 1e-13 are rounding and count as 0. Drugs in use are those with a positive
  /// count in the column `in_use`. In parallel.
  PlacedCounts(const RealMatrix& counts, std::size_t in_use);

  std::size_t rows() const { return begins_.empty() ? 0 : begins_.size() - 1; }
  Row row(std::size_t drug) const {
    return {entries_.data() + begins_[drug], entries_.data() + begins_[drug + 1]};
  }
  /// 0 where there is no entry.
  double count(std::size_t drug, std::size_t line) const;
  /// Those of some drugs, in the order asked.
  PlacedCounts rows_of(const std::vector<std::uint32_t>& drugs) const;

 private:
  std::vector<std::size_t> begins_;  ///< per drug, its first entry; and the end
  std::vector<Entry> entries_;
};

}  // namespace theriac::repurpose
