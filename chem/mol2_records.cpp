#include <GraphMol/FileParsers/FileParsers.h>
#include <GraphMol/RWMol.h>
#include <fmt/format.h>

#include <cctype>
#include <cstdio>
#include <sstream>

#include "chem/error.hpp"
#include "chem/open_babel.hpp"
#include "chem/rdkit_log.hpp"
#include "chem/structure_text.hpp"

namespace theriac::chem {
namespace {

constexpr const char* record_start = "@<TRIPOS>MOLECULE";

class Mol2Records : public RecordSource {
 public:
  using RecordSource::RecordSource;

  bool next(RawRecord& record) override {
    if (ended_) return false;
    StructureText text;
    if (started_) text.add(stream_, record_start);  // read as the end of the record before
    std::string line;
    while (stream_.next_line(line)) {
      const bool start = begins_with(line, record_start);
      if (start && started_) return finished(record, text);
      started_ = started_ || start;
      const bool filler = !started_ && (trimmed(line).empty() || line.front() == '#');
      if (!filler) text.add(stream_, line);
    }
    ended_ = true;
    if (text.blank() || !stream_.damage().empty()) return false;
    if (!started_) text.set_message("no '@<TRIPOS>MOLECULE' line, not a MOL2 record");
    return finished(record, text);
  }

 private:
  bool finished(RawRecord& record, StructureText& text) const {
    text.move_to(record);
    std::string_view lines = record.text;
    std::string_view line;
    for (int i = 0; i < 2 && next_line(lines, line); ++i)
      if (i == 1) record.name = trimmed(line).substr(0, 200);
    if (record.name == "*****") record.name.clear();  // Open Babel's word for no name
    if (record.message.empty()) record.message = missing_lines(record.text, ended_);
    return true;
  }

  /// The counts line says how many atoms and bonds there are; fewer means that the record was cut.
  static std::string missing_lines(const std::string& text, bool last) {
    int promised[2] = {0, 0}, found[2] = {0, 0}, section = -1, number = 0;
    std::string_view lines = text;
    for (std::string_view line; next_line(lines, line); ++number) {
      if (number == 2) std::sscanf(std::string(line).c_str(), "%d %d", &promised[0], &promised[1]);
      if (begins_with(line, "@<TRIPOS>"))
        section = begins_with(line, "@<TRIPOS>ATOM") ? 0 : begins_with(line, "@<TRIPOS>BOND") ? 1 : -1;
      else if (section >= 0 && !trimmed(line).empty() && line.front() != '#')
        ++found[section];
    }
    for (int i : {0, 1})
      if (found[i] < promised[i])
        return fmt::format("the record has {} of {} {} lines{}", found[i], promised[i], i ? "bond" : "atom",
                           last ? ": the file ends inside this record" : "");
    if (promised[0] > max_atoms_per_molecule)
      return fmt::format("the molecule has {} atoms, at most {} are read", promised[0],
                         max_atoms_per_molecule);
    return {};
  }

  bool started_ = false, ended_ = false;
};

/// RDKit knows Tripos types and charges but takes hydrogens that are not in the file for radicals.
std::shared_ptr<RDKit::ROMol> by_rdkit(const std::string& text) {
  const RdkitLog log;
  try {
    std::shared_ptr<RDKit::ROMol> graph(RDKit::Mol2BlockToMol(text, true, false));
    if (!graph || graph->getNumAtoms() == 0) return nullptr;
    for (const RDKit::Atom* atom : graph->atoms())
      if (atom->getNumRadicalElectrons() > 0 || atom->getAtomicNum() == 0) return nullptr;
    return graph;
  } catch (const std::exception&) {
    return nullptr;
  }
}

/// "c3", "oh", "cl", "hn": the atom types of GAFF (J. Wang et al., J. Comput. Chem. 25, 1157 (2004)) are
/// lower case and begin with the element. Tripos types ("C.3", "Cl", "Du") are left alone.
std::string element_of_gaff_type(const std::string& type) {
  if (type.empty() || std::islower(static_cast<unsigned char>(type[0])) == 0) return type;
  if (type == "cl") return "Cl";
  if (type == "br") return "Br";
  return std::string(1, static_cast<char>(std::toupper(static_cast<unsigned char>(type[0]))));
}

/// The record with elements in place of GAFF types, which Open Babel does not know.
std::string without_gaff_types(const std::string& text) {
  std::string out;
  bool atoms = false;
  std::string_view lines = text;
  for (std::string_view line; next_line(lines, line);) {
    if (begins_with(line, "@<TRIPOS>")) atoms = begins_with(line, "@<TRIPOS>ATOM");
    std::istringstream cells{std::string(line)};
    std::string id, atom, x, y, z, type, rest;
    if (atoms && cells >> id >> atom >> x >> y >> z >> type) {
      std::getline(cells, rest);
      out += fmt::format("{} {} {} {} {} {}{}\n", id, atom, x, y, z, element_of_gaff_type(type), rest);
    } else {
      (out += line) += '\n';
    }
  }
  return out;
}

}  // namespace

std::unique_ptr<RecordSource> mol2_records(TextStream stream) {
  return std::make_unique<Mol2Records>(std::move(stream));
}

Molecule molecule_from_mol2(const std::string& text, const std::string& name) {
  const auto graph = by_rdkit(text);
  Molecule molecule =
      graph ? Molecule(graph, name)
            : Molecule::from_mol_block(mol_block_by_open_babel(without_gaff_types(text), "mol2"), name);
  for (const RDKit::Atom* atom : molecule.graph().atoms())
    if (atom->getAtomicNum() == 0)
      throw MoleculeError(fmt::format("the type of atom {} is not known", atom->getIdx() + 1));
  require_finite_coordinates(molecule);
  return molecule;
}

}  // namespace theriac::chem
