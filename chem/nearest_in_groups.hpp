// For one fingerprint, the most similar member of each of many groups that share one set of members: the
// nearest training molecule of every model, where models share training molecules.
//
// The set is turned by a right angle: a row per bit, which holds that bit of all members. The rows of the
// bits that the query has are added up, 512 members at a time, in binary digits that lie in different words
// (carry-save adders; W. Mula, N. Kurz, D. Lemire, Comput. J. 61, 111 (2018)), so that a query with 45 bits
// of 1,024 reads 45 rows and not 1,024 columns. Members stand in the order of their number of bits, so that
// a similarity asks all 512 of a block for nearly the same number of common bits (S. J. Swamidass, P. Baldi,
// J. Chem. Inf. Model. 47, 302 (2007)). They are looked at from the most similar down, until every group has
// one.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "chem/fingerprint.hpp"

namespace theriac::chem {

class NearestInGroups {
 public:
  using Group = std::vector<std::uint32_t>;

  /// A group is a list of places in `members`. Both outlive this. Throws UsageError when a group is empty.
  NearestInGroups(const FingerprintSet& members, std::vector<const Group*> groups);

  struct Found {
    std::uint32_t member = 0;
    float similarity = -1;
  };
  /// For each group its member with the greatest Tanimoto similarity, of equals the one that stands first in
  /// the set: what FingerprintSet::nearest_among gives for a rising group. Throws UsageError when the lengths
  /// differ. Thread-safe.
  std::vector<Found> nearest(const Fingerprint& query) const;

 private:
  static constexpr std::size_t block_words = 8, block_members = 64 * block_words;
  /// One bit of 512 members.
  struct alignas(64) Words {
    std::uint64_t of[block_words] = {};
  };
  class Search;

  void order_members();
  void turn();
  void index_groups();
  std::vector<Found> one_by_one(const Fingerprint& query) const;

  const FingerprintSet& members_;
  std::vector<const Group*> groups_;
  std::size_t blocks_ = 0;
  std::vector<std::uint32_t> order_;  ///< members by their number of bits
  std::vector<std::int32_t> counts_;  ///< their numbers of bits, in that order
  std::vector<Words> bits_;           ///< block k of bit b at b * blocks + k; behind them a row of zeros
  std::vector<Words> group_bits_;     ///< the same for groups: which members they have
  std::vector<Words> in_any_group_;
  std::vector<std::uint32_t> first_group_;  ///< groups of the member at place p: [first[p], first[p + 1])
  std::vector<std::uint16_t> groups_of_;
};

}  // namespace theriac::chem
