#include "datasets/model_file_writer.hpp"

#include <fmt/format.h>

#include <cstring>
#include <nlohmann/json.hpp>

#include "chem/error.hpp"
#include "datasets/durable_file.hpp"
#include "datasets/half_precision.hpp"

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "numbers are copied as they stand in memory");

namespace theriac::datasets {
namespace {

constexpr const char* metadata_key = "__metadata__";

template <typename Stored>
void put(std::string& out, Stored value) {
  char bytes[sizeof value];
  std::memcpy(bytes, &value, sizeof value);
  out.append(bytes, sizeof value);
}

void put_real(std::string& out, double value, TensorType type) {
  switch (type) {
    case TensorType::float64:
      return put(out, value);
    case TensorType::float32:
      return put(out, static_cast<float>(value));
    case TensorType::float16:
      return put(out, half_of(static_cast<float>(value)));
    default:
      return put(out, bfloat16_of(static_cast<float>(value)));
  }
}

template <typename Stored>
void put_whole(std::string& out, std::int64_t value) {
  if (value != static_cast<std::int64_t>(static_cast<Stored>(value)) ||
      (value < 0) != (static_cast<Stored>(value) < 0))
    throw UsageError(fmt::format("{} does not fit an integer of {} bytes", value, sizeof(Stored)));
  put(out, static_cast<Stored>(value));
}

void put_integer(std::string& out, std::int64_t value, TensorType type) {
  switch (type) {
    case TensorType::int64:
      return put_whole<std::int64_t>(out, value);
    case TensorType::int32:
      return put_whole<std::int32_t>(out, value);
    case TensorType::int16:
      return put_whole<std::int16_t>(out, value);
    case TensorType::int8:
      return put_whole<std::int8_t>(out, value);
    case TensorType::uint64:
      return put_whole<std::uint64_t>(out, value);
    case TensorType::uint32:
      return put_whole<std::uint32_t>(out, value);
    case TensorType::uint16:
      return put_whole<std::uint16_t>(out, value);
    case TensorType::uint8:
      return put_whole<std::uint8_t>(out, value);
    default:
      if (value != 0 && value != 1) throw UsageError(fmt::format("{} is not a truth value", value));
      return put_whole<std::uint8_t>(out, value);
  }
}

template <typename Real>
std::string real_bytes(const std::vector<Real>& numbers, TensorType type) {
  if (!is_floating(type))
    throw UsageError(fmt::format("floating-point numbers cannot be stored as {}", tensor_type_name(type)));
  std::string out;
  out.reserve(numbers.size() * tensor_type_bytes(type));
  for (const Real value : numbers) put_real(out, static_cast<double>(value), type);
  return out;
}

}  // namespace

void ModelFileWriter::add(const std::string& name, const TensorShape& shape,
                          const std::vector<float>& numbers, TensorType type) {
  add_bytes(name, shape, real_bytes(numbers, type), type);
}

void ModelFileWriter::add(const std::string& name, const TensorShape& shape,
                          const std::vector<double>& numbers, TensorType type) {
  add_bytes(name, shape, real_bytes(numbers, type), type);
}

void ModelFileWriter::add(const std::string& name, const TensorShape& shape,
                          const std::vector<std::int64_t>& numbers, TensorType type) {
  if (is_floating(type))
    throw UsageError(fmt::format("integers cannot be stored as {}", tensor_type_name(type)));
  std::string out;
  for (const auto value : numbers) put_integer(out, value, type);
  add_bytes(name, shape, std::move(out), type);
}

void ModelFileWriter::add_bytes(const std::string& name, const TensorShape& shape, std::string bytes,
                                TensorType type) {
  const auto elements = element_count(shape);
  if (!elements || *elements * tensor_type_bytes(type) != bytes.size())
    throw UsageError(fmt::format("tensor '{}' of shape {} cannot hold {} bytes of {}", name,
                                 shape_text(shape), bytes.size(), tensor_type_name(type)));
  if (name == metadata_key || !tensors_.emplace(name, Tensor{type, shape, std::move(bytes)}).second)
    throw UsageError(fmt::format("the tensor name '{}' is taken", name));
}

std::string ModelFileWriter::bytes() const {
  auto header = nlohmann::ordered_json::object();
  if (!metadata_.empty()) header[metadata_key] = metadata_;
  std::size_t at = 0;
  for (const auto& [name, tensor] : tensors_) {
    header[name] = {{"dtype", tensor_type_name(tensor.type)},
                    {"shape", tensor.shape},
                    {"data_offsets", {at, at + tensor.bytes.size()}}};
    at += tensor.bytes.size();
  }
  std::string text = header.dump();
  text.append((8 - text.size() % 8) % 8, ' ');  // the numbers begin at a multiple of eight
  std::string out;
  out.reserve(sizeof(std::uint64_t) + text.size() + at);
  put(out, static_cast<std::uint64_t>(text.size()));
  out += text;
  for (const auto& [name, tensor] : tensors_) out += tensor.bytes;
  return out;
}

void ModelFileWriter::write(const std::string& path) const {
  DurableFile file(path);
  file.write(bytes());
  file.publish();
}

}  // namespace theriac::datasets
