// Many fingerprints against many: nearest neighbours and mean similarities of whole sets.
//
// Eight members lie side by side, word by word, so that one instruction counts the common bits of one word
// of all eight (AVX-512 VPOPCNTDQ where the processor has it, chosen at run time). Results do not depend on
// the instruction set: nothing is rounded before the last division.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "chem/fingerprint.hpp"

namespace theriac::chem {

/// A range of rows of a fingerprint set: begin to end - 1.
struct RowRange {
  std::size_t begin = 0, end = 0;
};

class BulkSimilarity {
 public:
  explicit BulkSimilarity(const FingerprintSet& members);

  std::size_t size() const { return size_; }

  /// For every query of the range, the Tanimoto similarity to the most similar member. Throws UsageError when
  /// the lengths differ or there is no member. Safe for many threads, as all of these.
  std::vector<double> nearest(const FingerprintSet& queries, RowRange range) const;
  /// The same within the set itself: query i is member i and is not its own neighbour. 0 in a set of one.
  std::vector<double> nearest_other(const FingerprintSet& members, RowRange range) const;

  struct Sums {
    double similarity = 0, squared = 0;
  };
  /// For every query, the sums over all members (itself too, when it is one) of Tanimoto and of its square.
  std::vector<Sums> sums(const FingerprintSet& queries, RowRange range) const;

 private:
  std::vector<double> largest(const FingerprintSet& queries, RowRange range, bool skip_self) const;
  bool empty_member(std::size_t skip) const;
  void check(const FingerprintSet& queries) const;

  std::size_t size_, words_;
  std::vector<std::uint64_t> blocks_;  ///< word w of member m at ((m / 8) * words + w) * 8 + m % 8
  std::vector<std::int32_t> counts_;   ///< padded to a multiple of eight
};

}  // namespace theriac::chem
