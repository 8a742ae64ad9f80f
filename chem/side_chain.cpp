// Missing side-chain atoms, rebuilt from ideal geometry in the rotamer that clashes least.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include "chem/autodock_type.hpp"
#include "chem/cell_list.hpp"
#include "chem/internal_coordinates.hpp"
#include "chem/protein_model.hpp"

namespace theriac::chem {
namespace {

constexpr double reach = 3.4;          ///< carbon-carbon contacts closer than this cost
constexpr double polar_contact = 2.7;  ///< two nitrogens or oxygens may come this close
constexpr double rotamer_cost = 0.1;   ///< per place in the list of rotamers, likely ones first

struct Neighbour {
  int residue;
  bool polar;
  bool acid;
  bool backbone;
};

bool is_polar(int element) {
  return element == 7 || element == 8;
}
bool is_acid(const ModelResidue& residue, const ModelAtom& atom) {
  return (residue.name == "ASP" || residue.name == "GLU") && atom.element == 8 && atom.name != "O";
}
bool is_backbone(std::string_view name) {
  return name == "N" || name == "CA" || name == "C" || name == "O";
}

std::vector<const AminoAcidAtom*> missing_atoms(const ModelResidue& residue) {
  std::vector<const AminoAcidAtom*> missing;
  for (const auto& planned : residue.plan->atoms)
    if (residue.find(planned.name) < 0) missing.push_back(&planned);
  return missing;
}

class SideChainBuilder {
 public:
  explicit SideChainBuilder(ProteinModel& model) : model_(model), cells_(reach) {
    for (std::size_t i = 0; i < model.residues.size(); ++i)
      for (const auto& atom : model.residues[i].atoms) add_to_cells(static_cast<int>(i), atom);
  }

  /// Atoms that could be built, all of `missing` unless the main chain itself is broken.
  int rebuild(int index, const std::vector<const AminoAcidAtom*>& missing) {
    ModelResidue& residue = model_.residues[index];
    const auto rotamers = candidate_rotamers(residue, missing);
    std::vector<ModelAtom> best;
    double lowest = 1e300;
    for (std::size_t r = 0; r < rotamers.size(); ++r) {
      const auto built = build(residue, missing, rotamers[r]);
      const double cost = clash(index, built) + rotamer_cost * static_cast<double>(r);
      if (cost < lowest - 1e-9) {
        lowest = cost;
        best = built;
      }
    }
    for (auto& atom : best) {
      add_to_cells(index, atom);
      residue.atoms.push_back(std::move(atom));
    }
    sort_as_planned(residue);
    return static_cast<int>(best.size());
  }

 private:
  void add_to_cells(int residue, const ModelAtom& atom) {
    cells_.add(atom.position);
    neighbours_.push_back(
        {residue, is_polar(atom.element), is_acid(model_.residues[residue], atom), is_backbone(atom.name)});
  }

  /// The chi angles of all rotamers, those that the present atoms decide set to what they are.
  static std::vector<std::vector<double>> candidate_rotamers(
      const ModelResidue& residue, const std::vector<const AminoAcidAtom*>& missing) {
    std::map<int, double> known;
    for (const auto& planned : residue.plan->atoms) {
      const ModelAtom *atom = residue.atom(planned.name), *parent = residue.atom(planned.parent),
                      *grandparent = residue.atom(planned.grandparent),
                      *great = residue.atom(planned.great_grandparent);
      if (planned.chi == 0 || !atom || !parent || !grandparent || !great) continue;
      known.emplace(planned.chi, torsion_degrees(atom->position, parent->position, grandparent->position,
                                                 great->position) -
                                     planned.torsion);
    }
    std::set<int> needed;
    for (const auto* planned : missing)
      if (planned->chi) needed.insert(planned->chi);
    std::vector<std::vector<double>> candidates;
    std::set<std::vector<double>> seen;
    for (auto rotamer : residue.plan->rotamers) {
      rotamer.resize(static_cast<std::size_t>(residue.plan->chi_count), 180.0);
      std::vector<double> key;
      for (int chi = 1; chi <= residue.plan->chi_count; ++chi) {
        if (known.count(chi)) rotamer[chi - 1] = known[chi];
        if (needed.count(chi)) key.push_back(rotamer[chi - 1]);
      }
      if (seen.insert(key).second) candidates.push_back(rotamer);
    }
    return candidates;
  }

