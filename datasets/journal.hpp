// The truth while a run is going: an append-only file of framed, checksummed blocks.
//
// A block that `append` has returned for is on the disk. Whatever happens next (kill -9, power cut, full
// disk), opening the journal again gives every such block back in order; a half-written tail is cut off.
// Tables, HDF5 and poses are written from the journal when the run is complete, and only then appear.
//
// Layout, little-endian:
//   header  "THJOURN1"  u32 length of the identity  u32 CRC-32 so far  identity bytes  u32 CRC-32 of all that
//   block   "TBLK"  u32 records  u64 index  u64 length  u32 CRC-32 of the payload  u32 CRC-32 of this frame
//   payload
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace theriac::datasets {

/// When appended blocks reach the disk.
enum class Durability {
  every_block,  ///< before `append` returns
  on_publish,   ///< when the finished file is published: for files that are written anew after a kill
};

class Journal {
 public:
  /// Opens or creates. `identity` says which run this is (inputs, settings, seed, version).
  /// Throws StorageError: not a journal, another identity, a damaged block that intact blocks follow, disk
  /// full. A bad last block counts as torn and is cut off (`torn_bytes`): its records are computed again.
  Journal(std::string path, const std::string& identity, Durability durability = Durability::every_block);
  ~Journal();
  Journal(Journal&& other) noexcept;
  Journal& operator=(Journal&&) = delete;

  /// The identity in the header of an existing journal; nothing when there is no file or its header was never
  /// finished. Throws StorageError for a file that is something else.
  static std::optional<std::string> identity_of(const std::string& path);

  /// Durable on return (fdatasync), unless it was opened otherwise. Throws StorageError; on a full disk the
  /// message says how many records are safe, and the journal stays good: a later append may succeed.
  void append(std::string_view payload, std::uint32_t records);

  /// Every block in order, from the disk, checksums verified.
  void for_each(const std::function<void(std::string_view payload, std::uint32_t records)>& visit) const;

  std::uint64_t block_count() const { return blocks_; }
  std::uint64_t record_count() const { return records_; }
  std::uint64_t torn_bytes() const { return torn_bytes_; }  ///< cut off on opening
  const std::string& path() const { return path_; }

 private:
  void create(const std::string& identity);
  void recover(const std::string& identity);

  std::string path_;
  Durability durability_;
  int descriptor_ = -1;
  std::uint64_t first_block_ = 0, end_ = 0;  ///< byte offsets of the first block and behind the last
  std::uint64_t blocks_ = 0, records_ = 0, torn_bytes_ = 0;
};

/// A journal that is only read: a finished shard, or the file of another process. It is never changed. Memory
/// holds the block that was read last, whatever the size of the file.
class JournalFile {
 public:
  struct Block {
    std::string_view payload;  ///< valid as long as the file
    std::uint32_t records = 0;
    std::uint64_t offset = 0;  ///< of the payload in the file, bytes
  };

  /// Throws StorageError: missing, unreadable, not a journal.
  explicit JournalFile(const std::string& path);
  ~JournalFile();
  JournalFile(JournalFile&&) noexcept;

  const std::string& identity() const;
  /// The next block, verified; nothing at the end of the file. Throws StorageError when the file is damaged
  /// or ends inside a block.
  std::optional<Block> next();

  /// Records in the complete blocks at the front, by their frames alone; 0 for a file that is no journal.
  static std::uint64_t count_records(const std::string& path);

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace theriac::datasets
