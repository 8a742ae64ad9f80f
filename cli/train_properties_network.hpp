// theriac train properties-network: one message-passing network for all measured properties in a folder of
// tables.
#pragma once
#include <CLI/CLI.hpp>
#include <string>

#include "scoring/message_engine.hpp"

namespace theriac::cli {

class Session;

struct NetworkTrainingOptions {
  std::string corpus;               ///< molecules whose descriptors are learned first; empty: none
  std::int64_t molecules = 200000;  ///< of them, at most
  int corpus_epochs = 3;
  int epochs = 20;
  double hold_out = 0.2;
  std::string device = "cpu";
  std::string init;  ///< a network whose messages this one begins with, e.g. descriptors of another folder
  std::string about, licence;  ///< of the data, for the card
  scoring::MessageShape shape;
};

/// Options of this task alone; folder, output and seed are those of `theriac train`.
void declare_network_training(CLI::App& app, NetworkTrainingOptions& options);

/// Stages, each kept in `out` and passed over when it is done:
///   descriptors.safetensors          learned from the corpus
///   hold-out.safetensors, .csv       learned without the held-out scaffolds; predictions for them
///   properties-network.safetensors   learned from all values; test.csv: predictions for the test rows
/// and figures.csv, card.md of both. Returns an exit code. Throws UsageError when `out` holds stages of
/// another seed, width or depth.
int train_properties_network(const std::string& folder, const std::string& out,
                             const NetworkTrainingOptions& options, Session& session);

}  // namespace theriac::cli
