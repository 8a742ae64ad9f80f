#include "chem/receptor_file.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "chem/autodock_type.hpp"
#include "chem/error.hpp"
#include "chem/pdb_columns.hpp"
#include "chem/text_file.hpp"

namespace theriac::chem {
namespace {

bool starts_with(std::string_view line, std::string_view word) {
  return line.substr(0, word.size()) == word;
}

std::string type_of(std::string_view line, LinePlace place) {
  const std::string_view type = columns(line, 78, 79);
  if (type.empty())
    throw InputError(fmt::format("no AutoDock type in columns 78-79 {}", place.text()),
                     "a PDB file under the name .pdbqt? rename it to .pdb and it is prepared");
  if (autodock_type_element(type) == 0)
    throw InputError(fmt::format("unknown AutoDock type '{}' {}", type, place.text()),
                     "types are case-sensitive: NA is an accepting nitrogen, Na sodium");
  return canonical_autodock_type(type);
}

ReceptorAtom parse_pdbqt_atom(std::string_view line, LinePlace place) {
  PdbAtomLine columns_read = parse_pdb_atom_line(line, place);
  ReceptorAtom atom;
  atom.name = std::move(columns_read.name);
  atom.residue_name = std::move(columns_read.residue_name);
  atom.residue = std::move(columns_read.residue);
  atom.position = columns_read.position;
  atom.hetero = columns_read.hetero;
  atom.autodock_type = type_of(line, place);
  atom.element = autodock_type_element(atom.autodock_type);
  const std::string_view charge = columns(line, 67, 76);
  atom.charge = charge.empty() ? 0.0 : parse_number(charge, "charge", place);
  return atom;
}

void refuse_moving_parts(std::string_view line, LinePlace place) {
  if (starts_with(line, "BEGIN_RES"))
    throw InputError(fmt::format("flexible side chains in a rigid receptor {}", place.text()),
                     "give this file as --flex and the rigid part as --receptor");
  if (starts_with(line, "ROOT") || starts_with(line, "BRANCH") || starts_with(line, "TORSDOF"))
    throw InputError(
        fmt::format("'{}' belongs to a ligand, not to a receptor {}", line.substr(0, 20), place.text()),
        "were --receptor and --ligand swapped?");
}

std::string pdb_line(const ReceptorAtom& atom, std::size_t serial) {
  const std::string& chain = atom.residue.chain;
  return fmt::format("{:<6}{:5d} {} {:>3} {}{:4d}{}   {:8.3f}{:8.3f}{:8.3f}{:6.2f}{:6.2f}",
                     atom.hetero ? "HETATM" : "ATOM", serial % 100000,
                     pdb_atom_name_field(atom.name, atom.element), atom.residue_name.substr(0, 3),
                     chain.empty() ? ' ' : chain[0], atom.residue.number % 10000, atom.residue.insertion_code,
                     atom.position.x, atom.position.y, atom.position.z, 1.0, 0.0);
}

bool chain_ends_between(const ReceptorAtom& a, const ReceptorAtom& b) {
  return !a.hetero && (b.hetero || a.residue.chain != b.residue.chain);
}

void append_flexible_residue(std::string& text, const FlexibleResidue& residue, std::size_t& serial) {
  for (const auto& moving : residue.chain.atoms) {
    ReceptorAtom atom;
    atom.name = moving.name;
    atom.residue_name = residue.residue_name;
    atom.residue = residue.residue;
    atom.element = moving.element;
    atom.position = moving.position;
    text += fmt::format("{}          {:>2}\n", pdb_line(atom, ++serial), element_symbol(atom.element));
  }
}

}  // namespace

Receptor parse_pdbqt_receptor(std::string_view text, const std::string& source) {
  Receptor receptor;
  receptor.name = std::filesystem::path(source).filename().string();
  LinePlace place{source, 0};
  std::string_view line;
  while (next_line(text, line)) {
    ++place.line;
    if (is_atom_line(line)) {
      receptor.atoms.push_back(parse_pdbqt_atom(line, place));
    } else if (starts_with(line, "ENDMDL")) {
      if (!receptor.atoms.empty()) break;
    } else {
      refuse_moving_parts(line, place);
    }
  }
  if (receptor.atoms.empty())
    throw InputError(fmt::format("no atoms in '{}'", source), "a receptor PDBQT has ATOM or HETATM lines");
  return receptor;
}

Receptor read_pdbqt_receptor(const std::string& path) {
  return parse_pdbqt_receptor(read_text_file(path), path);
}

std::string receptor_pdbqt(const Receptor& receptor) {
  std::string text;
  std::size_t serial = 0;
  const ReceptorAtom* previous = nullptr;
  for (const auto& atom : receptor.atoms) {
    if (atom.autodock_type == "H") continue;
    if (previous && chain_ends_between(*previous, atom)) text += "TER\n";
    text += fmt::format("{}    {:6.3f} {:<2}\n", pdb_line(atom, ++serial), atom.charge, atom.autodock_type);
    previous = &atom;
  }
  return text + "TER\n";
}

std::string receptor_pdb(const Receptor& receptor) {
  std::string text;
  std::size_t serial = 0;
  const ReceptorAtom* previous = nullptr;
  for (const auto& atom : receptor.atoms) {
    if (previous && chain_ends_between(*previous, atom)) text += "TER\n";
    text += fmt::format("{}          {:>2}\n", pdb_line(atom, ++serial), element_symbol(atom.element));
    previous = &atom;
  }
  for (const auto& residue : receptor.flexible_residues) append_flexible_residue(text, residue, serial);
  return text + "END\n";
}

void write_receptor_pdbqt(const Receptor& receptor, const std::string& path) {
  write_text_file(path, receptor_pdbqt(receptor));
}

void write_receptor_pdb(const Receptor& receptor, const std::string& path) {
  write_text_file(path, receptor_pdb(receptor));
}

}  // namespace theriac::chem
