// theriac train generator: a molecule generator learned from any file of molecules, from nothing or from
// weights that are there. Its folder gets weights, checkpoint, curve and card; the same command continues.
#pragma once
#include <CLI/CLI.hpp>
#include <optional>
#include <string>

#include "cli/ligand_input.hpp"
#include "generative/policy_training.hpp"

namespace theriac::cli {

class Session;

struct GeneratorTrainingOptions {
  LigandInputOptions data;
  std::string out, init;       ///< folder; weights to begin with, or empty
  std::string about, licence;  ///< of the data, for the card
  std::string precision = "float16";
  std::string device = "cpu";  ///< of scoring::prediction_device()
  bool no_properties = false;  ///< does not learn to obey property ranges
  generative::PolicyShape shape;
  generative::TrainingOptions training;
  generative::VocabularyOptions vocabulary;
  std::optional<double> rate;
  std::optional<int> validate_every;
};

/// --epochs, --batch, --rate and what else decides how the network is trained and how large it is; not data,
/// weights and card.
void declare_generator_training(CLI::App& app, GeneratorTrainingOptions& options);

/// Returns the exit code. Throws the errors of chem/error.hpp.
int train_generator(GeneratorTrainingOptions options, Session& session);

}  // namespace theriac::cli
