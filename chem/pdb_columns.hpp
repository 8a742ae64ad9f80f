// One ATOM or HETATM line of a PDB or PDBQT file, by its columns. Inside `chem` only.
//
// Format: wwPDB "Atomic Coordinate Entry Format" 3.30. Columns are counted from 1 there and here.
#pragma once
#include <string>
#include <string_view>

#include "chem/receptor.hpp"
#include "chem/vector3.hpp"

namespace theriac::chem {

/// Where a line stands, for messages: "(1abc.pdb, line 17)".
struct LinePlace {
  const std::string& file;
  long line = 0;
  std::string text() const;
};

struct PdbAtomLine {
  std::string name;
  char alternate = ' ';
  std::string residue_name;
  ResidueId residue;
  Vector3 position;
  double occupancy = 1;
  double b_factor = 0;
  bool hetero = false;
};

/// Columns `first` to `last` without outer blanks; shorter when the line ends early.
std::string_view columns(std::string_view line, int first, int last);
bool is_atom_line(std::string_view line);
/// Throws InputError for a line that ends before column 54, and for numbers that cannot be read or are
/// infinite.
PdbAtomLine parse_pdb_atom_line(std::string_view line, LinePlace place);
/// A finite number, else InputError "x is 'abc', not a number (file, line 3)". Inputs of some 30 characters
/// at most.
double parse_number(std::string_view text, std::string_view what, LinePlace place);
/// The same for a coordinate, which must also lie within 100,000 angstrom of the origin.
double parse_coordinate(std::string_view text, std::string_view what, LinePlace place);
/// An atom name as PDB columns 13-16 hold it: element right-justified in 13-14.
std::string pdb_atom_name_field(const std::string& name, int element);

}  // namespace theriac::chem
