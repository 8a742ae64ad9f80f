#include "chem/stereo.hpp"

#include <GraphMol/Chirality.h>
#include <GraphMol/DistGeomHelpers/Embedder.h>
#include <GraphMol/MolOps.h>
#include <GraphMol/RWMol.h>
#include <GraphMol/SmilesParse/SmilesParse.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <set>
#include <string>

#include "chem/error.hpp"
#include "chem/graph_edit.hpp"
#include "chem/rdkit_log.hpp"

namespace theriac::chem {
namespace {

/// A centre or a double bond, by its index in the graph.
struct OpenElement {
  bool bond = false;
  unsigned index = 0;
};

/// The heavy atoms without coordinates, in canonical order, so that isomers come in the same order for any
/// drawing.
std::unique_ptr<RDKit::RWMol> canonical_graph(const Molecule& molecule) {
  std::unique_ptr<RDKit::RWMol> graph(RDKit::SmilesToMol(molecule.smiles()));
  if (!graph) throw MoleculeError("'" + molecule.smiles() + "' cannot be read back");
  return graph;
}

/// Double bonds that turn at room temperature or do not exist as two isomers: cumulenes, azides, =NH,
/// amidines.
bool is_labile(const RDKit::RWMol& graph, const RDKit::Bond& bond) {
  for (const RDKit::Atom* end : {bond.getBeginAtom(), bond.getEndAtom()}) {
    if (end->getAtomicNum() == 7 && end->getTotalNumHs() > 0) return true;
    for (const RDKit::Bond* other : graph.atomBonds(end)) {
      if (other == &bond) continue;
      const bool amidine = end->getAtomicNum() == 6 && bond.getOtherAtom(end)->getAtomicNum() == 7 &&
                           other->getOtherAtom(end)->getAtomicNum() == 7;
      if (other->getBondType() != RDKit::Bond::SINGLE || amidine) return !other->getIsAromatic() || amidine;
    }
  }
  return false;
}

std::vector<OpenElement> candidates(RDKit::RWMol& graph) {
  using RDKit::Chirality::StereoType;
  std::vector<OpenElement> open;
  for (const auto& info : RDKit::Chirality::findPotentialStereo(graph, false, true)) {
    if (info.specified == RDKit::Chirality::StereoSpecified::Specified) continue;
    if (info.type == StereoType::Atom_Tetrahedral) open.push_back({false, info.centeredOn});
    if (info.type == StereoType::Bond_Double && !is_labile(graph, *graph.getBondWithIdx(info.centeredOn)))
      open.push_back({true, info.centeredOn});
  }
  return open;
}

void set_element(RDKit::RWMol& graph, const OpenElement& element, bool second) {
  if (!element.bond) {
    graph.getAtomWithIdx(element.index)
        ->setChiralTag(second ? RDKit::Atom::CHI_TETRAHEDRAL_CW : RDKit::Atom::CHI_TETRAHEDRAL_CCW);
    return;
  }
  RDKit::Bond* bond = graph.getBondWithIdx(element.index);
  const auto reference = [&](const RDKit::Atom* from, const RDKit::Atom* other) {
    int lowest = -1;
    for (const RDKit::Atom* neighbour : graph.atomNeighbors(from)) {
      const int index = static_cast<int>(neighbour->getIdx());
      if (neighbour != other && (lowest < 0 || index < lowest)) lowest = index;
    }
    return lowest;
  };
  bond->setStereoAtoms(static_cast<unsigned>(reference(bond->getBeginAtom(), bond->getEndAtom())),
                       static_cast<unsigned>(reference(bond->getEndAtom(), bond->getBeginAtom())));
  bond->setStereo(second ? RDKit::Bond::STEREOTRANS : RDKit::Bond::STEREOCIS);
}

/// `graph` with each element set one way or the other, and what is no stereo element after all unset again.
std::unique_ptr<RDKit::RWMol> with_elements(const RDKit::RWMol& graph, const std::vector<OpenElement>& open,
                                            const std::function<bool(std::size_t)>& second) {
  auto isomer = std::make_unique<RDKit::RWMol>(graph);
  for (std::size_t i = 0; i < open.size(); ++i) set_element(*isomer, open[i], second(i));
  RDKit::MolOps::setDoubleBondNeighborDirections(*isomer);
  RDKit::MolOps::assignStereochemistry(*isomer, true, true);
  return isomer;
}

bool is_set(const RDKit::RWMol& graph, const OpenElement& element) {
  if (element.bond) return graph.getBondWithIdx(element.index)->getStereo() > RDKit::Bond::STEREOANY;
  return graph.getAtomWithIdx(element.index)->getChiralTag() != RDKit::Atom::CHI_UNSPECIFIED;
}

/// The candidates that are stereo elements in some isomer. A centre between two alike branches is one only
/// when the branches differ in their own configuration, so each element is flipped in turn.
std::vector<OpenElement> open_elements(RDKit::RWMol& graph) {
  const std::vector<OpenElement> all = candidates(graph);
  std::vector<char> real(all.size(), 0);
  for (std::size_t flipped = 0; flipped <= all.size(); ++flipped) {
    const auto isomer = with_elements(graph, all, [&](std::size_t i) { return i == flipped; });
    for (std::size_t i = 0; i < all.size(); ++i)
      real[i] = static_cast<char>(real[i] || is_set(*isomer, all[i]));
    if (std::find(real.begin(), real.end(), 0) == real.end()) break;
  }
  std::vector<OpenElement> open;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (real[i]) open.push_back(all[i]);
  return open;
}

/// Atoms of rings that share more than one bond with another ring: their configurations depend on each other.
std::set<int> bridged_atoms(const RDKit::RWMol& graph) {
  const auto& rings = graph.getRingInfo()->atomRings();
  constexpr std::size_t largest = 8;  // longer bridges are flexible enough for any configuration
  std::set<int> bridged;
  for (std::size_t a = 0; a < rings.size(); ++a)
    for (std::size_t b = a + 1; b < rings.size(); ++b) {
      if (rings[a].size() > largest || rings[b].size() > largest) continue;
      const std::set<int> first(rings[a].begin(), rings[a].end());
      if (std::count_if(rings[b].begin(), rings[b].end(), [&](int i) { return first.count(i) > 0; }) < 3)
        continue;
      bridged.insert(first.begin(), first.end());
      bridged.insert(rings[b].begin(), rings[b].end());
    }
  return bridged;
}

/// The bridged rings alone, their substituents cut down to one atom: small, so that embedding takes
/// milliseconds.
RDKit::RWMol bridged_core(const RDKit::RWMol& isomer, const std::set<int>& bridged) {
  RDKit::RWMol core(isomer);
  RDKit::MolOps::Kekulize(core, true);
  for (RDKit::Bond* bond : core.bonds()) {  // bonds to atoms that go would refer to them
    bond->setStereo(RDKit::Bond::STEREONONE);
    bond->getStereoAtoms().clear();
    bond->setBondDir(RDKit::Bond::NONE);
  }
  const auto in_core = [&](unsigned index) { return bridged.count(static_cast<int>(index)) > 0; };
  core.beginBatchEdit();
  for (RDKit::Atom* atom : core.atoms()) {
    if (in_core(atom->getIdx())) continue;
    bool substituent = false, by_double_bond = false;
    for (const RDKit::Bond* bond : core.atomBonds(atom)) {
      if (!in_core(bond->getOtherAtomIdx(atom->getIdx()))) continue;
      substituent = true;
      by_double_bond = by_double_bond || bond->getBondType() != RDKit::Bond::SINGLE;
    }
    if (!substituent) core.removeAtom(atom);
    if (!by_double_bond) atom->setAtomicNum(6);
    atom->setFormalCharge(0);
    atom->setNoImplicit(false);
    atom->setNumExplicitHs(0);
    atom->setChiralTag(RDKit::Atom::CHI_UNSPECIFIED);
  }
  core.commitBatchEdit();
  return core;
}

bool can_exist(const RDKit::RWMol& isomer, const std::set<int>& bridged) {
  RDKit::RWMol core = bridged_core(isomer, bridged);
  try {
    RDKit::MolOps::sanitizeMol(core);
    RDKit::MolOps::addHs(core);
  } catch (const std::exception&) {
    return true;  // the cut made no molecule of its own: no reason to doubt the isomer
  }
  RDKit::DGeomHelpers::EmbedParameters parameters = RDKit::DGeomHelpers::ETKDGv3;
  parameters.randomSeed = 1;
  parameters.maxIterations = 5;
  return RDKit::DGeomHelpers::EmbedMolecule(core, parameters) >= 0;
}

}  // namespace

int open_stereo_count(const Molecule& molecule) {
  const RdkitLog log;
  return static_cast<int>(open_elements(*canonical_graph(molecule)).size());
}

std::vector<Molecule> stereoisomers(const Molecule& molecule, int at_most) {
  if (at_most < 1) throw UsageError("the number of stereoisomers must be at least 1");
  const RdkitLog log;
  const auto wanted = static_cast<std::uint64_t>(at_most);
  const auto graph = canonical_graph(molecule);
  const auto open = open_elements(*graph);
  std::vector<Molecule> isomers;
  if (open.empty()) return {molecule};
  const std::set<int> bridged = bridged_atoms(*graph);
  const bool check = std::any_of(open.begin(), open.end(), [&](const OpenElement& element) {
    return !element.bond && bridged.count(static_cast<int>(element.index)) > 0;
  });
  // Symmetry and impossible bridges cost combinations: look at more than are wanted, but at a bounded number.
  const std::uint64_t combinations = std::uint64_t{1} << std::min<std::size_t>(open.size(), 62);
  const std::uint64_t tries = std::min<std::uint64_t>(combinations, check ? 64 + wanted : 64 + 16 * wanted);
  std::set<std::string> seen;
  for (std::uint64_t code = 0; code < tries && isomers.size() < wanted; ++code) {
    auto isomer =
        with_elements(*graph, open, [&](std::size_t i) { return i < 62 && ((code >> i) & 1) != 0; });
    if (check && !can_exist(*isomer, bridged)) continue;
    Molecule finished(std::shared_ptr<const RDKit::ROMol>(std::move(isomer)), molecule.name());
    if (seen.insert(finished.smiles()).second) isomers.push_back(std::move(finished));
  }
  if (isomers.empty()) return {molecule};
  return isomers;
}

}  // namespace theriac::chem
