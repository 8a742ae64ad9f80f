#include "chem/protein_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "chem/autodock_type.hpp"
#include "chem/error.hpp"
#include "chem/hetero_group.hpp"

namespace theriac::chem {
namespace {

constexpr double longest_peptide_bond = 2.0;  ///< angstrom; 1.33 is ideal
constexpr double hetero_distance = 5.0;       ///< of metals and cofactors from the site

using Atoms = std::vector<StructureAtom>;

/// Consecutive atoms of one residue.
std::vector<Atoms> split_into_residues(const Structure& structure) {
  std::vector<Atoms> residues;
  for (const auto& atom : structure.atoms) {
    const bool same = !residues.empty() && residues.back().back().residue == atom.residue &&
                      // alternate residues share a number; different molecules that do are told apart
                      (residues.back().back().residue_name == atom.residue_name || atom.alternate != ' ');
    if (!same) residues.emplace_back();
    residues.back().push_back(atom);
  }
  return residues;
}

struct AlternateChoice {
  char letter = ' ';
  std::map<char, double> occupancy;  ///< mean per atom, by letter
};

AlternateChoice choose_alternate(const Atoms& atoms, char wanted) {
  std::map<char, std::pair<double, int>> sums;
  for (const auto& atom : atoms)
    if (atom.alternate != ' ') {
      sums[atom.alternate].first += atom.occupancy;
      sums[atom.alternate].second += 1;
    }
  AlternateChoice choice;
  double best = -1;
  for (const auto& [letter, sum] : sums) {
    const double mean = sum.first / sum.second;
    choice.occupancy[letter] = mean;
    if (mean > best + 1e-6) {
      best = mean;
      choice.letter = letter;
    }
  }
  if (sums.count(wanted)) choice.letter = wanted;
  return choice;
}

/// One place per atom: the chosen alternate, atoms without alternates, and for atoms that the chosen one
/// lacks their best occupied place.
Atoms resolve_alternates(const Atoms& atoms, char wanted, PreparationReport& report) {
  const AlternateChoice choice = choose_alternate(atoms, wanted);
  if (choice.occupancy.empty()) return atoms;
  std::string residue_name = atoms.front().residue_name;
  for (const auto& atom : atoms)
    if (atom.alternate == choice.letter) residue_name = atom.residue_name;
  std::map<std::string, std::size_t> places;
  Atoms kept;
  const auto rank = [&](const StructureAtom& atom) {
    return atom.alternate == choice.letter ? 3.0
           : atom.alternate == ' '         ? 2.0
                                           : std::min(atom.occupancy, 1.0);
  };
  for (const auto& atom : atoms) {
    if (atom.residue_name != residue_name) continue;
    const auto [place, is_new] = places.emplace(atom.name, kept.size());
    if (is_new)
      kept.push_back(atom);
    else if (rank(atom) > rank(kept[place->second]))
      kept[place->second] = atom;
  }
  std::string letters;
  for (const auto& [letter, occupancy] : choice.occupancy)
    letters += fmt::format("{}{}", letters.empty() ? "" : ", ", letter);
  report.alternates.push_back(fmt::format("{} {}: {} ({:.2f}) of {}", atoms.front().residue.text(),
                                          residue_name, choice.letter, choice.occupancy.at(choice.letter),
                                          letters));
  return kept;
}

const StructureAtom* find_atom(const Atoms& atoms, std::string_view name) {
  const auto found =
      std::find_if(atoms.begin(), atoms.end(), [&](const auto& atom) { return atom.name == name; });
  return found == atoms.end() ? nullptr : &*found;
}

bool peptide_bonded(const Atoms& left, const Atoms& right) {
  const StructureAtom* c = find_atom(left, "C");
  const StructureAtom* n = find_atom(right, "N");
  return c && n && distance(c->position, n->position) < longest_peptide_bond;
}

/// Amino acids, and unknown residues that are bonded into a chain of them.
bool is_polymer(const std::vector<Atoms>& residues, std::size_t i) {
  const auto is_protein = [&](std::size_t k) { return is_protein_residue(residues[k].front().residue_name); };
  if (is_protein(i)) return true;
  return (i > 0 && is_protein(i - 1) && peptide_bonded(residues[i - 1], residues[i])) ||
         (i + 1 < residues.size() && is_protein(i + 1) && peptide_bonded(residues[i], residues[i + 1]));
}

std::vector<std::string> protein_chains(const std::vector<Atoms>& residues) {
  std::vector<std::string> chains;
  for (const auto& atoms : residues)
    if (is_protein_residue(atoms.front().residue_name) &&
        std::find(chains.begin(), chains.end(), atoms.front().residue.chain) == chains.end())
      chains.push_back(atoms.front().residue.chain);
  return chains;
}

void require_full_protein(const std::vector<Atoms>& residues, const Structure& structure) {
  int protein = 0, alpha_only = 0;
  for (const auto& atoms : residues) {
    if (!is_protein_residue(atoms.front().residue_name)) continue;
    ++protein;
    alpha_only += atoms.size() == 1 && atoms.front().name == "CA";
  }
  if (protein == 0)
    throw InputError(fmt::format("no protein residues in {}", structure.name),
                     "a receptor needs at least one amino-acid chain");
  if (alpha_only > 0.9 * protein)
    throw InputError(fmt::format("only CA atoms in {} ({} residues)", structure.name, protein),
                     "docking needs all atoms: take the full entry, or rebuild main and side chains first");
}

std::vector<std::string> choose_chains(const std::vector<std::string>& present,
                                       const PreparationOptions& options, const std::string& source) {
  for (const auto& wanted : options.chains)
    if (std::find(present.begin(), present.end(), wanted) == present.end())
      throw InputError(fmt::format("no protein chain '{}' in {}", wanted, source),
                       fmt::format("its chains are {}", fmt::join(present, ", ")));
  return options.chains.empty() ? present : options.chains;
}

double distance_to_box(Vector3 point, const Box& box) {
  Vector3 nearest = point;
  for (int axis = 0; axis < 3; ++axis)
    nearest[axis] = std::min(std::max(point[axis], box.low()[axis]), box.high()[axis]);
  return distance(point, nearest);
}

double distance_to_site(const Atoms& atoms, const std::optional<Box>& site) {
  if (!site) return 0;
  double nearest = 1e9;
  for (const auto& atom : atoms) nearest = std::min(nearest, distance_to_box(atom.position, *site));
  return nearest;
}

/// Why a hetero group stays, or empty when it goes.
std::string reason_to_keep(const Atoms& atoms, const PreparationOptions& options) {
  const std::string& name = atoms.front().residue_name;
  for (const auto& selection : options.take_out)
    if (selection.matches(atoms.front())) return {};
  if (is_water(name)) {
    const auto& listed = options.listed_waters;
    const bool stays = options.waters == WaterRule::all ||
                       (options.waters == WaterRule::near_site &&
                        distance_to_site(atoms, options.site) <= options.water_distance) ||
                       (options.waters == WaterRule::listed &&
                        std::find(listed.begin(), listed.end(), atoms.front().residue) != listed.end());
    return stays ? "water" : "";
  }
  if (options.keep_het) {
    const bool named =
        std::find(options.keep_het->begin(), options.keep_het->end(), name) != options.keep_het->end();
    return named ? "as asked" : "";
  }
  const bool metal = atoms.size() == 1 && is_functional_metal(atoms.front().element);
  if (!metal && !is_cofactor(name)) return {};
  return distance_to_site(atoms, options.site) <= hetero_distance ? (metal ? "metal" : "cofactor") : "";
}

/// Names that other programs give to atoms of the chain.
std::string_view usual_atom_name(std::string_view residue, std::string_view atom) {
  if (residue == "ILE" && atom == "CD") return "CD1";
  if (atom == "OT1" || atom == "O1") return "O";
  if (atom == "OT2" || atom == "O2" || atom == "OT") return "OXT";
  if (residue == "MET" && atom == "SE") return "SD";
  return atom;
}

ModelResidue polymer_residue(const Atoms& atoms, PreparationReport& report) {
  ModelResidue residue;
  residue.id = atoms.front().residue;
  const std::string& file_name = atoms.front().residue_name;
  const std::string_view parent = parent_amino_acid(file_name);
  residue.name = parent.empty() ? file_name : std::string(parent);
  residue.plan = amino_acid(residue.name);
  if (residue.plan && residue.name != residue.plan->name) {
    residue.state = residue.name;  // a protonation state by its force-field name: HID, CYX ...
    residue.name = residue.plan->name;
  }
  std::vector<std::string> left_out;
  for (const auto& atom : atoms) {
    if (atom.element == 1) continue;
    ModelAtom kept{std::string(residue.plan ? usual_atom_name(residue.name, atom.name) : atom.name),
                   atom.element,
                   atom.position,
                   {}};
    if (residue.plan && kept.name != "OXT") {
      const auto* planned = residue.plan->atom(kept.name);
      if (!planned) {
        left_out.push_back(kept.name);
        continue;
      }
      kept.element = autodock_type_element(planned->autodock_type);
    }
    if (residue.find(kept.name) < 0) residue.atoms.push_back(std::move(kept));
  }
  const std::string atoms_left_out =
      left_out.empty() ? "" : fmt::format(", without {}", fmt::join(left_out, " "));
  if (!parent.empty())
    report.mapped.push_back(
        fmt::format("{} {} taken as {}{}", residue.id.text(), file_name, residue.name, atoms_left_out));
  else if (!residue.plan)
    report.mapped.push_back(
        fmt::format("{} {} kept as it is, an unknown residue of the chain", residue.id.text(), file_name));
  else if (!left_out.empty())
    report.mapped.push_back(fmt::format("{}{}", residue.text(), atoms_left_out));
  return residue;
}

ModelResidue hetero_residue(const Atoms& atoms) {
  ModelResidue residue;
  residue.id = atoms.front().residue;
  residue.name = atoms.front().residue_name;
  residue.hetero = true;
  for (const auto& atom : atoms)
    if (atom.element != 1) residue.atoms.push_back({atom.name, atom.element, atom.position, {}, false});
  return residue;
}

/// The file's hydrogens, each on its nearest heavy atom.
void keep_own_hydrogens(ModelResidue& residue, const Atoms& atoms) {
  for (const auto& atom : atoms) {
    if (atom.element != 1) continue;
    int nearest = -1;
    double best = 1.5 * 1.5;
    for (std::size_t i = 0; i < residue.atoms.size(); ++i)
      if (const double d2 = squared_distance(residue.atoms[i].position, atom.position); d2 < best) {
        best = d2;
        nearest = static_cast<int>(i);
      }
    if (nearest >= 0) residue.hydrogens.push_back({nearest, atom.name, atom.position});
  }
  residue.has_own_hydrogens = !residue.hydrogens.empty();
}

void link_chain(ProteinModel& model, PreparationReport& report) {
  int before = -1;
  for (std::size_t i = 0; i < model.residues.size(); ++i) {
    ModelResidue& residue = model.residues[i];
    if (residue.hetero) continue;
    const int previous = before;
    before = static_cast<int>(i);
    if (previous < 0 || model.residues[previous].id.chain != residue.id.chain) continue;
    ModelResidue& left = model.residues[previous];
    const ModelAtom* c = left.atom("C");
    const ModelAtom* n = residue.atom("N");
    if (c && n && distance(c->position, n->position) < longest_peptide_bond) {
      left.next = static_cast<int>(i);
      residue.previous = previous;
      continue;
    }
    const int between = residue.id.number - left.id.number - 1;
    report.chain_gaps.push_back(between > 0
                                    ? fmt::format("{} to {}, {} residue{} missing", left.id.text(),
                                                  residue.id.text(), between, between == 1 ? "" : "s")
                                    : fmt::format("{} to {}, not bonded", left.id.text(), residue.id.text()));
  }
}

std::string chain_sequence(const std::vector<Atoms>& residues, const std::string& chain) {
  std::string sequence;
  for (const auto& atoms : residues) {
    const auto& first = atoms.front();
    if (first.residue.chain != chain || !is_protein_residue(first.residue_name)) continue;
    const std::string_view parent = parent_amino_acid(first.residue_name);
    sequence += amino_acid(parent.empty() ? first.residue_name : parent)->letter;
  }
  return sequence;
}

/// Chains whose observed sequences agree in nine of ten residues' worth of letters count as copies.
int count_copies(const std::vector<Atoms>& residues, const std::vector<std::string>& chains,
                 const std::string& first) {
  const std::string sequence = chain_sequence(residues, first);
  int copies = 0;
  for (const auto& chain : chains) {
    const std::string other = chain_sequence(residues, chain);
    copies += other == sequence ||
              (sequence.size() > 20 && other.size() > 20 &&
               (other.find(sequence) != std::string::npos || sequence.find(other) != std::string::npos));
  }
  return copies;
}

class ModelBuilder {
 public:
  ModelBuilder(const Structure& structure, const PreparationOptions& options, PreparationReport& report)
      : structure_(structure), options_(options), report_(report) {}

