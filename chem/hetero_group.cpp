#include "chem/hetero_group.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "chem/autodock_type.hpp"
#include "chem/cofactor_hydrogens.hpp"
#include "chem/internal_coordinates.hpp"
#include "chem/protein_model.hpp"

namespace theriac::chem {
namespace {

constexpr double coordination_distance = 2.8;

bool binds_metal(Vector3 position, const std::vector<Vector3>& metals) {
  return std::any_of(metals.begin(), metals.end(),
                     [&](Vector3 metal) { return distance(metal, position) < coordination_distance; });
}

/// Water: hydrogens are placed with the rotors; here only its type.
bool complete_simple_group(ModelResidue& residue) {
  if (residue.atoms.size() > 1 && !is_water(residue.name)) return false;
  for (auto& atom : residue.atoms) atom.autodock_type = element_autodock_type(atom.element);
  return true;
}

}  // namespace

bool is_cofactor(std::string_view name) {
  static constexpr std::string_view names[] = {
      "HEM", "HEC", "HEA", "HEB", "HDD", "HAS", "SRM", "CLA", "BCL", "FAD", "FMN", "FDA", "NAD", "NAI", "NAP",
      "NDP", "NAJ", "SAM", "SAH", "ATP", "ADP", "AMP", "ANP", "ACP", "AGS", "GTP", "GDP", "GMP", "GNP", "GSP",
      "GCP", "UDP", "COA", "ACO", "TPP", "TDP", "PLP", "PMP", "BTN", "H4B", "BH4", "THG", "FES", "SF4", "F3S",
      "CLF", "B12", "CNC", "COB", "PQQ", "MTE", "MGD", "CUA", "CUB", "U10", "F43", "LPA", "GSH"};
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

bool is_functional_metal(int element) {
  return element == 12 || element == 20 || (element >= 25 && element <= 30);
}

std::string element_autodock_type(int element) {
  switch (element) {
    case 1:
      return "H";
    case 7:
      return "N";
    case 8:
      return "OA";
    case 16:
      return "SA";
    case 34:
      return "SA";
    default:
      break;
  }
  const std::string symbol = element_symbol(element);
  return autodock_type_element(symbol) == element ? symbol : std::string();
}

void complete_hetero_group(ModelResidue& residue, const std::vector<Vector3>& metals, double ph) {
  if (complete_simple_group(residue)) return;
  const CofactorAtoms cofactor = complete_cofactor(residue.atoms, ph);
  for (std::size_t i = 0; i < residue.atoms.size(); ++i) residue.atoms[i].autodock_type = cofactor.types[i];
  if (residue.has_own_hydrogens) return;
  int count = 0;
  for (const auto& hydrogen : cofactor.hydrogens) {
    const ModelAtom& heavy = residue.atoms[hydrogen.heavy];
    if (binds_metal(heavy.position, metals)) continue;
    // the ends of a residue of the chain look unsaturated when it stands alone
    if (!residue.hetero && (heavy.name == "N" || heavy.name == "C" || heavy.name == "O")) continue;
    residue.hydrogens.push_back({hydrogen.heavy, fmt::format("H{}", ++count), hydrogen.position});
  }
}

}  // namespace theriac::chem
