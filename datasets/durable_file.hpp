// A file that appears whole or not at all: written under a temporary name, flushed to the disk, then renamed.
//
// rename(2) is atomic within a folder, so a reader sees the old file or the new one, also after a power cut.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace theriac::datasets {

class DurableFile {
 public:
  /// Opens `path` + ".tmp". Throws StorageError when the folder is missing or not writable.
  explicit DurableFile(std::string path);
  ~DurableFile();  ///< removes the temporary file unless published
  DurableFile(const DurableFile&) = delete;
  DurableFile& operator=(const DurableFile&) = delete;

  /// Throws StorageError; when the disk is full the message says so and how much is free.
  void write(std::string_view bytes);
  /// Flush, fsync, rename, fsync of the folder. The file exists afterwards.
  void publish();
  const std::string& path() const { return path_; }

 private:
  void flush();
  std::string path_;
  std::string buffer_;
  int descriptor_ = -1;
};

/// Moves a finished temporary file (written by a library, e.g. HDF5) to its place: fsync, rename, fsync
/// folder.
void publish_file(const std::string& temporary, const std::string& path);

/// Writes all bytes or throws StorageError naming `path`. `safe` is added to the message of a full disk.
void write_all(int descriptor, std::string_view bytes, const std::string& path, const std::string& safe = {});

/// The StorageError for the current errno while doing `what` ("write") with `path`.
[[noreturn]] void throw_storage_error(const std::string& what, const std::string& path, int error_number,
                                      const std::string& safe = {});

/// fsync of a folder, so that a rename in it lasts.
void sync_folder(const std::string& folder);

/// Whole file as bytes. Throws InputError.
std::string read_file(const std::string& path);

}  // namespace theriac::datasets
