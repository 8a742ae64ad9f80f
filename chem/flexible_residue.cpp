#include "chem/flexible_residue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "chem/amino_acid.hpp"
#include "chem/binding_box.hpp"
#include "chem/error.hpp"
#include "chem/pdb_columns.hpp"
#include "chem/pdbqt.hpp"
#include "chem/text_file.hpp"

namespace theriac::chem {
namespace {

constexpr double longest_bond_to_hydrogen = 1.5;
constexpr double disulfide_bond = 2.5;

/// The atoms of one residue in the receptor, by index.
class ResidueAtoms {
 public:
  ResidueAtoms(const Receptor& receptor, const ResidueId& id) : receptor_(receptor) {
    for (std::size_t i = 0; i < receptor.atoms.size(); ++i)
      if (receptor.atoms[i].residue == id) atoms_.push_back(static_cast<int>(i));
  }
  const std::vector<int>& all() const { return atoms_; }
  const ReceptorAtom& at(int i) const { return receptor_.atoms[i]; }
  const std::string& residue_name() const { return at(atoms_.front()).residue_name; }

  int find(std::string_view name) const {
    for (const int i : atoms_)
      if (at(i).name == name) return i;
    return -1;
  }

  /// The heavy atom of the residue that carries hydrogen `h`, or -1.
  int carrier(int h) const {
    int nearest = -1;
    double best = longest_bond_to_hydrogen * longest_bond_to_hydrogen;
    for (const int i : atoms_) {
      const double d2 = squared_distance(at(i).position, at(h).position);
      if (at(i).element > 1 && d2 < best) {
        best = d2;
        nearest = i;
      }
    }
    return nearest;
  }

