#include "chem/seed_pose.hpp"

#include <GraphMol/Atom.h>
#include <GraphMol/Bond.h>
#include <GraphMol/Conformer.h>
#include <GraphMol/MolOps.h>
#include <GraphMol/RWMol.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

#include "chem/embedding.hpp"
#include "chem/error.hpp"
#include "chem/molecular_symmetry.hpp"
#include "chem/rdkit_log.hpp"
#include "chem/record_reader.hpp"
#include "chem/seed_fit.hpp"
#include "chem/standardise.hpp"
#include "chem/superposition.hpp"

namespace theriac::chem {
namespace {

using RDKit::ROMol;

constexpr std::size_t mapping_limit = 512;
constexpr std::size_t mappings_tried = 48;  // of those, the best by bond lengths and angles
constexpr double reach = 0.3;               // angstrom that a heavy atom may move while the shape is relaxed
constexpr double tolerance = 0.12;  // of a usual distance over one or two bonds: beyond is no sound shape

/// "6.2 6.3 8.1": element and heavy degree of every heavy atom, sorted.
std::string composition(const std::vector<std::pair<int, int>>& atoms) {
  auto sorted = atoms;
  std::sort(sorted.begin(), sorted.end());
  std::string text;
  for (const auto& [element, degree] : sorted) text += fmt::format("{}.{} ", element, degree);
  return text;
}

std::string composition_of(const Molecule& molecule) {
  std::vector<std::pair<int, int>> atoms;
  for (const auto* atom : molecule.graph().atoms()) {
    if (atom->getAtomicNum() <= 1) continue;
    int degree = 0;
    for (const auto* other : molecule.graph().atomNeighbors(atom)) degree += other->getAtomicNum() > 1;
    atoms.emplace_back(atom->getAtomicNum(), degree);
  }
  return composition(atoms);
}

std::string composition_of(const FlexibleLigand& ligand) {
  std::vector<int> degree(ligand.atoms.size(), 0);
  for (const auto& [a, b] : ligand.bonds) {
    degree[a] += ligand.atoms[b].element > 1;
    degree[b] += ligand.atoms[a].element > 1;
  }
  std::vector<std::pair<int, int>> atoms;
  for (std::size_t i = 0; i < ligand.atoms.size(); ++i)
    if (ligand.atoms[i].element > 1) atoms.emplace_back(ligand.atoms[i].element, degree[i]);
  return composition(atoms);
}

/// Hydrogens less the charge: what protons that come, go or move do not change.
int bound_hydrogens(const Molecule& molecule) {
  int count = 0;
  for (const auto* atom : molecule.graph().atoms()) {
    count -= atom->getFormalCharge();
    count += atom->getAtomicNum() == 1 ? 1 : static_cast<int>(atom->getTotalNumHs(false));
  }
  return count;
}

/// Single bonds only and no hydrogens: an SDF made from coordinates alone.
bool lost_its_bond_orders(const Molecule& molecule) {
  for (const auto* atom : molecule.graph().atoms())
    if (atom->getAtomicNum() == 1) return false;
  for (const auto* bond : molecule.graph().bonds())
    if (bond->getBondType() != RDKit::Bond::SINGLE) return false;
  return true;
}

/// Where a mapping puts the atoms of the docked molecule; hydrogens stay where they are.
Coordinates transferred(const std::vector<int>& mapping, const Coordinates& from, Coordinates onto) {
  for (std::size_t i = 0; i < mapping.size(); ++i)
    if (mapping[i] >= 0) onto[mapping[i]] = from[i];
  return onto;
}

/// How far bond lengths and angles of heavy atoms are from those of the conformer: which end of a group that
/// was drawn without its bond orders is which.
double misfit(const std::vector<std::pair<int, int>>& near, const Coordinates& conformer,
              const Coordinates& x) {
  double sum = 0;
  for (const auto& [a, b] : near) {
    const double d = distance(x[a], x[b]) - distance(conformer[a], conformer[b]);
    sum += d * d;
  }
  return sum;
}

/// Pairs of heavy atoms one or two bonds apart.
std::vector<std::pair<int, int>> near_pairs(const FlexibleLigand& ligand) {
  std::vector<std::vector<int>> neighbours(ligand.atoms.size());
  std::vector<std::pair<int, int>> out;
  for (const auto& [a, b] : ligand.bonds) {
    if (ligand.atoms[a].element <= 1 || ligand.atoms[b].element <= 1) continue;
    neighbours[a].push_back(b);
    neighbours[b].push_back(a);
    out.emplace_back(a, b);
  }
  for (const auto& ends : neighbours)
    for (std::size_t i = 0; i < ends.size(); ++i)
      for (std::size_t j = i + 1; j < ends.size(); ++j) out.emplace_back(ends[i], ends[j]);
  return out;
}

/// Hydrogens anew where the heavy atoms want them.
Coordinates with_new_hydrogens(const Molecule& with_h, const Coordinates& x) {
  const ROMol& mol = with_h.graph();
  RDKit::RWMol bare(mol);
  bare.clearConformers();
  RDKit::MolOps::removeAllHs(bare);
  std::vector<unsigned> heavy;  // in the order of `bare`
  for (const auto* atom : mol.atoms())
    if (atom->getAtomicNum() > 1) heavy.push_back(atom->getIdx());
  if (bare.getNumAtoms() != heavy.size())
    throw MoleculeError("hydrogens that bind to no single heavy atom cannot be placed on a seed pose");
  auto conformer = std::make_unique<RDKit::Conformer>(static_cast<unsigned>(heavy.size()));
  conformer->set3D(true);
  for (unsigned i = 0; i < heavy.size(); ++i)
    conformer->setAtomPos(i, {x[heavy[i]].x, x[heavy[i]].y, x[heavy[i]].z});
  bare.addConformer(conformer.release(), true);
  RDKit::MolOps::addHs(bare, false, true);
  Coordinates out = x;
  for (unsigned i = 0; i < heavy.size(); ++i) {
    std::vector<unsigned> old_ones, new_ones;
    for (const auto* other : mol.atomNeighbors(mol.getAtomWithIdx(heavy[i])))
      if (other->getAtomicNum() == 1) old_ones.push_back(other->getIdx());
    for (const auto* other : bare.atomNeighbors(bare.getAtomWithIdx(i)))
      if (other->getAtomicNum() == 1) new_ones.push_back(other->getIdx());
    if (old_ones.size() != new_ones.size())
      throw MoleculeError("hydrogens of the ligand cannot be placed on a seed pose");
    for (std::size_t h = 0; h < old_ones.size(); ++h) {
      const auto& p = bare.getConformer().getAtomPos(new_ones[h]);
      out[old_ones[h]] = {p.x, p.y, p.z};
    }
  }
  return out;
}

/// No bond and no angle is far from what it is in the conformer.
bool is_sound(const std::vector<std::pair<int, int>>& near, const Coordinates& conformer,
              const Coordinates& x) {
  return std::all_of(near.begin(), near.end(), [&](const auto& pair) {
    const double usual = distance(conformer[pair.first], conformer[pair.second]);
    return std::abs(distance(x[pair.first], x[pair.second]) - usual) < tolerance * usual;
  });
}

Coordinates heavy_of(const FlexibleLigand& ligand, const Coordinates& x) {
  Coordinates out;
  for (std::size_t i = 0; i < x.size(); ++i)
    if (ligand.atoms[i].element > 1) out.push_back(x[i]);
  return out;
}

Coordinates first_conformer(const FlexibleLigand& ligand) {
  Coordinates out;
  for (const auto& atom : ligand.atoms) out.push_back(atom.position);
  return out;
}

PlacedSeed refused(std::string message) {
  PlacedSeed out;
  out.message = std::move(message);
  return out;
}

PlacedSeed turned_onto(const FlexibleLigand& ligand, const std::vector<Coordinates>& targets) {
  FittedPose best;
  best.rmsd = std::numeric_limits<double>::infinity();
  for (const auto& target : targets)
    if (FittedPose fit = fitted_pose(ligand, target); fit.rmsd < best.rmsd) best = std::move(fit);
  return {best.coordinates, "", true, best.rmsd};
}

/// The mappings that keep bond lengths and angles best first, as the positions that each wants.
std::vector<Coordinates> wanted_positions(std::vector<std::vector<int>> mappings, const Coordinates& seed,
                                          const std::vector<std::pair<int, int>>& near,
                                          const Coordinates& conformer) {
  std::vector<std::pair<double, Coordinates>> all;
  for (const auto& mapping : mappings) {
    Coordinates x = transferred(mapping, seed, conformer);
    const double how_far = misfit(near, conformer, x);
    all.emplace_back(how_far, std::move(x));
  }
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  all.resize(std::min(all.size(), mappings_tried));
  std::vector<Coordinates> out;
  for (auto& entry : all) out.push_back(std::move(entry.second));
  return out;
}

/// The seed's own shape, relaxed where it stands; empty when none of the mappings gives a sound one.
/// `other_stereo` tells whether all of them had another stereochemistry.
std::optional<PlacedSeed> in_its_own_shape(const Molecule& with_h, const FlexibleLigand& ligand,
                                           const std::vector<std::pair<int, int>>& near,
                                           const std::vector<Coordinates>& wanted, bool& other_stereo) {
  const RdkitLog quiet;
  const Coordinates conformer = with_h.coordinates();
  Relaxation relaxation(with_h);
  other_stereo = true;
  for (const auto& heavy : wanted) {
    const Coordinates x = with_new_hydrogens(with_h, heavy);
    if (!has_specified_stereo(with_h, x)) continue;
    other_stereo = false;
    Coordinates shape = relaxation.relaxed_near(x, reach).x;
    if (!has_specified_stereo(with_h, shape) || !is_sound(near, conformer, shape)) continue;
    const double moved = rmsd(heavy_of(ligand, shape), heavy_of(ligand, x));
    return PlacedSeed{std::move(shape), "", false, moved};
  }
  return {};
}

/// The pose of one record. Throws MoleculeError.
SeedPose seed_of(const Record& record) {
  if (!record.good()) throw MoleculeError(record.message);
  if (!record.molecule) throw MoleculeError("no bonds: a pose in PDBQT does not say which atoms are bonded");
  Molecule molecule = *record.molecule;
  if (!molecule.has_3d()) throw MoleculeError("no 3D coordinates");
  for (const auto& p : molecule.coordinates())
    if (!std::isfinite(dot(p, p))) throw MoleculeError("a coordinate is not a finite number");
  if (molecule.smiles().find('.') != std::string::npos) {
    StandardiseOptions parts_only;
    parts_only.neutralise = parts_only.strip_isotopes = false;
    molecule = standardised(molecule, parts_only);
  }
  const bool numbered = record.name == fmt::format("{}:{}", record.file, record.line);  // it has no name
  return {0, numbered ? std::string() : record.name, std::move(molecule)};
}

}  // namespace

std::string SeedPose::label() const {
  return title.empty() ? fmt::format("seed {}", number) : fmt::format("seed {} ({})", number, title);
}

SeedFile::SeedFile(const std::string& path) {
  RecordReader reader({path});
  std::int64_t number = 0;
  while (const auto record = reader.next()) {
    ++number;
    try {
      SeedPose pose = seed_of(*record);
      pose.number = number;
      by_composition_[composition_of(pose.molecule)].push_back(poses_.size());
      poses_.push_back(std::move(pose));
    } catch (const MoleculeError& error) {
      unread_.push_back({number, record->name, error.what()});
    }
  }
  if (poses_.empty())
    throw InputError(fmt::format("no pose in '{}': {} records could not be used, the first one because: {}",
                                 path, unread_.size(), unread_.empty() ? "" : unread_.front().message),
                     "give an SDF with 3D coordinates");
}

const std::vector<std::size_t>& SeedFile::alike(const FlexibleLigand& ligand) const {
  static const std::vector<std::size_t> none;
  const auto found = by_composition_.find(composition_of(ligand));
  return found == by_composition_.end() ? none : found->second;
}

std::optional<PlacedSeed> placed_seed(const SeedPose& seed, const std::optional<Molecule>& with_hydrogens,
                                      const FlexibleLigand& ligand) {
  const Coordinates conformer = first_conformer(ligand);
  const auto near = near_pairs(ligand);
  const auto wanted_of = [&](auto mappings) {
    return wanted_positions(std::move(mappings), seed.molecule.coordinates(), near, conformer);
  };
  if (!with_hydrogens) {
    const auto wanted = wanted_of(heavy_atom_mappings(seed.molecule, ligand, mapping_limit));
    if (wanted.empty()) return {};
    return turned_onto(ligand, wanted);
  }
  const auto wanted = wanted_of(heavy_atom_mappings(seed.molecule, *with_hydrogens, mapping_limit));
  if (wanted.empty()) return {};
  if (bound_hydrogens(seed.molecule) != bound_hydrogens(*with_hydrogens) &&
      !lost_its_bond_orders(seed.molecule))
    return refused("the same heavy atoms with other bond orders: another molecule");
  bool other_stereo = false;
  if (auto placed = in_its_own_shape(*with_hydrogens, ligand, near, wanted, other_stereo)) return placed;
  if (other_stereo) return refused("another stereoisomer");
  return turned_onto(ligand, wanted);
}

}  // namespace theriac::chem
