#include "scoring/interactions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <tuple>

#include "chem/error.hpp"
#include "chem/units.hpp"

namespace theriac::scoring {
namespace {

using chem::Vector3;

// PLIP's thresholds, angstrom and degrees
constexpr double hydrogen_bond_reach = 4.1, hydrogen_bond_angle = 100;
constexpr double hydrogen_bond_reach_without_hydrogen = 3.5;
constexpr double salt_bridge_reach = 5.5;
constexpr double hydrophobic_reach = 4.0;
constexpr double stack_reach = 5.5, stack_angle = 30, stack_offset = 2.0;
constexpr double pi_cation_reach = 6.0;
constexpr double halogen_reach = 4.0, halogen_donor_angle = 165, halogen_acceptor_angle = 120,
                 halogen_tolerance = 30;
constexpr double metal_reach = 3.0;

double angle_degrees(Vector3 a, Vector3 vertex, Vector3 b) {
  const Vector3 u = a - vertex, v = b - vertex;
  const double c = dot(u, v) / std::max(norm(u) * norm(v), 1e-12);
  return std::acos(std::clamp(c, -1.0, 1.0)) * units::degrees_per_radian;
}

struct Ring {
  Vector3 centre, normal;
  const std::vector<int>* atoms;
};

class ContactFinder {
 public:
  ContactFinder(const chem::Receptor& receptor, const ReceptorFeatures& site,
                const chem::LigandFeatures& features, const std::vector<Vector3>& x)
      : receptor_(receptor), site_(site), features_(features), x_(x) {
    near_.resize(receptor.atoms.size());
    for (std::size_t i = 0; i < near_.size(); ++i)
      near_[i] = std::any_of(x.begin(), x.end(), [&](const Vector3& p) {
        return squared_distance(p, receptor.atoms[i].position) < 8.0 * 8.0;
      });
    for (const auto& ring : features.aromatic_rings) rings_.push_back(ring_of(ring));
  }

  std::vector<Interaction> run() {
    find_metals();
    find_salt_bridges();
    find_hydrogen_bonds();
    find_halogen_bonds();
    find_stacking();
    find_pi_cation();
    find_hydrophobic();
    std::stable_sort(out_.begin(), out_.end(), [](const Interaction& a, const Interaction& b) {
      return std::tie(a.kind, a.residue.chain, a.residue.number, a.residue.insertion_code, a.distance) <
             std::tie(b.kind, b.residue.chain, b.residue.number, b.residue.insertion_code, b.distance);
    });
    return std::move(out_);
  }

 private:
  Vector3 at(int receptor_atom) const { return receptor_.atoms[receptor_atom].position; }

  Vector3 centre_of(const std::vector<int>& atoms) const {
    Vector3 sum;
    for (const int i : atoms) sum = sum + x_[i];
    return (1.0 / static_cast<double>(atoms.size())) * sum;
  }

  Ring ring_of(const std::vector<int>& atoms) const {
    const Vector3 c = centre_of(atoms);
    Vector3 n;
    for (std::size_t k = 0; k < atoms.size(); ++k)
      n = n + cross(x_[atoms[k]] - c, x_[atoms[(k + 1) % atoms.size()]] - c);
    return {c, (1.0 / std::max(norm(n), 1e-12)) * n, &atoms};
  }

  void add(InteractionKind kind, int receptor_atom, std::vector<int> ligand_atoms, double r,
           bool gives = false) {
    const auto& a = receptor_.atoms[receptor_atom];
    out_.push_back({kind, a.residue_name, a.residue, a.name, std::move(ligand_atoms), r, gives});
  }

  void find_metals() {
    for (const int m : site_.metals)
      for (const int i : features_.metal_binders)
        if (const double r = distance(at(m), x_[i]); r <= metal_reach) add(InteractionKind::metal, m, {i}, r);
  }

  void find_salt_bridges() {
    for (const auto& theirs : site_.charges)
      for (const auto& ours : features_.charged_groups) {
        const double r = distance(theirs.centre, centre_of(ours.atoms));
        if (theirs.charge * ours.charge > 0 || r > salt_bridge_reach) continue;
        add(InteractionKind::salt_bridge, theirs.atoms.front(), ours.atoms, r);
        for (const int i : theirs.atoms)
          for (const int j : ours.atoms) bridged_.insert({i, j});
      }
  }

  /// The best angle at a hydrogen of the donor; empty donors count as straight.
  template <class HydrogenAt>
  static double best_angle(const std::vector<int>& hydrogens, HydrogenAt hydrogen_at, Vector3 donor,
                           Vector3 acceptor) {
    if (hydrogens.empty()) return 180;
    double best = 0;
    for (const int h : hydrogens) best = std::max(best, angle_degrees(donor, hydrogen_at(h), acceptor));
    return best;
  }

