// An even sample of the records of a library, drawn while they pass by.
//
// Every record has a random number of its own, keyed by the seed and its place in the library, and those with
// the smallest numbers are drawn: each record equally likely, and the same ones however the library is cut
// into shards or planning was interrupted.
#pragma once
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "chem/record.hpp"

namespace theriac::cli {

class RecordSample {
 public:
  RecordSample(std::uint64_t seed, std::size_t size) : seed_(seed), size_(size) {}

  /// Each record of the library once, in any order.
  void offer(const chem::RawRecord& record);
  /// At most `size` records, in an order that is random too: any first part is an even sample as well.
  std::vector<chem::RawRecord> drawn() const;

 private:
  std::uint64_t seed_;
  std::size_t size_;
  std::map<std::pair<std::uint64_t, std::int64_t>, chem::RawRecord> smallest_;  ///< by number and place
};

}  // namespace theriac::cli
