#include "datasets/zip_archive.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>

#include "chem/error.hpp"

namespace theriac::datasets {
namespace {

constexpr std::uint32_t end_signature = 0x06054b50, entry_signature = 0x02014b50,
                        local_signature = 0x04034b50;
constexpr std::size_t end_bytes = 22, entry_bytes = 46, local_bytes = 30, comment_limit = 65535;
constexpr int stored_method = 0, deflated_method = 8;
constexpr unsigned encrypted_flag = 1;
constexpr std::size_t deflate_ratio = 1100;  // no deflated data unpack to more than 1,032 times their size

std::string inflated(std::string_view packed, std::size_t size) {
  std::string out(size, '\0');
  z_stream stream{};
  if (inflateInit2(&stream, -15) != Z_OK) return {};
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int result = inflate(&stream, Z_FINISH);
  const bool whole = result == Z_STREAM_END && stream.avail_out == 0;
  inflateEnd(&stream);
  return whole ? out : std::string();
}

}  // namespace

ZipArchive::ZipArchive(std::string bytes, std::string source, std::string kind)
    : bytes_(std::move(bytes)), source_(std::move(source)), kind_(std::move(kind)) {
  const std::size_t end = end_record();
  const std::size_t count = number(end + 10, 2);
  std::size_t at = number(end + 16, 4);
  for (std::size_t i = 0; i < count; ++i) {
    if (number(at, 4) != entry_signature) refuse("its ZIP directory is damaged");
    ZipEntry entry;
    entry.method = static_cast<int>(number(at + 10, 2));
    entry.crc = number(at + 16, 4);
    entry.packed = number(at + 20, 4);
    entry.unpacked = number(at + 24, 4);
    entry.local = number(at + 42, 4);
    const std::size_t name = number(at + 28, 2), extra = number(at + 30, 2), comment = number(at + 32, 2);
    entry.name = piece(at + entry_bytes, name);
    if (number(at + 8, 2) & encrypted_flag) refuse(fmt::format("'{}' is encrypted", entry.name));
    if (entry.method != stored_method && entry.method != deflated_method)
      refuse(fmt::format("'{}' is packed by method {}, known are 0 and 8", entry.name, entry.method));
    if (entry.unpacked / deflate_ratio > entry.packed)
      refuse(fmt::format("'{}' in it is damaged", entry.name));
    at += entry_bytes + name + extra + comment;
    entries_.push_back(std::move(entry));
  }
}

std::string_view ZipArchive::piece(std::size_t at, std::size_t length) const {
  if (at > bytes_.size() || length > bytes_.size() - at) refuse("it is cut short");
  return std::string_view(bytes_).substr(at, length);
}

std::uint32_t ZipArchive::number(std::size_t at, std::size_t width) const {
  std::uint32_t value = 0;
  const auto bytes = piece(at, width);
  for (std::size_t i = 0; i < width; ++i)
    value |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
  return value;
}

void ZipArchive::refuse(const std::string& reason) const {
  throw InputError(fmt::format("'{}' is not a readable {} file: {}", source_, kind_, reason));
}

std::size_t ZipArchive::end_record() const {
  if (bytes_.size() < end_bytes) refuse("it is too short for a ZIP archive");
  const std::size_t last = bytes_.size() - end_bytes;
  for (std::size_t back = 0; back <= std::min(last, comment_limit); ++back)
    if (number(last - back, 4) == end_signature) return last - back;
  refuse("it has no ZIP directory; was it cut short?");
}

std::string ZipArchive::content(const ZipEntry& entry) const {
  if (number(entry.local, 4) != local_signature) refuse("its ZIP directory is damaged");
  const std::size_t begin =
      entry.local + local_bytes + number(entry.local + 26, 2) + number(entry.local + 28, 2);
  const auto packed = piece(begin, entry.packed);
  std::string bytes;
  if (entry.method == stored_method)
    bytes = packed;
  else
    bytes = inflated(packed, entry.unpacked);
  const auto crc = crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size()));
  if (bytes.size() != entry.unpacked || crc != entry.crc)
    refuse(fmt::format("'{}' in it is damaged", entry.name));
  return bytes;
}

}  // namespace theriac::datasets
