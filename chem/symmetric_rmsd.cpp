#include "chem/symmetric_rmsd.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "chem/error.hpp"
#include "chem/molecular_symmetry.hpp"

namespace theriac::chem {
namespace {

constexpr std::size_t mapping_limit = 4096;

void check_size(std::size_t found, std::size_t wanted) {
  if (found != wanted)
    throw MoleculeError(fmt::format("a pose of {} positions for a ligand of {} atoms", found, wanted),
                        "give one position per ligand atom, hydrogens included");
}

std::string label(const Molecule& molecule) {
  return molecule.name().empty() ? molecule.smiles() : molecule.name() + " " + molecule.smiles();
}

std::vector<int> heavy_atoms(const FlexibleLigand& ligand) {
  std::vector<int> heavy;
  for (std::size_t i = 0; i < ligand.atoms.size(); ++i)
    if (ligand.atoms[i].element > 1) heavy.push_back(static_cast<int>(i));
  return heavy;
}

double mean_nearest(const FlexibleLigand& ligand, const std::vector<Vector3>& from,
                    const std::vector<Vector3>& to) {
  double sum = 0;
  int n = 0;
  for (std::size_t i = 0; i < from.size(); ++i) {
    if (ligand.atoms[i].element <= 1) continue;
    double nearest = std::numeric_limits<double>::infinity();
    for (std::size_t j = 0; j < to.size(); ++j)
      if (ligand.atoms[j].element == ligand.atoms[i].element)
        nearest = std::min(nearest, squared_distance(from[i], to[j]));
    sum += nearest;
    ++n;
  }
  return n ? std::sqrt(sum / n) : 0;
}

}  // namespace

SymmetricDistance::SymmetricDistance(const FlexibleLigand& ligand)
    : SymmetricDistance(ligand, heavy_atoms(ligand)) {}

SymmetricDistance::SymmetricDistance(const FlexibleLigand& ligand, const std::vector<int>& atoms) {
  std::vector<int> place(ligand.atoms.size(), -1);
  for (std::size_t i = 0; i < atoms.size(); ++i) place[atoms[i]] = static_cast<int>(i);
  for (const auto& symmetry : ligand.symmetries) {
    std::vector<int> permutation;
    for (const int atom : atoms) permutation.push_back(place[symmetry[atom]]);
    permutations_.push_back(std::move(permutation));
  }
  if (permutations_.empty()) {
    permutations_.emplace_back(atoms.size());
    std::iota(permutations_[0].begin(), permutations_[0].end(), 0);
  }
}

double SymmetricDistance::rmsd(const std::vector<Vector3>& a, const std::vector<Vector3>& b) const {
  const std::size_t atoms = permutations_[0].size();
  check_size(std::min(a.size(), atoms), atoms);
  check_size(std::min(b.size(), atoms), atoms);
  if (atoms == 0) return 0;
  double least = std::numeric_limits<double>::max();
  for (const auto& permutation : permutations_) {
    double sum = 0;
    for (std::size_t i = 0; i < permutation.size() && sum < least; ++i)
      sum += squared_distance(a[i], b[permutation[i]]);
    least = std::min(least, sum);
  }
  return std::sqrt(least / static_cast<double>(atoms));
}

ReferencePose::ReferencePose(const Molecule& reference, const Molecule& docked, const FlexibleLigand& ligand)
    : ligand_atoms_(ligand.atoms.size()) {
  std::vector<int> ligand_atom(static_cast<std::size_t>(docked.atom_count()), -1);
  for (std::size_t i = 0; i < ligand.atoms.size(); ++i)
    if (const int s = ligand.atoms[i].source_atom; s >= 0 && s < docked.atom_count())
      ligand_atom[s] = static_cast<int>(i);
  auto mappings = heavy_atom_mappings(reference, docked, mapping_limit);
  for (auto& m : mappings)
    for (int& j : m)
      if (j >= 0) j = ligand_atom[j];
  take(reference, mappings, label(docked));
}

ReferencePose::ReferencePose(const Molecule& reference, const FlexibleLigand& ligand)
    : ligand_atoms_(ligand.atoms.size()) {
  take(reference, heavy_atom_mappings(reference, ligand, mapping_limit), ligand.name);
}

void ReferencePose::take(const Molecule& reference, const std::vector<std::vector<int>>& mappings,
                         const std::string& docked) {
  const std::vector<Vector3> x = reference.coordinates();
  if (x.empty())
    throw MoleculeError(fmt::format("the reference '{}' has no coordinates", label(reference)),
                        "give its pose as SDF");
  std::vector<std::size_t> heavy;
  for (std::size_t i = 0; !mappings.empty() && i < mappings.front().size(); ++i)
    if (mappings.front()[i] >= 0) heavy.push_back(i);
  for (const std::size_t i : heavy) reference_.push_back(x[i]);
  for (const auto& m : mappings) {
    std::vector<int> atoms;
    for (const std::size_t i : heavy) atoms.push_back(m[i]);
    atoms_.push_back(std::move(atoms));
  }
  if (heavy.empty())
    throw MoleculeError(
        fmt::format("the reference '{}' is not the docked molecule '{}'", label(reference), docked),
        "compare poses of the same molecule; hydrogens and charges may differ, heavy atoms may not");
}

double ReferencePose::rmsd(const std::vector<Vector3>& pose) const {
  check_size(pose.size(), ligand_atoms_);
  double best = std::numeric_limits<double>::infinity();
  for (const auto& atoms : atoms_) {
    double sum = 0;
    for (std::size_t i = 0; i < atoms.size(); ++i) sum += squared_distance(reference_[i], pose[atoms[i]]);
    best = std::min(best, sum);
  }
  return std::sqrt(best / static_cast<double>(reference_.size()));
}

VinaRmsd vina_rmsd(const FlexibleLigand& ligand, const std::vector<Vector3>& a,
                   const std::vector<Vector3>& b) {
  check_size(a.size(), ligand.atoms.size());
  check_size(b.size(), ligand.atoms.size());
  VinaRmsd out;
  int n = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (ligand.atoms[i].element > 1) {
      out.upper += squared_distance(a[i], b[i]);
      ++n;
    }
  out.upper = n ? std::sqrt(out.upper / n) : 0;
  out.lower = std::max(mean_nearest(ligand, a, b), mean_nearest(ligand, b, a));
  return out;
}

}  // namespace theriac::chem