  struct HydrogenBond {
    double r;
    int receptor_atom, ligand_atom;
    bool ligand_gives;
    std::size_t capacity;  // hydrogens of the donor
  };

  void find_hydrogen_bonds() {
    std::vector<HydrogenBond> found;
    for (const auto& donor : features_.donors)
      for (const int a : site_.acceptors) {
        const double r = near_[a] ? distance(x_[donor.atom], at(a)) : 99;
        if (r > hydrogen_bond_reach || bridged_.count({a, donor.atom})) continue;
        if (best_angle(
                donor.hydrogens, [&](int h) { return x_[h]; }, x_[donor.atom], at(a)) >= hydrogen_bond_angle)
          found.push_back({r, a, donor.atom, true, donor.hydrogens.size()});
      }
    for (const auto& donor : site_.donors)
      for (const int a : features_.acceptors) {
        const double r = near_[donor.atom] ? distance(at(donor.atom), x_[a]) : 99;
        const double reach =
            donor.hydrogens.empty() ? hydrogen_bond_reach_without_hydrogen : hydrogen_bond_reach;
        if (r > reach || bridged_.count({donor.atom, a}) || !points_outward(donor, x_[a])) continue;
        if (best_angle(
                donor.hydrogens, [&](int h) { return at(h); }, at(donor.atom), x_[a]) >= hydrogen_bond_angle)
          found.push_back({r, donor.atom, a, false, std::max<std::size_t>(1, donor.hydrogens.size())});
      }
    keep_hydrogen_bonds(std::move(found));
  }

  /// Without a hydrogen, its direction is at least away from the donor's own neighbours.
  bool points_outward(const ReceptorDonor& donor, Vector3 acceptor) const {
    if (!donor.hydrogens.empty()) return true;
    for (const int n : site_.neighbours[donor.atom])
      if (angle_degrees(at(n), at(donor.atom), acceptor) < 80) return false;
    return true;
  }

  /// Shortest first; one bond per hydrogen of a donor and one per pair of atoms.
  void keep_hydrogen_bonds(std::vector<HydrogenBond> found) {
    std::stable_sort(found.begin(), found.end(),
                     [](const HydrogenBond& a, const HydrogenBond& b) { return a.r < b.r; });
    std::map<std::pair<bool, int>, std::size_t> used;
    std::set<std::pair<int, int>> pairs;
    for (const auto& h : found) {
      std::size_t& count = used[{h.ligand_gives, h.ligand_gives ? h.ligand_atom : h.receptor_atom}];
      if (count >= h.capacity || !pairs.insert({h.receptor_atom, h.ligand_atom}).second) continue;
      ++count;
      add(InteractionKind::hydrogen_bond, h.receptor_atom, {h.ligand_atom}, h.r, h.ligand_gives);
    }
  }

  void find_halogen_bonds() {
    for (const auto& halogen : features_.halogens)
      for (const int a : site_.acceptors) {
        const double r = near_[a] ? distance(x_[halogen.atom], at(a)) : 99;
        if (r > halogen_reach) continue;
        const double donor_angle = angle_degrees(x_[halogen.carbon], x_[halogen.atom], at(a));
        if (std::abs(donor_angle - halogen_donor_angle) > halogen_tolerance) continue;
        const auto& around = site_.neighbours[a];
        const bool fits = std::any_of(around.begin(), around.end(), [&](int n) {
          return receptor_.atoms[n].element > 1 && std::abs(angle_degrees(at(n), at(a), x_[halogen.atom]) -
                                                            halogen_acceptor_angle) <= halogen_tolerance;
        });
        if (fits) add(InteractionKind::halogen_bond, a, {halogen.atom}, r);
      }
  }

  static double offset(Vector3 point, Vector3 centre, Vector3 normal) {
    const Vector3 d = point - centre;
    return norm(d - dot(d, normal) * normal);
  }

  void find_stacking() {
    for (const auto& theirs : site_.rings)
      for (const auto& ours : rings_) {
        const double r = distance(theirs.centre, ours.centre);
        if (r > stack_reach) continue;
        const double tilt =
            std::acos(std::min(1.0, std::abs(dot(theirs.normal, ours.normal)))) * units::degrees_per_radian;
        const double slip = std::min(offset(ours.centre, theirs.centre, theirs.normal),
                                     offset(theirs.centre, ours.centre, ours.normal));
        if (slip > stack_offset || (tilt > stack_angle && tilt < 90 - stack_angle)) continue;
        add(tilt <= stack_angle ? InteractionKind::pi_stack_face : InteractionKind::pi_stack_edge,
            theirs.atoms.front(), *ours.atoms, r);
        for (const int i : *ours.atoms) stacked_.insert({residue_key(theirs.atoms.front()), i});
      }
  }

