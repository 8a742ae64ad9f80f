#include "datasets/journal.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "chem/error.hpp"
#include "datasets/durable_file.hpp"

namespace theriac::datasets {
namespace {

constexpr std::string_view file_magic = "THJOURN1";
constexpr std::string_view block_magic = "TBLK";
constexpr std::size_t frame_size = 32;
constexpr std::size_t fixed_header_size = 16;  // magic, length, checksum of both

std::uint32_t checksum(std::string_view bytes) {
  return static_cast<std::uint32_t>(
      crc32_z(0, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()));
}

template <typename Integer>
void put(std::string& out, Integer value) {
  for (std::size_t i = 0; i < sizeof value; ++i) out += static_cast<char>(value >> (8 * i));
}

template <typename Integer>
Integer get(std::string_view bytes, std::size_t offset) {
  Integer value = 0;
  for (std::size_t i = 0; i < sizeof value; ++i)
    value |= static_cast<Integer>(static_cast<unsigned char>(bytes[offset + i])) << (8 * i);
  return value;
}

std::string header_bytes(const std::string& identity) {
  std::string header(file_magic);
  put(header, static_cast<std::uint32_t>(identity.size()));
  put(header, checksum(header));
  header += identity;
  put(header, checksum(header));
  return header;
}

struct Frame {
  std::uint32_t records = 0;
  std::uint64_t index = 0;
  std::uint64_t length = 0;
  std::uint32_t payload_checksum = 0;
};

std::string frame_bytes(const Frame& frame) {
  std::string out(block_magic);
  put(out, frame.records);
  put(out, frame.index);
  put(out, frame.length);
  put(out, frame.payload_checksum);
  put(out, checksum(out));
  return out;
}

/// The frame at the start of `bytes`; nothing when it is incomplete or fails its checksum.
std::optional<Frame> read_frame(std::string_view bytes) {
  if (bytes.size() < frame_size || bytes.substr(0, 4) != block_magic) return {};
  if (get<std::uint32_t>(bytes, 28) != checksum(bytes.substr(0, 28))) return {};
  return Frame{get<std::uint32_t>(bytes, 4), get<std::uint64_t>(bytes, 8), get<std::uint64_t>(bytes, 16),
               get<std::uint32_t>(bytes, 24)};
}

/// The whole block at the start of `bytes`, payload verified.
std::optional<Frame> read_block(std::string_view bytes) {
  const auto frame = read_frame(bytes);
  if (!frame || frame->length > bytes.size() - frame_size) return {};
  if (checksum(bytes.substr(frame_size, frame->length)) != frame->payload_checksum) return {};
  return frame;
}

/// A read-only view of a file, for scanning it without copying.
class MappedFile {
 public:
  MappedFile(int descriptor, const std::string& path) {
    struct stat status {};
    if (fstat(descriptor, &status) != 0) throw_storage_error("read", path, errno);
    size_ = static_cast<std::size_t>(status.st_size);
    if (size_ == 0) return;
    address_ = mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, descriptor, 0);
    if (address_ == MAP_FAILED) throw_storage_error("read", path, errno);
  }
  ~MappedFile() {
    if (size_ > 0) munmap(address_, size_);
  }
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  std::string_view bytes() const { return {static_cast<const char*>(address_), size_}; }
  /// Memory for what lies before `end` is given back; it is read from the disk anew if it is looked at again.
  void release_before(std::uint64_t end) const {
    static const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    const std::size_t whole_pages = std::min<std::size_t>(end, size_) / page * page;
    if (whole_pages > released_)
      madvise(static_cast<char*>(address_) + released_, whole_pages - released_, MADV_DONTNEED);
    released_ = std::max(released_, whole_pages);
  }

