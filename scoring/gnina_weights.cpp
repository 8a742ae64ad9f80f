#include "scoring/gnina_weights.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>

#include "chem/error.hpp"
#include "datasets/durable_file.hpp"
#include "datasets/model_file_writer.hpp"
#include "datasets/sha256.hpp"
#include "datasets/torch_archive.hpp"
#include "scoring/density_grid.hpp"

namespace theriac::scoring {
namespace {

using datasets::TensorShape;

// The kinds of atoms in the channels, as every model that gnina ships has them.
constexpr const char* receptor_kinds =
    "AliphaticCarbonXSHydrophobe / AliphaticCarbonXSNonHydrophobe / AromaticCarbonXSHydrophobe / "
    "AromaticCarbonXSNonHydrophobe / Bromine Iodine Chlorine Fluorine / Nitrogen NitrogenXSAcceptor / "
    "NitrogenXSDonor "
    "NitrogenXSDonorAcceptor / Oxygen OxygenXSAcceptor / OxygenXSDonorAcceptor OxygenXSDonor / Sulfur "
    "SulfurAcceptor / "
    "Phosphorus / Calcium / Zinc / GenericMetal Boron Manganese Magnesium Iron";
constexpr const char* ligand_kinds =
    "AliphaticCarbonXSHydrophobe / AliphaticCarbonXSNonHydrophobe / AromaticCarbonXSHydrophobe / "
    "AromaticCarbonXSNonHydrophobe / Bromine Iodine / Chlorine / Fluorine / Nitrogen NitrogenXSAcceptor / "
    "NitrogenXSDonor NitrogenXSDonorAcceptor / Oxygen OxygenXSAcceptor / OxygenXSDonorAcceptor OxygenXSDonor "
    "/ Sulfur "
    "SulfurAcceptor / Phosphorus / GenericMetal Boron Manganese Magnesium Zinc Calcium Iron";

/// The lines of a channel map, as above.
std::string one_line(const std::string& map) {
  std::istringstream lines(map);
  std::string out;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string kinds;
    for (std::string word; words >> word;) kinds += (kinds.empty() ? "" : " ") + word;
    if (!kinds.empty()) out += (out.empty() ? "" : " / ") + kinds;
  }
  return out;
}

/// A model that was made for other atoms or another grid would give numbers that mean nothing. Entries that a
/// file does not have are gnina's defaults.
void check_metadata(const std::map<std::string, std::string>& metadata, const std::string& source) {
  const auto other = [&](const std::string& key, const std::string& value, const std::string& needed) {
    throw ModelError(
        fmt::format("the network of '{}' has {} '{}', only '{}' is known here", source, key, value, needed),
        "use a model that gnina ships");
  };
  const auto number = [&](const char* key, double needed) {
    const auto found = metadata.find(key);
    if (found == metadata.end()) return;
    std::istringstream text(found->second);
    double value = 0;
    if (!(text >> value) || value != needed) other(key, found->second, fmt::format("{}", needed));
  };
  const auto kinds = [&](const char* key, const std::string& needed) {
    const auto found = metadata.find(key);
    if (found != metadata.end() && one_line(found->second) != needed)
      other(key, one_line(found->second), needed);
  };
  const auto off = [&](const char* key) {
    const auto found = metadata.find(key);
    if (found != metadata.end() && found->second.compare(0, 5, "false") != 0 && found->second != "0")
      other(key, found->second, "false");
  };
  number("resolution", density_spacing);
  number("dimension", density_spacing * (density_points - 1));
  number("radius_scaling", 1);
  kinds("recmap", receptor_kinds);
  kinds("ligmap", ligand_kinds);
  off("skip_softmax");
  off("apply_logistic_loss");
}

GninaTensor tensor(std::string name, TensorShape shape) {
  return {std::move(name), std::move(shape), {}};
}

void add_layer(std::vector<GninaTensor>& list, const std::string& name, TensorShape weight) {
  const auto outputs = weight[0];
  list.push_back(tensor(name + ".weight", std::move(weight)));
  list.push_back(tensor(name + ".bias", {outputs}));
}

void add_norm(std::vector<GninaTensor>& list, const std::string& name, std::int64_t channels) {
  for (const char* part : {".weight", ".bias", ".running_mean", ".running_var"})
    list.push_back(tensor(name + part, {channels}));
}

std::vector<GninaTensor> dense_list() {
  std::vector<GninaTensor> list;
  std::int64_t channels = 32;
  add_layer(list, "init", {channels, density_channels, 3, 3, 3});
  for (int block = 0; block < gnina_dense_blocks; ++block) {
    const std::string prefix = fmt::format("block{}.", block);
    for (int i = 0; i < gnina_dense_layers; ++i) {
      add_norm(list, fmt::format("{}bn{}", prefix, i), channels);
      add_layer(list, fmt::format("{}conv{}", prefix, i), {gnina_dense_growth, channels, 3, 3, 3});
      channels += gnina_dense_growth;
    }
    if (block + 1 < gnina_dense_blocks)
      add_layer(list, fmt::format("bottleneck{}", block), {channels, channels, 1, 1, 1});
  }
  add_layer(list, "pose", {2, channels});
  add_layer(list, "affinity", {1, channels});
  return list;
}

std::vector<GninaTensor> default2018_list() {
  std::vector<GninaTensor> list;
  add_layer(list, "conv1", {32, density_channels, 3, 3, 3});
  add_layer(list, "conv2", {32, 32, 1, 1, 1});
  add_layer(list, "conv3", {64, 32, 3, 3, 3});
  add_layer(list, "conv4", {64, 64, 1, 1, 1});
  add_layer(list, "conv5", {128, 64, 3, 3, 3});
  add_layer(list, "pose", {2, 128 * 216});
  add_layer(list, "affinity", {1, 128 * 216});
  return list;
}

void check_numbers(const GninaWeights& weights, const std::string& source) {
  for (const auto& tensor : weights.tensors)
    for (const float number : tensor.numbers)
      if (!std::isfinite(number))
        throw ModelError(
            fmt::format("tensor '{}' of '{}' holds a number that is not finite", tensor.name, source),
            "get the file again");
}

std::string model_name(const std::string& path) {
  std::string name = path.substr(path.find_last_of('/') + 1);
  name = name.substr(0, name.find_last_of('.'));
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
}

std::string stem_of(const std::string& tensor) {
  return tensor.substr(0, tensor.find_last_of('.'));
}
std::string part_of(const std::string& tensor) {
  return tensor.substr(tensor.find_last_of('.') + 1);
}

/// Which module of the archive stands for a layer: the only one whose weight has this shape. gnina's modules
/// have had several names; their shapes tell them apart.
std::string module_with(const datasets::TorchArchive& archive, const GninaTensor& weight) {
  std::string found;
  for (const auto& entry : archive.tensors) {
    if (part_of(entry.first) != "weight" || entry.second.shape != weight.shape) continue;
    if (!found.empty())
      throw ModelError(fmt::format("'{}' is no network of gnina: '{}.weight' and '{}' are both {}",
                                   archive.source, found, entry.first, datasets::shape_text(weight.shape)));
    found = stem_of(entry.first);
  }
  if (found.empty())
    throw ModelError(
        fmt::format("'{}' is no network of gnina that is known here: it has no weight of {} ('{}')",
                    archive.source, datasets::shape_text(weight.shape), weight.name),
        "known are gnina's default2018 and dense networks, as gnina 1.3 ships them");
  return found;
}

GninaArchitecture architecture_of(const datasets::TorchArchive& archive) {
  const auto features = TensorShape{2, 128 * 216};
  for (const auto& entry : archive.tensors)
    if (entry.second.shape == features) return GninaArchitecture::default2018;
  return GninaArchitecture::dense;
}

/// The members of a JSON object whose values are texts or numbers.
std::map<std::string, std::string> texts_of(const std::string& json, const std::string& source) {
  const auto parsed = nlohmann::json::parse(json, nullptr, false);
  if (!parsed.is_object())
    throw ModelError(fmt::format("'{}' is no network of gnina: its metadata is no JSON object", source));
  std::map<std::string, std::string> out;
  for (const auto& [key, value] : parsed.items())
    out[key] = value.is_string() ? value.get<std::string>() : value.dump();
  return out;
}

GninaWeights from_archive(const std::string& path) {
  const auto archive = datasets::read_torch_archive(path);
  GninaWeights weights;
  weights.name = model_name(path);
  weights.architecture = architecture_of(archive);
  weights.tensors = gnina_tensor_list(weights.architecture);
  std::string module;
  std::size_t used = 0;
  for (auto& wanted : weights.tensors) {
    if (part_of(wanted.name) == "weight") module = module_with(archive, wanted);
    const auto found = archive.tensors.find(module + "." + part_of(wanted.name));
    if (found == archive.tensors.end() || found->second.shape != wanted.shape)
      throw ModelError(fmt::format("'{}' is no network of gnina: module '{}' has no '{}' of {}", path, module,
                                   part_of(wanted.name), datasets::shape_text(wanted.shape)));
    wanted.numbers = found->second.numbers;
    ++used;
  }
  for (const auto& entry : archive.tensors) used += part_of(entry.first) == "num_batches_tracked";
  if (used != archive.tensors.size())
    throw ModelError(
        fmt::format("'{}' is no network of gnina that is known here: it has {} tensors, {} belong to a {} "
                    "network",
                    path, archive.tensors.size(), used, name(weights.architecture)));
  const auto facts = archive.files.find("extra/metadata");
  if (facts == archive.files.end())
    throw ModelError(fmt::format("'{}' is no network of gnina: it has no entry 'extra/metadata'", path),
                     "gnina's files name their grid and their channels there");
  weights.metadata = texts_of(facts->second, path);
  return weights;
}

}  // namespace

