#include "chem/brics.hpp"

#include <GraphMol/ChemTransforms/MolFragmenter.h>
#include <GraphMol/ROMol.h>
#include <GraphMol/SmilesParse/SmilesWrite.h>

#include <algorithm>
#include <memory>

namespace theriac::chem {

std::vector<std::string> brics_fragments(const Molecule& molecule) {
  const std::unique_ptr<RDKit::ROMol> pieces(RDKit::MolFragmenter::fragmentOnBRICSBonds(molecule.graph()));
  const std::string smiles = RDKit::MolToSmiles(*pieces);
  std::vector<std::string> out;
  for (std::size_t at = 0; at <= smiles.size();) {
    const std::size_t end = std::min(smiles.find('.', at), smiles.size());
    out.push_back(smiles.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

}  // namespace theriac::chem
