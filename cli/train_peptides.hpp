// theriac train peptides: yes-or-no properties of peptides, learned from the known public sets or from a
// table.
#pragma once
#include <string>

namespace theriac::cli {

class Session;

struct PeptideTrainingRun {
  /// A folder with the known public sets, or one table with the columns sequence and label.
  std::string data;
  std::string out;   ///< folder: peptides.safetensors and card.md
  std::string name;  ///< of the class of a table
  std::string about, licence;
  /// Only sets whose terms allow weights to be passed on.
  bool permissive = false;
};

/// Returns an exit code.
int train_peptides(const PeptideTrainingRun& run, Session& session);

}  // namespace theriac::cli
