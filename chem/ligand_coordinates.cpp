#include "chem/ligand_coordinates.hpp"

#include <fmt/format.h>

#include <charconv>

#include "chem/error.hpp"
#include "chem/pdb_columns.hpp"
#include "chem/structure_file.hpp"
#include "chem/text_file.hpp"

namespace theriac::chem {
namespace {

using Molecules = std::vector<std::vector<Vector3>>;

bool starts_with(std::string_view line, std::string_view word) {
  return line.substr(0, word.size()) == word;
}
bool contains(std::string_view line, std::string_view word) {
  return line.find(word) != std::string_view::npos;
}
bool is_hydrogen(std::string_view symbol) {
  return symbol == "H" || symbol == "D" || symbol == "T";
}

std::vector<std::string_view> words(std::string_view line) {
  std::vector<std::string_view> found;
  while (!(line = trimmed(line)).empty()) {
    const std::size_t end = std::min(line.find_first_of(" \t"), line.size());
    found.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
  return found;
}

Vector3 position_of(std::string_view x, std::string_view y, std::string_view z, LinePlace place) {
  return {parse_coordinate(x, "x", place), parse_coordinate(y, "y", place), parse_coordinate(z, "z", place)};
}

/// Lines with their numbers.
class Lines {
 public:
  Lines(std::string_view text, const std::string& source) : text_(text), place_{source, 0} {}
  bool next(std::string_view& line) {
    if (!next_line(text_, line)) return false;
    ++place_.line;
    return true;
  }
  /// The next line, which must be there.
  std::string_view expect(std::string_view what) {
    std::string_view line;
    if (!next(line))
      throw InputError(fmt::format("the file ends inside {} {}", what, place_.text()),
                       "the file may have been cut short");
    return line;
  }
  LinePlace place() const { return place_; }

 private:
  std::string_view text_;
  LinePlace place_;
};

std::vector<Vector3> read_v2000_atoms(Lines& lines, std::string_view counts_line) {
  const auto count =
      static_cast<long>(parse_number(columns(counts_line, 1, 3), "the number of atoms", lines.place()));
  std::vector<Vector3> positions;
  for (long i = 0; i < count; ++i) {
    const std::string_view line = lines.expect("its atoms");
    const Vector3 position =
        position_of(columns(line, 1, 10), columns(line, 11, 20), columns(line, 21, 30), lines.place());
    if (!is_hydrogen(columns(line, 32, 34))) positions.push_back(position);
  }
  return positions;
}

std::vector<Vector3> read_v3000_atoms(Lines& lines) {
  std::vector<Vector3> positions;
  while (!contains(lines.expect("its atoms"), "BEGIN ATOM")) {
  }
  for (;;) {
    const std::string_view line = lines.expect("its atoms");
    if (contains(line, "END ATOM")) return positions;
    const auto fields = words(line);  // M  V30 index symbol x y z map ...
    if (fields.size() < 7)
      throw InputError(fmt::format("the atom line has no coordinates {}", lines.place().text()));
    const Vector3 position = position_of(fields[4], fields[5], fields[6], lines.place());
    if (!is_hydrogen(fields[3])) positions.push_back(position);
  }
}

Molecules parse_sdf(std::string_view text, const std::string& source) {
  Molecules molecules;
  Lines lines(text, source);
  std::string_view line;
  bool in_properties = false;
  while (lines.next(line)) {
    if (starts_with(line, "$$$$")) in_properties = false;
    if (in_properties) continue;
    const bool v3000 = contains(line, "V3000");
    if (!v3000 && !contains(line, "V2000")) continue;
    molecules.push_back(v3000 ? read_v3000_atoms(lines) : read_v2000_atoms(lines, line));
    in_properties = true;
  }
  return molecules;
}

Molecules parse_mol2(std::string_view text, const std::string& source) {
  Molecules molecules;
  Lines lines(text, source);
  std::string_view line;
  bool in_atoms = false;
  while (lines.next(line)) {
    if (starts_with(line, "@<TRIPOS>")) {
      in_atoms = starts_with(line, "@<TRIPOS>ATOM");
      if (in_atoms) molecules.emplace_back();
      continue;
    }
    const auto fields = words(line);  // id name x y z type ...
    if (!in_atoms || fields.empty()) continue;
    if (fields.size() < 6)
      throw InputError(fmt::format("the atom line has no coordinates {}", lines.place().text()));
    const Vector3 position = position_of(fields[2], fields[3], fields[4], lines.place());
    if (!is_hydrogen(fields[5])) molecules.back().push_back(position);
  }
  return molecules;
}

/// PDB and PDBQT: each MODEL is a molecule.
Molecules parse_pdb_models(std::string_view text, const std::string& source) {
  Molecules molecules;
  std::string model;
  std::string_view rest = text, line;
  const auto add_model = [&] {
    std::vector<Vector3> positions;
    if (!model.empty())
      for (const auto& atom : parse_structure(model, source).atoms)
        if (atom.element > 1) positions.push_back(atom.position);
    if (!positions.empty()) molecules.push_back(std::move(positions));
    model.clear();
  };
  while (next_line(rest, line)) {
    if (starts_with(line, "ENDMDL")) add_model();
    if (is_atom_line(line)) (model += line) += '\n';
  }
  add_model();
  return molecules;
}

Molecules parse_by_content(std::string_view text, const std::string& source) {
  if (contains(text, "@<TRIPOS>")) return parse_mol2(text, source);
  if (contains(text, "V2000") || contains(text, "V3000")) return parse_sdf(text, source);
  return parse_pdb_models(text, source);
}

}  // namespace

Molecules parse_ligand_coordinates(std::string_view text, const std::string& source) {
  Molecules molecules = parse_by_content(text, source);
  std::size_t atoms = 0;
  for (const auto& molecule : molecules) atoms += molecule.size();
  if (atoms == 0)
    throw InputError(fmt::format("no ligand atoms in '{}'", source),
                     "a box needs an SDF, MOL2, PDB or PDBQT file with 3D coordinates");
  return molecules;
}

Molecules read_ligand_coordinates(const std::string& path) {
  return parse_ligand_coordinates(read_text_file(path), path);
}

}  // namespace theriac::chem
