#include "scoring/receptor_features.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string_view>
#include <tuple>

#include "chem/amino_acid.hpp"
#include "chem/autodock_type.hpp"
#include "chem/pdbqt.hpp"

namespace theriac::scoring {
namespace {

using chem::Receptor;
using chem::ReceptorAtom;
using chem::Vector3;

/// Atoms sorted into cubes of 3 angstrom, so that bonds are found in linear time.
class CellList {
 public:
  explicit CellList(const std::vector<ReceptorAtom>& atoms) {
    for (std::size_t i = 0; i < atoms.size(); ++i)
      cells_[cell(atoms[i].position)].push_back(static_cast<int>(i));
  }

  template <class Use>
  void near(Vector3 p, Use use) const {
    const auto [x, y, z] = cell(p);
    for (int dx = -1; dx <= 1; ++dx)
      for (int dy = -1; dy <= 1; ++dy)
        for (int dz = -1; dz <= 1; ++dz) {
          const auto found = cells_.find({x + dx, y + dy, z + dz});
          if (found == cells_.end()) continue;
          for (const int i : found->second) use(i);
        }
  }

 private:
  using Cell = std::tuple<int, int, int>;
  static Cell cell(Vector3 p) {
    const auto index = [](double x) { return static_cast<int>(std::floor(x / 3.0)); };
    return {index(p.x), index(p.y), index(p.z)};
  }
  std::map<Cell, std::vector<int>> cells_;
};

std::vector<std::vector<int>> perceived_bonds(const std::vector<ReceptorAtom>& atoms) {
  const CellList cells(atoms);
  std::vector<std::vector<int>> out(atoms.size());
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    if (chem::is_metal(atoms[i].element)) continue;
    cells.near(atoms[i].position, [&](int j) {
      const auto& other = atoms[j];
      if (j == static_cast<int>(i) || chem::is_metal(other.element)) return;
      if (atoms[i].element == 1 && other.element == 1) return;
      const double reach =
          1.15 * (chem::covalent_radius(atoms[i].element) + chem::covalent_radius(other.element));
      if (squared_distance(atoms[i].position, other.position) < reach * reach) out[i].push_back(j);
    });
    std::sort(out[i].begin(), out[i].end());
  }
  return out;
}

struct Template {
  std::string_view residue;
  int charge;  // 0: an aromatic ring
  std::array<std::string_view, 6> atoms;
};

constexpr std::array<Template, 10> templates{{
    {"PHE", 0, {"CG", "CD1", "CE1", "CZ", "CE2", "CD2"}},
    {"TYR", 0, {"CG", "CD1", "CE1", "CZ", "CE2", "CD2"}},
    {"TRP", 0, {"CG", "CD1", "NE1", "CE2", "CD2", ""}},
    {"TRP", 0, {"CD2", "CE2", "CZ2", "CH2", "CZ3", "CE3"}},
    {"HIS", 0, {"CG", "ND1", "CE1", "NE2", "CD2", ""}},
    {"HIS", 1, {"ND1", "NE2", "", "", "", ""}},
    {"ARG", 1, {"NE", "CZ", "NH1", "NH2", "", ""}},
    {"LYS", 1, {"NZ", "", "", "", "", ""}},
    {"ASP", -1, {"OD1", "OD2", "", "", "", ""}},
    {"GLU", -1, {"OE1", "OE2", "", "", "", ""}},
}};

Vector3 mean(const Receptor& receptor, const std::vector<int>& atoms) {
  Vector3 sum;
  for (const int i : atoms) sum = sum + receptor.atoms[i].position;
  return (1.0 / static_cast<double>(atoms.size())) * sum;
}

Vector3 ring_normal(const Receptor& receptor, const std::vector<int>& ring, Vector3 centre) {
  Vector3 n;
  for (std::size_t k = 0; k < ring.size(); ++k)
    n = n + cross(receptor.atoms[ring[k]].position - centre,
                  receptor.atoms[ring[(k + 1) % ring.size()]].position - centre);
  return (1.0 / std::max(norm(n), 1e-12)) * n;
}

/// The template's atoms in one residue, in template order; empty unless all are there.
std::vector<int> matched(const Receptor& receptor, int begin, int end, const Template& t) {
  std::vector<int> out;
  for (const std::string_view name : t.atoms) {
    if (name.empty()) break;
    int found = -1;
    for (int i = begin; i < end && found < 0; ++i)
      if (receptor.atoms[i].name == name) found = i;
    if (found < 0) return {};
    out.push_back(found);
  }
  return out;
}

/// "HID", "ASH" and their like under the name of their amino acid.
std::string_view usual_name(const std::string& residue) {
  const chem::AminoAcid* plan = chem::amino_acid(residue);
  return plan ? std::string_view(plan->name) : std::string_view(residue);
}

void match_residue(const Receptor& receptor, int begin, int end, ReceptorFeatures& out) {
  const std::string_view name = usual_name(receptor.atoms[begin].residue_name);
  for (const auto& t : templates) {
    if (t.residue != name) continue;
    std::vector<int> atoms = matched(receptor, begin, end, t);
    if (atoms.empty()) continue;
    const Vector3 centre = mean(receptor, atoms);
    if (t.charge == 0)
      out.rings.push_back({atoms, centre, ring_normal(receptor, atoms, centre)});
    else
      out.charges.push_back({std::move(atoms), centre, t.charge});
  }
}

/// Has the file no hydrogen where the amino acid has one? Then the plan decides.
bool is_planned_donor(const ReceptorAtom& atom) {
  if (atom.element != 7 && atom.element != 8) return false;
  if (chem::is_water(atom.residue_name)) return true;
  const chem::AminoAcid* plan = chem::amino_acid(atom.residue_name);
  const chem::AminoAcidAtom* planned = plan ? plan->atom(atom.name) : nullptr;
  if (!planned) return false;
  if (plan->name == "HIS" && atom.element == 7 && atom.name != "N")
    return true;  // either nitrogen may carry it
  return planned->hydrogens > 0;
}

void classify_atom(const Receptor& receptor, int i, bool residue_has_hydrogens, ReceptorFeatures& out) {
  const ReceptorAtom& atom = receptor.atoms[i];
  if (chem::is_metal(atom.element)) {
    out.metals.push_back(i);
    return;
  }
  if (atom.autodock_type == "OA" || atom.autodock_type == "NA") out.acceptors.push_back(i);
  ReceptorDonor donor{i, {}};
  int carbons = 0, others = 0;
  for (const int j : out.neighbours[i]) {
    const int z = receptor.atoms[j].element;
    if (z == 1) donor.hydrogens.push_back(j);
    carbons += z == 6;
    others += z != 6 && z != 1;
  }
  const bool polar = atom.element == 7 || atom.element == 8 || atom.element == 16;
  if (polar && (!donor.hydrogens.empty() || (!residue_has_hydrogens && is_planned_donor(atom))))
    out.donors.push_back(std::move(donor));
  if (atom.element == 6 && carbons > 0 && others == 0) out.hydrophobic.push_back(i);
}

}  // namespace

ReceptorFeatures receptor_features(const Receptor& receptor) {
  ReceptorFeatures out;
  out.neighbours = perceived_bonds(receptor.atoms);
  const int n = static_cast<int>(receptor.atoms.size());
  for (int begin = 0; begin < n;) {
    int end = begin;
    bool hydrogens = false;
    while (end < n && receptor.atoms[end].residue == receptor.atoms[begin].residue &&
           receptor.atoms[end].residue_name == receptor.atoms[begin].residue_name)
      hydrogens = receptor.atoms[end++].element == 1 || hydrogens;
    match_residue(receptor, begin, end, out);
    for (int i = begin; i < end; ++i) classify_atom(receptor, i, hydrogens, out);
    begin = end;
  }
  return out;
}

}  // namespace theriac::scoring