 private:
  const Receptor& receptor_;
  std::vector<int> atoms_;
};

bool is_main_chain(std::string_view name) {
  return name == "N" || name == "C" || name == "O" || name == "OXT";
}

/// Parent atom of chi `chi`: the second atom of the bond about which it turns, and the first one.
std::pair<std::string_view, std::string_view> chi_axis(const AminoAcid& plan, int chi) {
  for (const auto& atom : plan.atoms)
    if (atom.chi == chi) return {atom.grandparent, atom.parent};
  return {};
}

const AminoAcid& plan_of(const Receptor& receptor, const ResidueAtoms& residue, const ResidueId& id) {
  const AminoAcid* plan = amino_acid(residue.residue_name());
  const std::string what = fmt::format("residue {} ({})", id.text(), residue.residue_name());
  if (!plan)
    throw InputError(fmt::format("{} cannot be flexible: it is not an amino acid that Theriac knows", what));
  if (plan->chi_count == 0 || plan->letter == 'P')
    throw InputError(fmt::format("{} cannot be flexible: it has no chi angle to turn", what),
                     "leave it out; Gly, Ala and Pro are rigid");
  std::vector<std::string_view> missing;
  for (const auto& atom : plan->atoms)
    if (residue.find(atom.name) < 0) missing.push_back(atom.name);
  if (!missing.empty())
    throw InputError(
        fmt::format("{} cannot be flexible: its atoms {} are missing", what, fmt::join(missing, ", ")),
        "prepare the receptor from PDB with --fill-sidechains yes");
  const int sulphur = residue.find("SG");
  for (const auto& atom : receptor.atoms)
    if (sulphur >= 0 && atom.name == "SG" && !(atom.residue == id) &&
        distance(atom.position, residue.at(sulphur).position) < disulfide_bond)
      throw InputError(
          fmt::format("{} cannot be flexible: it is in a disulfide with {}", what, atom.residue.text()));
  return *plan;
}

/// Which fragment an atom of the plan moves with: 0 is the root (CA), n turns with chi n.
int fragment_of(const AminoAcid& plan, std::string_view name) {
  if (name == "CA") return 0;
  for (int chi = 1; chi <= plan.chi_count; ++chi)
    if (chi_axis(plan, chi).second == name) return chi;
  const AminoAcidAtom* atom = plan.atom(name);
  return atom->chi ? atom->chi : fragment_of(plan, atom->parent);
}

LigandAtom moving_atom(const ReceptorAtom& atom, int source) {
  LigandAtom moving;
  moving.name = atom.name;
  moving.autodock_type = atom.autodock_type;
  moving.element = atom.element;
  moving.charge = atom.charge;
  moving.position = atom.position;
  moving.source_atom = source;
  return moving;
}

void identify(FlexibleResidue& residue) {
  residue.chain.name = residue.residue_name + " " + residue.residue.text();
  residue.chain.key = residue.chain.name;
  std::vector<int> identity;
  for (std::size_t i = 0; i < residue.chain.atoms.size(); ++i) identity.push_back(static_cast<int>(i));
  residue.chain.symmetries = {identity};
}

FlexibleResidue flexible_side_chain(const Receptor& receptor, const ResidueId& id) {
  const ResidueAtoms atoms(receptor, id);
  const AminoAcid& plan = plan_of(receptor, atoms, id);
  FlexibleResidue residue;
  residue.residue = id;
  residue.residue_name = atoms.residue_name();
  FlexibleLigand& chain = residue.chain;
  chain.fragments.resize(static_cast<std::size_t>(plan.chi_count) + 1);
  std::map<int, int> place;  // receptor atom -> atom of the chain
  const auto take = [&](int source, int fragment) {
    place[source] = static_cast<int>(chain.atoms.size());
    chain.fragments[fragment].atoms.push_back(place[source]);
    chain.atoms.push_back(moving_atom(receptor.atoms[source], source));
  };
  for (const auto& atom : plan.atoms)
    if (!is_main_chain(atom.name)) take(atoms.find(atom.name), fragment_of(plan, atom.name));
  for (const int h : atoms.all()) {
    const int heavy = atoms.at(h).element == 1 ? atoms.carrier(h) : -1;
    if (heavy < 0 || !place.count(heavy)) continue;
    take(h, fragment_of(plan, atoms.at(heavy).name));
    chain.bonds.emplace_back(place[heavy], place[h]);
  }
  for (const auto& [a, b] : plan.bonds)
    if (!is_main_chain(a) && !is_main_chain(b))
      chain.bonds.emplace_back(place.at(atoms.find(a)), place.at(atoms.find(b)));
  for (int chi = 1; chi <= plan.chi_count; ++chi) {
    const auto [begin, end] = chi_axis(plan, chi);
    chain.fragments[chi].parent = chi - 1;
    chain.fragments[chi].axis_begin = place.at(atoms.find(begin));
    chain.fragments[chi].axis_end = place.at(atoms.find(end));
  }
  identify(residue);
  return residue;
}

std::string_view field(std::string_view& rest) {
  rest = trimmed(rest);
  const std::size_t end = std::min(rest.find_first_of(" \t"), rest.size());
  const std::string_view word = rest.substr(0, end);
  rest.remove_prefix(end);
  return word;
}

/// "BEGIN_RES THR A 315", or without the chain.
FlexibleResidue parse_header(std::string_view line, LinePlace place) {
  std::vector<std::string> words;
  for (std::string_view rest = line; !(rest = trimmed(rest)).empty();) words.emplace_back(field(rest));
  if (words.size() != 3 && words.size() != 4)
    throw InputError(
        fmt::format("'{}' is not BEGIN_RES NAME CHAIN NUMBER {}", line.substr(0, 40), place.text()));
  FlexibleResidue residue;
  residue.residue_name = words[1];
  try {
    residue.residue = parse_residue_list(words.back()).front();
  } catch (const UsageError&) {
    throw InputError(fmt::format("residue number '{}' is not a number {}", words.back(), place.text()));
  }
  if (words.size() == 4) residue.residue.chain = words[2];
  return residue;
}

/// Writes one side chain with serial numbers that go on from `serial`.
class ResidueWriter {
 public:
  ResidueWriter(const FlexibleResidue& residue, int& serial) : residue_(residue), serial_(serial) {
    numbers_.resize(residue.chain.atoms.size());
  }

  std::string text() {
    const std::string name = fmt::format(
        "{:<3} {} {:>3}{}", residue_.residue_name,
        residue_.residue.chain.empty() ? " " : residue_.residue.chain, residue_.residue.number,
        residue_.residue.insertion_code == ' ' ? "" : std::string(1, residue_.residue.insertion_code));
    write("BEGIN_RES {}\nROOT\n", name);
    atoms(0);
    write("ENDROOT\n");
    children(0);
    write("END_RES {}\n", name);
    return std::move(text_);
  }

 private:
  template <class... Values>
  void write(fmt::format_string<Values...> format, Values&&... values) {
    fmt::format_to(std::back_inserter(text_), format, std::forward<Values>(values)...);
  }

