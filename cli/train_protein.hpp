// theriac train protein-lm: a protein language model from sequences, or one made to fit a family or binder
// pairs.
#pragma once
#include <CLI/CLI.hpp>
#include <optional>
#include <string>

#include "cli/protein_training_data.hpp"
#include "generative/protein_training.hpp"

namespace theriac::cli {

class Session;

struct ProteinModelTrainingOptions {
  ProteinDataOptions data;
  generative::ProteinShape shape;
  generative::ProteinTrainingOptions training;
  std::optional<double> rate, matrix_rate;  ///< by default those of `training`; a tenth with `init`
  std::string init;                         ///< weights to begin with
  std::string name = "protein-lm";          ///< of the file with the weights
  std::string about, licence, precision = "float16";
  std::string device = "cpu";  ///< of scoring::prediction_device()
};

/// Options of this task alone; data, output and seed are those of `theriac train`.
void declare_protein_training(CLI::App& app, ProteinModelTrainingOptions& options);

/// Writes to the folder `out`: split.tsv, checkpoint.safetensors, curve.csv, NAME.safetensors and card.md.
/// Returns an exit code.
int train_protein(const std::string& data, const std::string& out, ProteinModelTrainingOptions options,
                  Session& session);

}  // namespace theriac::cli
