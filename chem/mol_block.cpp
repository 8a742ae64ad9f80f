#include "chem/mol_block.hpp"

#include <GraphMol/Depictor/RDDepictor.h>
#include <GraphMol/FileParsers/FileParsers.h>
#include <GraphMol/RWMol.h>
#include <fmt/format.h>

#include <algorithm>

#include "chem/error.hpp"
#include "chem/rdkit_log.hpp"

namespace theriac::chem {
namespace {

std::string one_line(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
  return text;
}

std::string tagged(std::string block, const SdfTags& tags) {
  for (const auto& [name, value] : tags)
    if (!value.empty()) block += fmt::format(">  <{}>\n{}\n\n", one_line(name), one_line(value));
  return block + "$$$$\n";
}

}  // namespace

std::string sdf_record(const Molecule& molecule, const SdfTags& tags) {
  const RdkitLog quiet;
  try {
    RDKit::RWMol graph(molecule.graph());
    graph.setProp(RDKit::common_properties::_Name, one_line(molecule.name()));
    if (graph.getNumConformers() == 0) RDDepict::compute2DCoords(graph);
    return tagged(RDKit::MolToMolBlock(graph), tags);
  } catch (const std::exception& e) {
    throw MoleculeError(fmt::format("cannot write '{}' as a mol block: {}", molecule.smiles(), e.what()));
  }
}

std::string empty_sdf_record(const std::string& name, const SdfTags& tags) {
  return tagged(one_line(name) + "\n  Theriac\n\n  0  0  0  0  0  0  0  0  0  0999 V2000\nM  END\n", tags);
}

}  // namespace theriac::chem
