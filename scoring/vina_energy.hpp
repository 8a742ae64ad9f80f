// The energy of a pose: the plain double-precision reference that every fast path is held to.
//
// Ligand-receptor energy is a sum over ligand atoms, each softly capped: e v / (v + e) for e > 0, v = 1000
// kcal/mol; the same within the ligand, pair by pair. The sum is divided by 1 + 0.05846 N_tors. O. Trott, A.
// J. Olson, J. Comput. Chem. 31, 455 (2010). Energies kcal/mol, lengths angstrom.
#pragma once
#include <vector>

#include "chem/box.hpp"
#include "scoring/pose_model.hpp"
#include "scoring/receptor_field.hpp"

namespace theriac::scoring {

/// Energies in kcal/mol, weighted, not yet divided by the torsion divisor.
struct EnergyTerms {
  double gauss1 = 0, gauss2 = 0, repulsion = 0, hydrophobic = 0,
         hydrogen_bond = 0;    ///< ligand-receptor, by term
  double inter = 0;            ///< ligand with receptor and flexible side chains; capped per atom or pair
  double intra = 0;            ///< within the ligand, and of side chains with receptor and one another
  double torsion_divisor = 1;  ///< 1 + 0.05846 N_tors
};

constexpr double final_cap = 1000;  ///< kcal/mol, of reported scores; the search uses a softer one

/// Scores a pose as it stands. `coordinates`: heavy atoms in the model's order.
EnergyTerms score_pose(const PoseModel& model, const ReceptorField& field,
                       const std::vector<chem::Vector3>& coordinates);

/// The reported affinity: the intramolecular energy counts relative to `intra_of_best`.
double affinity(const EnergyTerms& terms, double intra_of_best);

/// Energy against explicit receptor atoms, with a linear wall (kcal/mol per angstrom) outside the box.
/// `forces`, when given, receives minus the gradient per heavy atom.
double pose_energy(const PoseModel& model, const ReceptorField& field, const chem::Box& box, double wall,
                   double cap, const std::vector<chem::Vector3>& coordinates,
                   std::vector<chem::Vector3>* forces);

struct LocalMinimum {
  Conformation conformation;
  double energy;
};

/// BFGS to the nearest minimum of `pose_energy` (J. Nocedal, S. J. Wright, Numerical Optimization
/// (2006), 6.1). A low cap softens clashes: atoms may pass through one another.
LocalMinimum minimised(const PoseModel& model, const ReceptorField& field, const chem::Box& box,
                       Conformation start, int steps, double cap = final_cap);

}  // namespace theriac::scoring
