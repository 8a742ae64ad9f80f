#include "chem/standardise.hpp"

#include <GraphMol/MolOps.h>
#include <GraphMol/MolStandardize/Fragment.h>
#include <GraphMol/MolStandardize/Metal.h>
#include <GraphMol/MolStandardize/Normalize.h>
#include <GraphMol/MolStandardize/Tautomer.h>
#include <GraphMol/RWMol.h>
#include <fmt/format.h>

#include "chem/error.hpp"
#include "chem/graph_edit.hpp"
#include "chem/neutral_form.hpp"
#include "chem/rdkit_log.hpp"

namespace theriac::chem {
namespace {

using Graph = std::unique_ptr<RDKit::RWMol>;
namespace rd = RDKit::MolStandardize;

Graph edited(RDKit::ROMol* result) {
  const std::unique_ptr<RDKit::ROMol> owner(result);
  return std::make_unique<RDKit::RWMol>(*owner);
}

/// Reading RDKit's catalogues takes milliseconds, so each thread keeps its own.
rd::Normalizer& normalizer() {
  thread_local rd::Normalizer tool;
  return tool;
}

rd::TautomerEnumerator& tautomers() {
  thread_local rd::TautomerEnumerator tool;
  return tool;
}

void strip_isotopes(RDKit::RWMol& graph) {
  for (RDKit::Atom* atom : graph.atoms()) atom->setIsotope(0);
  RDKit::MolOps::removeHs(graph);
  RDKit::MolOps::assignStereochemistry(graph, true, true);  // C(H)(D) is no centre any more
}

}  // namespace

Molecule standardised(const Molecule& molecule, const StandardiseOptions& options) {
  const RdkitLog log;
  Graph graph = editable_heavy_graph(molecule);
  try {
    if (options.strip_isotopes) strip_isotopes(*graph);
    if (options.largest_fragment) {
      rd::MetalDisconnector().disconnect(*graph);
      graph = edited(rd::LargestFragmentChooser(true).choose(*graph));
    }
    graph = edited(normalizer().normalize(*graph));
    if (options.neutralise) neutralise(*graph);
    if (options.tautomer) graph = edited(tautomers().canonicalize(*graph));
  } catch (const std::exception& e) {
    throw MoleculeError(fmt::format("cannot standardise '{}': {}", molecule.smiles(), e.what()));
  }
  return finished_edit(std::move(graph), molecule);
}

}  // namespace theriac::chem
