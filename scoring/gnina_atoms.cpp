#include "scoring/gnina_atoms.hpp"

#include <array>

#include "chem/error.hpp"

namespace theriac::scoring {
namespace {

struct Drawing {
  int receptor, ligand;
  double radius;  // angstrom
};

// In the order of SminaType.
constexpr std::array<Drawing, chem::smina_type_count> drawings{{
    {-1, -1, 0},     // Hydrogen
    {-1, -1, 0},     // PolarHydrogen
    {0, 14, 1.9},    // AliphaticCarbonXSHydrophobe
    {1, 15, 1.9},    // AliphaticCarbonXSNonHydrophobe
    {2, 16, 1.9},    // AromaticCarbonXSHydrophobe
    {3, 17, 1.9},    // AromaticCarbonXSNonHydrophobe
    {5, 21, 1.8},    // Nitrogen
    {6, 22, 1.8},    // NitrogenXSDonor
    {6, 22, 1.8},    // NitrogenXSDonorAcceptor
    {5, 21, 1.8},    // NitrogenXSAcceptor
    {7, 23, 1.7},    // Oxygen
    {8, 24, 1.7},    // OxygenXSDonor
    {8, 24, 1.7},    // OxygenXSDonorAcceptor
    {7, 23, 1.7},    // OxygenXSAcceptor
    {9, 25, 2.0},    // Sulfur
    {9, 25, 2.0},    // SulfurAcceptor
    {10, 26, 2.1},   // Phosphorus
    {4, 20, 1.5},    // Fluorine
    {4, 19, 1.8},    // Chlorine
    {4, 18, 2.0},    // Bromine
    {4, 18, 2.2},    // Iodine
    {13, 27, 1.2},   // Magnesium
    {13, 27, 1.2},   // Manganese
    {12, 27, 1.2},   // Zinc
    {11, 27, 1.2},   // Calcium
    {13, 27, 1.2},   // Iron
    {13, 27, 1.2},   // GenericMetal
    {13, 27, 1.92},  // Boron
}};

}  // namespace

DensityAtom density_atom(const chem::SminaAtom& atom, DensitySide side) {
  const Drawing& drawing = drawings[static_cast<std::size_t>(atom.type)];
  return {atom.position, drawing.radius, side == DensitySide::receptor ? drawing.receptor : drawing.ligand};
}

std::vector<DensityAtom> density_atoms(const std::vector<chem::SminaAtom>& atoms, DensitySide side) {
  std::vector<DensityAtom> out;
  out.reserve(atoms.size());
  for (const auto& atom : atoms) out.push_back(density_atom(atom, side));
  return out;
}

chem::Vector3 density_centre(const std::vector<DensityAtom>& ligand) {
  if (ligand.empty()) throw UsageError("a pose without atoms has no centre");
  float x = 0, y = 0, z = 0;
  for (const auto& atom : ligand) {
    x += static_cast<float>(atom.position.x);
    y += static_cast<float>(atom.position.y);
    z += static_cast<float>(atom.position.z);
  }
  const auto n = static_cast<float>(ligand.size());
  return {double(x / n), double(y / n), double(z / n)};
}

}  // namespace theriac::scoring
