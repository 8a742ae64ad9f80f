#include "chem/crippen.hpp"

#include <GraphMol/Descriptors/Crippen.h>
#include <GraphMol/MolOps.h>
#include <GraphMol/ROMol.h>
#include <GraphMol/Substruct/SubstructMatch.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "chem/substructure_screen.hpp"

namespace theriac::chem {
namespace {

struct AtomType {
  const RDKit::Descriptors::CrippenParams* parameters;
  PatternNeeds needs;
  AtomKinds typed_kinds;  ///< of the pattern's first atom, which gets the type
  int label;              ///< position in crippen_labels()
};

int label_place(const std::string& label) {
  const auto& labels = crippen_labels();
  return static_cast<int>(std::find(labels.begin(), labels.end(), label) - labels.begin());
}

const std::vector<AtomType>& atom_types() {
  static const auto types = [] {
    std::vector<AtomType> out;
    for (const auto& p : *RDKit::Descriptors::CrippenParamCollection::getParams())
      out.push_back({&p, pattern_needs(*p.dp_pattern), allowed_kinds(*p.dp_pattern->getAtomWithIdx(0)),
                     label_place(p.label)});
    return out;
  }();
  return types;
}

std::vector<const AtomType*> types_of(const RDKit::ROMol& whole) {
  const MoleculeContent content = molecule_content(whole);
  std::vector<const AtomType*> type_of(whole.getNumAtoms(), nullptr);
  for (const auto& type : atom_types()) {
    AtomKinds untyped = 0;
    for (std::size_t i = 0; i < type_of.size(); ++i)
      if (!type_of[i]) untyped |= content.atoms[i].kind;
    if (!untyped) break;
    if (!(untyped & type.typed_kinds) || !may_match(content, type.needs)) continue;
    std::vector<RDKit::MatchVectType> matches;
    RDKit::SubstructMatch(whole, *type.parameters->dp_pattern, matches, false, true);
    for (const auto& match : matches) {
      auto& typed = type_of[static_cast<std::size_t>(match.front().second)];
      if (!typed) typed = &type;
    }
  }
  return type_of;
}

}  // namespace

const std::vector<std::string>& crippen_labels() {
  static const auto labels = [] {
    std::vector<std::string> out;
    for (const auto& p : *RDKit::Descriptors::CrippenParamCollection::getParams())
      if (std::find(out.begin(), out.end(), p.label) == out.end()) out.push_back(p.label);
    return out;
  }();
  return labels;
}

CrippenEstimate crippen_estimate(const RDKit::ROMol& graph) {
  const std::unique_ptr<RDKit::ROMol> whole(RDKit::MolOps::addHs(graph));
  CrippenEstimate sum;
  for (const auto* type : types_of(*whole)) {
    if (!type) continue;
    sum.log_p += type->parameters->logp;
    sum.molar_refractivity += type->parameters->mr;
  }
  return sum;
}

std::vector<CrippenAtom> crippen_atoms(const RDKit::ROMol& whole) {
  std::vector<CrippenAtom> out;
  for (const auto* type : types_of(whole))
    out.push_back(type ? CrippenAtom{type->label, type->parameters->logp, type->parameters->mr}
                       : CrippenAtom{});
  return out;
}

}  // namespace theriac::chem
