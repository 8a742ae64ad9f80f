// A molecule as a plain graph of heavy atoms and bonds of order 1, 2 or 3, for code that edits molecules.
//
// The graph is kekulized: aromatic rings are written with alternating bonds, so that the valence of every
// atom is a sum of whole numbers and an edit can be checked with small integers. Hydrogens are not stored;
// they fill what is left of the valence. Stereochemistry and isotopes are dropped on the way in.
#pragma once
#include <vector>

#include "chem/molecule.hpp"

namespace theriac::chem {

struct GraphAtom {
  int element = 6;        ///< atomic number
  int formal_charge = 0;  ///< e
};

struct GraphBond {
  int begin = 0, end = 0;  ///< atom indices
  int order = 1;           ///< 1, 2 or 3

  int other(int atom) const { return atom == begin ? end : begin; }
};

struct MolecularGraph {
  std::vector<GraphAtom> atoms;
  std::vector<GraphBond> bonds;

  int atom_count() const { return static_cast<int>(atoms.size()); }
  int bond_count() const { return static_cast<int>(bonds.size()); }
};

/// The graph of a molecule; atoms keep their order, hydrogens are left out. Throws MoleculeError for
/// radicals, for bonds other than single, double, triple and aromatic, and for elements without a valence
/// rule (B C N O F Si P S Cl Br I have one).
MolecularGraph molecular_graph(const Molecule& molecule);

/// The molecule of a graph: sanitised by RDKit and read back from its canonical SMILES, so that it is the
/// same as if it came from a file. Throws MoleculeError with RDKit's reason.
Molecule molecule(const MolecularGraph& graph);

/// Valences that an element may have in this charge, rising: sulphur {2, 4, 6}, ammonium {4}. Empty: no rule.
const std::vector<int>& allowed_valences(int element, int formal_charge);

/// Sum of the bond orders at an atom.
int bond_order_sum(const MolecularGraph& graph, int atom);

/// Hydrogens that fill the atom up to its next allowed valence: what an edit can bond to.
/// -1 when the bonds already exceed every allowed valence.
int free_valence(const MolecularGraph& graph, int atom);

/// No atom exceeds its valence, no bond joins an atom to itself or two atoms twice.
bool valences_hold(const MolecularGraph& graph);

/// One neighbour of an atom.
struct GraphNeighbour {
  int atom = 0;
  int bond = 0;
};

/// Neighbours of every atom, in bond order.
std::vector<std::vector<GraphNeighbour>> neighbours(const MolecularGraph& graph);

/// Atoms that can be reached from `start` without crossing the bonds in `cut`; 1 or 0 per atom.
std::vector<char> reachable(const MolecularGraph& graph, int start, const std::vector<int>& cut = {});

/// Size of the smallest ring through each bond; 0 for bonds that are in no ring.
std::vector<int> smallest_ring_sizes(const MolecularGraph& graph);

/// The smallest ring through each ring bond, without duplicates, as atoms in ring order. Not a full cycle
/// basis in cage compounds, but every ring bond is in one of them.
std::vector<std::vector<int>> small_rings(const MolecularGraph& graph);

/// A graph without some atoms; the bonds of removed atoms go with them. `keep` has one entry per atom.
/// `new_index`, when given, receives the new index of every atom or -1.
MolecularGraph subgraph(const MolecularGraph& graph, const std::vector<char>& keep,
                        std::vector<int>* new_index = nullptr);

/// Adds the atoms and bonds of `part`; returns the index that its atom 0 now has.
int append(MolecularGraph& graph, const MolecularGraph& part);

}  // namespace theriac::chem
