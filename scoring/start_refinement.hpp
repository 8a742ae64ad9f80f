// A pose from elsewhere, freed of clashes: co-folded and diffused poses often overlap the protein a little.
//
// The pose is minimised twice: straight against explicit atoms, and first with repulsion capped at 10
// kcal/mol per atom and pair (as the search has it), so that atoms can pass through one another, then in
// full. The same from a few poses a little beside it, since a rigid ring caught on the wrong side of an atom
// does not come free by itself. The lowest minimum is kept.
#pragma once
#include <cstdint>
#include <string>

#include "scoring/vina_energy.hpp"

namespace theriac::scoring {

struct StartRefinement {
  int steps = 30;         ///< BFGS iterations of a stage
  int neighbours = 8;     ///< poses beside the start
  double shift = 0.5;     ///< angstrom, largest displacement of a neighbour along each axis
  double turn = 0.17;     ///< radians about each axis
  double torsion = 0.35;  ///< radians per torsion
};

/// `model` is made of the start pose, which is its input pose. Equal (seed, key, number) give equal bytes.
Conformation refined_start(const PoseModel& model, const ReceptorField& field, const chem::Box& box,
                           const StartRefinement& refinement, std::uint64_t seed, const std::string& key,
                           std::uint64_t number);

}  // namespace theriac::scoring
