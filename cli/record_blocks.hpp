// Records of large files by the block or at random, without holding the file in memory.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "chem/record_reader.hpp"
#include "generative/reference_statistics.hpp"

namespace theriac::cli {

class Progress;
class Session;

constexpr std::size_t block_records = 2048;

/// Thrown between two blocks when the run was asked to end.
struct StoppedEarly {};
void check_stop(const Session& session);

/// Block after block of what `reader` gives, with progress; throws StoppedEarly. All three outlive it.
generative::RecordBlocks record_blocks(chem::RecordReader& reader, Progress& progress,
                                       const Session& session);

struct RecordDraw {
  std::vector<chem::RawRecord> records;  ///< in random order
  std::int64_t total = 0;                ///< in the file
};

/// `n` records, each set of n equally likely (reservoir sampling: J. S. Vitter, ACM Trans. Math. Softw. 11,
/// 37 (1985)); all of them, in the order of the file, when n is 0. Fewer when the file holds fewer. The same
/// seed and stage draw the same. Throws InputError.
RecordDraw draw_records(const std::string& path, std::int64_t n, std::uint64_t seed,
                        const std::string& stage);

/// Puts records into the order of their file.
void sort_by_place(std::vector<chem::RawRecord>& records);

}  // namespace theriac::cli
