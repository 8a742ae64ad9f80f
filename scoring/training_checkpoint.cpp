#include "scoring/training_checkpoint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "chem/error.hpp"

namespace theriac::scoring {
namespace {

constexpr std::size_t longest_shown = 60;  // characters of a setting in a message

std::string shown(const std::string& value) {
  return value.size() > longest_shown ? value.substr(0, longest_shown / 4) + "..." : value;
}

std::vector<std::int64_t> shape_of(const torch::Tensor& tensor) {
  return {tensor.sizes().begin(), tensor.sizes().end()};
}

}  // namespace

std::vector<float> numbers_of(const torch::Tensor& tensor) {
  const auto t = tensor.detach().cpu().contiguous();
  return {t.data_ptr<float>(), t.data_ptr<float>() + t.numel()};
}

void set_numbers(torch::Tensor& tensor, const std::vector<float>& numbers) {
  const torch::NoGradGuard no_gradients;
  auto from = torch::empty(tensor.sizes());
  std::copy(numbers.begin(), numbers.end(), from.data_ptr<float>());
  tensor.copy_(from);
}

void add_tensors(datasets::ModelFileWriter& file, const std::string& prefix,
                 const std::vector<std::string>& names, const std::vector<torch::Tensor>& tensors) {
  for (std::size_t i = 0; i < tensors.size(); ++i)
    file.add(prefix + names[i], shape_of(tensors[i]), numbers_of(tensors[i]));
}

void take_tensors(const datasets::ModelFile& file, const std::string& prefix,
                  const std::vector<std::string>& names, std::vector<torch::Tensor>& tensors) {
  for (std::size_t i = 0; i < tensors.size(); ++i)
    set_numbers(tensors[i], file.floats(prefix + names[i], shape_of(tensors[i])));
}

void check_settings(const std::string& found, const std::string& wanted, const std::string& file) {
  const auto old = nlohmann::json::parse(found, nullptr, false);
  const auto now = nlohmann::json::parse(wanted);
  if (!old.is_object()) throw ModelError(file + " is no checkpoint of a training run");
  for (const auto& [key, value] : now.items())
    if (!old.contains(key) || old[key] != value)
      throw ModelError(fmt::format("the checkpoint {} was made with {} {}, now it is {}", file, key,
                                   old.contains(key) ? shown(old[key].dump()) : "unset", shown(value.dump())),
                       "give the same settings and data again, or another output folder");
}

}  // namespace theriac::scoring
