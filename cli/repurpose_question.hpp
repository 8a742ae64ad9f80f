// The options of `theriac repurpose`, and what they amount to: one question, from what, and how it is shown.
#pragma once
#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "datasets/store.hpp"
#include "repurpose/answer.hpp"

namespace theriac::cli {

struct RepurposeOptions {
  // what is asked
  std::string disease, target, drug, genes, sequence, library, within;
  bool all = false;
  // from what
  std::string store, model, licence = "any";
  std::vector<std::string> without;
  bool no_popularity = false;
  // which drugs
  repurpose::DrugFilter filter;
  std::vector<std::string> exclude_drugs;
  bool novel = false, diverse = false;
  // how it is shown
  int top = 20, explain = 0;
  std::vector<std::string> out;
};

/// What is asked for; --disease with --drug is a pair.
enum class RepurposeQuestion { disease, target, drug, pair, genes, sequence, all };

/// Declares every option of the command.
void add_repurpose_options(CLI::App& app, RepurposeOptions& options);

/// Throws UsageError when nothing or too much is asked for.
RepurposeQuestion question_of(const RepurposeOptions& options);

/// Licences allowed by "any", "permissive", "share_alike" (and permissive), "non_commercial" (and both);
/// empty for any. Throws UsageError.
std::vector<datasets::LicenceClass> allowed_licences(const std::string& text);

/// --store, or the store that ships. Throws InputError when there is none.
std::string store_path(const RepurposeOptions& options);

}  // namespace theriac::cli
