// Drug-likeness: QED and Lipinski's rule of five.
//
// QED is the weighted geometric mean of eight desirabilities d_i, each an asymmetric double sigmoid fitted to
// 771 oral drugs:  QED = exp( sum w_i ln d_i / sum w_i ),
//   d(x) = (a + b / (1 + exp(-(x - c + d/2) / e)) (1 - 1 / (1 + exp(-(x - c - d/2) / f)))) / d_max
// G. R. Bickerton, G. V. Paolini, J. Besnard, S. Muresan, A. L. Hopkins, Nature Chemistry 4, 90 (2012).
// Properties are counted as in RDKit's Chem.QED 1.1.0, so that values agree with it.
// Rule of five: C. A. Lipinski, F. Lombardo, B. W. Dominy, P. J. Feeney, Adv. Drug Deliv. Rev. 23, 3 (1997).
#pragma once
#include <vector>

#include "chem/descriptors.hpp"
#include "chem/molecule.hpp"
#include "chem/pattern_set.hpp"
#include "chem/substructure.hpp"

namespace theriac::scoring {

/// The eight properties that QED looks at.
struct QedProperties {
  double molecular_weight = 0;  ///< dalton
  double log_p = 0;             ///< Crippen
  double acceptors = 0;         ///< Bickerton's own definition, not Lipinski's
  double donors = 0;
  double polar_surface_area = 0;  ///< angstrom^2
  double rotatable_bonds = 0;
  double aromatic_rings = 0;   ///< rings left when saturated ring atoms are deleted
  double unwanted_groups = 0;  ///< of the 116 below that occur
};

enum class QedWeights {
  mean,  ///< QED_w,mo: mean of the 1,000 best weightings; the one that papers report
  max,   ///< QED_w,max: the weighting of highest information content
  none,  ///< QED_w,u: all weights 1
};

/// 0 (unlike a drug) to 1. Drugs have about 0.5 on average, 0.67 the attractive ones.
double qed(const chem::Molecule& molecule, QedWeights weights = QedWeights::mean);
double qed(const QedProperties& properties, QedWeights weights = QedWeights::mean);
QedProperties qed_properties(const chem::SubstructureTarget& target, const chem::Descriptors& descriptors);

/// The 116 unwanted groups of QED: R. Brenk et al., ChemMedChem 3, 435 (2008), as revised for QED.
const chem::PatternSet& unwanted_groups();

/// How many of the four limits are broken: weight 500, log P 5, donors 5, acceptors 10. Poor absorption is
/// more likely from two on.
int rule_of_five_violations(const chem::Descriptors& descriptors);

}  // namespace theriac::scoring
