#include "cli/protein_model_choice.hpp"

#include <filesystem>

#include "chem/error.hpp"
#include "cli/model_choice.hpp"

namespace theriac::cli {

std::string protein_model_path(const std::string& choice) {
  std::error_code failed;
  if (std::filesystem::is_directory(choice, failed)) return choice;
  if (choice != "default") return model_file(choice, "protein-lm");
  for (const auto& shipped : shipped_models())
    if (shipped.name == "protein-lm") return shipped.path;
  throw ModelError(
      "no protein language model ships with this installation",
      "--model names a folder as published, e.g. of ESM-2, or a file of theriac train protein-lm");
}

}  // namespace theriac::cli
