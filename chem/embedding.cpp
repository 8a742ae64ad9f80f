#include "chem/embedding.hpp"

#include <ForceField/ForceField.h>
#include <ForceField/MMFF/PositionConstraint.h>
#include <GraphMol/Atom.h>
#include <GraphMol/Bond.h>
#include <GraphMol/Conformer.h>
#include <GraphMol/DistGeomHelpers/Embedder.h>
#include <GraphMol/ForceFieldHelpers/MMFF/AtomTyper.h>
#include <GraphMol/ForceFieldHelpers/MMFF/Builder.h>
#include <GraphMol/ForceFieldHelpers/UFF/AtomTyper.h>
#include <GraphMol/ForceFieldHelpers/UFF/Builder.h>
#include <GraphMol/MolOps.h>
#include <GraphMol/RWMol.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <mutex>

#include "chem/conformer.hpp"
#include "chem/counter_random.hpp"
#include "chem/ring_shape.hpp"
#include "chem/units.hpp"

namespace theriac::chem {
namespace {

using RDKit::ROMol;
using RDKit::RWMol;

constexpr int minimise_steps = 200;
constexpr double held_firmly = 100;  // kcal/mol per square angstrom beyond what an atom may move

struct Attempt {
  const char* name;
  bool random_start, knowledge, ignore_bounds;
  unsigned iterations;
};

// From the usual to the desperate.
constexpr Attempt attempts[] = {
    {"ETKDGv3", false, true, false, 8},
    {"ETKDGv3 from random coordinates", true, true, false, 40},
    {"distance geometry without torsion knowledge", true, false, false, 40},
    {"distance geometry with loosened bounds", true, false, true, 40},
};

RDKit::DGeomHelpers::EmbedParameters parameters_for(const Attempt& attempt, int seed) {
  auto p = RDKit::DGeomHelpers::ETKDGv3;
  p.randomSeed = seed;
  p.numThreads = 1;
  p.clearConfs = true;
  p.useRandomCoords = attempt.random_start;
  p.maxIterations = attempt.iterations;
  p.ignoreSmoothingFailures = attempt.ignore_bounds;
  if (!attempt.knowledge) p.useExpTorsionAnglePrefs = p.useBasicKnowledge = false;
  return p;
}

/// RDKit fills its parameter tables on first use; do that once, before threads race for it.
void warm_up() {
  static std::once_flag once;
  std::call_once(once, [] {
    const Molecule probe = with_hydrogens(Molecule::from_smiles("CC(=O)N1CCCC1"));
    RWMol mol(probe.graph());
    RDKit::DGeomHelpers::EmbedMolecule(mol, parameters_for(attempts[0], 7));
    RDKit::MMFF::MMFFMolProperties types(mol, "MMFF94s");
    const std::unique_ptr<ForceFields::ForceField> field(RDKit::MMFF::constructForceField(mol, &types));
    RDKit::UFF::getAtomTypes(mol);
  });
}

/// A seed that RDKit accepts: a positive number of 31 bits.
int rdkit_seed(const Molecule& molecule, std::uint64_t seed, std::uint64_t replica) {
  CounterRandom random(seed, molecule.smiles(), "embed", replica);
  return static_cast<int>(random() >> 1 | 1u);
}

Coordinates coordinates_of(const RDKit::Conformer& conformer) {
  Coordinates out;
  for (const auto& p : conformer.getPositions()) out.push_back({p.x, p.y, p.z});
  return out;
}

void add_conformer(ROMol& mol, const Coordinates& x) {
  auto conformer = std::make_unique<RDKit::Conformer>(static_cast<unsigned>(x.size()));
  conformer->set3D(true);
  for (std::size_t i = 0; i < x.size(); ++i)
    conformer->setAtomPos(static_cast<unsigned>(i), {x[i].x, x[i].y, x[i].z});
  mol.addConformer(conformer.release(), true);
}

bool is_finite(const Coordinates& x) {
  return std::all_of(x.begin(), x.end(), [](const Vector3& p) { return std::isfinite(dot(p, p)); });
}

}  // namespace

std::vector<Coordinates> embeddings(const Molecule& with_h, int count, std::uint64_t seed,
                                    std::uint64_t replica, bool large_rings) {
  warm_up();
  RWMol mol(with_h.graph());
  std::vector<Coordinates> out;
  for (std::size_t rung = large_rings ? 1 : 0; rung < std::size(attempts) && out.empty(); ++rung) {
    const auto parameters = parameters_for(attempts[rung], rdkit_seed(with_h, seed, 16 * replica + rung));
    RDKit::INT_VECT ids;
    try {
      RDKit::DGeomHelpers::EmbedMultipleConfs(mol, ids, static_cast<unsigned>(count), parameters);
    } catch (const std::exception&) {  // RDKit's invariants fail on some cages; the next rung may not
      continue;
    }
    for (const int id : ids)
      if (Coordinates x = coordinates_of(mol.getConformer(id)); is_finite(x)) out.push_back(std::move(x));
  }
  return out;
}

std::string embedding_methods() {
  std::string text;
  for (const auto& a : attempts) text += (text.empty() ? "" : ", ") + std::string(a.name);
  return text;
}

struct Relaxation::Implementation {
  RWMol mol;
  std::unique_ptr<RDKit::MMFF::MMFFMolProperties> types;
  bool uff = false;

