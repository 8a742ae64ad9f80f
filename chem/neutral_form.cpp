#include "chem/neutral_form.hpp"

#include <GraphMol/RWMol.h>

#include <algorithm>

#include "chem/graph_edit.hpp"

namespace theriac::chem {
namespace {

bool takes_protons(const RDKit::Atom& atom) {
  for (const int element : {7, 8, 15, 16, 34, 52})
    if (atom.getAtomicNum() == element) return atom.getDegree() > 0;
  return false;
}

bool beside_opposite_charge(const RDKit::ROMol& graph, const RDKit::Atom& atom) {
  for (const RDKit::Atom* neighbour : graph.atomNeighbors(&atom))
    if (neighbour->getFormalCharge() * atom.getFormalCharge() < 0) return true;
  return false;
}

bool is_settled(const RDKit::ROMol& graph, const RDKit::Atom& atom) {
  return atom.getFormalCharge() == 0 || !takes_protons(atom) || beside_opposite_charge(graph, atom);
}

}  // namespace

bool is_neutral_form(const RDKit::ROMol& graph) {
  for (const RDKit::Atom* atom : graph.atoms())
    if (!is_settled(graph, *atom)) return false;
  return true;
}

void neutralise(RDKit::RWMol& graph) {
  for (RDKit::Atom* atom : graph.atoms()) {
    const int charge = atom->getFormalCharge();
    if (is_settled(graph, *atom)) continue;
    if (charge < 0) change_protons(*atom, -charge);
    if (charge > 0) change_protons(*atom, -std::min(charge, static_cast<int>(atom->getTotalNumHs())));
  }
}

}  // namespace theriac::chem
