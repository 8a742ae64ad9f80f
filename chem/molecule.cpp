#include "chem/molecule.hpp"

#include <GraphMol/FileParsers/FileParsers.h>
#include <GraphMol/MolOps.h>
#include <GraphMol/ROMol.h>
#include <GraphMol/RWMol.h>
#include <GraphMol/SmilesParse/SmilesParse.h>
#include <GraphMol/SmilesParse/SmilesWrite.h>
#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "chem/error.hpp"
#include "chem/heavy_graph.hpp"
#include "chem/rdkit_log.hpp"

namespace theriac::chem {

Molecule Molecule::from_smiles(const std::string& smiles, std::string name) {
  const RdkitLog log;
  std::string reason;
  try {
    std::shared_ptr<RDKit::ROMol> graph(RDKit::SmilesToMol(smiles));
    if (graph && graph->getNumAtoms() > 0) return Molecule(std::move(graph), std::move(name));
    reason = log.text();
  } catch (const std::exception& e) {
    reason = e.what();
  }
  if (reason.empty()) reason = "no atoms";
  throw MoleculeError(fmt::format("not a valid SMILES '{}': {}", smiles.substr(0, 200), reason));
}

Molecule Molecule::from_mol_block(const std::string& block, std::string name) {
  const RdkitLog log;
  std::string reason;
  try {
    std::shared_ptr<RDKit::ROMol> graph(RDKit::MolBlockToMol(block, true, false));
    if (graph && graph->getNumAtoms() > 0) return Molecule(std::move(graph), std::move(name));
    reason = log.text();
  } catch (const std::exception& e) {
    reason = e.what();
  }
  if (reason.empty()) reason = "no atoms";
  throw MoleculeError(fmt::format("not a valid mol block: {}", reason));
}

Molecule Molecule::without_atoms(std::string name) {
  auto graph = std::make_shared<RDKit::ROMol>();
  RDKit::MolOps::symmetrizeSSSR(*graph);  // no rings, and RDKit knows
  return Molecule(std::move(graph), std::move(name));
}

Molecule::Molecule(std::shared_ptr<const RDKit::ROMol> graph, std::string name)
    : graph_(std::move(graph)), name_(std::move(name)) {
  heavy_atom_count_ = static_cast<int>(graph_->getNumHeavyAtoms());
  if (atom_count() > heavy_atom_count_) {
    const std::unique_ptr<RDKit::ROMol> without_hydrogens(RDKit::MolOps::removeHs(*graph_));
    smiles_ = RDKit::MolToSmiles(*without_hydrogens);
  } else if (graph_.use_count() > 1) {
    smiles_ = RDKit::MolToSmiles(RDKit::ROMol(*graph_));  // RDKit notes the order of the atoms on it
  } else {
    smiles_ = RDKit::MolToSmiles(*graph_);
  }
}

Molecule Molecule::in_smiles_order() const {
  std::vector<unsigned> order;
  graph_->getPropIfPresent(RDKit::common_properties::_smilesAtomOutputOrder, order);
  if (order.size() != graph_->getNumAtoms() || atom_count() > heavy_atom_count_)
    return from_smiles(smiles_, name_);
  if (graph_->getNumConformers() == 0 && std::is_sorted(order.begin(), order.end())) return *this;
  std::unique_ptr<RDKit::ROMol> renumbered(RDKit::MolOps::renumberAtoms(*graph_, order));
  renumbered->clearConformers();
  std::iota(order.begin(), order.end(), 0u);
  renumbered->setProp(RDKit::common_properties::_smilesAtomOutputOrder, order, true);
  Molecule out;
  out.graph_ = std::move(renumbered);
  out.name_ = name_;
  out.smiles_ = smiles_;
  out.heavy_atom_count_ = heavy_atom_count_;
  return out;
}

int Molecule::atom_count() const {
  return static_cast<int>(graph_->getNumAtoms());
}

bool Molecule::has_3d() const {
  return graph_->getNumConformers() > 0 && graph_->getConformer().is3D();
}

std::vector<Vector3> Molecule::coordinates() const {
  std::vector<Vector3> out;
  if (graph_->getNumConformers() == 0) return out;
  for (const auto& p : graph_->getConformer().getPositions()) out.push_back({p.x, p.y, p.z});
  return out;
}

std::string flat_smiles(const Molecule& molecule) {
  const RDKit::ROMol graph(*heavy_graph(molecule));  // RDKit stores ranks and stereo marks on it
  return RDKit::MolToSmiles(graph, false);
}

}  // namespace theriac::chem
