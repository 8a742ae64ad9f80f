// One reason to link a drug and a disease, with its paths and sources; and the ranking whose parts these are.
//
// The ranking is linear in the logit: what the lines contribute, the intercept among them, adds up to it
// exactly. Popularity of the drug (in how many other diseases it is used) is a line of its own, never mixed
// with the others. A line's paths share its value: D. S. Himmelstein et al., eLife 6, e26726 (2017).
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "datasets/store.hpp"

namespace theriac::repurpose {

/// One entity on a path.
struct PathNode {
  datasets::EntityKind kind = datasets::EntityKind::drug;
  std::uint32_t entity = 0;  ///< row of the store's table
};

/// One link on a path: nodes[i] and nodes[i + 1] are joined by links[i].
struct PathLink {
  datasets::LinkKind kind = datasets::LinkKind::binds;
  std::uint32_t row = 0;  ///< of the store's link table; the one with a reference where several join the pair
  std::string words;      ///< what joins the two where it is no link of the store: "same ATC group L04AC"
};

/// A way from the drug to the disease.
struct EvidencePath {
  std::vector<PathNode> nodes;  ///< the drug first, the disease (or the gene asked for) last
  std::vector<PathLink> links;
  double share = 0;  ///< of the line's value, 0 to 1
};

/// A line of evidence: what is measured, the same for all drugs and diseases.
struct EvidenceLine {
  std::string name;     ///< column name: "binds_disease_gene"
  std::string meaning;  ///< "binds a gene that is linked to the disease"
  bool popularity = false;
  bool agreement = false;  ///< of two kinds of evidence: what comes on top of both, without paths of its own
};

/// What one line says of one drug.
struct Evidence {
  std::size_t line = 0;             ///< index into Ranking::lines
  double value = 0;                 ///< raw: degree-weighted path count, z, similarity ...
  double contribution = 0;          ///< to the logit
  std::vector<EvidencePath> paths;  ///< strongest first; only where they were asked for
};

/// One drug in a ranking.
struct RankedDrug {
  std::uint32_t drug = 0;
  double logit = 0;                           ///< intercept + sum of the contributions
  double probability = 0;                     ///< calibrated to Ranking::prevalence; NaN without basis
  double percentile = 0;                      ///< among the drugs ranked for this disease, 0 to 100
  bool has_basis = false;                     ///< some line other than popularity supports a number
  std::vector<double> values, contributions;  ///< per line
};

struct Ranking {
  std::vector<EvidenceLine> lines;
  double intercept = 0;
  double prevalence = 0;          ///< share of true pairs among all that the probabilities are calibrated to
  std::vector<RankedDrug> drugs;  ///< best first; those without basis last; ties by drug row
};

/// The line that adds most to a drug's logit, popularity and agreements apart; 0 without lines.
std::size_t main_line(const Ranking& ranking, const RankedDrug& drug);

}  // namespace theriac::repurpose