 private:
  void* address_ = nullptr;
  std::size_t size_ = 0;
  mutable std::size_t released_ = 0;
};

struct Header {
  std::string identity;
  std::size_t size = 0;
};

/// Nothing when the file ends inside the header, as after a kill during creation.
std::optional<Header> read_header(std::string_view bytes, const std::string& path) {
  const auto seen = bytes.substr(0, file_magic.size());
  if (seen != file_magic.substr(0, seen.size()))
    throw StorageError(fmt::format("'{}' is not a Theriac journal", path), "choose another folder with -o");
  if (bytes.size() < fixed_header_size) return {};
  const auto require_checksum = [&](std::size_t size) {
    if (get<std::uint32_t>(bytes, size) != checksum(bytes.substr(0, size)))
      throw StorageError(fmt::format("the header of '{}' is damaged", path), "start again with --overwrite");
  };
  require_checksum(fixed_header_size - 4);
  const std::size_t length = get<std::uint32_t>(bytes, 8);
  const std::size_t body = fixed_header_size + length;
  if (bytes.size() < body + 4) return {};
  require_checksum(body);
  return Header{std::string(bytes.substr(fixed_header_size, length)), body + 4};
}

bool intact_block_after(std::string_view bytes, std::uint64_t last_index) {
  for (auto at = bytes.find(block_magic, 1); at != std::string_view::npos;
       at = bytes.find(block_magic, at + 1)) {
    const auto block = read_block(bytes.substr(at));
    if (block && block->index >= last_index) return true;
  }
  return false;
}

}  // namespace

std::optional<std::string> Journal::identity_of(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0 && errno == ENOENT) return {};
  if (descriptor < 0) throw_storage_error("read", path, errno);
  std::optional<Header> header;
  try {
    header = read_header(MappedFile(descriptor, path).bytes(), path);
  } catch (...) {
    ::close(descriptor);
    throw;
  }
  ::close(descriptor);
  if (!header) return {};
  return header->identity;
}

Journal::Journal(std::string path, const std::string& identity, Durability durability)
    : path_(std::move(path)), durability_(durability) {
  const bool existed = std::filesystem::exists(path_);
  descriptor_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (descriptor_ < 0) throw_storage_error("write", path_, errno);
  try {
    existed ? recover(identity) : create(identity);
  } catch (...) {
    ::close(descriptor_);
    throw;
  }
}

Journal::Journal(Journal&& other) noexcept
    : path_(std::move(other.path_)),
      durability_(other.durability_),
      descriptor_(std::exchange(other.descriptor_, -1)),
      first_block_(other.first_block_),
      end_(other.end_),
      blocks_(other.blocks_),
      records_(other.records_),
      torn_bytes_(other.torn_bytes_) {}

Journal::~Journal() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void Journal::create(const std::string& identity) {
  const std::string header = header_bytes(identity);
  write_all(descriptor_, header, path_);
  if (::fdatasync(descriptor_) != 0) throw_storage_error("write", path_, errno);
  sync_folder(std::filesystem::path(path_).parent_path());
  first_block_ = end_ = header.size();
}

void Journal::recover(const std::string& identity) {
  std::uint64_t file_size = 0;
  {
    const MappedFile file(descriptor_, path_);
    const std::string_view bytes = file.bytes();
    file_size = bytes.size();
    const auto header = read_header(bytes, path_);
    if (header) {
      if (header->identity != identity)
        throw StorageError(fmt::format("'{}' belongs to another run", path_),
                           "use --overwrite or another -o");
      first_block_ = end_ = header->size;
      while (const auto block = read_block(bytes.substr(end_))) {
        if (block->index != blocks_)
          throw StorageError(fmt::format("'{}' is damaged: block {} follows block {}", path_, block->index,
                                         static_cast<std::int64_t>(blocks_) - 1),
                             "start again with --overwrite");
        end_ += frame_size + block->length;
        records_ += block->records;
        ++blocks_;
        file.release_before(end_);
      }
      if (end_ < file_size && intact_block_after(bytes.substr(end_), blocks_))
        throw StorageError(
            fmt::format("'{}' is damaged: block {} fails its checksum, though later blocks are intact "
                        "({} records before it are good)",
                        path_, blocks_, records_),
            "nothing was changed; restore the file from a backup or start again with --overwrite");
    }
  }
  torn_bytes_ = file_size - end_;
  if (torn_bytes_ > 0 && ::ftruncate(descriptor_, static_cast<off_t>(end_)) != 0)
    throw_storage_error("shorten", path_, errno);
  if (end_ == 0) create(identity);  // killed before the header was complete
}