  std::vector<ModelAtom> build(const ModelResidue& residue, const std::vector<const AminoAcidAtom*>& missing,
                               const std::vector<double>& chis) const {
    std::vector<ModelAtom> built;
    const auto find = [&](std::string_view name) -> const ModelAtom* {
      for (const auto& atom : built)
        if (atom.name == name) return &atom;
      return residue.atom(name);
    };
    for (const auto* planned : missing) {
      if (planned->name == "O" && residue.next >= 0) {
        if (const auto oxygen = carbonyl_oxygen(residue)) built.push_back(*oxygen);
        continue;
      }
      const ModelAtom *parent = find(planned->parent), *grandparent = find(planned->grandparent),
                      *great = find(planned->great_grandparent);
      if (!parent || !grandparent || !great) continue;
      const double torsion = planned->torsion + (planned->chi ? chis[planned->chi - 1] : 0.0);
      built.push_back({std::string(planned->name),
                       autodock_type_element(planned->autodock_type),
                       place_atom(great->position, grandparent->position, parent->position, planned->length,
                                  planned->angle, torsion),
                       {},
                       true});
    }
    return built;
  }

  /// In the plane of the peptide bond, opposite its two other bonds.
  std::optional<ModelAtom> carbonyl_oxygen(const ModelResidue& residue) const {
    const ModelAtom *c = residue.atom("C"), *ca = residue.atom("CA"),
                    *n = model_.residues[residue.next].atom("N");
    if (!c || !ca || !n) return std::nullopt;
    const Vector3 inward = unit(ca->position - c->position) + unit(n->position - c->position);
    return ModelAtom{"O", 8, c->position - 1.231 * unit(inward), {}, true};
  }

  double clash(int index, const std::vector<ModelAtom>& built) const {
    double cost = 0;
    for (const auto& atom : built) {
      if (atom.name == "CB" || atom.name == "O") continue;  // decided by the main chain, whatever the rotamer
      const bool polar = is_polar(atom.element), acid = is_acid(model_.residues[index], atom);
      cells_.for_each_within(atom.position, reach, [&](int other, double d2) {
        const Neighbour& neighbour = neighbours_[other];
        if (neighbour.residue == index && !neighbour.backbone) return;
        const bool own = neighbour.residue == index;
        const bool hydrogen_bond = polar && neighbour.polar && !(acid && neighbour.acid);
        const double contact = own ? 2.6 : hydrogen_bond ? polar_contact : reach;
        const double overlap = contact - std::sqrt(d2);
        if (overlap > 0) cost += overlap * overlap;
      });
    }
    return cost;
  }

  static void sort_as_planned(ModelResidue& residue) {
    const auto place = [&](const ModelAtom& atom) {
      const auto& planned = residue.plan->atoms;
      return std::find_if(planned.begin(), planned.end(),
                          [&](const auto& p) { return p.name == atom.name; }) -
             planned.begin();
    };
    std::vector<std::string> carrier_names;  // hydrogens kept from the file point at atoms by index
    for (const auto& hydrogen : residue.hydrogens)
      carrier_names.push_back(residue.atoms[hydrogen.heavy].name);
    std::stable_sort(residue.atoms.begin(), residue.atoms.end(),
                     [&](const ModelAtom& a, const ModelAtom& b) { return place(a) < place(b); });
    for (std::size_t i = 0; i < residue.hydrogens.size(); ++i)
      residue.hydrogens[i].heavy = residue.find(carrier_names[i]);
  }

  ProteinModel& model_;
  CellList cells_;
  std::vector<Neighbour> neighbours_;
};

std::string names_of(const std::vector<const AminoAcidAtom*>& atoms) {
  std::vector<std::string_view> names;
  for (const auto* atom : atoms) names.push_back(atom->name);
  return fmt::format("{}", fmt::join(names, " "));
}

}  // namespace

void rebuild_missing_atoms(ProteinModel& model, bool fill, PreparationReport& report) {
  SideChainBuilder builder(model);
  for (std::size_t i = 0; i < model.residues.size(); ++i) {
    ModelResidue& residue = model.residues[i];
    if (!residue.plan) continue;
    const auto missing = missing_atoms(residue);
    if (missing.empty()) continue;
    const std::string names = names_of(missing);
    const bool main_chain = residue.atom("N") && residue.atom("CA") && residue.atom("C");
    std::string outcome = "left as it is";
    if (fill && !main_chain) outcome = "main chain incomplete, left as it is";
    if (fill && main_chain &&
        builder.rebuild(static_cast<int>(i), missing) == static_cast<int>(missing.size()))
      outcome = "rebuilt";
    report.missing_atoms.push_back(fmt::format("{}: {}, {}", residue.text(), names, outcome));
  }
}

}  // namespace theriac::chem
