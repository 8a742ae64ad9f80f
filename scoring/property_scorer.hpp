// The cheap scores, from the molecular graph alone: descriptors, QED, rules for oral drugs, synthetic
// accessibility and structural alerts. Only the columns asked for are computed.
//
// The interval of clogp is 1.96 times 0.677, the standard deviation of the Crippen estimate (S. A. Wildman,
// G. M. Crippen, J. Chem. Inf. Comput. Sci. 39, 868 (1999)); all other values are exact for the graph.
// Domains: clogp, qed and rules that ask for log P are out for elements that Crippen's data lack; sa is
// judged by the share of the molecule's fragments that its table knows.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "scoring/scorer.hpp"

namespace theriac::scoring {

class PropertyScorer : public Scorer {
 public:
  /// Those of campaigns: every column of chem::descriptor_columns(), then qed, rule_of_five (violations), sa,
  /// pains, brenk and nih. Throws InputError when the fragment table of sa is missing.
  PropertyScorer();
  /// Columns by name, in that order. Throws UsageError for one that is not among `all_kinds()`.
  explicit PropertyScorer(const std::vector<std::string>& columns);
  ~PropertyScorer() override;

  /// The default columns, then veber, egan, ghose and muegge (limits broken; `detail` names them with the
  /// molecule's value). `detail` of pains, brenk and nih names the alerts and, in brackets, the atoms of each
  /// occurrence: "quinone_A(370) [0 1 2 5]", numbered from 0 as in the molecule without hydrogens.
  static const std::vector<std::shared_ptr<const ScoreKind>>& all_kinds();

  const std::vector<std::shared_ptr<const ScoreKind>>& kinds() const override { return kinds_; }
  std::vector<ScoreRow> score(const std::vector<chem::Molecule>& molecules) const override;

 private:
  struct Column;
  static const std::vector<Column>& all_columns();
  ScoreRow score_one(const chem::Molecule& molecule) const;

  std::vector<std::shared_ptr<const ScoreKind>> kinds_;
  std::vector<const Column*> columns_;
};

}  // namespace theriac::scoring
