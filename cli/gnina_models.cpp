#include "cli/gnina_models.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "chem/error.hpp"
#include "chem/nearest_name.hpp"
#include "cli/model_choice.hpp"
#include "datasets/sha256.hpp"

namespace theriac::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* extension = ".safetensors";

struct KnownModel {
  const char* name;
  const char* digest;  ///< gnina_digest() of its weights, whatever file they are in
};

// github.com/gnina/gnina, gninasrc/lib/models at 25e64dafe217 (2025-03-04): the models of its fast, default
// and default1.0 sets. They are Apache-2.0 or GPL-2.0, at the user's choice.
constexpr std::array<KnownModel, 9> known_models{{
    {"all_default_to_default_1_3_1", "873690134392c4095a9803c592f99a3398cac1e8ef6aedab6f0d0c5cc855c85b"},
    {"crossdock_default2018", "36788e09061f5d578ee7734121ff52ccc3fac71897f709c20c8ff5c27c847d62"},
    {"crossdock_default2018_KD_4", "9cbcfc166f3e08bb4b586934a3201ab52b117e2dbf03c87074ba6c1f00b4beb2"},
    {"dense", "f6f3573ca33ccd5a1556fc729b6cdafd5d0684797578bd9b733edd3b7f75ec65"},
    {"dense_1_3", "7687917b283dfaa92fbd4fa6825e5ef20ee397d50c7064e2ecac1e303705eef5"},
    {"dense_1_3_PT_KD_3", "abcbfe262b2b82fb56ce0a761a7fe43765b135e329ee8d0c013c81299ca26516"},
    {"dense_3", "972dc5c6792601f7f02dcb25011723cb3072ce12e91c9fd7fae424cd677ced54"},
    {"general_default2018_3", "87fd743310042f779db7fcdb4786ac4dc4c074456de143b432b117071e9c8d66"},
    {"redock_default2018_2", "00c9736d8bbad5174847ed5be3cb22e2c1935345fe81a9007a03b5132ca93d1a"},
}};

const KnownModel* known_model(const std::string& digest) {
  const auto found = std::find_if(known_models.begin(), known_models.end(),
                                  [&](const KnownModel& model) { return digest == model.digest; });
  return found == known_models.end() ? nullptr : &*found;
}

fs::path folder() {
  return fs::path(user_model_folder()) / "gnina";
}

std::string text_of(const scoring::GninaWeights& weights, const std::string& key) {
  const auto found = weights.metadata.find(key);
  return found == weights.metadata.end() ? std::string() : found->second;
}

/// Source, hash, licence and what it learned from, as far as they are known.
void describe(scoring::GninaWeights& weights, const std::string& file) {
  auto& facts = weights.metadata;
  facts["imported_file"] = fs::path(file).filename();
  facts["imported_sha256"] = datasets::sha256_of_file(file);
  const KnownModel* known = known_model(scoring::gnina_digest(weights));
  facts["description"] = fmt::format(
      "gnina's {} network: probability of a pose within 2 A, and affinity in pK", name(weights.architecture));
  if (known) {
    weights.name = known->name;
    facts["licence"] = "Apache-2.0";
    facts["source_repository"] = "github.com/gnina/gnina, gninasrc/lib/models";
    facts["training_data"] = "CrossDocked2020, made from PDBbind and the PDB (Francoeur et al. 2020)";
    facts["cite"] = "McNutt et al., J. Cheminform. 13, 43 (2021) and 17, 28 (2025)";
  } else if (text_of(weights, "licence").empty()) {
    facts["licence"] = "not known: not one of the models of gnina 1.3's fast, default and default1.0 sets";
  }
}

GninaImport imported(const std::string& file) {
  GninaImport out;
  out.file = file;
  auto weights = scoring::read_gnina_weights(file);
  describe(weights, file);
  out.name = weights.name;
  out.licence = weights.metadata.at("licence");
  fs::create_directories(folder());
  out.path = (folder() / (weights.name + extension)).string();
  scoring::write_gnina_weights(weights, out.path);
  return out;
}

bool is_model_file(const fs::path& path) {
  return path.extension() == ".pt" || path.extension() == extension;
}

[[noreturn]] void refuse_missing(const std::vector<std::string>& missing, const std::string& choice) {
  const auto known = gnina_models();
  std::vector<std::string> names = known;
  for (const char* set : {"fast", "default", "default1.0"}) names.emplace_back(set);
  const std::string near = chem::nearest_name(choice, names);
  const bool set = choice == "fast" || choice == "default" || choice == "default1.0";
  throw ModelError(
      fmt::format("gnina's network{} '{}' {} not in '{}'", missing.size() > 1 ? "s" : "",
                  fmt::join(missing, "', '"), missing.size() > 1 ? "are" : "is", folder().string()),
      !set && !near.empty() ? fmt::format("did you mean '{}'? theriac model list shows what is here", near)
                            : "gnina's weights do not ship with Theriac: get the folder gninasrc/lib/models "
                              "of github.com/gnina/gnina, then: "
                              "theriac model import gnina FOLDER");
}

}  // namespace

std::vector<GninaImport> import_gnina_models(const std::string& path) {
  if (!fs::is_directory(path)) return {imported(path)};
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(path))
    if (entry.is_regular_file() && is_model_file(entry.path())) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::vector<GninaImport> out;
  for (const auto& file : files) try {
      out.push_back(imported(file));
    } catch (const ModelError& error) {
      out.push_back({file, "", "", "", error.what()});
    } catch (const InputError& error) {
      out.push_back({file, "", "", "", error.what()});
    }
  return out;
}

std::vector<std::string> gnina_models() {
  std::vector<std::string> names;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder(), failed))
    if (entry.path().extension() == extension) names.push_back(entry.path().stem());
  std::sort(names.begin(), names.end());
  return names;
}

std::shared_ptr<const scoring::GninaEnsemble> gnina_ensemble(const std::string& choice) {
  std::vector<scoring::GninaNetwork> networks;
  std::error_code failed;
  if (is_model_file(choice) || fs::is_regular_file(choice, failed)) {
    networks.emplace_back(scoring::read_gnina_weights(choice));
    return std::make_shared<scoring::GninaEnsemble>(choice, std::move(networks));
  }
  const auto known = gnina_models();
  const auto names = scoring::gnina_model_names(choice, known);
  std::vector<std::string> missing;
  for (const auto& name : names)
    if (std::find(known.begin(), known.end(), name) == known.end()) missing.push_back(name);
  if (names.empty()) missing.push_back(choice);
  if (!missing.empty()) refuse_missing(missing, choice);
  for (const auto& name : names)
    networks.emplace_back(scoring::read_gnina_weights((folder() / (name + extension)).string()));
  return std::make_shared<scoring::GninaEnsemble>(choice, std::move(networks));
}

}  // namespace theriac::cli
