#include "datasets/durable_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "chem/error.hpp"

namespace theriac::datasets {
namespace {

constexpr std::size_t buffer_limit = 1 << 20;

std::string folder_of(const std::string& path) {
  const auto parent = std::filesystem::path(path).parent_path();
  return parent.empty() ? "." : parent.string();
}

std::string human_bytes(double bytes) {
  const char* units[] = {"B", "kB", "MB", "GB", "TB"};
  int i = 0;
  while (bytes >= 1000 && i < 4) bytes /= 1000, ++i;
  return i == 0 ? fmt::format("{:.0f} B", bytes) : fmt::format("{:.1f} {}", bytes, units[i]);
}

std::string free_space(const std::string& path) {
  struct statvfs disk {};
  if (statvfs(folder_of(path).c_str(), &disk) != 0) return {};
  const double block = static_cast<double>(disk.f_frsize);
  return fmt::format(" ({} free of {})", human_bytes(block * static_cast<double>(disk.f_bavail)),
                     human_bytes(block * static_cast<double>(disk.f_blocks)));
}

}  // namespace

void throw_storage_error(const std::string& what, const std::string& path, int error_number,
                         const std::string& safe) {
  const bool full = error_number == ENOSPC || error_number == EDQUOT || error_number == EFBIG;
  if (!full)
    throw StorageError(
        fmt::format("cannot {} '{}': {}", what, path, std::strerror(error_number)),
        what == "read" ? (error_number == EACCES ? "you may not read it: change its permissions" : "")
        : error_number == EACCES || error_number == EROFS || error_number == ENOENT
            ? "you may not write there: change the permissions, or choose another folder with -o"
            : "");
  const bool limited = error_number == EFBIG;
  throw StorageError(
      fmt::format("disk full while writing '{}'{}{}", path,
                  limited ? " (the limit on file sizes, ulimit -f, is reached)" : free_space(path),
                  safe.empty() ? "" : "; " + safe),
      fmt::format("free some space and run the same command: it continues{}",
                  limited ? "; or raise that limit" : ""));
}

void write_all(int descriptor, std::string_view bytes, const std::string& path, const std::string& safe) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(descriptor, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw_storage_error("write", path, errno, safe);
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

void sync_folder(const std::string& folder) {
  const int descriptor = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);  // some network file systems refuse this for folders; the rename itself has happened
  ::close(descriptor);
}

void publish_file(const std::string& temporary, const std::string& path) {
  const int descriptor = ::open(temporary.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) throw_storage_error("open", temporary, errno);
  const int result = ::fsync(descriptor);
  const int sync_error = errno;
  ::close(descriptor);
  if (result != 0) throw_storage_error("write", temporary, sync_error);
  if (std::rename(temporary.c_str(), path.c_str()) != 0) throw_storage_error("rename to", path, errno);
  sync_folder(folder_of(path));
}

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw InputError(fmt::format("cannot read '{}': {}", path, std::strerror(errno)));
  return {std::istreambuf_iterator<char>(in), {}};
}

DurableFile::DurableFile(std::string path) : path_(std::move(path)) {
  descriptor_ = ::open((path_ + ".tmp").c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor_ < 0) throw_storage_error("write", path_, errno);
}

DurableFile::~DurableFile() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  ::unlink((path_ + ".tmp").c_str());
}

void DurableFile::write(std::string_view bytes) {
  buffer_ += bytes;
  if (buffer_.size() >= buffer_limit) flush();
}

void DurableFile::flush() {
  write_all(descriptor_, buffer_, path_);
  buffer_.clear();
}

void DurableFile::publish() {
  flush();
  publish_file(path_ + ".tmp", path_);
  ::close(std::exchange(descriptor_, -1));
}

}  // namespace theriac::datasets
