// A molecule as chemists draw it: the structural formula as SVG, drawn by RDKit.
//
// The drawing is self-contained (no fonts, scripts or links), has no background of its own, and carries its
// name and SMILES as a title, which screen readers and the mouse show.
#pragma once
#include <array>
#include <string>
#include <vector>

#include "chem/molecule.hpp"

namespace theriac::chem {

/// A disc behind an atom, and words beside it.
struct AtomMark {
  int atom = 0;                              ///< as numbered by drawn_atoms(), from 0
  std::array<double, 3> colour = {1, 1, 1};  ///< red, green, blue, 0 to 1; pale enough for the letters on it
  double radius = 0;                         ///< of bond lengths; 0: no disc
  std::string note;                          ///< ASCII; empty: none
};

struct DepictionOptions {
  int width = 210, height = 140;  ///< pixels
  std::string title;              ///< alternative text; the SMILES when empty
  double bond_length = 22;        ///< pixels; less where the molecule would not fit
  /// With discs all letters are black, so that the discs alone have colours.
  std::vector<AtomMark> marks;
};

/// An `<svg>` element, ready to stand inside HTML. Equal molecules and options give equal bytes.
/// Throws MoleculeError when RDKit cannot draw it, and UsageError for a mark of an atom that is not there.
std::string depiction_svg(const Molecule& molecule, const DepictionOptions& options = {});

/// Element symbols of the atoms that a drawing shows: those of the graph, in its order, without hydrogens
/// (isotopes of hydrogen stay).
std::vector<std::string> drawn_atoms(const Molecule& molecule);

/// & < > " ' as entities, for text inside HTML or XML.
std::string xml_escaped(const std::string& text);

}  // namespace theriac::chem
