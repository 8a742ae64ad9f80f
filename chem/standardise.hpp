// The parent structure: one drawing for all the salts, charges and isotopes under which a compound is sold.
//
// RDKit's MolStandardize does the work, after M. Swain's MolVS and the ChEMBL pipeline (A. P. Bento et al.,
// J. Cheminform. 12, 51 (2020)). Functional groups drawn in several ways (nitro, sulfoxide, azide) are always
// brought to one drawing; the rest is chosen.
#pragma once
#include "chem/molecule.hpp"

namespace theriac::chem {

struct StandardiseOptions {
  bool largest_fragment =
      true;                ///< counter-ions, solvents and bonds to alkali metals go; organic before inorganic
  bool neutralise = true;  ///< acids and bases neutral where protons allow; quaternary N and N-oxides stay
  bool strip_isotopes = true;  ///< [2H], [13C] become ordinary atoms
  bool tautomer = false;       ///< RDKit's canonical tautomer; may remove stereo at centres that epimerise
};

/// Throws MoleculeError when the edited structure is not valid; the name is kept. Coordinates are kept unless
/// a tautomer is asked for.
Molecule standardised(const Molecule& molecule, const StandardiseOptions& options = {});

/// Whether a metal other than of groups 1 and 2 is bonded to something: standardising takes such a molecule
/// apart, and its largest ligand is another substance (ammonia for cisplatin).
bool is_metal_complex(const Molecule& molecule);

}  // namespace theriac::chem
