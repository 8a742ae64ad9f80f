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
#include <optional>
#include <string>
#include <string_view>

namespace theriac::datasets {

class Journal {
 public:
  /// Opens or creates. `identity` says which run this is (inputs, settings, seed, version).
  /// Throws StorageError: not a journal, another identity, a damaged block that intact blocks follow, disk
  /// full. A bad last block counts as torn and is cut off (`torn_bytes`): its records are computed again.
  Journal(std::string path, const std::string& identity);
  ~Journal();
  Journal(Journal&& other) noexcept;
  Journal& operator=(Journal&&) = delete;

  /// The identity in the header of an existing journal; nothing when there is no file or its header was never
  /// finished. Throws StorageError for a file that is something else.
  static std::optional<std::string> identity_of(const std::string& path);

  /// Durable on return (fdatasync). Throws StorageError; on a full disk the message says how many records are
  /// safe, and the journal stays good: a later append may succeed.
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
  int descriptor_ = -1;
  std::uint64_t first_block_ = 0, end_ = 0;  ///< byte offsets of the first block and behind the last
  std::uint64_t blocks_ = 0, records_ = 0, torn_bytes_ = 0;
};

}  // namespace theriac::datasets