const char* name(GninaArchitecture architecture) {
  return architecture == GninaArchitecture::dense ? "dense" : "default2018";
}

std::vector<GninaTensor> gnina_tensor_list(GninaArchitecture architecture) {
  return architecture == GninaArchitecture::dense ? dense_list() : default2018_list();
}

const std::vector<float>& GninaWeights::numbers(const std::string& tensor) const {
  for (const auto& each : tensors)
    if (each.name == tensor) return each.numbers;
  throw ModelError(fmt::format("the network '{}' has no tensor '{}'", name, tensor));
}

GninaWeights gnina_weights(const datasets::ModelFile& file) {
  GninaWeights weights;
  const std::string architecture = file.metadata("architecture");
  if (architecture != "dense" && architecture != "default2018")
    throw ModelError(
        fmt::format("'{}' has the architecture '{}', not one of gnina's", file.source(), architecture),
        "known: default2018, dense");
  weights.architecture = architecture == "dense" ? GninaArchitecture::dense : GninaArchitecture::default2018;
  weights.name = file.metadata("name").empty() ? model_name(file.source()) : file.metadata("name");
  weights.metadata = file.metadata();
  weights.tensors = gnina_tensor_list(weights.architecture);
  for (auto& tensor : weights.tensors) tensor.numbers = file.floats(tensor.name, tensor.shape);
  check_metadata(weights.metadata, file.source());
  check_numbers(weights, file.source());
  return weights;
}

GninaWeights read_gnina_weights(const std::string& path) {
  if (!datasets::is_torch_archive(path)) return gnina_weights(datasets::ModelFile::read(path));
  auto weights = from_archive(path);
  check_metadata(weights.metadata, path);
  check_numbers(weights, path);
  return weights;
}

std::string gnina_digest(const GninaWeights& weights) {
  std::string digests = name(weights.architecture);
  for (const auto& tensor : weights.tensors)
    digests += datasets::sha256(std::string_view(reinterpret_cast<const char*>(tensor.numbers.data()),
                                                 tensor.numbers.size() * sizeof(float)));
  return datasets::sha256(digests);
}

void write_gnina_weights(const GninaWeights& weights, const std::string& path) {
  datasets::ModelFileWriter file;
  for (const auto& [key, text] : weights.metadata) file.set(key, text);
  file.set("name", weights.name);
  file.set("architecture", name(weights.architecture));
  for (const auto& tensor : weights.tensors) file.add(tensor.name, tensor.shape, tensor.numbers);
  file.write(path);
}

}  // namespace theriac::scoring
