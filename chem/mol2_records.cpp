#include <GraphMol/FileParsers/FileParsers.h>
#include <GraphMol/RWMol.h>
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <set>
#include <sstream>
#include <utility>
#include <vector>

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
    if (found[0] > max_atoms_per_molecule)
      return fmt::format("the molecule has {} atoms, at most {} are read", found[0], max_atoms_per_molecule);
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

struct Mol2Atom {
  std::string name, x, y, z, type;
};
struct Mol2Bond {
  int begin = 0, end = 0;  // from 1
  std::string type;
};
struct Mol2Content {
  std::vector<Mol2Atom> atoms;
  std::vector<Mol2Bond> bonds;
};

std::vector<std::string> words_of(std::string_view line) {
  std::istringstream cells{std::string(line)};
  std::vector<std::string> words;
  for (std::string word; cells >> word;) words.push_back(word);
  return words;
}

Mol2Atom checked_atom(const std::vector<std::string>& words, std::size_t number) {
  if (words.size() < 6)
    throw MoleculeError(fmt::format("the line of atom {} has {} fields of 6", number, words.size()));
  for (int i : {2, 3, 4})
    if (!is_finite_number(words[i]))
      throw MoleculeError(
          fmt::format("a coordinate of atom {} is not a finite number: '{}'", number, words[i]));
  const std::string& type = words[5];
  const bool plain =
      std::all_of(type.begin(), type.end(), [](unsigned char c) { return std::isalnum(c) || c == '.'; });
  if (!plain || type.size() > 8)
    throw MoleculeError(fmt::format("the type of atom {} is not known: '{}'", number, type));
  return {fmt::format("A{}", number), words[2], words[3], words[4], type};
}

Mol2Bond checked_bond(const std::vector<std::string>& words, std::size_t number, std::size_t atoms) {
  const auto broken = [&](const char* what) {
    return MoleculeError(fmt::format("bond {} {}", number, what));
  };
  if (words.size() < 4) throw broken("has too few fields");
  Mol2Bond bond{std::atoi(words[1].c_str()), std::atoi(words[2].c_str()), words[3]};
  const int last = static_cast<int>(atoms);
  if (bond.begin < 1 || bond.end < 1 || bond.begin > last || bond.end > last || bond.begin == bond.end)
    throw broken("does not join two atoms of the record");
  static const std::vector<std::string> known{"1", "2", "3", "am", "ar", "du", "un", "nc"};
  if (std::find(known.begin(), known.end(), bond.type) == known.end()) throw broken("has an unknown type");
  return bond;
}

/// Atoms and bonds, each checked: the readers behind trust the record and crash on some broken ones.
Mol2Content checked_content(const std::string& text) {
  Mol2Content content;
  std::set<std::pair<int, int>> joined;
  int section = -1;
  std::string_view lines = text;
  for (std::string_view line; next_line(lines, line);) {
    if (begins_with(line, "@<TRIPOS>")) {
      section = begins_with(line, "@<TRIPOS>ATOM") ? 0 : begins_with(line, "@<TRIPOS>BOND") ? 1 : -1;
      continue;
    }
    if (section < 0 || trimmed(line).empty() || line.front() == '#') continue;
    const auto words = words_of(line);
    if (section == 0) {
      if (!content.bonds.empty()) throw MoleculeError("an atom line stands below the bonds");
      content.atoms.push_back(checked_atom(words, content.atoms.size() + 1));
      continue;
    }
    content.bonds.push_back(checked_bond(words, content.bonds.size() + 1, content.atoms.size()));
    const Mol2Bond& bond = content.bonds.back();
    if (!joined.insert(std::minmax({bond.begin, bond.end})).second)
      throw MoleculeError(fmt::format("atoms {} and {} are joined twice", bond.begin, bond.end));
  }
  if (content.atoms.empty()) throw MoleculeError("no atoms");
  return content;
}

/// The record written anew; with elements in place of GAFF types, which Open Babel does not know.
std::string written(const Mol2Content& content) {
  std::string out = fmt::format("{}\nligand\n{} {} 1 0 0\nSMALL\nNO_CHARGES\n\n@<TRIPOS>ATOM\n", record_start,
                                content.atoms.size(), content.bonds.size());
  for (std::size_t i = 0; i < content.atoms.size(); ++i) {
    const Mol2Atom& atom = content.atoms[i];
    out += fmt::format("{} {} {} {} {} {} 1 LIG 0.0\n", i + 1, atom.name, atom.x, atom.y, atom.z,
                       element_of_gaff_type(atom.type));
  }
  out += "@<TRIPOS>BOND\n";
  for (std::size_t i = 0; i < content.bonds.size(); ++i)
    out += fmt::format("{} {} {} {}\n", i + 1, content.bonds[i].begin, content.bonds[i].end,
                       content.bonds[i].type);
  return out;
}

}  // namespace

std::unique_ptr<RecordSource> mol2_records(TextStream stream) {
  return std::make_unique<Mol2Records>(std::move(stream));
}

Molecule molecule_from_mol2(const std::string& text, const std::string& name) {
  const std::string checked = written(checked_content(text));
  const auto graph = by_rdkit(checked);
  Molecule molecule = graph ? Molecule(graph, name)
                            : Molecule::from_mol_block(mol_block_by_open_babel(checked, "mol2"), name);
  for (const RDKit::Atom* atom : molecule.graph().atoms())
    if (atom->getAtomicNum() == 0)
      throw MoleculeError(fmt::format("the type of atom {} is not known", atom->getIdx() + 1));
  require_finite_coordinates(molecule);
  return molecule;
}

}  // namespace theriac::chem
