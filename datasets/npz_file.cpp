#include "datasets/npz_file.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <regex>

#include "chem/error.hpp"
#include "datasets/durable_file.hpp"
#include "datasets/half_precision.hpp"

namespace theriac::datasets {
namespace {

constexpr std::uint32_t end_signature = 0x06054b50, entry_signature = 0x02014b50,
                        local_signature = 0x04034b50;
constexpr std::size_t end_bytes = 22, entry_bytes = 46, local_bytes = 30, comment_limit = 65535;
constexpr int stored_method = 0, deflated_method = 8;
constexpr unsigned encrypted_flag = 1;
constexpr std::size_t deflate_ratio = 1100;  // no deflated data unpack to more than 1,032 times their size

/// The bytes of the archive with every access checked.
class Archive {
 public:
  Archive(std::string bytes, std::string path) : bytes_(std::move(bytes)), path_(std::move(path)) {}

  std::size_t size() const { return bytes_.size(); }
  std::string_view piece(std::size_t at, std::size_t length) const {
    if (at > bytes_.size() || length > bytes_.size() - at) refuse("it is cut short");
    return std::string_view(bytes_).substr(at, length);
  }
  std::uint32_t number(std::size_t at, std::size_t width) const {
    std::uint32_t value = 0;
    const auto bytes = piece(at, width);
    for (std::size_t i = 0; i < width; ++i)
      value |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
    return value;
  }
  [[noreturn]] void refuse(const std::string& reason) const {
    throw InputError(fmt::format("'{}' is not a readable .npz file: {}", path_, reason));
  }

 private:
  std::string bytes_, path_;
};

struct Entry {
  std::string name;
  int method = 0;
  std::uint32_t crc = 0;
  std::size_t packed = 0, unpacked = 0, local = 0;
};

std::size_t end_record(const Archive& archive) {
  if (archive.size() < end_bytes) archive.refuse("it is too short for a ZIP archive");
  const std::size_t last = archive.size() - end_bytes;
  for (std::size_t back = 0; back <= std::min(last, comment_limit); ++back)
    if (archive.number(last - back, 4) == end_signature) return last - back;
  archive.refuse("it has no ZIP directory; was it cut short?");
}

std::vector<Entry> directory(const Archive& archive) {
  const std::size_t end = end_record(archive);
  const std::size_t count = archive.number(end + 10, 2);
  std::size_t at = archive.number(end + 16, 4);
  std::vector<Entry> entries;
  for (std::size_t i = 0; i < count; ++i) {
    if (archive.number(at, 4) != entry_signature) archive.refuse("its ZIP directory is damaged");
    Entry entry;
    entry.method = static_cast<int>(archive.number(at + 10, 2));
    entry.crc = archive.number(at + 16, 4);
    entry.packed = archive.number(at + 20, 4);
    entry.unpacked = archive.number(at + 24, 4);
    entry.local = archive.number(at + 42, 4);
    const std::size_t name = archive.number(at + 28, 2), extra = archive.number(at + 30, 2),
                      comment = archive.number(at + 32, 2);
    entry.name = archive.piece(at + entry_bytes, name);
    if (archive.number(at + 8, 2) & encrypted_flag)
      archive.refuse(fmt::format("'{}' is encrypted", entry.name));
    if (entry.method != stored_method && entry.method != deflated_method)
      archive.refuse(fmt::format("'{}' is packed by method {}, known are 0 and 8", entry.name, entry.method));
    at += entry_bytes + name + extra + comment;
    entries.push_back(std::move(entry));
  }
  return entries;
}

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

std::string content(const Archive& archive, const Entry& entry) {
  if (archive.number(entry.local, 4) != local_signature) archive.refuse("its ZIP directory is damaged");
  const std::size_t begin =
      entry.local + local_bytes + archive.number(entry.local + 26, 2) + archive.number(entry.local + 28, 2);
  const auto packed = archive.piece(begin, entry.packed);
  std::string bytes;
  if (entry.method == stored_method)
    bytes = packed;
  else
    bytes = inflated(packed, entry.unpacked);
  const auto crc = crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size()));
  if (bytes.size() != entry.unpacked || crc != entry.crc)
    archive.refuse(fmt::format("'{}' in it is damaged", entry.name));
  return bytes;
}

// ---- one .npy --------------------------------------------------------------------------------------------

using Decode = double (*)(const char*);

template <typename Stored>
double decode(const char* bytes) {
  Stored value;
  std::memcpy(&value, bytes, sizeof value);
  return static_cast<double>(value);
}

double decode_half(const char* bytes) {
  std::uint16_t value;
  std::memcpy(&value, bytes, sizeof value);
  return static_cast<double>(float_of_half(value));
}

