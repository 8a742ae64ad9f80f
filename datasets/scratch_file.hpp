// Bytes that do not fit into memory for the length of a computation: a file without a name, which goes when
// it is closed, also after kill -9.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace theriac::datasets {

class ScratchFile {
 public:
  /// Nothing is made in `folder` before the first `append`.
  explicit ScratchFile(std::string folder) : folder_(std::move(folder)) {}
  ~ScratchFile();
  ScratchFile(ScratchFile&& other) noexcept;
  ScratchFile& operator=(ScratchFile&&) = delete;

  /// Where the bytes begin. Throws StorageError; on a full disk with how much is free.
  std::uint64_t append(std::string_view bytes);
  /// Throws StorageError when there are not so many.
  std::string read(std::uint64_t offset, std::size_t length) const;
  std::uint64_t size() const { return size_; }

 private:
  std::string folder_;
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
};

}  // namespace theriac::datasets
