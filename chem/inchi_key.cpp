#include "chem/inchi_key.hpp"

#include <GraphMol/MolOps.h>
#include <GraphMol/RWMol.h>
#include <GraphMol/SmilesParse/SmilesWrite.h>

#include "chem/graph_edit.hpp"
#include "chem/open_babel.hpp"
#include "chem/rdkit_log.hpp"

namespace theriac::chem {
namespace {

constexpr std::size_t key_length = 27;

/// Without aromatic atoms: the two libraries need not agree on aromaticity.
std::string kekule_smiles(const Molecule& molecule) {
  const RdkitLog log;
  const auto graph = editable_heavy_graph(molecule);
  RDKit::MolOps::Kekulize(*graph);
  return RDKit::MolToSmiles(*graph, true, true);
}

}  // namespace

std::string inchi_key(const Molecule& molecule) {
  try {
    const std::string key = written_by_open_babel(kekule_smiles(molecule), "inchikey");
    return key.size() == key_length ? key : std::string();
  } catch (const std::exception&) {
    return {};
  }
}

}  // namespace theriac::chem
