#include "chem/pocket.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "chem/cell_list.hpp"
#include "chem/error.hpp"

namespace theriac::chem {
namespace {

constexpr double clearance = 2.8;    ///< a pocket point keeps this far from heavy-atom centres, angstrom
constexpr double atom_radius = 2.0;  ///< a ray stops this near to a heavy-atom centre
constexpr double ray_length = 10.0;
constexpr int least_directions = 19;  ///< of 26, for a point to count as buried
constexpr double residue_contact = 5.0;
constexpr double smallest_volume = 60;  ///< cubic angstrom, about four heavy atoms
constexpr long most_grid_points = 30'000'000;

enum : unsigned char { solvent = 0, near_atom = 1, inside_atom = 2 };

/// A lattice over the protein's bounding box.
struct Lattice {
  Vector3 low;
  double spacing = 1.0;
  std::array<int, 3> n{};
  std::vector<unsigned char> state;

  std::size_t index(int i, int j, int k) const { return (static_cast<std::size_t>(k) * n[1] + j) * n[0] + i; }
  bool holds(int i, int j, int k) const {
    return i >= 0 && j >= 0 && k >= 0 && i < n[0] && j < n[1] && k < n[2];
  }
  Vector3 place(int i, int j, int k) const {
    return low + spacing * Vector3{double(i), double(j), double(k)};
  }
};

Lattice empty_lattice(const std::vector<Vector3>& atoms) {
  Lattice lattice;
  Vector3 high = atoms.front();
  lattice.low = atoms.front();
  for (const auto& atom : atoms)
    for (int axis = 0; axis < 3; ++axis) {
      lattice.low[axis] = std::min(lattice.low[axis], atom[axis]);
      high[axis] = std::max(high[axis], atom[axis]);
    }
  const auto count = [&](double spacing) {
    double points = 1;
    for (int axis = 0; axis < 3; ++axis) points *= std::floor((high[axis] - lattice.low[axis]) / spacing) + 1;
    return points;
  };
  while (count(lattice.spacing) > double(most_grid_points)) lattice.spacing *= 1.25;
  for (int axis = 0; axis < 3; ++axis)
    lattice.n[axis] = static_cast<int>((high[axis] - lattice.low[axis]) / lattice.spacing) + 1;
  lattice.state.assign(std::size_t(lattice.n[0]) * lattice.n[1] * lattice.n[2], solvent);
  return lattice;
}

void mark_atom(Lattice& lattice, Vector3 atom) {
  std::array<int, 3> first{}, last{};
  for (int axis = 0; axis < 3; ++axis) {
    const double offset = atom[axis] - lattice.low[axis];
    first[axis] = std::max(0, static_cast<int>(std::ceil((offset - clearance) / lattice.spacing)));
    last[axis] =
        std::min(lattice.n[axis] - 1, static_cast<int>(std::floor((offset + clearance) / lattice.spacing)));
  }
  for (int k = first[2]; k <= last[2]; ++k)
    for (int j = first[1]; j <= last[1]; ++j)
      for (int i = first[0]; i <= last[0]; ++i) {
        const double d2 = squared_distance(lattice.place(i, j, k), atom);
        const unsigned char state = d2 < atom_radius * atom_radius ? inside_atom
                                    : d2 < clearance * clearance   ? near_atom
                                                                   : solvent;
        auto& there = lattice.state[lattice.index(i, j, k)];
        there = std::max(there, state);
      }
}

struct Direction {
  int i, j, k;
  int steps;
};

std::vector<Direction> directions(double spacing) {
  std::vector<Direction> all;
  for (int i = -1; i <= 1; ++i)
    for (int j = -1; j <= 1; ++j)
      for (int k = -1; k <= 1; ++k)
        if (i || j || k)
          all.push_back(
              {i, j, k, static_cast<int>(ray_length / (spacing * std::sqrt(double(i * i + j * j + k * k))))});
  return all;
}

bool meets_protein(const Lattice& lattice, int i, int j, int k, const Direction& d) {
  for (int step = 1; step <= d.steps; ++step) {
    const int x = i + step * d.i, y = j + step * d.j, z = k + step * d.k;
    if (!lattice.holds(x, y, z)) return false;
    if (lattice.state[lattice.index(x, y, z)] == inside_atom) return true;
  }
  return false;
}

/// Directions that meet protein, for every free point; 0 elsewhere and below the threshold.
std::vector<unsigned char> burial_map(const Lattice& lattice) {
  std::vector<unsigned char> burial(lattice.state.size(), 0);
  const auto rays = directions(lattice.spacing);
  for (int k = 0; k < lattice.n[2]; ++k)
    for (int j = 0; j < lattice.n[1]; ++j)
      for (int i = 0; i < lattice.n[0]; ++i) {
        if (lattice.state[lattice.index(i, j, k)] != solvent) continue;
        int hits = 0;
        for (const auto& ray : rays) hits += meets_protein(lattice, i, j, k, ray);
        if (hits >= least_directions) burial[lattice.index(i, j, k)] = static_cast<unsigned char>(hits);
      }
  return burial;
}

/// The cluster of buried points joined by lattice edges that holds (i, j, k); its points are removed from the
/// map.
Pocket take_cluster(const Lattice& lattice, std::vector<unsigned char>& burial, std::array<int, 3> seed) {
  Pocket pocket;
  std::vector<std::array<int, 3>> stack{seed};
  double weight = 0;
  const auto visit = [&](const std::array<int, 3>& c) {
    const int hits = burial[lattice.index(c[0], c[1], c[2])];
    burial[lattice.index(c[0], c[1], c[2])] = 0;
    const double w = hits - least_directions + 1;
    const Vector3 place = lattice.place(c[0], c[1], c[2]);
    pocket.points.push_back(place);
    pocket.center = pocket.center + w * place;
    pocket.burial += hits / 26.0;
    weight += w;
  };
  visit(seed);
  while (!stack.empty()) {
    const auto c = stack.back();
    stack.pop_back();
    for (int axis = 0; axis < 3; ++axis)
      for (const int step : {-1, 1}) {
        auto next = c;
        next[axis] += step;
        if (!lattice.holds(next[0], next[1], next[2]) || !burial[lattice.index(next[0], next[1], next[2])])
          continue;
        visit(next);
        stack.push_back(next);
      }
  }
  pocket.center = (1.0 / weight) * pocket.center;
  pocket.burial /= static_cast<double>(pocket.points.size());
  pocket.volume = static_cast<double>(pocket.points.size()) * std::pow(lattice.spacing, 3);
  pocket.score = weight * std::pow(lattice.spacing, 3);
  return pocket;
}

std::vector<ResidueId> lining(const Receptor& receptor, const Pocket& pocket) {
  const CellList points(pocket.points, residue_contact);
  std::vector<ResidueId> residues;
  for (const auto& atom : receptor.atoms) {
    if (!residues.empty() && residues.back() == atom.residue) continue;
    if (points.any_within(atom.position, residue_contact)) residues.push_back(atom.residue);
  }
  return residues;
}

}  // namespace

std::vector<Pocket> find_pockets(const Receptor& receptor, std::size_t count) {
  std::vector<Vector3> atoms;
  for (const auto& atom : receptor.atoms)
    if (atom.element > 1) atoms.push_back(atom.position);
  if (atoms.empty()) return {};
  Lattice lattice = empty_lattice(atoms);
  for (const auto& atom : atoms) mark_atom(lattice, atom);
  auto burial = burial_map(lattice);
  std::vector<Pocket> pockets;
  for (int k = 0; k < lattice.n[2]; ++k)
    for (int j = 0; j < lattice.n[1]; ++j)
      for (int i = 0; i < lattice.n[0]; ++i)
        if (burial[lattice.index(i, j, k)]) {
          Pocket pocket = take_cluster(lattice, burial, {i, j, k});
          if (pocket.volume >= smallest_volume) pockets.push_back(std::move(pocket));
        }
  std::stable_sort(pockets.begin(), pockets.end(),
                   [](const Pocket& a, const Pocket& b) { return a.score > b.score; });
  if (pockets.size() > count) pockets.resize(count);
  for (auto& pocket : pockets) pocket.residues = lining(receptor, pocket);
  return pockets;
}

Box box_from_pocket(const Receptor& receptor) {
  const auto pockets = find_pockets(receptor, 1);
  if (pockets.empty())
    throw InputError(
        fmt::format("no pocket found in {}", receptor.name),
        "name the site with --autobox_ligand, --autobox_residues or --center_x ... --size_x ...");
  const Pocket& pocket = pockets.front();
  Vector3 low = pocket.center, high = pocket.center;
  for (const auto& point : pocket.points)
    for (int axis = 0; axis < 3; ++axis) {
      low[axis] = std::min(low[axis], point[axis]);
      high[axis] = std::max(high[axis], point[axis]);
    }
  Box box;
  box.center = pocket.center;
  for (int axis = 0; axis < 3; ++axis) box.size[axis] = std::clamp(high[axis] - low[axis] + 8.0, 20.0, 30.0);
  box.origin = fmt::format("largest pocket, {:.0f} A3, {} residues", pocket.volume, pocket.residues.size());
  return box;
}

}  // namespace theriac::chem
