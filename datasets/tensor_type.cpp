#include "datasets/tensor_type.hpp"

#include <fmt/format.h>

#include <array>

namespace theriac::datasets {
namespace {

struct TypeRow {
  TensorType type;
  const char* name;
  std::size_t bytes;
};
constexpr std::array<TypeRow, 13> types = {{{TensorType::float64, "F64", 8},
                                            {TensorType::float32, "F32", 4},
                                            {TensorType::float16, "F16", 2},
                                            {TensorType::bfloat16, "BF16", 2},
                                            {TensorType::int64, "I64", 8},
                                            {TensorType::int32, "I32", 4},
                                            {TensorType::int16, "I16", 2},
                                            {TensorType::int8, "I8", 1},
                                            {TensorType::uint64, "U64", 8},
                                            {TensorType::uint32, "U32", 4},
                                            {TensorType::uint16, "U16", 2},
                                            {TensorType::uint8, "U8", 1},
                                            {TensorType::boolean, "BOOL", 1}}};

const TypeRow& row_of(TensorType type) {
  return types[static_cast<std::size_t>(type)];
}

}  // namespace

const char* tensor_type_name(TensorType type) {
  return row_of(type).name;
}

std::optional<TensorType> tensor_type_named(const std::string& name) {
  for (const auto& row : types)
    if (name == row.name) return row.type;
  return std::nullopt;
}

std::size_t tensor_type_bytes(TensorType type) {
  return row_of(type).bytes;
}

bool is_floating(TensorType type) {
  return type <= TensorType::bfloat16;
}

std::optional<std::size_t> element_count(const TensorShape& shape) {
  std::size_t elements = 1;
  for (const auto length : shape)
    if (length < 0 || __builtin_mul_overflow(elements, static_cast<std::size_t>(length), &elements))
      return std::nullopt;
  return elements;
}

std::string shape_text(const TensorShape& shape) {
  std::string text;
  for (const auto length : shape)
    text += (text.empty() ? "" : " x ") + (length < 0 ? std::string("any") : fmt::format("{}", length));
  return text.empty() ? "one number" : text;
}

}  // namespace theriac::datasets
