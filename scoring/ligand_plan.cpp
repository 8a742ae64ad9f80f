#include "scoring/ligand_plan.hpp"

namespace theriac::scoring {
namespace {

using chem::FlexibleLigand;
using chem::LigandFeatures;

/// The first heavy neighbour of `of` other than `not_this`, or -1.
int heavy_neighbour(const FlexibleLigand& ligand, const LigandFeatures& features, int of, int not_this) {
  for (const int n : features.neighbours[of])
    if (n != not_this && ligand.atoms[n].element > 1) return n;
  return -1;
}

bool is_flat(const FlexibleLigand& ligand, const LigandFeatures& features, int atom) {
  const auto bonded = features.neighbours[atom].size();
  const int element = ligand.atoms[atom].element;
  return ligand.atoms[atom].autodock_type == "A" || (element == 6 && bonded == 3);
}

bool is_tetrahedral(const FlexibleLigand& ligand, const LigandFeatures& features, int atom) {
  return ligand.atoms[atom].element == 6 && features.neighbours[atom].size() == 4;
}

}  // namespace

LigandPlan ligand_plan(const FlexibleLigand& ligand) {
  LigandPlan plan;
  plan.features = chem::ligand_features(ligand);
  const auto types = atom_types(ligand);
  std::vector<char> charged(ligand.atoms.size());
  for (const auto& group : plan.features.charged_groups)
    for (const int i : group.atoms) charged[i] = 1;
  const auto kind_of = [&](int i) {
    return contact_kind(ligand.atoms[i].element, types[i], ligand.atoms[i].autodock_type == "A", charged[i]);
  };
  for (int i = 0; i < static_cast<int>(ligand.atoms.size()); ++i) {
    if (kind_of(i) == ContactKind::none) continue;
    plan.atoms.push_back({i, types[i], kind_of(i), {}});
    for (const int n : plan.features.neighbours[i])
      if (kind_of(n) != ContactKind::none) plan.atoms.back().bonded.push_back(n);
  }
  for (const auto& fragment : ligand.fragments) {
    if (fragment.parent < 0) continue;
    const int b = fragment.axis_begin, c = fragment.axis_end;
    const int a = heavy_neighbour(ligand, plan.features, b, c),
              d = heavy_neighbour(ligand, plan.features, c, b);
    if (a < 0 || d < 0) continue;
    if (is_flat(ligand, plan.features, b) && is_flat(ligand, plan.features, c))
      plan.torsions.push_back({a, b, c, d, true});
    else if (is_tetrahedral(ligand, plan.features, b) && is_tetrahedral(ligand, plan.features, c))
      plan.torsions.push_back({a, b, c, d, false});
  }
  return plan;
}

}  // namespace theriac::scoring
