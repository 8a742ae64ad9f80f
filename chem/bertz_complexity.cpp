#include <GraphMol/MolOps.h>
#include <GraphMol/ROMol.h>

#include <array>
#include <cmath>
#include <map>
#include <vector>

#include "chem/descriptors.hpp"
#include "chem/heavy_graph.hpp"

namespace theriac::chem {
namespace {

constexpr std::size_t distances_compared = 100;  // of an atom to all others, the nearest first

/// RDKit tells distances apart by four decimals, so that the order of summation does not matter.
long long four_decimals(double distance) {
  return std::llround(distance * 1e4);
}

/// Atoms whose sorted distances to all others agree are of one class. Distances run over bonds of length 1 /
/// order.
std::vector<int> symmetry_classes(const RDKit::ROMol& graph) {
  const std::size_t n = graph.getNumAtoms();
  const double* distance = RDKit::MolOps::getDistanceMat(graph, true, false, true, "Balaban");
  std::map<std::vector<long long>, int> class_of;
  std::vector<int> classes(n);
  for (std::size_t i = 0; i < n; ++i) {
    std::vector<long long> row(n);
    for (std::size_t j = 0; j < n; ++j) row[j] = four_decimals(distance[i * n + j]);
    std::sort(row.begin(), row.end());
    row.resize(std::min(n, distances_compared));
    classes[i] = class_of.emplace(std::move(row), static_cast<int>(class_of.size())).first->second;
  }
  return classes;
}

/// RDKit counts bonds other than single, double, triple and aromatic by their number in its list of types.
double bond_order(const RDKit::Bond& bond) {
  if (bond.getIsAromatic() || bond.getBondType() == RDKit::Bond::AROMATIC) return 1.5;
  return static_cast<double>(bond.getBondType());
}

template <typename Key>
double entropy(const std::map<Key, double>& counts, double total) {
  double sum = 0;
  for (const auto& [key, count] : counts) sum -= count / total * std::log2(count / total);
  return sum;
}

using ConnectionCounts = std::map<std::array<int, 3>, double>;

/// Pairs of bonds that meet at an atom, and bonds within a multiple bond, by the classes of their atoms.
ConnectionCounts connections(const RDKit::ROMol& graph, const std::vector<int>& classes) {
  struct Spoke {
    int end_class;
    double order;
  };
  constexpr int no_hinge = -1;
  ConnectionCounts counts;
  for (const auto atom : graph.atoms()) {
    const int hinge = classes[atom->getIdx()];
    std::vector<Spoke> spokes;
    for (const auto bond : graph.atomBonds(atom)) {
      const auto other = bond->getOtherAtomIdx(atom->getIdx());
      const double order = bond_order(*bond);
      spokes.push_back({classes[other], order});
      if (order > 1 && other > atom->getIdx())
        counts[{std::min(hinge, spokes.back().end_class), no_hinge,
                std::max(hinge, spokes.back().end_class)}] += order * (order - 1) / 2;
    }
    for (std::size_t i = 0; i < spokes.size(); ++i)
      for (std::size_t j = i + 1; j < spokes.size(); ++j)
        counts[{std::min(spokes[i].end_class, spokes[j].end_class), hinge,
                std::max(spokes[i].end_class, spokes[j].end_class)}] += spokes[i].order * spokes[j].order;
  }
  return counts;
}

}  // namespace

double bertz_complexity(const Molecule& molecule) {
  const RDKit::ROMol graph(*heavy_graph(molecule));  // RDKit stores the distance matrix on it
  const auto atoms = static_cast<double>(graph.getNumAtoms());
  if (graph.getNumAtoms() < 2) return 0;
  const ConnectionCounts bonds = connections(graph, symmetry_classes(graph));
  double total = 0;
  for (const auto& [key, count] : bonds) total += count;
  std::map<int, double> elements;
  for (const auto atom : graph.atoms()) elements[atom->getAtomicNum()] += 1;
  const double of_bonds = bonds.empty() ? 0 : total * (entropy(bonds, total) + std::log2(total));
  return of_bonds + atoms * entropy(elements, atoms);
}

}  // namespace theriac::chem
