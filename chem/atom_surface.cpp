#include "chem/atom_surface.hpp"

#include <GraphMol/PeriodicTable.h>
#include <GraphMol/ROMol.h>

#include <algorithm>
#include <cmath>

namespace theriac::chem {
namespace {

/// Neighbours of a polar atom other than hydrogen, by their bonds.
struct Bonds {
  int neighbours = 0, hydrogens = 0;
  int single = 0, twofold = 0, threefold = 0, aromatic = 0;
};

constexpr int any_ring = -1;

struct PolarType {
  int element, hydrogens, charge;
  int single, twofold, threefold, aromatic;
  int ring_of_three;
  double area;
};

constexpr PolarType polar_types[] = {
    {7, 0, 0, 0, 0, 1, 0, any_ring, 23.79},  {7, 1, 0, 0, 1, 0, 0, any_ring, 23.85},
    {7, 2, 0, 1, 0, 0, 0, any_ring, 26.02},  {7, 2, 1, 0, 1, 0, 0, any_ring, 25.59},
    {7, 3, 1, 1, 0, 0, 0, any_ring, 27.64},  {7, 0, 0, 1, 1, 0, 0, any_ring, 12.36},
    {7, 0, 0, 0, 1, 1, 0, any_ring, 13.60},  {7, 1, 0, 2, 0, 0, 0, 1, 21.94},
    {7, 1, 0, 2, 0, 0, 0, 0, 12.03},         {7, 0, 1, 1, 0, 1, 0, any_ring, 4.36},
    {7, 1, 1, 1, 1, 0, 0, any_ring, 13.97},  {7, 2, 1, 2, 0, 0, 0, any_ring, 16.61},
    {7, 0, 0, 0, 0, 0, 2, any_ring, 12.89},  {7, 1, 0, 0, 0, 0, 2, any_ring, 15.79},
    {7, 1, 1, 0, 0, 0, 2, any_ring, 14.14},  {7, 0, 0, 3, 0, 0, 0, 1, 3.01},
    {7, 0, 0, 3, 0, 0, 0, 0, 3.24},          {7, 0, 0, 1, 2, 0, 0, any_ring, 11.68},
    {7, 0, 1, 2, 1, 0, 0, any_ring, 3.01},   {7, 1, 1, 3, 0, 0, 0, any_ring, 4.44},
    {7, 0, 0, 0, 0, 0, 3, any_ring, 4.41},   {7, 0, 0, 1, 0, 0, 2, any_ring, 4.93},
    {7, 0, 0, 0, 1, 0, 2, any_ring, 8.39},   {7, 0, 1, 0, 0, 0, 3, any_ring, 4.10},
    {7, 0, 1, 1, 0, 0, 2, any_ring, 3.88},   {7, 0, 1, 4, 0, 0, 0, any_ring, 0.0},
    {8, 0, 0, 0, 1, 0, 0, any_ring, 17.07},  {8, 1, 0, 1, 0, 0, 0, any_ring, 20.23},
    {8, 0, -1, 1, 0, 0, 0, any_ring, 23.06}, {8, 0, 0, 2, 0, 0, 0, 1, 12.53},
    {8, 0, 0, 2, 0, 0, 0, 0, 9.23},          {8, 0, 0, 0, 0, 0, 2, any_ring, 13.14}};

Bonds bonds_of(const RDKit::Atom& atom) {
  Bonds out;
  out.hydrogens = static_cast<int>(atom.getTotalNumHs());
  for (const auto bond : atom.getOwningMol().atomBonds(&atom)) {
    if (bond->getOtherAtom(&atom)->getAtomicNum() == 1) {
      ++out.hydrogens;
      continue;
    }
    ++out.neighbours;
    const auto type = bond->getBondType();
    if (bond->getIsAromatic())
      ++out.aromatic;
    else if (type == RDKit::Bond::SINGLE)
      ++out.single;
    else if (type == RDKit::Bond::DOUBLE)
      ++out.twofold;
    else if (type == RDKit::Bond::TRIPLE)
      ++out.threefold;
  }
  return out;
}

double polar_area(const RDKit::Atom& atom) {
  const Bonds b = bonds_of(atom);
  const bool in_three = atom.getOwningMol().getRingInfo()->isAtomInRingOfSize(atom.getIdx(), 3);
  for (const PolarType& t : polar_types)
    if (t.element == atom.getAtomicNum() && t.hydrogens == b.hydrogens &&
        t.charge == atom.getFormalCharge() && t.single == b.single && t.twofold == b.twofold &&
        t.threefold == b.threefold && t.aromatic == b.aromatic &&
        t.single + t.twofold + t.threefold + t.aromatic == b.neighbours &&
        (t.ring_of_three == any_ring || t.ring_of_three == in_three))
      return t.area;
  const bool nitrogen = atom.getAtomicNum() == 7;
  return std::max(0.0, (nitrogen ? 30.5 : 28.5) - b.neighbours * (nitrogen ? 8.2 : 8.6) + b.hydrogens * 1.5);
}

/// How far the spheres of two atoms reach into each other: what a sphere of radius `of` loses to one of
/// radius `to` at this distance, over pi times its own radius.
double hidden(double of, double to, double distance) {
  return to * to - (of - distance) * (of - distance) / distance;
}

double distance_between(double a, double b, double bond) {
  return std::min(std::max(std::fabs(a - b), bond), a + b);
}

double shortening(const RDKit::Bond& bond) {
  if (bond.getIsAromatic()) return 0.1;
  switch (bond.getBondType()) {
    case RDKit::Bond::ZERO:
    case RDKit::Bond::UNSPECIFIED:
      return 0.1;
    case RDKit::Bond::DOUBLE:
      return 0.2;
    case RDKit::Bond::TRIPLE:
      return 0.3;
    default:
      return 0;
  }
}

}  // namespace

double polar_surface(const RDKit::ROMol& graph) {
  double sum = 0;
  for (const auto atom : graph.atoms())
    if (atom->getAtomicNum() == 7 || atom->getAtomicNum() == 8) sum += polar_area(*atom);
  return sum;
}

std::vector<double> free_surface(const RDKit::ROMol& graph) {
  constexpr double pi = 3.14159265358979323846;
  const auto* table = RDKit::PeriodicTable::getTable();
  std::vector<double> radius, out(graph.getNumAtoms());
  for (const auto atom : graph.atoms())
    radius.push_back(table->getRb0(static_cast<unsigned>(atom->getAtomicNum())));
  for (const auto bond : graph.bonds()) {
    const auto begin = bond->getBeginAtomIdx(), end = bond->getEndAtomIdx();
    const double a = radius[begin], b = radius[end];
    const double distance = distance_between(a, b, a + b - shortening(*bond));
    out[begin] += hidden(a, b, distance);
    out[end] += hidden(b, a, distance);
  }
  const double hydrogen = table->getRb0(1);
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] += hidden(radius[i], hydrogen, distance_between(radius[i], hydrogen, radius[i] + hydrogen));
    out[i] = pi * radius[i] * (4.0 * radius[i] - out[i]);
  }
  return out;
}

}  // namespace theriac::chem
