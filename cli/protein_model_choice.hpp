// Which protein language model a user means.
#pragma once
#include <string>

namespace theriac::cli {

/// A folder as published or a file is itself; "default" is the model that ships. Throws ModelError when none
/// is installed and InputError when `choice` is nothing.
std::string protein_model_path(const std::string& choice);

}  // namespace theriac::cli
