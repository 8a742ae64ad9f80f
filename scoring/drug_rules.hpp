// Rules of thumb for oral drugs beside the rule of five (drug_likeness.hpp): which limits a molecule breaks.
//
// Veber: D. F. Veber et al., J. Med. Chem. 45, 2615 (2002), rotatable bonds <= 10, TPSA <= 140 A^2.
// Egan: W. J. Egan, K. M. Merz, J. J. Baldwin, J. Med. Chem. 43, 3867 (2000), log P <= 5.88, TPSA <= 131.6
// A^2. Ghose: A. K. Ghose, V. N. Viswanadhan, J. J. Wendoloski, J. Comb. Chem. 1, 55 (1999), weight 160 to
// 480 Da, log P -0.4 to 5.6, molar refractivity 40 to 130, 20 to 70 atoms with hydrogens. Muegge: I. Muegge,
// S. L. Heald, D. Brittelli, J. Med. Chem. 44, 1841 (2001), weight 200 to 600 Da, log P -2 to 5, TPSA <= 150
// A^2, at most 7 rings, more than 4 carbons, more than 1 heteroatom, at most 15 rotatable bonds, 10
// acceptors, 5 donors. Log P is Crippen's in all of them; Muegge's own was XLOGP.
#pragma once
#include <memory>
#include <vector>

#include "scoring/scorer.hpp"

namespace theriac::scoring {

/// Columns veber, egan, ghose and muegge: the number of limits broken; `detail` names them with the
/// molecule's value: "clogp 6.31 > 5.88; tpsa 142 > 131.6". Domain `out` for elements that Crippen's data
/// lack, where the rule asks for log P.
class RuleScorer : public Scorer {
 public:
  RuleScorer();
  const std::vector<std::shared_ptr<const ScoreKind>>& kinds() const override { return kinds_; }
  std::vector<ScoreRow> score(const std::vector<chem::Molecule>& molecules) const override;

 private:
  std::vector<std::shared_ptr<const ScoreKind>> kinds_;
};

}  // namespace theriac::scoring