  void find_pi_cation() {
    for (const auto& ring : site_.rings)
      for (const auto& group : features_.charged_groups) {
        const Vector3 c = centre_of(group.atoms);
        const double r = distance(ring.centre, c);
        if (group.charge > 0 && r <= pi_cation_reach && offset(c, ring.centre, ring.normal) <= stack_offset)
          add(InteractionKind::pi_cation, ring.atoms.front(), group.atoms, r);
      }
    for (const auto& charge : site_.charges)
      for (const auto& ring : rings_) {
        if (charge.charge < 0 || receptor_.atoms[charge.atoms.front()].name == "ND1")
          continue;  // HIS stacks instead
        const double r = distance(ring.centre, charge.centre);
        if (r <= pi_cation_reach && offset(charge.centre, ring.centre, ring.normal) <= stack_offset)
          add(InteractionKind::pi_cation, charge.atoms.front(), *ring.atoms, r);
      }
  }

  std::string residue_key(int receptor_atom) const { return receptor_.atoms[receptor_atom].residue.text(); }

  /// The closest contact per ligand atom and residue, then per receptor atom; stacked rings count once.
  void find_hydrophobic() {
    struct Contact {
      double r;
      int receptor_atom, ligand_atom;
    };
    std::vector<Contact> found;
    for (const int a : site_.hydrophobic) {
      if (!near_[a]) continue;
      for (const int i : features_.hydrophobic)
        if (const double r = distance(at(a), x_[i]);
            r <= hydrophobic_reach && !stacked_.count({residue_key(a), i}))
          found.push_back({r, a, i});
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const Contact& a, const Contact& b) { return a.r < b.r; });
    std::set<std::pair<std::string, int>> by_residue;
    std::set<int> by_atom;
    for (const auto& c : found) {
      if (by_residue.count({residue_key(c.receptor_atom), c.ligand_atom}) || by_atom.count(c.receptor_atom))
        continue;
      by_residue.insert({residue_key(c.receptor_atom), c.ligand_atom});
      by_atom.insert(c.receptor_atom);
      add(InteractionKind::hydrophobic, c.receptor_atom, {c.ligand_atom}, c.r);
    }
  }

  const chem::Receptor& receptor_;
  const ReceptorFeatures& site_;
  const chem::LigandFeatures& features_;
  const std::vector<Vector3>& x_;
  std::vector<char> near_;
  std::vector<Ring> rings_;
  std::set<std::pair<int, int>> bridged_;
  std::set<std::pair<std::string, int>> stacked_;
  std::vector<Interaction> out_;
};

}  // namespace

std::string interaction_name(InteractionKind kind) {
  switch (kind) {
    case InteractionKind::metal:
      return "metal";
    case InteractionKind::salt_bridge:
      return "salt-bridge";
    case InteractionKind::hydrogen_bond:
      return "hbond";
    case InteractionKind::halogen_bond:
      return "halogen-bond";
    case InteractionKind::pi_stack_face:
      return "pi-stack";
    case InteractionKind::pi_stack_edge:
      return "pi-stack-edge";
    case InteractionKind::pi_cation:
      return "pi-cation";
    case InteractionKind::hydrophobic:
      return "hydrophobic";
  }
  return {};
}

std::string text(const Interaction& interaction) {
  std::string name = interaction.residue_name;
  for (std::size_t i = 1; i < name.size(); ++i)
    name[i] = static_cast<char>(std::tolower(static_cast<unsigned char>(name[i])));
  if (interaction.residue.insertion_code != ' ')
    return fmt::format("{}{}{} {} {:.1f}", name, interaction.residue.number,
                       interaction.residue.insertion_code, interaction_name(interaction.kind),
                       interaction.distance);
  return fmt::format("{}{} {} {:.1f}", name, interaction.residue.number, interaction_name(interaction.kind),
                     interaction.distance);
}

std::string text(const std::vector<Interaction>& all) {
  std::string out;
  for (const auto& i : all) out += (out.empty() ? "" : "; ") + text(i);
  return out;
}

std::vector<Interaction> interactions(const chem::Receptor& receptor, const ReceptorFeatures& site,
                                      const chem::FlexibleLigand& ligand,
                                      const chem::LigandFeatures& features,
                                      const std::vector<Vector3>& coordinates) {
  if (coordinates.size() != ligand.atoms.size())
    throw MoleculeError(fmt::format("a pose of {} positions for a ligand of {} atoms", coordinates.size(),
                                    ligand.atoms.size()),
                        "give one position per ligand atom, hydrogens included");
  return ContactFinder(receptor, site, features, coordinates).run();
}

std::vector<Interaction> interactions(const chem::Receptor& receptor, const chem::FlexibleLigand& ligand,
                                      const std::vector<Vector3>& coordinates) {
  return interactions(receptor, receptor_features(receptor), ligand, chem::ligand_features(ligand),
                      coordinates);
}

}  // namespace theriac::scoring
