#include "datasets/npz_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <regex>

#include "chem/error.hpp"
#include "datasets/durable_file.hpp"
#include "datasets/half_precision.hpp"
#include "datasets/zip_archive.hpp"

namespace theriac::datasets {
namespace {

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

const NumberKind& kind_named(const ZipArchive& archive, const std::string& name, const std::string& array) {
  for (const auto& kind : kinds)
    if (name == kind.name) return kind;
  archive.refuse(fmt::format("array '{}' holds '{}', not numbers that are read here", array, name));
}

TensorShape shape_of(const ZipArchive& archive, const std::string& text, const std::string& array) {
  static const std::regex number("[0-9]+");
  TensorShape shape;
  for (auto at = std::sregex_iterator(text.begin(), text.end(), number); at != std::sregex_iterator(); ++at) {
    if (at->length() > 18) archive.refuse(fmt::format("array '{}' is impossibly large", array));
    shape.push_back(std::stoll(at->str()));
  }
  return shape;
}

/// The header is a Python dictionary of three known keys.
NumberArray array_of(const ZipArchive& archive, const std::string& npy, const std::string& name) {
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
  const ZipArchive archive(read_file(path), path, ".npz");
  std::size_t total = 0;
  std::map<std::string, NumberArray> arrays;
  for (const auto& entry : archive.entries()) {
    total += entry.unpacked;
    if (total > limit_bytes) archive.refuse(fmt::format("it unpacks to more than {} bytes", limit_bytes));
    const bool npy = entry.name.size() > 4 && entry.name.compare(entry.name.size() - 4, 4, ".npy") == 0;
    const std::string name = npy ? entry.name.substr(0, entry.name.size() - 4) : entry.name;
    arrays[name] = array_of(archive, archive.content(entry), name);
  }
  if (arrays.empty()) archive.refuse("it holds no array");
  return arrays;
}

}  // namespace theriac::datasets
