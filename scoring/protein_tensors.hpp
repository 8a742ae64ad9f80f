// The tensors of a published model: one safetensors file, or several with an index.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "datasets/model_file.hpp"

namespace theriac::scoring {

class ProteinTensors {
 public:
  /// A folder with model.safetensors or model.safetensors.index.json, or one file. Throws InputError when
  /// there is none, ModelError when a file is damaged, an index names what is not there, leads out of the
  /// folder, or a tensor is in two files.
  static ProteinTensors read(const std::string& path);

  bool contains(const std::string& name) const { return file_of_.count(name) != 0; }
  /// Sorted.
  std::vector<std::string> names() const;
  const datasets::TensorInfo& info(const std::string& name) const;
  /// Finite numbers of this shape. Throws ModelError naming the tensor.
  std::vector<float> floats(const std::string& name, const datasets::TensorShape& shape) const;

  const std::map<std::string, std::string>& metadata() const { return files_.front().metadata(); }
  const std::string& folder() const { return folder_; }  ///< where config.json and the tokens lie
  const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  void read_index(const std::string& path);
  void add(datasets::ModelFile file);
  std::string folder_;
  std::vector<datasets::ModelFile> files_;
  std::map<std::string, std::size_t> file_of_;
  std::vector<std::string> warnings_;
};

}  // namespace theriac::scoring
