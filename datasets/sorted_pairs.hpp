// Pairs of integers in ascending order, however many there are.
//
// So many as fit into a limit are sorted in memory; more are written to a scratch file as sorted runs, which
// reading merges (D. E. Knuth, The Art of Computer Programming 3, section 5.4). With the default limit memory
// stays at 16 MB and 64 kB for each further million of pairs.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <queue>
#include <string>
#include <utility>
#include <vector>

#include "datasets/scratch_file.hpp"

namespace theriac::datasets {

class SortedPairs {
 public:
  using Pair = std::pair<std::uint64_t, std::uint64_t>;
  static constexpr std::size_t default_limit = std::size_t{1} << 20;

  /// The scratch file, if one is needed, lies in `folder`. `limit`: pairs in memory, at least 1.
  explicit SortedPairs(std::string folder, std::size_t limit = default_limit);

  /// Throws StorageError.
  void add(Pair pair);
  /// To be called once after the last `add`.
  void finish();
  std::size_t count() const { return count_; }

  /// From the smallest pair to the largest; equal pairs are all given. The pairs outlive the reader.
  class Reader {
   public:
    explicit Reader(const SortedPairs& pairs);
    /// Nothing after the last. Throws StorageError.
    std::optional<Pair> next();

   private:
    struct Run {
      std::uint64_t at = 0, end = 0;  ///< bytes of the scratch file that are still to be read
      std::vector<Pair> buffer;
      std::size_t given = 0;
    };
    void push(std::size_t run);

    const SortedPairs* pairs_;
    std::vector<Run> runs_;
    using Head = std::pair<Pair, std::size_t>;
    std::priority_queue<Head, std::vector<Head>, std::greater<>> heads_;
    std::size_t given_ = 0;  ///< of the pairs in memory
  };

 private:
  void write_run();

  ScratchFile file_;
  std::size_t limit_, count_ = 0;
  std::vector<Pair> pending_;
  std::vector<std::uint64_t> run_ends_;  ///< byte offsets
};

}  // namespace theriac::datasets