  explicit Implementation(const ROMol& source) : mol(source) {
    RWMol typed(mol);  // MMFF's typing writes to the molecule
    types = std::make_unique<RDKit::MMFF::MMFFMolProperties>(typed, "MMFF94s");
    // Charges fold a molecule in vacuum onto itself, which neither geometry nor ranking should reward.
    types->setMMFFEleTerm(false);
    if (!types->isValid()) uff = RDKit::UFF::getAtomTypes(mol).second;
  }

  /// `reach` below zero: nothing is held.
  Conformation relaxed(const Coordinates& start, double reach);

  std::unique_ptr<ForceFields::ForceField> force_field() {
    std::unique_ptr<ForceFields::ForceField> out;
    if (types->isValid())
      out.reset(RDKit::MMFF::constructForceField(mol, types.get()));
    else if (uff)
      out.reset(RDKit::UFF::constructForceField(mol));
    return out;
  }
};

Relaxation::Relaxation(const Molecule& with_h) {
  warm_up();
  implementation_ = std::make_unique<Implementation>(with_h.graph());
}
Relaxation::~Relaxation() = default;

Conformation Relaxation::relaxed(const Coordinates& start) {
  return implementation_->relaxed(start, -1);
}

Conformation Relaxation::relaxed_near(const Coordinates& start, double reach) {
  return implementation_->relaxed(start, reach);
}

Conformation Relaxation::Implementation::relaxed(const Coordinates& start, double reach) {
  mol.clearConformers();
  add_conformer(mol, start);
  const auto field = force_field();
  if (!field) return {start, 0};
  field->initialize();
  if (reach >= 0)
    for (const auto* atom : mol.atoms())
      if (atom->getAtomicNum() > 1)
        field->contribs().emplace_back(new ForceFields::MMFF::PositionConstraintContrib(
            field.get(), atom->getIdx(), reach, held_firmly));
  field->minimize(minimise_steps);
  Conformation out{coordinates_of(mol.getConformer()), field->calcEnergy()};
  return std::isfinite(out.energy) && is_finite(out.x) ? out : Conformation{start, 1e6};
}

bool has_specified_stereo(const Molecule& with_h, const Coordinates& x) {
  const ROMol& mol = with_h.graph();
  ROMol seen(mol);
  seen.clearConformers();
  add_conformer(seen, x);
  RDKit::MolOps::assignChiralTypesFrom3D(seen);
  for (const auto* atom : mol.atoms()) {
    const auto tag = atom->getChiralTag();
    if (tag != RDKit::Atom::CHI_TETRAHEDRAL_CW && tag != RDKit::Atom::CHI_TETRAHEDRAL_CCW) continue;
    if (seen.getAtomWithIdx(atom->getIdx())->getChiralTag() != tag) return false;
  }
  for (const auto* bond : mol.bonds()) {
    const auto stereo = bond->getStereo();
    const auto& ends = bond->getStereoAtoms();
    if (stereo <= RDKit::Bond::STEREOANY || ends.size() != 2) continue;
    const bool wants_cis = stereo == RDKit::Bond::STEREOZ || stereo == RDKit::Bond::STEREOCIS;
    const double angle =
        dihedral(x[ends[0]], x[bond->getBeginAtomIdx()], x[bond->getEndAtomIdx()], x[ends[1]]);
    if ((std::abs(angle) < units::pi / 2) != wants_cis) return false;
  }
  return true;
}

Molecule with_conformers(const Molecule& molecule, const std::vector<Coordinates>& all) {
  auto out = std::make_shared<ROMol>(molecule.graph());
  out->clearConformers();
  for (const auto& x : all) add_conformer(*out, x);
  return Molecule(std::move(out), molecule.name());
}

}  // namespace theriac::chem
