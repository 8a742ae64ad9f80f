// gnina's networks in the user's model folder: taken in with their source, hash and licence, and found again
// by name.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "scoring/gnina_ensemble.hpp"

namespace theriac::cli {

/// What became of one file.
struct GninaImport {
  std::string file;     ///< that was read
  std::string name;     ///< of the model; empty when it was refused
  std::string path;     ///< where it lies now
  std::string licence;  ///< of the weights
  std::string refused;  ///< why; empty when it was taken
};

/// Takes a TorchScript (.pt) or safetensors file, or all of a folder, into `user_model_folder()`/gnina as
/// safetensors. A model that is there under the same name is replaced. Throws InputError when `path` cannot
/// be read, StorageError, and ModelError when it is one file that is no network of gnina.
std::vector<GninaImport> import_gnina_models(const std::string& path);

/// Names of the networks that are there.
std::vector<std::string> gnina_models();

/// The networks that `choice` means: "fast", "default", "default1.0", NAME, NAME_ensemble, or a file. Throws
/// ModelError that says how to import what is missing, and as read_gnina_weights.
std::shared_ptr<const scoring::GninaEnsemble> gnina_ensemble(const std::string& choice);

}  // namespace theriac::cli
