// The cheap tiers of a campaign: rules on descriptors, wanted and unwanted groups, alerts, and the scores
// that need no receptor.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "chem/molecule.hpp"
#include "chem/property_filter.hpp"
#include "chem/substructure.hpp"
#include "generative/campaign_row.hpp"
#include "generative/campaign_settings.hpp"
#include "scoring/property_scorer.hpp"

namespace theriac::generative {

class CandidateFilter {
 public:
  /// Throws UsageError for a rule, alert set or SMARTS that does not exist. `predictor` (may be null) adds
  /// its scores to the cheap ones, as "predict:NAME".
  explicit CandidateFilter(const FilterSettings& settings,
                           std::shared_ptr<const scoring::Scorer> predictor = {},
                           OutsideDomain outside = OutsideDomain::keep);

  /// Fills `properties`, `alerts`, `heavy_atoms`, and `status` filtered or not_docked with its message. Rules
  /// come first: a molecule that breaks one has no further properties. Safe for many threads.
  void judge(const chem::Molecule& molecule, CampaignRow& row) const;

  /// The cheap scores of a molecule whatever the rules say; not-a-number where there are none.
  std::vector<double> properties(const chem::Molecule& molecule) const;

  /// Names of the cheap scores, in the order of `properties`.
  const std::vector<std::string>& property_names() const { return names_; }
  const std::vector<std::shared_ptr<const scoring::ScoreKind>>& kinds() const { return kinds_; }

 private:
  std::string violation(const chem::Molecule& molecule) const;
  /// Appends the predictions; gives the first one whose model does not know the molecule, or nothing.
  std::string predict(const chem::Molecule& molecule, std::vector<double>& values) const;

  scoring::PropertyScorer scorer_;
  std::shared_ptr<const scoring::Scorer> predictor_;
  OutsideDomain outside_;
  std::vector<std::shared_ptr<const scoring::ScoreKind>> kinds_;
  chem::PropertyFilter rules_;
  chem::SubstructureFilter groups_;
  std::vector<std::size_t> alert_columns_;
  std::vector<std::string> names_;
  std::size_t sa_column_ = 0;
  double sa_max_ = 10;
};

}  // namespace theriac::generative