struct NumberKind {
  const char* name;
  std::size_t bytes;
  Decode decode;
};
constexpr std::array<NumberKind, 12> kinds = {{{"<f8", 8, decode<double>},
                                               {"<f4", 4, decode<float>},
                                               {"<f2", 2, decode_half},
                                               {"<i8", 8, decode<std::int64_t>},
                                               {"<i4", 4, decode<std::int32_t>},
                                               {"<i2", 2, decode<std::int16_t>},
                                               {"|i1", 1, decode<std::int8_t>},
                                               {"<u8", 8, decode<std::uint64_t>},
                                               {"<u4", 4, decode<std::uint32_t>},
                                               {"<u2", 2, decode<std::uint16_t>},
                                               {"|u1", 1, decode<std::uint8_t>},
                                               {"|b1", 1, decode<std::uint8_t>}}};

const NumberKind& kind_named(const Archive& archive, const std::string& name, const std::string& array) {
  for (const auto& kind : kinds)
    if (name == kind.name) return kind;
  archive.refuse(fmt::format("array '{}' holds '{}', not numbers that are read here", array, name));
}

TensorShape shape_of(const Archive& archive, const std::string& text, const std::string& array) {
  static const std::regex number("[0-9]+");
  TensorShape shape;
  for (auto at = std::sregex_iterator(text.begin(), text.end(), number); at != std::sregex_iterator(); ++at) {
    if (at->length() > 18) archive.refuse(fmt::format("array '{}' is impossibly large", array));
    shape.push_back(std::stoll(at->str()));
  }
  return shape;
}

/// The header is a Python dictionary of three known keys.
NumberArray array_of(const Archive& archive, const std::string& npy, const std::string& name) {
  const auto damaged = [&] { archive.refuse(fmt::format("array '{}' has a damaged header", name)); };
  if (npy.size() < 12 || npy.compare(0, 6, "\x93NUMPY") != 0) damaged();
  const std::size_t width = npy[6] == 1 ? 2 : 4;
  std::size_t length = 0;
  for (std::size_t i = 0; i < width; ++i)
    length |= static_cast<std::size_t>(static_cast<unsigned char>(npy[8 + i])) << (8 * i);
  const std::size_t begin = 8 + width;
  if (length > npy.size() - begin || length > 100000) damaged();
  const std::string header = npy.substr(begin, length);
  static const std::regex descr("'descr': *'([^']*)'"), order("'fortran_order': *(True|False)"),
      shape("'shape': *\\(([0-9, ]*)\\)");
  std::smatch type, fortran, lengths;
  if (!std::regex_search(header, type, descr) || !std::regex_search(header, fortran, order) ||
      !std::regex_search(header, lengths, shape))
    damaged();
  NumberArray array;
  array.shape = shape_of(archive, lengths[1], name);
  const auto& kind = kind_named(archive, type[1], name);
  if (fortran[1] == "True" && array.shape.size() > 1)
    archive.refuse(
        fmt::format("array '{}' is stored in Fortran order; save it with numpy.ascontiguousarray", name));
  const auto elements = element_count(array.shape);
  const std::size_t have = npy.size() - begin - length;
  if (!elements || *elements > have || *elements * kind.bytes != have)
    archive.refuse(
        fmt::format("array '{}' of shape {} does not fit its {} bytes", name, shape_text(array.shape), have));
  array.numbers.resize(*elements);
  const char* at = npy.data() + begin + length;
  for (auto& value : array.numbers) {
    value = kind.decode(at);
    at += kind.bytes;
  }
  return array;
}

}  // namespace

std::map<std::string, NumberArray> read_npz(const std::string& path, std::size_t limit_bytes) {
  const Archive archive(read_file(path), path);
  const auto entries = directory(archive);
  std::size_t total = 0;
  std::map<std::string, NumberArray> arrays;
  for (const auto& entry : entries) {
    total += entry.unpacked;
    if (entry.unpacked / deflate_ratio > entry.packed)
      archive.refuse(fmt::format("'{}' in it is damaged", entry.name));
    if (total > limit_bytes) archive.refuse(fmt::format("it unpacks to more than {} bytes", limit_bytes));
    const bool npy = entry.name.size() > 4 && entry.name.compare(entry.name.size() - 4, 4, ".npy") == 0;
    const std::string name = npy ? entry.name.substr(0, entry.name.size() - 4) : entry.name;
    arrays[name] = array_of(archive, content(archive, entry), name);
  }
  if (arrays.empty()) archive.refuse("it holds no array");
  return arrays;
}

}  // namespace theriac::datasets
