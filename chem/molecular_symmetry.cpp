#include "chem/molecular_symmetry.hpp"

#include <GraphMol/Atom.h>
#include <GraphMol/Bond.h>
#include <GraphMol/ROMol.h>

#include "chem/graph_matching.hpp"

namespace theriac::chem {
namespace {

struct HeavyAtoms {
  std::vector<int> atoms;  // heavy atoms in order
  ColouredGraph graph;
};

/// Heavy atoms only; `index[atom]` is the node, -1 for hydrogen.
std::vector<int> heavy_index(const RDKit::ROMol& mol, std::vector<int>& atoms) {
  std::vector<int> index(mol.getNumAtoms(), -1);
  for (const auto* atom : mol.atoms()) {
    if (atom->getAtomicNum() == 1) continue;
    index[atom->getIdx()] = static_cast<int>(atoms.size());
    atoms.push_back(static_cast<int>(atom->getIdx()));
  }
  return index;
}

int heavy_degree(const RDKit::ROMol& mol, const RDKit::Atom* atom) {
  int degree = 0;
  for (const auto* other : mol.atomNeighbors(atom)) degree += other->getAtomicNum() > 1;
  return degree;
}

/// O, N or S with one heavy neighbour: its bond order and hydrogens depend on how the group was drawn.
bool is_resonant_end(const RDKit::ROMol& mol, const RDKit::Atom* atom) {
  const int z = atom->getAtomicNum();
  return (z == 7 || z == 8 || z == 16) && heavy_degree(mol, atom) == 1;
}

int strict_colour(const RDKit::ROMol& mol, const RDKit::Atom* atom) {
  const int hydrogens = is_resonant_end(mol, atom) ? 0 : static_cast<int>(atom->getTotalNumHs(true));
  return atom->getAtomicNum() * 32 + std::min(hydrogens, 7) * 2 + atom->getIsAromatic();
}

/// A terminal bond has no order of its own; C=N of an amidine counts as single when N could carry either.
int strict_edge(const RDKit::ROMol& mol, const RDKit::Bond* bond) {
  if (bond->getIsAromatic()) return 12;
  if (bond->getBondType() != RDKit::Bond::TRIPLE &&
      (is_resonant_end(mol, bond->getBeginAtom()) || is_resonant_end(mol, bond->getEndAtom())))
    return 0;
  return static_cast<int>(bond->getBondType());
}

HeavyAtoms heavy_atoms(const RDKit::ROMol& mol, bool strict) {
  HeavyAtoms out;
  const std::vector<int> index = heavy_index(mol, out.atoms);
  std::vector<int> colours;
  for (const int i : out.atoms) {
    const RDKit::Atom* atom = mol.getAtomWithIdx(static_cast<unsigned>(i));
    colours.push_back(strict ? strict_colour(mol, atom) : atom->getAtomicNum());
  }
  out.graph = ColouredGraph::with_colours(std::move(colours));
  for (const auto* bond : mol.bonds()) {
    const int i = index[bond->getBeginAtomIdx()], j = index[bond->getEndAtomIdx()];
    if (i >= 0 && j >= 0) out.graph.add_edge(i, j, strict ? strict_edge(mol, bond) : 0);
  }
  return out;
}

HeavyAtoms heavy_atoms(const FlexibleLigand& ligand) {
  HeavyAtoms out;
  std::vector<int> index(ligand.atoms.size(), -1), colours;
  for (std::size_t i = 0; i < ligand.atoms.size(); ++i) {
    if (ligand.atoms[i].element <= 1) continue;
    index[i] = static_cast<int>(out.atoms.size());
    out.atoms.push_back(static_cast<int>(i));
    colours.push_back(ligand.atoms[i].element);
  }
  out.graph = ColouredGraph::with_colours(std::move(colours));
  for (const auto& [i, j] : ligand.bonds)
    if (index[i] >= 0 && index[j] >= 0) out.graph.add_edge(index[i], index[j]);
  return out;
}

std::vector<std::vector<int>> mappings(const HeavyAtoms& a, const HeavyAtoms& b, int atoms_of_a,
                                       std::size_t limit) {
  std::vector<std::vector<int>> out;
  for (const auto& m : isomorphisms(a.graph, b.graph, limit)) {
    std::vector<int> mapping(static_cast<std::size_t>(atoms_of_a), -1);
    for (std::size_t i = 0; i < m.size(); ++i) mapping[a.atoms[i]] = b.atoms[m[i]];
    out.push_back(std::move(mapping));
  }
  return out;
}

}  // namespace

std::vector<std::vector<int>> heavy_atom_mappings(const Molecule& a, const Molecule& b, std::size_t limit) {
  auto out = mappings(heavy_atoms(a.graph(), true), heavy_atoms(b.graph(), true), a.atom_count(), limit);
  if (out.empty())
    out = mappings(heavy_atoms(a.graph(), false), heavy_atoms(b.graph(), false), a.atom_count(), limit);
  return out;
}

std::vector<std::vector<int>> heavy_atom_mappings(const Molecule& a, const FlexibleLigand& b,
                                                  std::size_t limit) {
  return mappings(heavy_atoms(a.graph(), false), heavy_atoms(b), a.atom_count(), limit);
}

std::vector<std::vector<int>> heavy_atom_symmetries(const Molecule& molecule, std::size_t limit) {
  const HeavyAtoms heavy = heavy_atoms(molecule.graph(), true);
  auto out = mappings(heavy, heavy, molecule.atom_count(), limit);
  for (auto& permutation : out)
    for (std::size_t i = 0; i < permutation.size(); ++i)
      if (permutation[i] < 0) permutation[i] = static_cast<int>(i);
  return out;
}

}  // namespace theriac::chem
