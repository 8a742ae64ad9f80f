// The cheap scores, from the molecular graph alone: descriptors, QED, rule of five, synthetic accessibility
// and structural alerts.
//
// The interval of clogp is 1.96 times 0.677, the standard deviation of the Crippen estimate (S. A. Wildman,
// G. M. Crippen, J. Chem. Inf. Comput. Sci. 39, 868 (1999)); all other values are exact for the graph.
// Domains: clogp and qed are out for elements that Crippen's data lack; sa is judged by the share of the
// molecule's fragments that its table knows.
#pragma once
#include <memory>
#include <vector>

#include "scoring/scorer.hpp"

namespace theriac::scoring {

class PropertyScorer : public Scorer {
 public:
  /// Throws InputError when the fragment table of the synthetic accessibility score is missing.
  PropertyScorer();

  /// Every column of chem::descriptor_columns(), then qed, rule_of_five (violations), sa, pains, brenk and
  /// nih (alerts matched; their names in `detail`).
  const std::vector<std::shared_ptr<const ScoreKind>>& kinds() const override { return kinds_; }
  std::vector<ScoreRow> score(const std::vector<chem::Molecule>& molecules) const override;

 private:
  ScoreRow score_one(const chem::Molecule& molecule) const;

  std::vector<std::shared_ptr<const ScoreKind>> kinds_;
};

}  // namespace theriac::scoring
