#include "chem/stereo.hpp"

#include <GraphMol/Chirality.h>
#include <GraphMol/DistGeomHelpers/Embedder.h>
#include <GraphMol/MolOps.h>
#include <GraphMol/RWMol.h>
#include <GraphMol/SmilesParse/SmilesParse.h>

#include <algorithm>
#include <cstdint>
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

std::vector<OpenElement> open_elements(RDKit::RWMol& graph) {
  std::vector<OpenElement> open;
  for (const auto& info : RDKit::Chirality::findPotentialStereo(graph, false, true)) {
    if (info.specified == RDKit::Chirality::StereoSpecified::Specified) continue;
    if (info.type == RDKit::Chirality::StereoType::Atom_Tetrahedral) open.push_back({false, info.centeredOn});
    if (info.type == RDKit::Chirality::StereoType::Bond_Double && info.controllingAtoms.size() == 4)
      open.push_back({true, info.centeredOn});
  }
  return open;
}

/// Atoms in two rings that share more than one bond: their configurations depend on each other.
bool has_bridgehead(const RDKit::RWMol& graph, const std::vector<OpenElement>& open) {
  const auto& rings = graph.getRingInfo()->atomRings();
  for (std::size_t a = 0; a < rings.size(); ++a)
    for (std::size_t b = a + 1; b < rings.size(); ++b) {
      const std::set<int> first(rings[a].begin(), rings[a].end());
      const auto shared =
          std::count_if(rings[b].begin(), rings[b].end(), [&](int i) { return first.count(i) > 0; });
      if (shared < 3) continue;
      for (const auto& element : open)
        if (!element.bond && first.count(static_cast<int>(element.index)) > 0) return true;
    }
  return false;
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

bool can_exist(const RDKit::RWMol& graph) {
  RDKit::RWMol trial(graph);
  RDKit::MolOps::addHs(trial);
  RDKit::DGeomHelpers::EmbedParameters parameters = RDKit::DGeomHelpers::ETKDGv3;
  parameters.randomSeed = 1;
  parameters.maxIterations = 5;
  return RDKit::DGeomHelpers::EmbedMolecule(trial, parameters) >= 0;
}

}  // namespace

int open_stereo_count(const Molecule& molecule) {
  const RdkitLog log;
  return static_cast<int>(open_elements(*canonical_graph(molecule)).size());
}

std::vector<Molecule> stereoisomers(const Molecule& molecule, int at_most) {
  if (at_most < 1) throw UsageError("the number of stereoisomers must be at least 1");
  const RdkitLog log;
  const auto graph = canonical_graph(molecule);
  const auto open = open_elements(*graph);
  std::vector<Molecule> isomers;
  if (open.empty()) return {molecule};
  const bool bridged = has_bridgehead(*graph, open);
  const std::uint64_t combinations = std::uint64_t{1} << std::min<std::size_t>(open.size(), 62);
  // Symmetry and impossible bridges cost combinations: look at more than are wanted, but at a bounded number.
  const std::uint64_t tries =
      std::min<std::uint64_t>(combinations, 16 * static_cast<std::uint64_t>(at_most) + 64);
  std::set<std::string> seen;
  for (std::uint64_t code = 0; code < tries && isomers.size() < static_cast<std::size_t>(at_most); ++code) {
    auto isomer = std::make_unique<RDKit::RWMol>(*graph);
    for (std::size_t i = 0; i < open.size() && i < 62; ++i)
      set_element(*isomer, open[i], ((code >> i) & 1) != 0);
    if (open.size() > 62)
      for (std::size_t i = 62; i < open.size(); ++i) set_element(*isomer, open[i], false);
    RDKit::MolOps::setDoubleBondNeighborDirections(*isomer);
    RDKit::MolOps::assignStereochemistry(*isomer, true, true);
    if (bridged && !can_exist(*isomer)) continue;
    Molecule finished(std::shared_ptr<const RDKit::ROMol>(std::move(isomer)), molecule.name());
    if (seen.insert(finished.smiles()).second) isomers.push_back(std::move(finished));
  }
  if (isomers.empty()) return {molecule};
  return isomers;
}

}  // namespace theriac::chem
