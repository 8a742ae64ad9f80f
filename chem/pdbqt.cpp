#include "chem/pdbqt.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <map>
#include <string_view>
#include <tuple>

#include "chem/autodock_type.hpp"
#include "chem/counter_random.hpp"
#include "chem/error.hpp"
#include "chem/graph_matching.hpp"
#include "chem/text_file.hpp"

namespace theriac::chem {
namespace {

std::vector<std::string_view> words(std::string_view line) {
  std::vector<std::string_view> out;
  for (line = trimmed(line); !line.empty(); line = trimmed(line)) {
    const auto end = std::min(line.find_first_of(" \t"), line.size());
    out.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
  return out;
}

/// Reads one ligand, line by line.
class LigandReader {
 public:
  LigandReader(std::string source, int first_line) : source_(std::move(source)), line_number_(first_line) {}

  void read(std::string_view line) {
    ++line_number_;
    line_ = line;
    const std::string_view record = trimmed(line.substr(0, 6));
    if (record == "ATOM" || record == "HETATM") return add_atom();
    const auto fields = words(line);
    if (fields.empty()) return;
    if (fields[0] == "ROOT") return open_root();
    if (fields[0] == "ENDROOT") return close_root();
    if (fields[0] == "BRANCH") return open_branch(fields);
    if (fields[0] == "ENDBRANCH") return close_branch(fields);
    if (fields[0] == "REMARK") return read_remark(fields);
    if (fields[0] == "BEGIN_RES")
      fail("is a flexible receptor residue, not a ligand",
           "give this file as flexible residues of the receptor");
    static const std::array<std::string_view, 9> ignored{"TORSDOF", "TER",    "END",    "USER",  "COMPND",
                                                         "AUTHOR",  "HEADER", "CONECT", "MASTER"};
    if (std::find(ignored.begin(), ignored.end(), fields[0]) == ignored.end())
      fail(fmt::format("unknown record '{}'", fields[0]),
           "a PDBQT ligand has ROOT, BRANCH and ATOM records only");
  }

  FlexibleLigand finish() {
    if (!has_root_)
      fail_file("has no ROOT record",
                "this is not a ligand PDBQT; give ligands as SDF or SMILES, or prepare it "
                "with Meeko");
    if (in_root_) fail_file("ends inside ROOT: ENDROOT is missing", "the file is cut short; write it again");
    if (!open_.empty())
      fail_file(fmt::format("ends inside BRANCH {} {}", open_.back().from, open_.back().to),
                "the file is cut short; write it again");
    for (const auto& b : branches_) join(b);
    return std::move(ligand_);
  }

 private:
  static constexpr std::size_t atom_limit = 5000;

  struct Branch {
    int fragment, parent, from, to, line;
  };

  [[noreturn]] void fail(const std::string& what, const std::string& remedy) const {
    throw MoleculeError(fmt::format("{} ({}, line {})", what, source_, line_number_), remedy);
  }
  [[noreturn]] void fail_file(const std::string& what, const std::string& remedy) const {
    throw MoleculeError(fmt::format("{} {}", source_, what), remedy);
  }

  double number(std::size_t begin, std::size_t width, const char* what) const {
    const std::string_view text =
        begin < line_.size() ? trimmed(line_.substr(begin, width)) : std::string_view();
    double value = 0;
    const auto r =
        std::from_chars(text.data() + (!text.empty() && text[0] == '+'), text.data() + text.size(), value);
    if (text.empty() || r.ec != std::errc() || r.ptr != text.data() + text.size() || !std::isfinite(value))
      fail(fmt::format("{} '{}' in columns {}-{} is not a number", what, text, begin + 1, begin + width),
           "PDBQT has fixed columns: x 31-38, y 39-46, z 47-54, charge 71-76, type 78-79");
    return value;
  }

  int integer(std::string_view text, const char* what) const {
    int value = 0;
    const auto r = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || r.ec != std::errc() || r.ptr != text.data() + text.size())
      fail(fmt::format("{} '{}' is not an integer", what, text),
           "write the file again with Meeko or Theriac");
    return value;
  }

  std::string atom_type() const {
    const std::string_view text = line_.size() > 77 ? trimmed(line_.substr(77, 4)) : std::string_view();
    if (text.empty()) fail("the atom type in columns 78-79 is missing", "convert PDB or SDF to PDBQT first");
    if (text[0] == 'G' || (text.size() > 1 && text.substr(0, 2) == "CG"))
      fail(fmt::format("atom type '{}' is a ring-opened macrocycle", text),
           "give the molecule as SDF or SMILES: Theriac keeps macrocycles closed and tries several "
           "conformers");
    if (autodock_type_element(text) == 0)
      fail(fmt::format("unknown AutoDock atom type '{}'", text),
           "known types: C A N NA O OA P S SA Se H HD F Cl Br I Si At Mg Mn Zn Ca Fe");
    return canonical_autodock_type(text);
  }

  void add_atom() {
    if (ligand_.atoms.size() >= atom_limit)
      fail(fmt::format("more than {} atoms in one ligand", atom_limit), "is this a receptor?");
    if (current_ < 0 || (current_ == 0 && !in_root_))
      fail("an atom outside ROOT and BRANCH",
           "is this a receptor? give ligands with ROOT and BRANCH records");
    LigandAtom atom;
    const int serial =
        integer(trimmed(line_.substr(std::min<std::size_t>(6, line_.size()), 5)), "atom number");
    if (line_.size() > 12) atom.name = std::string(trimmed(line_.substr(12, 4)));
    atom.position = {number(30, 8, "coordinate"), number(38, 8, "coordinate"), number(46, 8, "coordinate")};
    atom.autodock_type = atom_type();
    atom.element = autodock_type_element(atom.autodock_type);
    if (!trimmed(line_.substr(68, 8)).empty()) atom.charge = number(68, 8, "charge");
    const int index = static_cast<int>(ligand_.atoms.size());
    if (!index_of_serial_.emplace(serial, index).second)
      fail(fmt::format("atom number {} occurs twice", serial), "number the atoms consecutively");
    ligand_.atoms.push_back(std::move(atom));
    ligand_.fragments[current_].atoms.push_back(index);
  }

  void open_root() {
    if (has_root_) fail("a second ROOT", "put each ligand into its own MODEL or file");
    has_root_ = in_root_ = true;
    current_ = 0;
    ligand_.fragments.emplace_back();
  }

  void close_root() {
    if (!in_root_) fail("ENDROOT without ROOT", "write the file again with Meeko or Theriac");
    if (ligand_.atoms.empty()) fail("ROOT has no atoms", "write the file again with Meeko or Theriac");
    in_root_ = false;
  }

  std::pair<int, int> branch_ends(const std::vector<std::string_view>& fields) const {
    if (fields.size() != 3) fail(fmt::format("{} needs two atom numbers", fields[0]), "e.g. BRANCH 4 7");
    return {integer(fields[1], "atom number"), integer(fields[2], "atom number")};
  }

  void open_branch(const std::vector<std::string_view>& fields) {
    if (!has_root_ || in_root_) fail("BRANCH before ENDROOT", "close ROOT before the first BRANCH");
    const auto [from, to] = branch_ends(fields);
    const int fragment = static_cast<int>(ligand_.fragments.size());
    open_.push_back({fragment, current_, from, to, line_number_});
    branches_.push_back(open_.back());
    ligand_.fragments.emplace_back();
    current_ = fragment;
  }

  void close_branch(const std::vector<std::string_view>& fields) {
    const auto [from, to] = branch_ends(fields);
    if (open_.empty()) fail(fmt::format("ENDBRANCH {} {} without BRANCH", from, to), "remove the line");
    if (open_.back().from != from || open_.back().to != to)
      fail(fmt::format("ENDBRANCH {} {} closes BRANCH {} {} of line {}", from, to, open_.back().from,
                       open_.back().to, open_.back().line),
           "every BRANCH is closed by an ENDBRANCH with the same numbers");
    if (ligand_.fragments[current_].atoms.empty()) fail("a BRANCH without atoms", "remove it");
    current_ = open_.back().parent;
    open_.pop_back();
  }

  void read_remark(const std::vector<std::string_view>& fields) {
    if (fields.size() >= 4 && fields[1] == "Name" && fields[2] == "=")
      ligand_.name =
          std::string(trimmed(line_.substr(static_cast<std::size_t>(fields[3].data() - line_.data()))));
  }

  int branch_atom(const Branch& b, int serial, int fragment) const {
    const auto found = index_of_serial_.find(serial);
    if (found != index_of_serial_.end()) {
      const auto& atoms = ligand_.fragments[fragment].atoms;
      if (std::find(atoms.begin(), atoms.end(), found->second) != atoms.end()) return found->second;
    }
    throw MoleculeError(
        fmt::format("atom {} of BRANCH {} {} is not in the {} ({}, line {})", serial, b.from, b.to,
                    fragment == b.fragment ? "branch itself" : "group it branches from", source_, b.line),
        "write the file again with Meeko or Theriac");
  }

  void join(const Branch& b) {
    RigidFragment& f = ligand_.fragments[b.fragment];
    f.parent = b.parent;
    f.axis_begin = branch_atom(b, b.from, b.parent);
    f.axis_end = branch_atom(b, b.to, b.fragment);
  }

  std::string source_;
  int line_number_;
  std::string_view line_;
  FlexibleLigand ligand_;
  std::map<int, int> index_of_serial_;
  std::vector<Branch> open_, branches_;
  int current_ = -1;
  bool has_root_ = false, in_root_ = false;
};

enum class Mobility : char { variable, fixed, rotor };

/// Which distances a torsion can change: Vina's "mobility" of atom pairs.
class PairMobility {
 public:
  explicit PairMobility(const FlexibleLigand& ligand)
      : n_(ligand.atoms.size()), of_(n_ * n_, Mobility::variable) {
    for (const auto& f : ligand.fragments) {
      for (const int i : f.atoms)
        for (const int j : f.atoms) set(i, j, Mobility::fixed);
      if (f.parent < 0) continue;
      for (const int i : f.atoms) set(f.axis_begin, i, Mobility::fixed);
      for (const int i : ligand.fragments[f.parent].atoms) set(f.axis_end, i, Mobility::fixed);
    }
    for (const auto& f : ligand.fragments)
      if (f.parent >= 0) set(f.axis_begin, f.axis_end, Mobility::rotor);
  }
  Mobility operator()(int i, int j) const {
    return of_[static_cast<std::size_t>(i) * n_ + static_cast<std::size_t>(j)];
  }

