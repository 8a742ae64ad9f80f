#include "chem/histidine.hpp"

#include <fmt/format.h>

#include <cmath>

#include "chem/autodock_type.hpp"
#include "chem/cell_list.hpp"
#include "chem/internal_coordinates.hpp"

namespace theriac::chem {
namespace {

constexpr double hydrogen_bond = 3.5;  ///< between heavy atoms, angstrom
constexpr double metal_bond = 2.8;
constexpr double least_cosine = 0.5;  ///< partners lie within 60 degrees of the nitrogen's direction
constexpr double pka = 6.5;

enum class Role { none, acceptor, acid, donor, either, metal };

Role role_of(const ModelResidue& residue, const ModelAtom& atom) {
  if (is_metal(atom.element)) return Role::metal;
  if (residue.hetero) return atom.element == 8 ? Role::either : Role::none;
  if (atom.element == 8) {
    if (atom.name == "OG" || atom.name == "OG1" || atom.name == "OH")
      return residue.plan ? Role::either : Role::acceptor;
    const bool acid = residue.name == "ASP" || residue.name == "GLU";
    return acid && atom.name != "O" && atom.name != residue.protonated_atom ? Role::acid : Role::acceptor;
  }
  if (atom.element != 7 || residue.name == "HIS") return atom.name == "N" ? Role::donor : Role::none;
  return residue.name == "PRO" && residue.previous >= 0 ? Role::none : Role::donor;
}

/// What surrounds one ring nitrogen.
struct Surroundings {
  int acceptors = 0, acids = 0, donors = 0, either = 0;
  bool metal = false;
  bool close_acid = false;

  /// Hydrogen bonds satisfied (or spoilt) with a hydrogen on the nitrogen, and without.
  double with_hydrogen() const { return acceptors + 1.5 * acids + 0.6 * either - donors - (metal ? 100 : 0); }
  double without_hydrogen() const {
    return donors + 0.6 * either - acceptors - 1.5 * acids + (metal ? 3 : 0);
  }
  std::string text() const {
    std::string text;
    const auto add = [&](int count, const char* what) {
      if (count)
        text += fmt::format("{}{} {}{}", text.empty() ? "" : " ", count, what, count == 1 ? "" : "s");
    };
    add(acceptors + acids, "acceptor");
    add(donors, "donor");
    add(either, "hydroxyl");
    if (metal) text += text.empty() ? "metal" : " metal";
    return text.empty() ? "nothing" : text;
  }
};

class HistidineJudge {
 public:
  HistidineJudge(ProteinModel& model, double ph) : model_(model), ph_(ph), cells_(hydrogen_bond) {
    for (std::size_t i = 0; i < model.residues.size(); ++i)
      for (std::size_t k = 0; k < model.residues[i].atoms.size(); ++k) {
        const Role role = role_of(model.residues[i], model.residues[i].atoms[k]);
        if (role == Role::none) continue;
        cells_.add(model.residues[i].atoms[k].position);
        partners_.push_back({static_cast<int>(i), role});
      }
  }

  std::string judge(int index, PreparationReport& report) const {
    const ModelResidue& residue = model_.residues[index];
    const Surroundings delta = around(index, "ND1", "CG", "CE1"),
                       epsilon = around(index, "NE2", "CD2", "CE1");
    const double hid = delta.with_hydrogen() + epsilon.without_hydrogen();
    const double hie = epsilon.with_hydrogen() + delta.without_hydrogen();
    std::string state = hid > hie + 0.3 ? "HID" : "HIE";
    const bool between = delta.with_hydrogen() > 0.9 && epsilon.with_hydrogen() > 0.9;
    const bool charged =
        !delta.metal && !epsilon.metal &&
        (ph_ < pka - 0.5 || (between && (delta.close_acid || epsilon.close_acid) && ph_ < pka + 1.5));
    if (charged) state = "HIP";
    report.histidines.push_back(
        fmt::format("{} {}: ND1 faces {}, NE2 {}", residue.id.text(), state, delta.text(), epsilon.text()));
    return state;
  }

 private:
  struct Partner {
    int residue;
    Role role;
  };

  Surroundings around(int index, std::string_view nitrogen, std::string_view left,
                      std::string_view right) const {
    Surroundings found;
    const ModelResidue& residue = model_.residues[index];
    const ModelAtom *n = residue.atom(nitrogen), *a = residue.atom(left), *b = residue.atom(right);
    if (!n || !a || !b) return found;
    const Vector3 outward = unit(2.0 * n->position - a->position - b->position);
    cells_.for_each_within(n->position, hydrogen_bond, [&](int i, double d2) {
      const Partner& partner = partners_[i];
      if (partner.residue == index) return;
      if (dot(unit(cells_.point(i) - n->position), outward) < least_cosine) return;
      const double d = std::sqrt(d2);
      if (partner.role == Role::metal) found.metal |= d < metal_bond;
      found.acceptors += partner.role == Role::acceptor;
      found.acids += partner.role == Role::acid;
      found.close_acid |= partner.role == Role::acid && d < 3.2;
      found.donors += partner.role == Role::donor;
      found.either += partner.role == Role::either;
    });
    return found;
  }

  const ProteinModel& model_;
  double ph_;
  CellList cells_;
  std::vector<Partner> partners_;
};

/// The state that the file's hydrogens show, or empty when they show none on the ring nitrogens.
std::string state_of_own_hydrogens(const ModelResidue& residue) {
  bool delta = false, epsilon = false;
  for (const auto& hydrogen : residue.hydrogens) {
    delta |= residue.atoms[hydrogen.heavy].name == "ND1";
    epsilon |= residue.atoms[hydrogen.heavy].name == "NE2";
  }
  return delta && epsilon ? "HIP" : delta ? "HID" : epsilon ? "HIE" : "";
}

}  // namespace

void assign_histidines(ProteinModel& model, const PreparationOptions& options, PreparationReport& report) {
  const HistidineJudge judge(model, options.ph);
  for (std::size_t i = 0; i < model.residues.size(); ++i) {
    ModelResidue& residue = model.residues[i];
    if (residue.name != "HIS" || !residue.plan || residue.hetero) continue;
    if (residue.has_own_hydrogens) residue.state = state_of_own_hydrogens(residue);
    if (residue.state.empty())
      residue.state = judge.judge(static_cast<int>(i), report);
    else
      report.histidines.push_back(fmt::format("{} {}: given", residue.id.text(), residue.state));
  }
}

}  // namespace theriac::chem
