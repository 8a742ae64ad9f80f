// Ring shapes made where they belong: each ring system is cut out with its neighbours, embedded alone, and
// its conformers are put back into the whole molecule. Inside `chem` only.
//
// A fused, spiro or bridged system of rings is one unit; whatever hangs on it does so by a single bond and
// follows as a rigid body, keeping its dihedral angle to the ring. This costs a few milliseconds per ring
// where embedding the whole molecule many times costs hundreds. Tertiary amides are units of two states.
#pragma once
#include <cstdint>
#include <vector>

#include "chem/embedding.hpp"
#include "chem/molecule.hpp"

namespace theriac::chem {

struct RingSearch {
  std::uint64_t seed = 1;
  int conformers = 4;             ///< at most, the start included
  int macrocycle_conformers = 8;  ///< the same with a ring of eight or more atoms
  double energy_window = 5;       ///< kcal/mol above the best combination
  double cpu_seconds = 60;        ///< as EmbedOptions
  bool keep_start_first = false;  ///< or sort the start among the others
};

/// Conformers of `with_h` that differ from `start` and from each other in their rings and tertiary amides,
/// `start` included. The stereochemistry is that of `start`.
std::vector<Coordinates> ring_variants(const Molecule& with_h, const Coordinates& start,
                                       const RingSearch& search);

}  // namespace theriac::chem
