// The records of a library cut into shards: few large files, whatever the number of shards and records.
//
// A record goes to the shard that its key names, and the key is a hash of the molecule: equal molecules meet
// in one shard. Records are collected in memory up to a limit and written as one segment, a journal block
// that holds a gzip-compressed piece per shard; so memory does not grow with the library, a kill costs one
// segment at most, and a library of a billion molecules is two files:
//
//   records.bin  the segments, framed and checksummed (journal.hpp)
//   index.bin    where the pieces of each shard lie
//
// Within a shard records keep the order of the library.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "chem/record.hpp"
#include "datasets/byte_stream.hpp"

namespace theriac::datasets {

/// The next record; nothing after the last.
using RecordSupply = std::function<std::optional<chem::RawRecord>()>;

class ShardRecordsWriter {
 public:
  /// Begins in `folder`, or continues what was begun with the same `identity`. Throws StorageError.
  ShardRecordsWriter(const std::string& folder, const std::string& identity, int shards);
  ~ShardRecordsWriter();

  /// Records already on the disk: so many of the library's first records are not to be added again.
  std::int64_t records_kept() const;
  /// Throws StorageError.
  void add(const chem::RawRecord& record, std::uint64_t key);
  /// Writes what is in memory: a run that stops here loses nothing.
  void flush();
  /// Writes what is in memory, checks all that was written, and publishes both files.
  void finish();
  /// Both files of this very identity are there: nothing is left to add.
  static bool finished(const std::string& folder, const std::string& identity);

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

class ShardRecords {
 public:
  /// Throws StorageError: no finished library in `folder`, or a damaged index.
  explicit ShardRecords(const std::string& folder);

  int shards() const { return static_cast<int>(counts_.size()); }
  std::int64_t count() const;
  std::int64_t count(int shard) const { return counts_.at(static_cast<std::size_t>(shard)); }
  /// Reads one piece at a time. The supply throws StorageError when a piece is damaged.
  RecordSupply open(int shard) const;

 private:
  struct Piece {
    std::uint64_t offset, length;
    std::int64_t records;
  };
  std::vector<Piece> pieces(int shard) const;

  std::string folder_;
  std::vector<std::int64_t> counts_;
  std::vector<std::uint64_t> places_;  ///< of each shard's pieces in index.bin, and the end
};

/// The shard of a key.
int shard_of(std::uint64_t key, int shards);

/// A record as bytes and back.
void put_record(ByteWriter& out, const chem::RawRecord& record);
chem::RawRecord get_record(ByteReader& in);

}  // namespace theriac::datasets
