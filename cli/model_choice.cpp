#include "cli/model_choice.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "chem/data_file.hpp"
#include "chem/error.hpp"
#include "chem/nearest_name.hpp"
#include "generative/graph_policy.hpp"
#include "scoring/device_network.hpp"

namespace theriac::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* folder_name = "models";
constexpr const char* extension = ".safetensors";

bool is_file(const std::string& path) {
  std::error_code failed;
  return fs::is_regular_file(path, failed);
}

[[noreturn]] void refuse_standard(const std::string& standard) {
  std::vector<std::string> places;
  for (const auto& folder : chem::data_folders())
    places.push_back(fmt::format("{}/{}/{}{}", folder, folder_name, standard, extension));
  throw ModelError(
      fmt::format("the {} that ships with Theriac is not here: there is no '{}'", standard,
                  fmt::join(places, "' or '")),
      fmt::format("install Theriac with its models, or train one and name its file: theriac train {} "
                  "--data molecules.smi",
                  standard));
}

}  // namespace

std::vector<ShippedModel> shipped_models() {
  std::vector<ShippedModel> out;
  for (const auto& folder : chem::data_folders()) {
    std::error_code failed;
    for (const auto& entry : fs::directory_iterator(fs::path(folder) / folder_name, failed)) {
      const std::string name = entry.path().stem().string();
      const auto same = [&](const ShippedModel& model) { return model.name == name; };
      if (entry.path().extension() == extension && std::none_of(out.begin(), out.end(), same))
        out.push_back({name, entry.path().string()});
    }
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return out;
}

std::string user_model_folder() {
  const auto variable = [](const char* name) {
    const char* text = std::getenv(name);
    return std::string(text ? text : "");
  };
  if (const auto chosen = variable("THERIAC_MODELS"); !chosen.empty()) return chosen;
  if (const auto data = variable("XDG_DATA_HOME"); !data.empty())
    return (fs::path(data) / "theriac/models").string();
  if (const auto home = variable("HOME"); !home.empty())
    return (fs::path(home) / ".local/share/theriac/models").string();
  throw UsageError("no place for models of your own: neither THERIAC_MODELS, XDG_DATA_HOME nor HOME is set",
                   "set THERIAC_MODELS to a folder");
}

std::vector<ShippedModel> imported_models() {
  std::vector<ShippedModel> out;
  std::error_code failed;
  auto entry = fs::recursive_directory_iterator(user_model_folder(), failed);
  for (const auto end = fs::recursive_directory_iterator(); !failed && entry != end; entry.increment(failed))
    if (entry->path().extension() == extension)
      out.push_back({entry->path().stem().string(), entry->path().string()});
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return out;
}

std::string model_file(const std::string& choice, const std::string& standard) {
  const bool by_default = choice == "default";
  if (!by_default && is_file(choice)) return choice;
  std::vector<std::string> names;
  for (const auto& model : shipped_models()) {
    if (model.name == (by_default ? standard : choice)) return model.path;
    names.push_back(model.name);
  }
  if (by_default) refuse_standard(standard);
  for (const auto& model : imported_models()) {
    if (model.name == choice) return model.path;
    names.push_back(model.name);
  }
  const std::string file = chem::nearest_file(choice), name = chem::nearest_name(choice, names);
  throw InputError(
      fmt::format("'{}' is neither a file nor a model that ships with Theriac or was imported", choice),
      !name.empty() || !file.empty() ? fmt::format("did you mean '{}'?", name.empty() ? file : name)
                                     : "theriac model list shows the models that are here");
}

std::shared_ptr<const generative::GraphPolicy> generator_of(const std::string& choice,
                                                            const std::string& device) {
  auto policy = generative::GraphPolicy::load(model_file(choice, "generator"));
  if (const auto place = scoring::prediction_device(device); place != "cpu") policy.compute_on(place);
  return std::make_shared<generative::GraphPolicy>(std::move(policy));
}

}  // namespace theriac::cli
