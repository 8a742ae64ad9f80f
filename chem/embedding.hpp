// Distance geometry and force fields on one RDKit molecule. Inside `chem` only; users want `conformer.hpp`.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "chem/molecule.hpp"
#include "chem/vector3.hpp"

namespace theriac::chem {

using Coordinates = std::vector<Vector3>;  ///< one per atom, angstrom

struct Conformation {
  Coordinates x;
  double energy = 0;  ///< kcal/mol, MMFF94s without charges
};

/// Raw embeddings of `with_h` (its own conformers are not looked at). Climbs a ladder of methods until one
/// gives at least one conformer; empty when none does. `replica` varies the seed.
std::vector<Coordinates> embeddings(const Molecule& with_h, int count, std::uint64_t seed,
                                    std::uint64_t replica, bool large_rings);

/// What `embeddings` tries, for messages.
std::string embedding_methods();

/// Relaxes conformers of one molecule with MMFF94s, or UFF where MMFF has no parameters, or not at all
/// (metals).
class Relaxation {
 public:
  explicit Relaxation(const Molecule& with_h);
  ~Relaxation();
  Conformation relaxed(const Coordinates& start);
  /// The same with every heavy atom held within `reach` angstrom of where it starts.
  Conformation relaxed_near(const Coordinates& start, double reach);

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

/// Do the tetrahedral centres and double bonds specified in `with_h` look that way in `x`?
bool has_specified_stereo(const Molecule& with_h, const Coordinates& x);

/// A copy with these conformers in place of its own.
Molecule with_conformers(const Molecule& molecule, const std::vector<Coordinates>& all);

}  // namespace theriac::chem
