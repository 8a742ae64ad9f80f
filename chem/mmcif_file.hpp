// Atoms of an mmCIF file: the first model of its _atom_site table, in author numbering. Inside `chem` only.
#pragma once
#include <string>
#include <string_view>

#include "chem/structure_file.hpp"

namespace theriac::chem {

/// Throws InputError: a needed column is missing, a row is cut short, a coordinate is not a finite number.
Structure parse_mmcif(std::string_view text, const std::string& source);

}  // namespace theriac::chem
