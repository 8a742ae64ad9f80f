// A small made-up receptor and ligand for docking tests: a bowl of protein-like atoms and a chain with
// rotors.
#pragma once
#include <cmath>
#include <string>

#include "chem/box.hpp"
#include "chem/counter_random.hpp"
#include "chem/flexible_ligand.hpp"
#include "chem/receptor.hpp"
#include "scoring/pose_model.hpp"

namespace docking_example {

using theriac::chem::FlexibleLigand;
using theriac::chem::Receptor;
using theriac::chem::Vector3;

inline Receptor bowl() {
  Receptor receptor;
  receptor.name = "bowl";
  theriac::chem::CounterRandom random(11, "bowl", "test");
  const char* types[] = {"C", "A", "OA", "N", "HD", "SA"};
  const int elements[] = {6, 6, 8, 7, 1, 16};
  while (receptor.atoms.size() < 150) {
    const Vector3 p{random.uniform(-12, 12), random.uniform(-12, 12), random.uniform(-12, 2)};
    const double r = norm(p);
    if (r < 5.5 || r > 11) continue;
    bool crowded = false;
    for (const auto& atom : receptor.atoms) crowded = crowded || distance(atom.position, p) < 1.9;
    if (crowded) continue;
    const auto kind = random.below(6);
    theriac::chem::ReceptorAtom atom;
    atom.name = types[kind];
    atom.residue_name = "ALA";
    atom.residue = {"A", static_cast<int>(receptor.atoms.size() / 5 + 1), ' '};
    atom.autodock_type = types[kind];
    atom.element = elements[kind];
    atom.position = p;
    receptor.atoms.push_back(atom);
  }
  return receptor;
}

/// A zigzag chain C-C-O-C-C-N-C-C-C with a bond to turn between every two atoms after the first three.
inline FlexibleLigand chain() {
  FlexibleLigand ligand;
  ligand.name = "chain";
  ligand.key = "CCOCCNCCC";
  const char* types[] = {"C", "C", "OA", "C", "C", "N", "C", "C", "C"};
  const int elements[] = {6, 6, 8, 6, 6, 7, 6, 6, 6};
  for (int i = 0; i < 9; ++i) {
    theriac::chem::LigandAtom atom;
    atom.name = std::string(types[i]) + std::to_string(i);
    atom.autodock_type = types[i];
    atom.element = elements[i];
    atom.position = {1.25 * i - 5, i % 2 ? 0.8 : 0.0, 0.1 * i};
    ligand.atoms.push_back(atom);
    if (i > 0) ligand.bonds.push_back({i - 1, i});
  }
  ligand.fragments.push_back({-1, -1, -1, {0, 1, 2}});
  for (int i = 3; i < 8; ++i)
    ligand.fragments.push_back({i - 3, i - 1, i, i == 7 ? std::vector<int>{7, 8} : std::vector<int>{i}});
  return ligand;
}

inline theriac::chem::Box box() {
  return {{0, 0, -1}, {14, 14, 14}, "test"};
}

/// Anywhere within `reach` angstrom of the input pose on each axis, any way round, any torsions.
inline theriac::scoring::Conformation random_conformation(const theriac::scoring::PoseModel& model,
                                                          theriac::chem::CounterRandom& random,
                                                          double reach) {
  theriac::scoring::Conformation c = model.input_pose();
  for (int k = 0; k < 3; ++k) c.position[k] = random.uniform(-reach, reach);
  double length = 0;
  for (auto& q : c.orientation) {
    q = random.normal();
    length += q * q;
  }
  for (auto& q : c.orientation) q /= std::sqrt(length);
  for (auto& t : c.torsions) t = random.uniform(-3, 3);
  return c;
}

}  // namespace docking_example
