// The words of a command line, made ready for the parser: one spelling per flag, and typing errors met with
// the name that was probably meant.
#pragma once
#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace theriac::cli {

/// Every name an option of `app` answers to, dashes included: "--center_x", "-r".
std::vector<std::string> option_names(const CLI::App& app);

/// Long flags in the spelling that `app` declares: `_` and `-` are the same, so `--center-x` and `--center_x`
/// are. Throws UsageError for a flag that `app` does not know ("did you mean"). Words after "--" stay as they
/// are.
std::vector<std::string> normalise_arguments(const std::vector<std::string>& words, const CLI::App& app);

/// The option of `app` called `name` without dashes in front, `_` and `-` alike; null when there is none.
CLI::Option* find_option(CLI::App& app, const std::string& name);

/// "A,B" -> {"A", "B"}; empty parts are left out.
std::vector<std::string> split_list(const std::string& text);

}  // namespace theriac::cli
