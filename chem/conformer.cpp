#include "chem/conformer.hpp"

#include <GraphMol/Conformer.h>
#include <GraphMol/MolOps.h>
#include <GraphMol/ROMol.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "chem/embedding.hpp"
#include "chem/error.hpp"
#include "chem/rdkit_log.hpp"
#include "chem/ring_shape.hpp"
#include "chem/ring_system.hpp"

namespace theriac::chem {
namespace {

std::string label(const Molecule& molecule) {
  return molecule.name().empty() ? molecule.smiles().substr(0, 120) : molecule.name();
}

void check_size(const Molecule& molecule, const EmbedOptions& options) {
  if (molecule.heavy_atom_count() > options.heavy_atom_limit)
    throw MoleculeError(fmt::format("'{}' has {} heavy atoms, more than {}", label(molecule),
                                    molecule.heavy_atom_count(), options.heavy_atom_limit),
                        "docking is meant for small molecules and short peptides");
}

RingSearch ring_search(const EmbedOptions& options, bool keep_start_first) {
  RingSearch s;
  s.seed = options.seed;
  s.conformers = options.ring_conformers;
  s.macrocycle_conformers = std::min(options.macrocycle_conformers, options.ring_conformers * 2);
  s.energy_window = options.energy_window;
  s.keep_start_first = keep_start_first;
  s.cpu_seconds = options.cpu_seconds;
  return s;
}

/// One relaxed conformer with the stereochemistry asked for.
Coordinates first_conformer(const Molecule& with_h, const EmbedOptions& options) {
  constexpr int replicas = 3;
  const bool large_rings = RingShape::of_ring_system(with_h).has_macrocycle();
  Relaxation relaxation(with_h);
  for (int replica = 0; replica < replicas; ++replica)
    for (const auto& raw : embeddings(with_h, 1, options.seed, static_cast<std::uint64_t>(replica),
                                      large_rings, options.cpu_seconds)) {
      Conformation c = relaxation.relaxed(raw);
      if (has_specified_stereo(with_h, c.x)) return c.x;
      if (has_specified_stereo(with_h, raw)) return raw;
    }
  throw MoleculeError(fmt::format("no 3D coordinates for '{}': tried {}, each with {} seeds", label(with_h),
                                  embedding_methods(), replicas),
                      "check the stereocentres: a strained or contradictory ring cannot be built");
}

}  // namespace

Molecule with_hydrogens(const Molecule& molecule) {
  return Molecule(
      std::shared_ptr<RDKit::ROMol>(RDKit::MolOps::addHs(molecule.graph(), false, molecule.has_3d())),
      molecule.name());
}

Molecule embedded(const Molecule& molecule, const EmbedOptions& options) {
  check_size(molecule, options);
  const RdkitLog log;
  const Molecule with_h = with_hydrogens(molecule);
  const Coordinates first = first_conformer(with_h, options);
  return with_conformers(with_h, ring_variants(with_h, first, ring_search(options, false)));
}

Molecule with_ring_conformers(const Molecule& with_3d, const EmbedOptions& options) {
  if (!with_3d.has_3d())
    throw MoleculeError(fmt::format("'{}' has no 3D coordinates", label(with_3d)),
                        "give an SDF with 3D coordinates, or let Theriac generate them");
  check_size(with_3d, options);
  const RdkitLog log;
  const Molecule with_h = with_hydrogens(with_3d);
  return with_conformers(with_h, ring_variants(with_h, with_h.coordinates(), ring_search(options, true)));
}

std::vector<std::vector<Vector3>> conformers(const Molecule& molecule) {
  std::vector<std::vector<Vector3>> out;
  const auto& mol = molecule.graph();
  for (auto c = mol.beginConformers(); c != mol.endConformers(); ++c) {
    out.emplace_back();
    for (const auto& p : (*c)->getPositions()) out.back().push_back({p.x, p.y, p.z});
  }
  return out;
}

bool stereo_is_kept(const Molecule& with_3d) {
  const auto all = conformers(with_3d);
  return std::all_of(all.begin(), all.end(),
                     [&](const Coordinates& x) { return has_specified_stereo(with_3d, x); });
}

}  // namespace theriac::chem
