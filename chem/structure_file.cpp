#include "chem/structure_file.hpp"

#include <fmt/format.h>

#include <cctype>
#include <charconv>
#include <filesystem>

#include "chem/amino_acid.hpp"
#include "chem/autodock_type.hpp"
#include "chem/error.hpp"
#include "chem/mmcif_file.hpp"
#include "chem/pdb_columns.hpp"
#include "chem/text_file.hpp"

namespace theriac::chem {
namespace {

bool starts_with(std::string_view line, std::string_view word) {
  return line.substr(0, word.size()) == word;
}

/// The element from the name in columns 13-16 when columns 77-78 do not say it: the symbol is right-justified
/// in columns 13-14, so "CA  " is calcium and " CA " a carbon, but four-letter hydrogen names begin in 13.
int element_from_name(std::string_view name_field, const std::string& residue_name) {
  const auto letter = [&](std::size_t i) { return i < name_field.size() ? name_field[i] : ' '; };
  const auto is_letter = [](char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; };
  if (!is_letter(letter(0))) return element_number(std::string(1, letter(is_letter(letter(1)) ? 1 : 2)));
  const int two_letters = is_letter(letter(1)) ? element_number(name_field.substr(0, 2)) : 0;
  const bool hydrogen_name = letter(0) == 'H' || letter(0) == 'D';
  const bool ion = trimmed(name_field) == residue_name;
  if (two_letters && !amino_acid(residue_name) && (ion || !hydrogen_name)) {
    static constexpr std::string_view in_ligands[] = {"CL", "BR", "SE", "FE", "ZN", "MG", "MN", "CU", "SI"};
    for (const auto symbol : in_ligands)
      if (name_field.substr(0, 2) == symbol) return two_letters;
    if (ion) return two_letters;
  }
  return element_number(std::string(1, letter(0)));
}

int element_of(std::string_view line, const std::string& residue_name, StructureFormat format) {
  if (format == StructureFormat::pdbqt) {
    if (const int z = autodock_type_element(columns(line, 78, 79))) return z;
  } else if (const int z = element_number(columns(line, 77, 78))) {
    return z;
  }
  return element_from_name(line.substr(12, 4), residue_name);
}

StructureAtom parse_atom(std::string_view line, LinePlace place, StructureFormat format) {
  PdbAtomLine read = parse_pdb_atom_line(line, place);
  StructureAtom atom;
  atom.element = element_of(line, read.residue_name, format);
  atom.name = std::move(read.name);
  atom.residue_name = std::move(read.residue_name);
  atom.residue = std::move(read.residue);
  atom.alternate = read.alternate;
  atom.position = read.position;
  atom.occupancy = read.occupancy;
  atom.b_factor = read.b_factor;
  atom.hetero = read.hetero;
  return atom;
}

Structure parse_pdb(std::string_view text, const std::string& source, StructureFormat format) {
  Structure structure;
  structure.format = format;
  structure.models = 0;
  LinePlace place{source, 0};
  std::string_view line;
  bool first_model_done = false;
  while (next_line(text, line)) {
    ++place.line;
    if (starts_with(line, "MODEL ")) structure.models += 1;
    if (starts_with(line, "ENDMDL")) first_model_done = !structure.atoms.empty();
    if (!first_model_done && is_atom_line(line)) structure.atoms.push_back(parse_atom(line, place, format));
  }
  structure.models = std::max(structure.models, 1);
  return structure;
}

/// PDBQT keeps a charge with a decimal point where PDB has blanks or a segment name.
bool looks_like_pdbqt(std::string_view atom_line) {
  const std::string_view charge = columns(atom_line, 67, 76);
  double value = 0;
  const char* begin = charge.data() + (!charge.empty() && charge[0] == '+');
  const auto result = std::from_chars(begin, charge.data() + charge.size(), value);
  return charge.find('.') != std::string_view::npos && result.ec == std::errc() &&
         result.ptr == charge.data() + charge.size() && !columns(atom_line, 78, 79).empty();
}

}  // namespace

StructureFormat structure_format(std::string_view text) {
  std::string_view line;
  while (next_line(text, line)) {
    if (is_atom_line(line)) {
      // an mmCIF atom_site row also begins with ATOM, but only after its data_ line
      return looks_like_pdbqt(line) ? StructureFormat::pdbqt : StructureFormat::pdb;
    }
    if (starts_with(line, "data_") || starts_with(line, "DATA_")) return StructureFormat::mmcif;
  }
  return StructureFormat::pdb;
}

Structure parse_structure(std::string_view text, const std::string& source) {
  const StructureFormat format = structure_format(text);
  Structure structure =
      format == StructureFormat::mmcif ? parse_mmcif(text, source) : parse_pdb(text, source, format);
  structure.name = std::filesystem::path(source).filename().string();
  if (structure.atoms.empty())
    throw InputError(fmt::format("no atoms in '{}'", source),
                     "a receptor is a PDB, mmCIF or PDBQT file with ATOM or HETATM records");
  return structure;
}

Structure read_structure(const std::string& path) {
  return parse_structure(read_text_file(path), path);
}

}  // namespace theriac::chem
