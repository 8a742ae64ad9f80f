// Structures with colours that mean something: what atoms contribute, and where alerts match.
//
// Orange raises a prediction and blue lowers it: a pair that readers with any kind of colour blindness tell
// apart. Strong atoms also have larger discs, and the strongest carry the number that the words beside the
// drawing use, so nothing is said by colour alone. Atoms are numbered from 0 in the order of the SMILES.
#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "chem/molecule.hpp"
#include "chem/structural_alerts.hpp"

namespace theriac::cli {

/// At most three atoms each way, the strongest first; those below a tenth of `scale` are left out.
struct StrongestAtoms {
  std::vector<std::size_t> raising, lowering;
};
StrongestAtoms strongest_atoms(const std::vector<double>& contributions, double scale);

/// "N7"
std::string atom_label(const chem::Molecule& molecule, std::size_t atom);

/// Discs reach full colour at `scale`. All drawings are `<svg>` elements, or the escaped SMILES where RDKit
/// cannot draw it.
std::string contribution_drawing(const chem::Molecule& molecule, const std::string& endpoint,
                                 const std::vector<double>& contributions, double scale,
                                 const StrongestAtoms& strongest);
std::string alert_drawing(const chem::Molecule& molecule, const chem::Alert& alert);
/// With the number of every atom.
std::string numbered_drawing(const chem::Molecule& molecule);
/// Small and plain.
std::string smiles_drawing(const std::string& smiles);

/// From strongest lowering to strongest raising.
std::string colour_legend();

}  // namespace theriac::cli
