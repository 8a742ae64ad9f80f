// theriac train properties | admet: predictors of measured properties, from a user's own table or from a
// folder of public ones.
#pragma once
#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace theriac::cli {

class Session;

struct EndpointTrainingOptions {
  std::string target = "y", smiles_column;
  std::string name;  ///< of the endpoint; empty: the target column
  std::string unit, meaning;
  std::string direction = "neutral";
  std::string test = "scaffold";  ///< how molecules are held out: scaffold, random, time, column
  std::string split_column = "split", time_column = "date", relation_column;
  double test_share = 0.2;
  bool logarithmic = false;  ///< learn log10 of the values
  bool no_tuning = false;
  bool skip_unreadable = false;
  bool recalibrate = false;            ///< admet: keep the trees that are done
  std::string network;                 ///< folder of train properties-network, for admet; empty: trees alone
  std::vector<std::string> endpoints;  ///< of the list, for a folder; empty: all
  int members = 2, trees = 600;
  std::string about, licence;
};

/// Options of these two tasks; data, output folder, about and licence are those of `theriac train`.
void declare_endpoint_training(CLI::App& app, EndpointTrainingOptions& options);

/// One endpoint from the table `path`: OUT/NAME.safetensors for `theriac predict --models`, OUT/card.md with
/// figures, OUT/held_out.csv with the predictions that the card is made from. Returns an exit code.
int train_properties(const std::string& path, const std::string& out, const EndpointTrainingOptions& options,
                     Session& session);

/// All endpoints of the list whose file is in `folder`: OUT/admet.safetensors and OUT/admet.csv with the
/// cross-validated figures. Endpoints that are done are kept in OUT/done and passed over; what was said of
/// rows while they were held out stands in OUT/held-out, and `recalibrate` needs no more than these two.
/// Returns an exit code.
int train_admet(const std::string& folder, const std::string& out, const EndpointTrainingOptions& options,
                Session& session);

}  // namespace theriac::cli
