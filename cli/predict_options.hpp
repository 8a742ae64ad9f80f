// The options of `theriac predict`.
#pragma once
#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "cli/ligand_input.hpp"
#include "cli/prediction.hpp"

namespace theriac::cli {

struct PredictOptions {
  LigandInputOptions molecules;
  std::string out, layout = "wide", intervals = "estimates";
  std::vector<std::string> columns, models;
  std::string target;  ///< FASTA; empty: no affinities
  std::vector<std::string> affinity_models = {"affinity-davis"};
  bool list = false;
  std::string compare_with, write_percentiles;
  std::string explain;
  int explain_top = 20;
  std::string outside_domain = "empty";  ///< or "value": what stands where a model has no basis
  bool as_drawn = false;
  std::string device = "cpu";  ///< of the network: scoring::prediction_device()

  /// Nothing but a page of the first molecules is wanted.
  bool only_explains() const { return out.empty() && write_percentiles.empty(); }
};

void declare_predict_options(CLI::App& app, PredictOptions& options);

/// What contradicts itself or would overwrite a file. Throws UsageError.
void check_predict_options(const PredictOptions& options, bool json, bool overwrite);

/// `input`: further columns of the input, by name.
PredictionLayout layout_of(const PredictOptions& options, std::vector<std::string> input);

}  // namespace theriac::cli
