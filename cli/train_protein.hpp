// theriac train protein-lm: a protein language model from sequences, or one made to fit a family or binder
// pairs.
#pragma once
#include <CLI/CLI.hpp>
#include <string>

#include "generative/protein_training.hpp"

namespace theriac::cli {

class Session;

struct ProteinModelTrainingOptions {
  generative::ProteinShape shape;
  generative::ProteinTrainingOptions training;
  int held_out = 1500;
  std::string apart;  ///< FASTA: relatives of these are not learned
  std::string init, about, licence, precision = "float16";
};

/// Options of this task alone; data, output and seed are those of `theriac train`.
void declare_protein_training(CLI::App& app, ProteinModelTrainingOptions& options);

/// Writes to the folder `out`: split.tsv, checkpoint.safetensors, curve.csv, protein-lm.safetensors and
/// card.md. Returns an exit code.
int train_protein(const std::string& data, const std::string& out, ProteinModelTrainingOptions options,
                  Session& session);

}  // namespace theriac::cli
