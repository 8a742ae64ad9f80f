// Types and shapes of tensors in files: how numbers are stored, and how many there are.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace theriac::datasets {

enum class TensorType {
  float64,
  float32,
  float16,   ///< IEEE 754 half
  bfloat16,  ///< upper half of a float32
  int64,
  int32,
  int16,
  int8,
  uint64,
  uint32,
  uint16,
  uint8,
  boolean,  ///< one byte each
};

/// "F32", "BF16" ... as the header spells it.
const char* tensor_type_name(TensorType type);
std::optional<TensorType> tensor_type_named(const std::string& name);
std::size_t tensor_type_bytes(TensorType type);
bool is_floating(TensorType type);

/// Lengths, the slowest index first; empty: one number.
using TensorShape = std::vector<std::int64_t>;
/// Product of the lengths; nothing when one is negative or the product exceeds size_t.
std::optional<std::size_t> element_count(const TensorShape& shape);
/// "512 x 128", "one number"; a negative length is "any".
std::string shape_text(const TensorShape& shape);

}  // namespace theriac::datasets
