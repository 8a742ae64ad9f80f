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
#include <string>
#include <vector>

#include "chem/descriptors.hpp"
#include "chem/element_counts.hpp"

namespace theriac::scoring {

/// What the rules look at.
struct RuleMeasures {
  chem::Descriptors descriptors;
  int atoms = 0, carbons = 0;  ///< hydrogens among the atoms
};

RuleMeasures rule_measures(const chem::Descriptors& descriptors, const chem::ElementCounts& elements);

struct RuleLimit {
  const char* name;
  double (*value)(const RuleMeasures&);
  double low, high;  ///< both allowed
};

struct DrugRule {
  const char* name;    ///< "veber"
  const char* method;  ///< for tables
  bool log_p;          ///< asks for log P, which Crippen's data must cover
  std::vector<RuleLimit> limits;
};

/// veber, egan, ghose, muegge.
const std::vector<DrugRule>& drug_rules();

/// The limits broken, with the molecule's value: "clogp 6.31 > 5.88".
std::vector<std::string> broken_limits(const DrugRule& rule, const RuleMeasures& measures);

}  // namespace theriac::scoring
