// 3D coordinates: distance geometry with knowledge of torsions (ETKDGv3), relaxed with MMFF94s.
//
// Docking keeps rings rigid, so a molecule with flexible rings gets several conformers that differ in them:
// chairs and envelopes, axial and equatorial substituents, cis and trans tertiary amides, macrocycle shapes.
// Conformers are told apart by torsions in and beside rings, atoms related by symmetry being equal.
// S. Riniker, G. A. Landrum, J. Chem. Inf. Model. 55, 2562 (2015); S. Wang et al., ibid. 60, 2044 (2020);
// T. A. Halgren, J. Comput. Chem. 20, 720 (1999) (MMFF94s); UFF: A. K. Rappe et al., JACS 114, 10024 (1992).
#pragma once
#include <cstdint>
#include <vector>

#include "chem/molecule.hpp"

namespace theriac::chem {

struct EmbedOptions {
  std::uint64_t seed = 1;         ///< of the run; the molecule's canonical SMILES is mixed in
  int ring_conformers = 4;        ///< at most this many conformers, the first included
  int macrocycle_conformers = 8;  ///< the same when a ring has eight or more atoms; at most twice the above
  double energy_window = 5.0;     ///< kcal/mol above the best (MMFF94s without charges)
  int heavy_atom_limit = 300;     ///< larger molecules are refused
  double cpu_seconds = 60;  ///< of one attempt at embedding, beyond which the molecule is refused; 0: none
};

/// The molecule with all hydrogens and one or several 3D conformers, the best first. Stereocentres are as
/// given; unspecified ones are the same in all conformers. Equal input and seed give equal coordinates. The
/// effort is bounded by counted attempts, so that results do not depend on the machine; the clock ends only
/// what RDKit itself would not (embedding.hpp). Throws MoleculeError that says what was tried.
Molecule embedded(const Molecule& molecule, const EmbedOptions& options = {});

/// The input's own coordinates first (hydrogens added where missing), then generated conformers with other
/// ring shapes and the same stereochemistry. Throws MoleculeError when there are no 3D coordinates; rings
/// that cannot be embedded leave the input's conformer alone.
Molecule with_ring_conformers(const Molecule& with_3d, const EmbedOptions& options = {});

/// Explicit hydrogens, with coordinates when the molecule has them.
Molecule with_hydrogens(const Molecule& molecule);

/// Coordinates of every conformer, angstrom: [conformer][atom].
std::vector<std::vector<Vector3>> conformers(const Molecule& molecule);

/// True when the tetrahedral centres and double bonds that `with_3d` specifies are so in all its conformers.
bool stereo_is_kept(const Molecule& with_3d);

}  // namespace theriac::chem
