// Structures as crystallographers deposit them: PDB and mmCIF, read by our own small, strict parsers.
//
// A structure is a flat list of atoms in file order with everything a receptor is later made from: chains,
// residue numbers with insertion codes, alternate locations, occupancies. Nothing is repaired here.
// PDB format 3.30 and PDBx/mmCIF: https://www.wwpdb.org/documentation/file-format
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "chem/receptor.hpp"
#include "chem/vector3.hpp"

namespace theriac::chem {

struct StructureAtom {
  std::string name;          ///< "CA", "O1P"
  std::string residue_name;  ///< "ASP", "STI", "HOH"
  ResidueId residue;         ///< author numbering, as papers use it
  char alternate = ' ';      ///< alternate location, ' ' if there is one place only
  int element = 0;           ///< atomic number, 0 if it cannot be told
  Vector3 position;          ///< angstrom
  double occupancy = 1;
  double b_factor = 0;  ///< angstrom squared
  bool hetero = false;  ///< a HETATM record
};

enum class StructureFormat { pdb, mmcif, pdbqt };

struct Structure {
  std::string name;  ///< file name
  StructureFormat format = StructureFormat::pdb;
  int models = 1;  ///< models in the file; `atoms` holds the first
  std::vector<StructureAtom> atoms;
};

/// What the text is, judged by its content, not its name.
StructureFormat structure_format(std::string_view text);

/// PDB, mmCIF or PDBQT, plain or gzip. Throws InputError naming file and line: no atoms, coordinates that are
/// not finite numbers, a line or a table cut short, quotes never closed.
Structure read_structure(const std::string& path);
/// The same from text in memory; `source` stands for the file in messages.
Structure parse_structure(std::string_view text, const std::string& source);

}  // namespace theriac::chem
