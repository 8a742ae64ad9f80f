// A molecule as chemists draw it: the structural formula as SVG, drawn by RDKit.
//
// The drawing is self-contained (no fonts, scripts or links), has no background of its own, and carries its
// name and SMILES as a title, which screen readers and the mouse show.
#pragma once
#include <string>

#include "chem/molecule.hpp"

namespace theriac::chem {

struct DepictionOptions {
  int width = 210, height = 140;  ///< pixels
  std::string title;              ///< alternative text; the SMILES when empty
};

/// An `<svg>` element, ready to stand inside HTML. Equal molecules and options give equal bytes.
/// Throws MoleculeError when RDKit cannot draw it.
std::string depiction_svg(const Molecule& molecule, const DepictionOptions& options = {});

/// & < > " ' as entities, for text inside HTML or XML.
std::string xml_escaped(const std::string& text);

}  // namespace theriac::chem