  ProteinModel build() {
    const auto residues = split_into_residues(structure_);
    require_full_protein(residues, structure_);
    report_.chains_in_file = protein_chains(residues);
    report_.chains_used = choose_chains(report_.chains_in_file, options_, structure_.name);
    report_.identical_copies = count_copies(residues, report_.chains_in_file, report_.chains_used.front());
    for (std::size_t i = 0; i < residues.size(); ++i) add(residues[i], is_polymer(residues, i));
    for (auto& [name, count] : removed_) report_.removed.emplace_back(name, count);
    link_chain(model_, report_);
    return std::move(model_);
  }

 private:
  bool wanted_chain(const std::string& chain) const {
    const auto in = [&](const std::vector<std::string>& list) {
      return std::find(list.begin(), list.end(), chain) != list.end();
    };
    // hetero groups in a chain of their own belong to no protein chain in particular
    return in(report_.chains_used) || !in(report_.chains_in_file);
  }

  void add(const Atoms& all_places, bool in_chain) {
    const ResidueId& id = all_places.front().residue;
    if (!wanted_chain(id.chain)) return;
    const bool polymer = in_chain && !taken_out(all_places);
    std::string reason;
    if (!polymer && (reason = reason_to_keep(all_places, options_)).empty()) {
      removed_[all_places.front().residue_name] += 1;
      return;
    }
    const Atoms atoms = resolve_alternates(all_places, options_.alternate, report_);
    ModelResidue residue = polymer ? polymer_residue(atoms, report_) : hetero_residue(atoms);
    if (residue.atoms.empty()) return;
    if (!polymer && !dockable(residue)) return;
    if (polymer && id.insertion_code != ' ') report_.insertion_codes.push_back(id.text());
    if (reason == "metal" || reason == "cofactor" || reason == "as asked")
      report_.kept.push_back(fmt::format("{} {}, {}", residue.name, id.text(), reason));
    count_hydrogens(residue, atoms);
    model_.residues.push_back(std::move(residue));
  }

