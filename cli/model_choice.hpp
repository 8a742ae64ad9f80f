// Which model a user means: one that ships, by name, or a file of one's own.
#pragma once
#include <memory>
#include <string>
#include <vector>

namespace theriac::generative {
class GraphPolicy;
}

namespace theriac::cli {

struct ShippedModel {
  std::string name;  ///< "generator"
  std::string path;
};

/// In share/theriac/models (chem/data_file.hpp), by name.
std::vector<ShippedModel> shipped_models();

/// Where a user's own models lie: $THERIAC_MODELS, else theriac/models in $XDG_DATA_HOME or in
/// ~/.local/share. Throws UsageError when none of these variables is set.
std::string user_model_folder();

/// In `user_model_folder()` and the folders in it, by name.
std::vector<ShippedModel> imported_models();

/// The file that `choice` means: "default" is the shipped model `standard`; a file that is there is itself;
/// anything else may name a shipped or an imported model. Throws ModelError when the standard one is not
/// installed and InputError when `choice` is nothing, with what can be done.
std::string model_file(const std::string& choice, const std::string& standard);

/// The molecule generator that `choice` means, loaded; `device` as scoring::prediction_device() takes it.
/// Throws as that, model_file, GraphPolicy::load and GraphPolicy::compute_on do.
std::shared_ptr<const generative::GraphPolicy> generator_of(const std::string& choice,
                                                            const std::string& device = "cpu");

}  // namespace theriac::cli
