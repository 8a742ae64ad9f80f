#include "chem/flat_graph.hpp"

#include <GraphMol/MolOps.h>
#include <GraphMol/RWMol.h>
#include <GraphMol/SmilesParse/SmilesParse.h>
#include <GraphMol/SmilesParse/SmilesWrite.h>
#include <fmt/format.h>

#include <memory>

#include "chem/error.hpp"
#include "chem/rdkit_log.hpp"

namespace theriac::chem {
namespace {

/// What aromaticity and SMILES need of sanitising; conjugation, hybridisation and chirality are left out.
constexpr unsigned perception = RDKit::MolOps::SANITIZE_CLEANUP | RDKit::MolOps::SANITIZE_PROPERTIES |
                                RDKit::MolOps::SANITIZE_SYMMRINGS | RDKit::MolOps::SANITIZE_KEKULIZE |
                                RDKit::MolOps::SANITIZE_FINDRADICALS | RDKit::MolOps::SANITIZE_SETAROMATICITY;

std::unique_ptr<RDKit::RWMol> parsed(const std::string& smiles) {
  const RdkitLog log;
  std::string reason;
  try {
    RDKit::SmilesParserParams parameters;
    parameters.sanitize = false;
    parameters.removeHs = false;
    std::unique_ptr<RDKit::RWMol> mol(RDKit::SmilesToMol(smiles, parameters));
    if (mol && mol->getNumAtoms() > 0) {
      unsigned failed = 0;
      RDKit::MolOps::sanitizeMol(*mol, failed, perception);
      RDKit::MolOps::Kekulize(*mol, true);
      return mol;
    }
    reason = log.text();
  } catch (const std::exception& e) {
    reason = e.what();
  }
  if (reason.empty()) reason = "no atoms";
  throw MoleculeError(fmt::format("not a valid SMILES '{}': {}", smiles.substr(0, 200), reason));
}

int order_of(const RDKit::Bond& bond) {
  switch (bond.getBondType()) {
    case RDKit::Bond::SINGLE:
      return 1;
    case RDKit::Bond::DOUBLE:
      return 2;
    case RDKit::Bond::TRIPLE:
      return 3;
    default:
      throw MoleculeError(
          fmt::format("bond {} is neither single, double, triple nor aromatic", bond.getIdx() + 1));
  }
}

bool plain_hydrogen(const RDKit::Atom& atom) {
  return atom.getAtomicNum() == 1 && atom.getFormalCharge() == 0 && atom.getDegree() == 1;
}

void add_open_site(const RDKit::RWMol& mol, const RDKit::Atom& dummy, const std::vector<int>& index,
                   FlatGraph& flat) {
  if (dummy.getDegree() != 1)
    throw MoleculeError(fmt::format("attachment point (atom {}) has {} neighbours; it needs one",
                                    dummy.getIdx() + 1, dummy.getDegree()));
  const RDKit::Bond& bond = **mol.atomBonds(&dummy).begin();
  const int atom = index[bond.getOtherAtomIdx(dummy.getIdx())];
  if (atom < 0) throw MoleculeError("an attachment point is bound to nothing but a hydrogen or another one");
  const int label = dummy.getAtomMapNum() != 0 ? dummy.getAtomMapNum() : static_cast<int>(dummy.getIsotope());
  flat.open_sites.push_back({atom, order_of(bond), label});
}

std::unique_ptr<RDKit::RWMol> built(const FlatGraph& flat) {
  auto mol = std::make_unique<RDKit::RWMol>();
  std::vector<int> hydrogens = flat.valences;
  for (const GraphBond& b : flat.graph.bonds) {
    hydrogens[static_cast<std::size_t>(b.begin)] -= b.order;
    hydrogens[static_cast<std::size_t>(b.end)] -= b.order;
  }
  for (std::size_t i = 0; i < flat.graph.atoms.size(); ++i) {
    if (hydrogens[i] < 0)
      throw MoleculeError(fmt::format("atom {} has more bonds than its valence {}", i + 1, flat.valences[i]));
    auto atom = std::make_unique<RDKit::Atom>(flat.graph.atoms[i].element);
    atom->setFormalCharge(flat.graph.atoms[i].formal_charge);
    atom->setNoImplicit(true);
    atom->setNumExplicitHs(static_cast<unsigned>(hydrogens[i]));
    mol->addAtom(atom.release(), false, true);
  }
  for (const GraphBond& b : flat.graph.bonds)
    mol->addBond(static_cast<unsigned>(b.begin), static_cast<unsigned>(b.end),
                 static_cast<RDKit::Bond::BondType>(b.order));
  return mol;
}

/// A dummy atom at each open site, in place of one hydrogen or more.
void add_points(RDKit::RWMol& mol, const std::vector<OpenSite>& sites) {
  for (const OpenSite& site : sites) {
    RDKit::Atom* atom = mol.getAtomWithIdx(static_cast<unsigned>(site.atom));
    const auto order = static_cast<unsigned>(site.order);
    if (atom->getNumExplicitHs() < order)
      throw MoleculeError(fmt::format("atom {} has no valence left for its attachment point", site.atom + 1));
    atom->setNumExplicitHs(atom->getNumExplicitHs() - order);
    auto point = std::make_unique<RDKit::Atom>(0);
    point->setAtomMapNum(site.label);
    const unsigned index = mol.addAtom(point.release(), false, true);
    mol.addBond(static_cast<unsigned>(site.atom), index, static_cast<RDKit::Bond::BondType>(site.order));
  }
}

std::unique_ptr<RDKit::RWMol> perceived(const FlatGraph& flat, bool with_points = false) {
  const RdkitLog log;
  try {
    auto mol = built(flat);
    if (with_points) add_points(*mol, flat.open_sites);
    unsigned failed = 0;
    RDKit::MolOps::sanitizeMol(*mol, failed, perception);
    return mol;
  } catch (const MoleculeError&) {
    throw;
  } catch (const std::exception& e) {
    throw MoleculeError(
        fmt::format("not a valid molecular graph: {}", log.text().empty() ? e.what() : log.text()));
  }
}

}  // namespace

FlatGraph flat_graph(const std::string& smiles) {
  const auto mol = parsed(smiles);
  FlatGraph flat;
  std::vector<int> index(mol->getNumAtoms(), -1);
  for (const RDKit::Atom* atom : mol->atoms()) {
    if (atom->getAtomicNum() == 0 || plain_hydrogen(*atom)) continue;
    if (atom->getNumRadicalElectrons() > 0)
      throw MoleculeError(fmt::format("atom {} ({}) is a radical", atom->getIdx() + 1, atom->getSymbol()));
    index[atom->getIdx()] = flat.graph.atom_count();
    flat.graph.atoms.push_back({atom->getAtomicNum(), atom->getFormalCharge()});
    flat.valences.push_back(static_cast<int>(atom->getTotalNumHs(false)));
  }
  for (const RDKit::Bond* bond : mol->bonds()) {
    const int begin = index[bond->getBeginAtomIdx()], end = index[bond->getEndAtomIdx()];
    const int order = order_of(*bond);
    if (begin >= 0) flat.valences[static_cast<std::size_t>(begin)] += order;
    if (end >= 0) flat.valences[static_cast<std::size_t>(end)] += order;
    if (begin >= 0 && end >= 0) flat.graph.bonds.push_back({begin, end, order});
  }
  for (const RDKit::Atom* atom : mol->atoms())
    if (atom->getAtomicNum() == 0) add_open_site(*mol, *atom, index, flat);
  if (flat.graph.atoms.empty())
    throw MoleculeError(fmt::format("no heavy atoms in '{}'", smiles.substr(0, 200)));
  return flat;
}

CanonicalGraph canonical_graph(const FlatGraph& flat) {
  const auto mol = perceived(flat);
  CanonicalGraph out;
  for (const RDKit::Bond* bond : mol->bonds()) out.aromatic_bonds.push_back(bond->getIsAromatic() ? 1 : 0);
  out.smiles = RDKit::MolToSmiles(*mol);
  std::vector<unsigned> order;
  mol->getProp(RDKit::common_properties::_smilesAtomOutputOrder, order);
  out.order.assign(order.begin(), order.end());
  return out;
}

std::string canonical_smiles(const FlatGraph& flat) {
  return RDKit::MolToSmiles(*perceived(flat));
}

std::string smiles_with_points(const FlatGraph& flat) {
  return RDKit::MolToSmiles(*perceived(flat, true));
}

}  // namespace theriac::chem
