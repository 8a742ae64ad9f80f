// A molecule as a record of an SDF file: its coordinates where it has some, else a drawing in the plane.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "chem/molecule.hpp"

namespace theriac::chem {

/// Tags in the order they are written: name and value. Line ends within values become blanks.
using SdfTags = std::vector<std::pair<std::string, std::string>>;

/// Complete with "$$$$"; V3000 above 999 atoms or bonds. Throws MoleculeError when RDKit cannot write it.
std::string sdf_record(const Molecule& molecule, const SdfTags& tags);
/// A record without atoms, for an input that gave no molecule.
std::string empty_sdf_record(const std::string& name, const SdfTags& tags);

}  // namespace theriac::chem