  /// The axis atom comes first, as the format wants it.
  void atoms(int fragment) {
    auto members = residue_.chain.fragments[fragment].atoms;
    std::stable_partition(members.begin(), members.end(),
                          [&](int a) { return a == residue_.chain.fragments[fragment].axis_end; });
    for (const int a : members) {
      const LigandAtom& atom = residue_.chain.atoms[a];
      if (atom.autodock_type == "H") continue;
      numbers_[a] = ++serial_;
      write("ATOM  {:5d} {} {:>3} {}{:4d}{}   {:8.3f}{:8.3f}{:8.3f}{:6.2f}{:6.2f}    {:6.3f} {:<2}\n",
            serial_, pdb_atom_name_field(atom.name, atom.element), residue_.residue_name,
            residue_.residue.chain.empty() ? ' ' : residue_.residue.chain[0], residue_.residue.number,
            residue_.residue.insertion_code, atom.position.x, atom.position.y, atom.position.z, 1.0, 0.0,
            atom.charge, atom.autodock_type);
    }
  }

  void children(int parent) {
    const auto& fragments = residue_.chain.fragments;
    for (std::size_t f = 1; f < fragments.size(); ++f) {
      if (fragments[f].parent != parent) continue;
      const int begin = numbers_[fragments[f].axis_begin], end = serial_ + 1;
      write("BRANCH {:3d} {:3d}\n", begin, end);
      atoms(static_cast<int>(f));
      children(static_cast<int>(f));
      write("ENDBRANCH {:3d} {:3d}\n", begin, end);
    }
  }

  const FlexibleResidue& residue_;
  int& serial_;
  std::vector<int> numbers_;
  std::string text_;
};

}  // namespace

void make_flexible(Receptor& receptor, const std::vector<ResidueId>& residues) {
  std::vector<FlexibleResidue> taken;
  for (const auto& wanted : residues) {
    const ResidueId id = find_residue(receptor, wanted);
    const auto same = [&](const FlexibleResidue& other) { return other.residue == id; };
    if (std::any_of(taken.begin(), taken.end(), same) ||
        std::any_of(receptor.flexible_residues.begin(), receptor.flexible_residues.end(), same))
      throw InputError(fmt::format("residue {} is named twice among the flexible residues", id.text()));
    taken.push_back(flexible_side_chain(receptor, id));
  }
  std::vector<char> moves(receptor.atoms.size(), 0);
  for (const auto& residue : taken)
    for (const auto& atom : residue.chain.atoms) moves[atom.source_atom] = 1;
  std::vector<ReceptorAtom> rigid;
  for (std::size_t i = 0; i < receptor.atoms.size(); ++i)
    if (!moves[i]) rigid.push_back(std::move(receptor.atoms[i]));
  receptor.atoms = std::move(rigid);
  for (auto& residue : taken) {
    for (auto& atom : residue.chain.atoms) atom.source_atom = -1;
    receptor.flexible_residues.push_back(std::move(residue));
  }
}

std::vector<FlexibleResidue> parse_flexible_residues(std::string_view text, const std::string& source) {
  std::vector<FlexibleResidue> residues;
  LinePlace place{source, 0};
  std::string_view line;
  std::string body;
  bool open = false;
  while (next_line(text, line)) {
    ++place.line;
    if (line.substr(0, 9) == "BEGIN_RES") {
      if (open) throw InputError(fmt::format("BEGIN_RES before the last residue's END_RES {}", place.text()));
      residues.push_back(parse_header(line, place));
      body.assign(static_cast<std::size_t>(place.line), '\n');  // so that errors name the right line
      open = true;
    } else if (line.substr(0, 7) == "END_RES") {
      if (!open) throw InputError(fmt::format("END_RES without BEGIN_RES {}", place.text()));
      residues.back().chain = read_pdbqt_ligand(body, source);
      identify(residues.back());
      open = false;
    } else if (open) {
      (body += line) += '\n';
    } else if (is_atom_line(line)) {
      throw InputError(fmt::format("an atom outside BEGIN_RES and END_RES {}", place.text()),
                       "is this a rigid receptor? give it as --receptor");
    }
  }
  if (open)
    throw InputError(fmt::format("'{}' ends before END_RES", source), "the file may have been cut short");
  if (residues.empty())
    throw InputError(fmt::format("no flexible residues in '{}'", source),
                     "they stand between BEGIN_RES and END_RES");
  return residues;
}

std::vector<FlexibleResidue> read_flexible_residues(const std::string& path) {
  return parse_flexible_residues(read_text_file(path), path);
}

std::string flexible_residues_pdbqt(const Receptor& receptor) {
  std::string text;
  int serial = 0;
  for (const auto& residue : receptor.flexible_residues) text += ResidueWriter(residue, serial).text();
  return text;
}

}  // namespace theriac::chem
