// What the checkpoints of all networks in training share: tensors by name in a model file, and the settings
// that must be the same to go on. Inside `scoring` and `generative`, part of the library of networks.
#pragma once
#include <torch/torch.h>

#include <string>
#include <vector>

#include "datasets/model_file.hpp"
#include "datasets/model_file_writer.hpp"

namespace theriac::scoring {

/// From and to wherever the tensor lives.
std::vector<float> numbers_of(const torch::Tensor& tensor);
void set_numbers(torch::Tensor& tensor, const std::vector<float>& numbers);

/// One entry per tensor, named `prefix` and its name.
void add_tensors(datasets::ModelFileWriter& file, const std::string& prefix,
                 const std::vector<std::string>& names, const std::vector<torch::Tensor>& tensors);
/// The other way round. Throws ModelError for missing tensors and other shapes.
void take_tensors(const datasets::ModelFile& file, const std::string& prefix,
                  const std::vector<std::string>& names, std::vector<torch::Tensor>& tensors);

/// `found` and `wanted` are JSON objects. Throws ModelError that names the first setting of `wanted` which
/// the checkpoint `file` was not made with.
void check_settings(const std::string& found, const std::string& wanted, const std::string& file);

}  // namespace theriac::scoring
