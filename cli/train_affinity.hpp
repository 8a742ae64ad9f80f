// theriac train affinity: a model of drug-target affinity from a published set or a table of one's own.
#pragma once
#include <CLI/CLI.hpp>
#include <string>

namespace theriac::cli {

class Session;

struct AffinityTrainingOptions {
  std::string set;     ///< of a folder: "davis", "kiba"; empty: the data are one table
  std::string column;  ///< of such a table
  std::string name, unit = "pKd", family = "the targets learned from", about, licence;
  int trees = 400, folds = 5;
};

/// --set, --family and --folds; the others are shared with other tasks.
void declare_affinity_training(CLI::App& app, AffinityTrainingOptions& options);

/// Writes OUT (safetensors), for `theriac predict --target`. Returns an exit code.
int train_affinity(const std::string& data, const std::string& out, const AffinityTrainingOptions& options,
                   Session& session);

}  // namespace theriac::cli
