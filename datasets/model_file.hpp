// Weights and what is known about them in one file: the safetensors layout.
//
// Eight bytes give the length of a JSON header, the header names every tensor with its type, shape and place,
// and the numbers follow, little-endian and row by row (github.com/huggingface/safetensors). Nothing in such
// a file can run. The header's "__metadata__" holds texts: architecture, units, training data, licence,
// version.
//
// Reading trusts nothing: header length, types, shapes, sizes and places are checked before a number is
// touched, tensors may neither overlap nor leave gaps, and a file cut short says by how much.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "datasets/tensor_type.hpp"

namespace theriac::datasets {

struct TensorInfo {
  std::string name;
  TensorType type = TensorType::float32;
  TensorShape shape;         ///< empty: one number
  std::size_t elements = 1;  ///< product of the shape
  std::size_t offset = 0;    ///< first byte, counted from the end of the header
  std::size_t bytes() const { return elements * tensor_type_bytes(type); }
};

class ModelFile {
 public:
  /// Throws InputError when the file cannot be read and ModelError when it is no such file, is cut short or
  /// contradicts itself.
  static ModelFile read(const std::string& path);
  /// The same from memory; `source` stands for the file in messages.
  static ModelFile from_bytes(std::string bytes, const std::string& source);

  const std::string& source() const { return source_; }
  const std::map<std::string, std::string>& metadata() const { return metadata_; }
  /// Empty when there is no such entry.
  std::string metadata(const std::string& key) const;
  /// In the order of their places in the file.
  const std::vector<TensorInfo>& tensors() const { return tensors_; }

  /// What is odd but harms nothing: fields that the layout does not know.
  const std::vector<std::string>& warnings() const { return warnings_; }

  bool contains(const std::string& tensor) const;
  /// Throws ModelError with the nearest name when there is none.
  const TensorInfo& info(const std::string& tensor) const;

  /// The numbers of a tensor, converted from any floating type (integers are refused). Throws ModelError
  /// naming both when it has another shape than `shape`; -1 stands for any length.
  std::vector<float> floats(const std::string& tensor, const TensorShape& shape) const;
  std::vector<double> doubles(const std::string& tensor, const TensorShape& shape) const;
  /// Throws ModelError for infinity and NaN too.
  std::vector<double> finite_doubles(const std::string& tensor, const TensorShape& shape) const;
  /// The same for integer and boolean types. Throws ModelError when a number exceeds int64.
  std::vector<std::int64_t> integers(const std::string& tensor, const TensorShape& shape) const;
  /// As they stand in the file.
  std::string_view bytes(const std::string& tensor) const;

 private:
  void read_header();
  void check_places() const;
  const TensorInfo& checked(const std::string& tensor, const TensorShape& shape) const;

  std::string source_, bytes_;
  std::size_t data_begin_ = 0;
  std::map<std::string, std::string> metadata_;
  std::vector<TensorInfo> tensors_;
  std::vector<std::string> warnings_;
  std::map<std::string, std::size_t> places_;  ///< name to index in tensors_
};

}  // namespace theriac::datasets
