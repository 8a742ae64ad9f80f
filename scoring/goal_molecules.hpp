// The molecules that goal-directed benchmarks ask for: 17 drugs and natural products, and the molecule from
// which the two hop tasks start.
//
// Which molecule belongs to which task: N. Brown et al., GuacaMol, J. Chem. Inf. Model. 59, 1096 (2019),
// tables 2 to 4, suite version 2. The structures are public facts, drawn flat here: no fingerprint of the
// tasks looks at stereochemistry.
#pragma once
#include <string>
#include <vector>

namespace theriac::scoring {

struct GoalMolecule {
  std::string name;    ///< "celecoxib"; "hop start" for the last
  std::string smiles;  ///< without stereochemistry
};

const std::vector<GoalMolecule>& goal_molecules();

/// Throws UsageError for a name that is not in the table.
const GoalMolecule& goal_molecule(const std::string& name);

}  // namespace theriac::scoring