 private:
  void set(int i, int j, Mobility m) {
    of_[static_cast<std::size_t>(i) * n_ + static_cast<std::size_t>(j)] = m;
    of_[static_cast<std::size_t>(j) * n_ + static_cast<std::size_t>(i)] = m;
  }
  std::size_t n_;
  std::vector<Mobility> of_;
};

void perceive_bonds(FlexibleLigand& ligand) {
  const PairMobility mobility(ligand);
  const int n = static_cast<int>(ligand.atoms.size());
  const auto r2 = [&](int i, int j) {
    return squared_distance(ligand.atoms[i].position, ligand.atoms[j].position);
  };
  const auto close = [&](int i, int j) {
    const double reach =
        1.1 * (covalent_radius(ligand.atoms[i].element) + covalent_radius(ligand.atoms[j].element));
    return i != j && mobility(i, j) != Mobility::variable && r2(i, j) < reach * reach;
  };
  for (int i = 0; i < n; ++i) {
    std::vector<int> near;
    for (int j = 0; j < n; ++j)
      if (close(i, j)) near.push_back(j);
    for (const int j : near) {
      if (j < i) continue;
      const double d2 = r2(i, j);
      const bool between = std::any_of(near.begin(), near.end(), [&](int k) {
        return k != j && mobility(j, k) != Mobility::variable && r2(i, k) < d2 && r2(j, k) < d2;
      });
      if (!between) ligand.bonds.emplace_back(i, j);
    }
  }
}

/// Without bond orders, symmetry is that of elements, aromaticity and connections.
void find_symmetries(FlexibleLigand& ligand) {
  std::vector<int> heavy, index(ligand.atoms.size(), -1), colours;
  for (std::size_t i = 0; i < ligand.atoms.size(); ++i) {
    if (ligand.atoms[i].element <= 1) continue;
    index[i] = static_cast<int>(heavy.size());
    heavy.push_back(static_cast<int>(i));
    colours.push_back(2 * ligand.atoms[i].element + (ligand.atoms[i].autodock_type == "A"));
  }
  auto graph = ColouredGraph::with_colours(std::move(colours));
  for (const auto& [i, j] : ligand.bonds)
    if (index[i] >= 0 && index[j] >= 0) graph.add_edge(index[i], index[j]);
  for (const auto& m : isomorphisms(graph, graph, 512)) {
    std::vector<int> permutation(ligand.atoms.size());
    for (std::size_t i = 0; i < permutation.size(); ++i)
      permutation[i] = index[i] < 0 ? static_cast<int>(i) : heavy[m[index[i]]];
    ligand.symmetries.push_back(std::move(permutation));
  }
}

std::string stem(const std::string& source_name) {
  const auto slash = source_name.find_last_of('/');
  const std::string file = slash == std::string::npos ? source_name : source_name.substr(slash + 1);
  const auto dot = file.find(".pdbqt");
  return dot == std::string::npos || dot == 0 ? file : file.substr(0, dot);
}

struct ModelText {
  std::string_view text;
  int lines_before;
};

template <class Use>
void for_each_line(std::string_view text, Use use) {
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    use(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

/// The parts between MODEL and ENDMDL; the whole text when there are none.
std::vector<ModelText> split_models(std::string_view text, const std::string& source_name) {
  std::vector<ModelText> models;
  int line_number = 0, opened = 0;
  const char* begin = nullptr;
  for_each_line(text, [&](std::string_view line) {
    ++line_number;
    const std::string_view record = trimmed(line.substr(0, 6));
    if (record == "MODEL") {
      begin = line.data() + line.size() + (line.data() + line.size() < text.data() + text.size());
      opened = line_number;
    } else if (record == "ENDMDL" && begin) {
      models.push_back({{begin, static_cast<std::size_t>(line.data() - begin)}, opened});
      begin = nullptr;
    }
  });
  if (begin)
    throw MoleculeError(fmt::format("MODEL is never closed by ENDMDL ({}, line {})", source_name, opened),
                        "the file is cut short; write it again");
  if (models.empty()) models.push_back({text, 0});
  return models;
}

FlexibleLigand read_model(const ModelText& model, const std::string& source_name) {
  LigandReader reader(source_name, model.lines_before);
  for_each_line(model.text, [&](std::string_view line) { reader.read(line); });
  FlexibleLigand ligand = reader.finish();
  if (ligand.name.empty()) ligand.name = stem(source_name);
  ligand.key = fmt::format("pdbqt:{:016x}", stable_hash(model.text));
  perceive_bonds(ligand);
  find_symmetries(ligand);
  return ligand;
}

}  // namespace

double covalent_radius(int element) {
  switch (element) {
    case 1:
      return 0.37;
    case 6:
      return 0.77;
    case 7:
      return 0.75;
    case 8:
      return 0.73;
    case 9:
      return 0.71;
    case 14:
      return 1.11;
    case 15:
      return 1.06;
    case 16:
      return 1.02;
    case 17:
      return 0.99;
    case 35:
      return 1.14;
    case 53:
      return 1.33;
    case 85:
      return 1.44;
    default:
      return 1.75;
  }
}

std::vector<FlexibleLigand> read_pdbqt_ligands(const std::string& text, const std::string& source_name) {
  std::vector<FlexibleLigand> out;
  for (const auto& model : split_models(text, source_name)) out.push_back(read_model(model, source_name));
  return out;
}

FlexibleLigand read_pdbqt_ligand(const std::string& text, const std::string& source_name) {
  const auto models = split_models(text, source_name);
  if (models.size() > 1)
    throw MoleculeError(
        fmt::format("{} has {} MODELs where one ligand is expected", source_name, models.size()),
        "keep the one you want, or score the poses one by one");
  return read_model(models.front(), source_name);
}

}  // namespace theriac::chem