  bool taken_out(const Atoms& atoms) const {
    return std::any_of(options_.take_out.begin(), options_.take_out.end(),
                       [&](const ResidueSelection& s) { return s.matches(atoms.front()); });
  }

  void count_hydrogens(ModelResidue& residue, const Atoms& atoms) {
    if (options_.keep_hydrogens) keep_own_hydrogens(residue, atoms);
    const auto hydrogens =
        std::count_if(atoms.begin(), atoms.end(), [](const auto& a) { return a.element == 1; });
    report_.hydrogens_dropped += static_cast<int>(hydrogens) - static_cast<int>(residue.hydrogens.size());
  }

  bool dockable(const ModelResidue& residue) {
    for (const auto& atom : residue.atoms)
      if (element_autodock_type(atom.element).empty()) {
        report_.warnings.push_back(
            fmt::format("{} left out: docking has no atom type for {} ({})", residue.text(),
                        atom.element ? element_symbol(atom.element) : "an unknown element", atom.name));
        removed_[residue.name] += 1;
        return false;
      }
    return true;
  }

  const Structure& structure_;
  const PreparationOptions& options_;
  PreparationReport& report_;
  ProteinModel model_;
  std::map<std::string, int> removed_;
};

}  // namespace

int ModelResidue::find(std::string_view atom_name) const {
  for (std::size_t i = 0; i < atoms.size(); ++i)
    if (atoms[i].name == atom_name) return static_cast<int>(i);
  return -1;
}

const ModelAtom* ModelResidue::atom(std::string_view atom_name) const {
  const int i = find(atom_name);
  return i < 0 ? nullptr : &atoms[i];
}

ProteinModel build_model(const Structure& structure, const PreparationOptions& options,
                         PreparationReport& report) {
  return ModelBuilder(structure, options, report).build();
}

}  // namespace theriac::chem
