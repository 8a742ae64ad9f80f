#include <fmt/format.h>

#include <cmath>
#include <cstdlib>

#include "chem/error.hpp"
#include "chem/structure_text.hpp"

namespace theriac::chem {
namespace {

class SdfRecords : public RecordSource {
 public:
  SdfRecords(TextStream stream, bool mol_file) : RecordSource(std::move(stream)), mol_file_(mol_file) {}

  bool next(RawRecord& record) override {
    StructureText text;
    std::string line, title;
    bool first = true, structure_ended = false;
    while (stream_.next_line(line)) {
      if (begins_with(line, "$$$$")) {
        if (first) continue;  // an empty record between two separators is none
        return finished(record, text, title);
      }
      if (first) title = trimmed(line);
      first = false;
      structure_ended = structure_ended || begins_with(line, "M  END");
      text.add(stream_, line);
    }
    if (text.blank() || !stream_.damage().empty()) return false;
    const bool whole = mol_file_ ? structure_ended : begins_with(text.last_written_line(), "M  END");
    if (!whole)
      text.set_message(fmt::format("the file ends inside this record, in line {} ({} is missing)",
                                   text.last_line(), structure_ended ? "'$$$$'" : "'M  END'"));
    return finished(record, text, title);
  }

 private:
  static bool finished(RawRecord& record, StructureText& text, const std::string& title) {
    text.move_to(record);
    record.name = title.substr(0, 200);
    return true;
  }

  bool mol_file_;
};

/// Atoms that the counts line promises, V2000 or V3000; 0 when there is none to be found.
int promised_atoms(const std::string& text) {
  std::string_view lines = text;
  std::string_view line;
  for (int number = 0; next_line(lines, line); ++number) {
    if (number == 3 && line.find("V3000") == line.npos)
      return std::atoi(std::string(line.substr(0, 3)).c_str());
    if (begins_with(line, "M  V30 COUNTS")) return std::atoi(std::string(line.substr(13)).c_str());
  }
  return 0;
}

/// RDKit refuses "nan" without saying what was wrong: look for it first, in columns 1-30 of the atom lines.
void require_numbers_in_v2000(const std::string& block) {
  const int atoms = promised_atoms(block);
  std::string_view lines = block;
  std::string_view line;
  for (int number = 0; number < atoms + 4 && next_line(lines, line); ++number) {
    if (number == 3 && line.find("V3000") != line.npos) return;
    for (std::size_t column = 0; number > 3 && column < 30 && column < line.size(); column += 10)
      if (const std::string_view cell = trimmed(line.substr(column, 10)); !is_finite_number(cell))
        throw MoleculeError(
            fmt::format("a coordinate of atom {} is not a finite number: '{}'", number - 3, cell));
  }
}

std::size_t end_of_mol_block(const std::string& text) {
  const std::size_t at = text.find("\nM  END");
  if (at == std::string::npos) return text.size();
  return std::min(text.find('\n', at + 1), text.size() - 1) + 1;
}

/// "> 25 <NAME> (12)" or ">  <NAME>": the text between the first '<' and the last '>'.
std::string tag_name(std::string_view line) {
  const std::size_t open = line.find('<'), close = line.rfind('>');
  if (open == line.npos || close == line.npos || close <= open) return {};
  return std::string(line.substr(open + 1, close - open - 1));
}

}  // namespace

std::unique_ptr<RecordSource> sdf_records(TextStream stream, bool mol_file) {
  return std::make_unique<SdfRecords>(std::move(stream), mol_file);
}

Properties sdf_properties(const std::string& text) {
  Properties properties;
  std::string_view lines = std::string_view(text).substr(end_of_mol_block(text));
  std::string_view line;
  bool inside = false;
  while (next_line(lines, line)) {
    const std::string name = begins_with(line, ">") ? tag_name(line) : std::string();
    if (!inside && !name.empty()) {
      properties.emplace_back(name, "");
      inside = true;
    } else if (trimmed(line).empty()) {
      inside = false;
    } else if (inside) {
      std::string& value = properties.back().second;
      if (!value.empty()) value += '\n';
      value += line;
    }
  }
  return properties;
}

void require_finite_coordinates(const Molecule& molecule) {
  int atom = 0;
  for (const Vector3& p : molecule.coordinates()) {
    ++atom;
    if (!std::isfinite(p.x) || !std::isfinite(p.y) || !std::isfinite(p.z))
      throw MoleculeError(fmt::format("a coordinate of atom {} is not a finite number", atom));
  }
}

Molecule molecule_from_sdf_record(const std::string& text, const std::string& name) {
  if (const int atoms = promised_atoms(text); atoms > max_atoms_per_molecule)
    throw MoleculeError(
        fmt::format("the molecule has {} atoms, at most {} are read", atoms, max_atoms_per_molecule));
  const std::string block = text.substr(0, end_of_mol_block(text));
  require_numbers_in_v2000(block);
  Molecule molecule = Molecule::from_mol_block(block, name);
  require_finite_coordinates(molecule);
  return molecule;
}

}  // namespace theriac::chem
