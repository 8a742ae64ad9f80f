// Which atoms drive a prediction: what `theriac predict --explain` gathers of a molecule before it is drawn.
//
// An atom's contribution is the prediction minus that with the atom overlooked (occlusion: S. Riniker, G. A.
// Landrum, J. Cheminform. 5, 43 (2013)), on the scale that the model learns. It says what the trained trees
// look at, which need not be what the body looks at; contributions do not add up to the prediction.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "chem/structural_alerts.hpp"
#include "cli/prediction.hpp"
#include "scoring/endpoint.hpp"

namespace theriac::cli {

class Predictors;

/// One endpoint of one molecule.
struct EndpointExplanation {
  scoring::Endpoint endpoint;
  scoring::Score score;
  std::optional<double> percentile;
  std::size_t trained_on = 0;         ///< molecules
  double network_share = 0;           ///< of the prediction, which the contributions do not explain; 0 to 1
  std::vector<double> contributions;  ///< of the heavy atoms, in the order of the SMILES
};

/// One molecule: its alerts, and the endpoints that were asked for.
struct MoleculeExplanation {
  Prediction prediction;
  std::vector<chem::Alert> alerts;
  std::vector<EndpointExplanation> endpoints;
};

class Explainer {
 public:
  static constexpr std::size_t most_by_itself = 6;

  /// `columns` and `models` as given to the predictors, which outlive this. All trained columns are explained
  /// when columns were named. Else those that `models` names one by one and those that are a user's own; and
  /// when there are none, or `models` says "default" beside them, also the six others of every molecule that
  /// stand furthest from the middle of what it is compared with. Throws UsageError when there is no trained
  /// column.
  Explainer(const Predictors& predictors, const std::vector<std::string>& columns,
            const std::vector<std::string>& models);

  /// Of rows that were predicted, in parallel.
  std::vector<MoleculeExplanation> explain(const std::vector<Prediction>& rows) const;
  /// True when endpoints are chosen molecule by molecule.
  bool chooses() const { return chooses_; }
  /// That were asked for, and that there are to choose from.
  std::size_t asked_count() const { return asked_.size(); }
  std::size_t others_count() const { return others_.size(); }

 private:
  std::vector<std::size_t> chosen(const Prediction& row) const;
  MoleculeExplanation explain(const Prediction& row) const;

  const Predictors& predictors_;
  std::vector<std::size_t> asked_, others_;  ///< places of the kinds; others: most often wanted first
  bool chooses_ = false;
};

}  // namespace theriac::cli