void Journal::append(std::string_view payload, std::uint32_t records) {
  std::string block = frame_bytes({records, blocks_, payload.size(), checksum(payload)});
  block += payload;
  // a file that is written anew after a failure holds nothing that counts
  const std::string safe =
      durability_ == Durability::every_block ? fmt::format("{} records are safe", records_) : "";
  try {
    write_all(descriptor_, block, path_, safe);
    if (durability_ == Durability::every_block && ::fdatasync(descriptor_) != 0)
      throw_storage_error("write", path_, errno, safe);
  } catch (...) {
    if (::ftruncate(descriptor_, static_cast<off_t>(end_)) != 0) {
      // the torn tail stays and is cut off when the journal is opened again
    }
    throw;
  }
  end_ += block.size();
  records_ += records;
  ++blocks_;
}

void Journal::for_each(const std::function<void(std::string_view, std::uint32_t)>& visit) const {
  const MappedFile file(descriptor_, path_);
  std::uint64_t at = first_block_;
  for (std::uint64_t i = 0; i < blocks_; ++i) {
    const auto rest = file.bytes().substr(at);
    const auto block = read_block(rest);
    if (!block || block->index != i)
      throw StorageError(
          fmt::format("'{}' was changed by another program: block {} fails its checksum", path_, i),
          "start again with --overwrite");
    visit(rest.substr(frame_size, block->length), block->records);
    at += frame_size + block->length;
    file.release_before(at);
  }
}

struct JournalFile::Implementation {
  std::string path;
  std::unique_ptr<MappedFile> file;
  std::string identity;
  std::uint64_t at = 0, index = 0;
};

JournalFile::JournalFile(const std::string& path) : implementation_(std::make_unique<Implementation>()) {
  auto& own = *implementation_;
  own.path = path;
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) throw_storage_error("read", path, errno);
  try {
    own.file = std::make_unique<MappedFile>(descriptor, path);
  } catch (...) {
    ::close(descriptor);
    throw;
  }
  ::close(descriptor);
  auto header = read_header(own.file->bytes(), path);
  if (!header) throw StorageError(fmt::format("'{}' ends inside its header", path));
  own.identity = std::move(header->identity);
  own.at = header->size;
}

JournalFile::~JournalFile() = default;
JournalFile::JournalFile(JournalFile&&) noexcept = default;

const std::string& JournalFile::identity() const {
  return implementation_->identity;
}

std::optional<JournalFile::Block> JournalFile::next() {
  auto& own = *implementation_;
  const auto rest = own.file->bytes().substr(own.at);
  own.file->release_before(own.at);
  if (rest.empty()) return {};
  const auto frame = read_block(rest);
  if (!frame || frame->index != own.index)
    throw StorageError(fmt::format("'{}' is damaged: block {} fails its checksum", own.path, own.index));
  Block block{rest.substr(frame_size, frame->length), frame->records, own.at + frame_size};
  own.at += frame_size + frame->length;
  ++own.index;
  return block;
}

std::uint64_t JournalFile::count_records(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return 0;
  std::uint64_t records = 0;
  try {
    const MappedFile file(descriptor, path);
    const auto bytes = file.bytes();
    if (const auto header = read_header(bytes, path)) {
      std::uint64_t at = header->size;
      while (const auto frame = read_frame(bytes.substr(at))) {
        if (frame->length > bytes.size() - at - frame_size) break;
        records += frame->records;
        at += frame_size + frame->length;
      }
    }
  } catch (const StorageError&) {
    // no journal: nothing in it counts
  }
  ::close(descriptor);
  return records;
}

}  // namespace theriac::datasets
