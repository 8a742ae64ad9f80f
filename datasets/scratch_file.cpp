#include "datasets/scratch_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "chem/error.hpp"
#include "datasets/durable_file.hpp"

namespace theriac::datasets {

ScratchFile::~ScratchFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

ScratchFile::ScratchFile(ScratchFile&& other) noexcept
    : folder_(std::move(other.folder_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      size_(std::exchange(other.size_, 0)) {}

std::uint64_t ScratchFile::append(std::string_view bytes) {
  if (descriptor_ < 0) {
    // not O_TMPFILE, which network file systems lack
    std::string name = folder_ + "/scratch-XXXXXX";
    descriptor_ = ::mkostemp(name.data(), O_CLOEXEC);
    if (descriptor_ < 0) throw_storage_error("write", name, errno);
    ::unlink(name.c_str());
  }
  write_all(descriptor_, bytes, folder_);
  const std::uint64_t offset = size_;
  size_ += bytes.size();
  return offset;
}

std::string ScratchFile::read(std::uint64_t offset, std::size_t length) const {
  std::string bytes(length, '\0');
  for (std::size_t got = 0; got < length;) {
    const auto n = ::pread(descriptor_, bytes.data() + got, length - got, static_cast<off_t>(offset + got));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw_storage_error("read", folder_, errno);
    if (n == 0)
      throw StorageError(fmt::format("a scratch file in '{}' ends at byte {}, before byte {}", folder_,
                                     offset + got, offset + length));
    got += static_cast<std::size_t>(n);
  }
  return bytes;
}

}  // namespace theriac::datasets
