#include "chem/molecular_graph.hpp"

#include <GraphMol/MolOps.h>
#include <GraphMol/PeriodicTable.h>
#include <GraphMol/RWMol.h>
#include <GraphMol/SmilesParse/SmilesWrite.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "chem/error.hpp"
#include "chem/rdkit_log.hpp"

namespace theriac::chem {
namespace {

int order_of(const RDKit::Bond& bond) {
  switch (bond.getBondType()) {
    case RDKit::Bond::SINGLE:
      return 1;
    case RDKit::Bond::DOUBLE:
      return 2;
    case RDKit::Bond::TRIPLE:
      return 3;
    default:
      return 0;
  }
}

std::string atom_text(const RDKit::Atom& atom) {
  return fmt::format("atom {} ({}, charge {:+d})", atom.getIdx() + 1, atom.getSymbol(),
                     atom.getFormalCharge());
}

/// Refuses what integers cannot say: radicals, and hydrogen counts other than those our valence rules give.
void check_atom(const RDKit::Atom& source, const MolecularGraph& graph, int index) {
  if (source.getNumRadicalElectrons() > 0)
    throw MoleculeError(fmt::format("{} is a radical; a molecular graph has none", atom_text(source)));
  if (allowed_valences(source.getAtomicNum(), source.getFormalCharge()).empty())
    throw MoleculeError(
        fmt::format("{} has no valence rule; known elements: B C N O F Si P S Cl Br I", atom_text(source)));
  const int hydrogens = static_cast<int>(source.getTotalNumHs(true));
  if (free_valence(graph, index) != hydrogens)
    throw MoleculeError(fmt::format("{} has an unusual valence: {} hydrogens where {} are expected",
                                    atom_text(source), hydrogens, free_valence(graph, index)));
}

}  // namespace

MolecularGraph molecular_graph(const Molecule& molecule) {
  RDKit::RWMol editable(molecule.graph());
  MolecularGraph graph;
  std::vector<int> index(editable.getNumAtoms(), -1);
  try {
    RDKit::MolOps::Kekulize(editable, true);
  } catch (const std::exception& e) {
    throw MoleculeError(fmt::format("cannot kekulize '{}': {}", molecule.smiles(), e.what()));
  }
  for (const RDKit::Atom* atom : editable.atoms()) {
    if (atom->getAtomicNum() == 1 && atom->getFormalCharge() == 0) continue;
    index[atom->getIdx()] = graph.atom_count();
    graph.atoms.push_back({atom->getAtomicNum(), atom->getFormalCharge()});
  }
  for (const RDKit::Bond* bond : editable.bonds()) {
    const int begin = index[bond->getBeginAtomIdx()], end = index[bond->getEndAtomIdx()];
    if (begin < 0 || end < 0) continue;
    const int order = order_of(*bond);
    if (order == 0)
      throw MoleculeError(fmt::format("bond {} of '{}' is neither single, double, triple nor aromatic",
                                      bond->getIdx() + 1, molecule.smiles()));
    graph.bonds.push_back({begin, end, order});
  }
  for (const RDKit::Atom* atom : editable.atoms())
    if (index[atom->getIdx()] >= 0) check_atom(*atom, graph, index[atom->getIdx()]);
  return graph;
}

Molecule molecule(const MolecularGraph& graph) {
  const RdkitLog log;
  std::string reason = "no atoms";
  try {
    RDKit::RWMol editable;
    for (const GraphAtom& a : graph.atoms) {
      RDKit::Atom atom(a.element);
      atom.setFormalCharge(a.formal_charge);
      editable.addAtom(&atom, false, false);
    }
    for (const GraphBond& b : graph.bonds)
      editable.addBond(static_cast<unsigned>(b.begin), static_cast<unsigned>(b.end),
                       static_cast<RDKit::Bond::BondType>(b.order));
    RDKit::MolOps::sanitizeMol(editable);
    if (editable.getNumAtoms() > 0) return Molecule::from_smiles(RDKit::MolToSmiles(editable));
  } catch (const MoleculeError& e) {
    reason = e.what();
  } catch (const std::exception& e) {
    reason = log.text().empty() ? e.what() : log.text();
  }
  throw MoleculeError(fmt::format("not a valid molecular graph: {}", reason));
}

const std::vector<int>& allowed_valences(int element, int formal_charge) {
  static const std::map<std::pair<int, int>, std::vector<int>> table{
      {{5, 0}, {3}},   {{5, -1}, {4}},       {{6, 0}, {4}},   {{6, 1}, {3}},   {{6, -1}, {3}},
      {{7, 0}, {3}},   {{7, 1}, {4}},        {{7, -1}, {2}},  {{8, 0}, {2}},   {{8, 1}, {3}},
      {{8, -1}, {1}},  {{9, 0}, {1}},        {{9, -1}, {0}},  {{14, 0}, {4}},  {{15, 0}, {3, 5}},
      {{15, 1}, {4}},  {{16, 0}, {2, 4, 6}}, {{16, 1}, {3}},  {{16, -1}, {1}}, {{17, 0}, {1}},
      {{17, -1}, {0}}, {{35, 0}, {1}},       {{35, -1}, {0}}, {{53, 0}, {1}},  {{53, -1}, {0}}};
  static const std::vector<int> none;
  const auto found = table.find({element, formal_charge});
  return found == table.end() ? none : found->second;
}

int bond_order_sum(const MolecularGraph& graph, int atom) {
  int sum = 0;
  for (const GraphBond& b : graph.bonds)
    if (b.begin == atom || b.end == atom) sum += b.order;
  return sum;
}

int free_valence(const MolecularGraph& graph, int atom) {
  const int used = bond_order_sum(graph, atom);
  const GraphAtom& a = graph.atoms[static_cast<std::size_t>(atom)];
  for (const int valence : allowed_valences(a.element, a.formal_charge))
    if (valence >= used) return valence - used;
  return -1;
}

bool valences_hold(const MolecularGraph& graph) {
  std::vector<std::pair<int, int>> pairs;
  for (const GraphBond& b : graph.bonds) {
    if (b.begin == b.end || b.order < 1 || b.order > 3) return false;
    pairs.emplace_back(std::min(b.begin, b.end), std::max(b.begin, b.end));
  }
  std::sort(pairs.begin(), pairs.end());
  if (std::adjacent_find(pairs.begin(), pairs.end()) != pairs.end()) return false;
  for (int i = 0; i < graph.atom_count(); ++i)
    if (free_valence(graph, i) < 0) return false;
  return true;
}

std::vector<std::vector<GraphNeighbour>> neighbours(const MolecularGraph& graph) {
  std::vector<std::vector<GraphNeighbour>> out(graph.atoms.size());
  for (int i = 0; i < graph.bond_count(); ++i) {
    const GraphBond& b = graph.bonds[static_cast<std::size_t>(i)];
    out[static_cast<std::size_t>(b.begin)].push_back({b.end, i});
    out[static_cast<std::size_t>(b.end)].push_back({b.begin, i});
  }
  return out;
}

std::vector<char> reachable(const MolecularGraph& graph, int start, const std::vector<int>& cut) {
  const auto adjacent = neighbours(graph);
  std::vector<char> seen(graph.atoms.size(), 0);
  std::vector<int> stack{start};
  seen[static_cast<std::size_t>(start)] = 1;
  while (!stack.empty()) {
    const int atom = stack.back();
    stack.pop_back();
    for (const GraphNeighbour& n : adjacent[static_cast<std::size_t>(atom)]) {
      if (seen[static_cast<std::size_t>(n.atom)] || std::find(cut.begin(), cut.end(), n.bond) != cut.end())
        continue;
      seen[static_cast<std::size_t>(n.atom)] = 1;
      stack.push_back(n.atom);
    }
  }
  return seen;
}

namespace {

/// Shortest path between the ends of a bond that does not use it, as atoms; empty when there is none.
std::vector<int> ring_through(const MolecularGraph& graph,
                              const std::vector<std::vector<GraphNeighbour>>& adjacent, int bond) {
  const GraphBond& b = graph.bonds[static_cast<std::size_t>(bond)];
  std::vector<int> previous(graph.atoms.size(), -1), queue{b.begin};
  previous[static_cast<std::size_t>(b.begin)] = b.begin;
  for (std::size_t head = 0; head < queue.size(); ++head) {
    const int atom = queue[head];
    if (atom == b.end) break;
    for (const GraphNeighbour& n : adjacent[static_cast<std::size_t>(atom)]) {
      if (n.bond == bond || previous[static_cast<std::size_t>(n.atom)] >= 0) continue;
      previous[static_cast<std::size_t>(n.atom)] = atom;
      queue.push_back(n.atom);
    }
  }
  std::vector<int> ring;
  if (previous[static_cast<std::size_t>(b.end)] < 0) return ring;
  for (int atom = b.end; atom != b.begin; atom = previous[static_cast<std::size_t>(atom)])
    ring.push_back(atom);
  ring.push_back(b.begin);
  return ring;
}

}  // namespace

std::vector<int> smallest_ring_sizes(const MolecularGraph& graph) {
  const auto adjacent = neighbours(graph);
  std::vector<int> sizes;
  for (int i = 0; i < graph.bond_count(); ++i)
    sizes.push_back(static_cast<int>(ring_through(graph, adjacent, i).size()));
  return sizes;
}

std::vector<std::vector<int>> small_rings(const MolecularGraph& graph) {
  const auto adjacent = neighbours(graph);
  std::vector<std::vector<int>> rings, sorted_rings;
  for (int i = 0; i < graph.bond_count(); ++i) {
    std::vector<int> ring = ring_through(graph, adjacent, i);
    if (ring.empty()) continue;
    std::vector<int> key = ring;
    std::sort(key.begin(), key.end());
    if (std::find(sorted_rings.begin(), sorted_rings.end(), key) != sorted_rings.end()) continue;
    sorted_rings.push_back(std::move(key));
    rings.push_back(std::move(ring));
  }
  return rings;
}

MolecularGraph subgraph(const MolecularGraph& graph, const std::vector<char>& keep,
                        std::vector<int>* new_index) {
  std::vector<int> index(graph.atoms.size(), -1);
  MolecularGraph out;
  for (std::size_t i = 0; i < graph.atoms.size(); ++i) {
    if (!keep[i]) continue;
    index[i] = out.atom_count();
    out.atoms.push_back(graph.atoms[i]);
  }
  for (const GraphBond& b : graph.bonds) {
    const int begin = index[static_cast<std::size_t>(b.begin)], end = index[static_cast<std::size_t>(b.end)];
    if (begin >= 0 && end >= 0) out.bonds.push_back({begin, end, b.order});
  }
  if (new_index) *new_index = std::move(index);
  return out;
}

int append(MolecularGraph& graph, const MolecularGraph& part) {
  const int offset = graph.atom_count();
  graph.atoms.insert(graph.atoms.end(), part.atoms.begin(), part.atoms.end());
  for (const GraphBond& b : part.bonds) graph.bonds.push_back({b.begin + offset, b.end + offset, b.order});
  return offset;
}

}  // namespace theriac::chem
