#include "scoring/protein_tensors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "chem/error.hpp"
#include "datasets/durable_file.hpp"

namespace fs = std::filesystem;

namespace theriac::scoring {
namespace {

constexpr const char* weights_name = "model.safetensors";
constexpr const char* index_name = "model.safetensors.index.json";

/// What lies in a folder without weights that could be meant.
std::string near_miss(const fs::path& folder) {
  for (const char* pickle : {"pytorch_model.bin", "pytorch_model.bin.index.json", "model.pt"})
    if (fs::exists(folder / pickle))
      return fmt::format("only {} is there, a Python pickle, which can run code: convert it to safetensors",
                         pickle);
  return fmt::format("a folder as published holds config.json and {}", weights_name);
}

std::map<std::string, std::string> weight_map(const std::string& path) {
  const auto index = nlohmann::json::parse(datasets::read_file(path), nullptr, false);
  if (!index.is_object() || !index.contains("weight_map") || !index["weight_map"].is_object())
    throw ModelError(fmt::format("'{}' is not JSON with a weight_map", path));
  std::map<std::string, std::string> out;
  for (const auto& [tensor, file] : index["weight_map"].items()) {
    const std::string name = file.is_string() ? file.get<std::string>() : std::string();
    if (name.empty() || name == "." || name == ".." || name.find_first_of("/\\") != std::string::npos ||
        name.find('\0') != std::string::npos)
      throw ModelError(fmt::format("'{}' puts tensor '{}' into '{}': file names must not leave the folder",
                                   path, tensor, name.substr(0, 100)));
    out[tensor] = name;
  }
  if (out.empty()) throw ModelError(fmt::format("'{}' names no tensor", path));
  return out;
}

}  // namespace

void ProteinTensors::add(datasets::ModelFile file) {
  for (const auto& tensor : file.tensors())
    if (!file_of_.emplace(tensor.name, files_.size()).second)
      throw ModelError(fmt::format("tensor '{}' is in '{}' and in '{}'", tensor.name,
                                   files_[file_of_[tensor.name]].source(), file.source()));
  warnings_.insert(warnings_.end(), file.warnings().begin(), file.warnings().end());
  files_.push_back(std::move(file));
}

void ProteinTensors::read_index(const std::string& path) {
  const auto map = weight_map(path);
  std::map<std::string, std::size_t> places;
  for (const auto& [tensor, name] : map) {
    if (!places.emplace(name, files_.size()).second) continue;
    const auto file = (fs::path(folder_) / name).string();
    if (!fs::exists(file)) throw ModelError(fmt::format("'{}' names '{}', which is not there", path, name));
    add(datasets::ModelFile::read(file));
  }
  for (const auto& [tensor, name] : map) {
    const auto found = file_of_.find(tensor);
    if (found == file_of_.end() || found->second != places[name])
      throw ModelError(
          fmt::format("'{}' says that tensor '{}' is in '{}', but it is not", path, tensor, name));
  }
}

ProteinTensors ProteinTensors::read(const std::string& path) {
  ProteinTensors out;
  if (!fs::is_directory(path)) {
    const auto parent = fs::path(path).parent_path();
    out.folder_ = parent.empty() ? "." : parent.string();
    if (fs::path(path).filename() == index_name)
      out.read_index(path);
    else
      out.add(datasets::ModelFile::read(path));
    return out;
  }
  out.folder_ = path;
  const fs::path whole = fs::path(path) / weights_name, index = fs::path(path) / index_name;
  if (fs::exists(whole))
    out.add(datasets::ModelFile::read(whole.string()));
  else if (fs::exists(index))
    out.read_index(index.string());
  else
    throw InputError(fmt::format("no {} and no {} in '{}'", weights_name, index_name, path), near_miss(path));
  return out;
}

std::vector<std::string> ProteinTensors::names() const {
  std::vector<std::string> out;
  for (const auto& entry : file_of_) out.push_back(entry.first);
  return out;
}

const datasets::TensorInfo& ProteinTensors::info(const std::string& name) const {
  const auto found = file_of_.find(name);
  return files_[found == file_of_.end() ? 0 : found->second].info(name);
}

std::vector<float> ProteinTensors::floats(const std::string& name, const datasets::TensorShape& shape) const {
  const auto found = file_of_.find(name);
  const auto& file = files_[found == file_of_.end() ? 0 : found->second];
  auto numbers = file.floats(name, shape);
  const auto odd = std::count_if(numbers.begin(), numbers.end(), [](float x) { return !std::isfinite(x); });
  if (odd != 0)
    throw ModelError(fmt::format("tensor '{}' of '{}' holds numbers that are not finite: {} of {}", name,
                                 file.source(), odd, numbers.size()));
  return numbers;
}

}  // namespace theriac::scoring
