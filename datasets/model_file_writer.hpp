// Writes weights and what is known about them as a safetensors file (see model_file.hpp).
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "datasets/tensor_type.hpp"

namespace theriac::datasets {

/// Tensors stand in the order of their names, so equal content gives equal bytes.
class ModelFileWriter {
 public:
  void set(const std::string& key, const std::string& text) { metadata_[key] = text; }
  /// `type` is a floating type; rounds to nearest even. Throws UsageError when the shape does not fit the
  /// numbers or the name is taken.
  void add(const std::string& name, const TensorShape& shape, const std::vector<float>& numbers,
           TensorType type = TensorType::float32);
  void add(const std::string& name, const TensorShape& shape, const std::vector<double>& numbers,
           TensorType type = TensorType::float64);
  /// `type` is an integer type; throws UsageError for a number out of its range.
  void add(const std::string& name, const TensorShape& shape, const std::vector<std::int64_t>& numbers,
           TensorType type = TensorType::int64);
  /// Numbers as they stand in memory.
  void add_bytes(const std::string& name, const TensorShape& shape, std::string bytes, TensorType type);

  std::string bytes() const;
  /// Whole or not at all. Throws StorageError.
  void write(const std::string& path) const;

 private:
  struct Tensor {
    TensorType type;
    TensorShape shape;
    std::string bytes;
  };
  std::map<std::string, std::string> metadata_;
  std::map<std::string, Tensor> tensors_;
};

}  // namespace theriac::datasets
