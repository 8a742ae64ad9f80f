// Explained predictions as one HTML page: every molecule with its structure, alerts, values, the nearest
// molecule that each model was trained on, and the structure coloured by what its atoms contribute.
//
// The page loads nothing, needs no script and prints. It holds nothing that differs between two equal runs.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "cli/explanation.hpp"

namespace theriac::cli {

struct ExplanationPage {
  std::string input;          ///< "hits.smi"
  std::string compared_with;  ///< "approved drugs"
  std::int64_t records = 0;   ///< that were read
  bool all_read = true;       ///< false when the page was full before the input ended
  std::size_t asked = 0;      ///< endpoints that every molecule shows
  std::size_t others = 0;     ///< of these a molecule shows those that stand out; 0: it shows no others
  std::vector<MoleculeExplanation> molecules;  ///< those that failed with their message
};

/// Equal input gives equal bytes. A structure that cannot be drawn is shown as its SMILES.
std::string explanation_html(const ExplanationPage& page);

/// What stands for full colour: the contribution that nineteen of twenty atoms on the page stay below, of
/// the endpoint with this name. So drawings of one endpoint can be compared.
double full_colour(const ExplanationPage& page, const std::string& endpoint);

}  // namespace theriac::cli
