#include "chem/peptide_recognition.hpp"

#include <GraphMol/GraphMol.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

#include "chem/error.hpp"
#include "chem/residue_scales.hpp"

namespace theriac::chem {
namespace {

using RDKit::Atom;
using RDKit::ROMol;

constexpr int carbon = 6, nitrogen = 7, oxygen = 8, sulfur = 16;

struct Residue {
  const Atom* n = nullptr;
  const Atom* alpha = nullptr;
  const Atom* c = nullptr;
};

std::vector<const Atom*> neighbours(const ROMol& graph, const Atom* atom) {
  std::vector<const Atom*> out;
  for (const auto* other : graph.atomNeighbors(atom)) out.push_back(other);
  return out;
}

bool is_carbonyl(const ROMol& graph, const Atom* atom) {
  if (atom->getAtomicNum() != carbon) return false;
  for (const auto* bond : graph.atomBonds(atom))
    if (bond->getBondType() == RDKit::Bond::DOUBLE && bond->getOtherAtom(atom)->getAtomicNum() == oxygen)
      return true;
  return false;
}

bool is_saturated(const ROMol& graph, const Atom* atom) {
  if (atom->getAtomicNum() != carbon || atom->getIsAromatic()) return false;
  for (const auto* bond : graph.atomBonds(atom))
    if (bond->getBondType() != RDKit::Bond::SINGLE) return false;
  return true;
}

/// N, alpha and carbonyl carbon of every residue: an amine on a saturated carbon that bears a carbonyl.
std::vector<Residue> backbone(const ROMol& graph) {
  std::vector<Residue> out;
  for (const auto* alpha : graph.atoms()) {
    if (!is_saturated(graph, alpha)) continue;
    Residue residue{nullptr, alpha, nullptr};
    for (const auto* atom : neighbours(graph, alpha)) {
      if (atom->getAtomicNum() == nitrogen && !atom->getIsAromatic()) residue.n = atom;
      if (is_carbonyl(graph, atom)) residue.c = atom;
    }
    if (residue.n && residue.c) out.push_back(residue);
  }
  return out;
}

/// Heavy atoms of the side chain by element; a disulfide ends it.
struct SideChain {
  std::map<int, int> atoms;
  bool ring_to_n = false, branched = false;
};

SideChain side_chain(const ROMol& graph, const Residue& residue) {
  SideChain out;
  std::vector<const Atom*> seen = {residue.alpha, residue.n, residue.c}, next = {residue.alpha};
  const auto met = [&](const Atom* atom) { return std::find(seen.begin(), seen.end(), atom) != seen.end(); };
  while (!next.empty()) {
    const Atom* atom = next.back();
    next.pop_back();
    int beyond = 0;
    for (const auto* other : neighbours(graph, atom)) {
      if (other == residue.n && atom != residue.alpha) out.ring_to_n = true;
      if (met(other) || other->getAtomicNum() == 1) continue;
      if (atom->getAtomicNum() == sulfur && other->getAtomicNum() == sulfur) continue;
      seen.push_back(other);
      next.push_back(other);
      ++out.atoms[other->getAtomicNum()];
      ++beyond;
    }
    const auto around = neighbours(graph, atom);
    const bool beta = std::find(around.begin(), around.end(), residue.alpha) != around.end();
    if (beta && beyond > 1) out.branched = true;
  }
  return out;
}

std::optional<char> letter_of(const SideChain& side) {
  struct Kind {
    char letter;
    std::map<int, int> atoms;
    bool ring_to_n, branched;
  };
  static const std::vector<Kind> kinds = {{'G', {}, false, false},
                                          {'A', {{carbon, 1}}, false, false},
                                          {'C', {{carbon, 1}, {sulfur, 1}}, false, false},
                                          {'D', {{carbon, 2}, {oxygen, 2}}, false, false},
                                          {'E', {{carbon, 3}, {oxygen, 2}}, false, false},
                                          {'F', {{carbon, 7}}, false, false},
                                          {'H', {{carbon, 4}, {nitrogen, 2}}, false, false},
                                          {'I', {{carbon, 4}}, false, true},
                                          {'K', {{carbon, 4}, {nitrogen, 1}}, false, false},
                                          {'L', {{carbon, 4}}, false, false},
                                          {'M', {{carbon, 3}, {sulfur, 1}}, false, false},
                                          {'N', {{carbon, 2}, {nitrogen, 1}, {oxygen, 1}}, false, false},
                                          {'P', {{carbon, 3}}, true, false},
                                          {'Q', {{carbon, 3}, {nitrogen, 1}, {oxygen, 1}}, false, false},
                                          {'R', {{carbon, 4}, {nitrogen, 3}}, false, false},
                                          {'S', {{carbon, 1}, {oxygen, 1}}, false, false},
                                          {'T', {{carbon, 2}, {oxygen, 1}}, false, true},
                                          {'V', {{carbon, 3}}, false, true},
                                          {'W', {{carbon, 9}, {nitrogen, 1}}, false, false},
                                          {'Y', {{carbon, 7}, {oxygen, 1}}, false, false}};
  for (const auto& kind : kinds)
    if (kind.atoms == side.atoms && kind.ring_to_n == side.ring_to_n && kind.branched == side.branched)
      return kind.letter;
  return {};
}

[[noreturn]] void refuse(const Molecule& molecule) {
  throw InputError(fmt::format("'{}' is no peptide of the twenty residues", molecule.smiles()));
}

std::string first_rotation(const std::string& ring) {
  std::string best = ring;
  for (std::size_t i = 1; i < ring.size(); ++i) best = std::min(best, ring.substr(i) + ring.substr(0, i));
  return best;
}

}  // namespace

std::string peptide_residues(const Molecule& molecule) {
  const ROMol& graph = molecule.graph();
  const auto residues = backbone(graph);
  std::map<const Atom*, std::size_t> of_nitrogen;
  for (std::size_t i = 0; i < residues.size(); ++i)
    if (!of_nitrogen.emplace(residues[i].n, i).second) refuse(molecule);
  std::vector<std::optional<std::size_t>> after(residues.size());
  std::vector<char> has_before(residues.size(), 0);
  for (std::size_t i = 0; i < residues.size(); ++i)
    for (const auto* atom : neighbours(graph, residues[i].c)) {
      const auto next = of_nitrogen.find(atom);
      if (next == of_nitrogen.end()) continue;
      if (after[i] || has_before[next->second]) refuse(molecule);
      after[i] = next->second;
      has_before[next->second] = 1;
    }
  if (residues.empty()) refuse(molecule);
  const auto first = std::find(has_before.begin(), has_before.end(), 0);
  const bool ring = first == has_before.end();
  std::string out;
  std::size_t at = ring ? 0 : static_cast<std::size_t>(first - has_before.begin());
  for (std::size_t read = 0; read < residues.size(); ++read) {
    const auto letter = letter_of(side_chain(graph, residues[at]));
    if (!letter) refuse(molecule);
    out += *letter;
    if (!after[at]) break;
    at = *after[at];
  }
  if (out.size() != residues.size()) refuse(molecule);
  return ring ? first_rotation(out) : out;
}

}  // namespace theriac::chem
