// A molecule without stereochemistry as whole numbers, read from SMILES and written as canonical SMILES.
//
// MolecularGraph leaves hydrogens to a table of valences. That is not enough where a piece of a molecule
// stands alone: the ring of a cyclic sulfone without its oxygens holds a sulphur of valence 6 with four open
// bonds, which is not the sulphur of a thioether. A FlatGraph therefore says the valence of every atom.
// Attachment points ('*', '[*:1]') become open sites of the atom that they hang on.
//
// Both directions cost a fraction of `Molecule`: one pass of RDKit, no stereochemistry, no second parse.
#pragma once
#include <string>
#include <vector>

#include "chem/molecular_graph.hpp"

namespace theriac::chem {

/// A place where the SMILES had an attachment point.
struct OpenSite {
  int atom = 0;
  int order = 1;  ///< of the bond to the attachment point
  int label = 0;  ///< atom map number, or isotope where there is none; 0: unlabelled
};

struct FlatGraph {
  MolecularGraph graph;       ///< kekulized, heavy atoms only
  std::vector<int> valences;  ///< per atom: bond orders, hydrogens and open sites together
  std::vector<OpenSite> open_sites;
};

/// Atoms in the order of the SMILES. Throws MoleculeError: not a valid SMILES, radicals, bonds other than
/// single to triple and aromatic, an attachment point without exactly one neighbour.
FlatGraph flat_graph(const std::string& smiles);

/// What RDKit perceives in a FlatGraph.
struct CanonicalGraph {
  std::string smiles;                ///< canonical; open sites are hydrogens
  std::vector<int> order;            ///< order[k]: atom of the graph that is the k-th of the SMILES
  std::vector<char> aromatic_bonds;  ///< per bond of the graph
};

/// Throws MoleculeError with RDKit's reason.
CanonicalGraph canonical_graph(const FlatGraph& flat);
/// The SMILES alone.
std::string canonical_smiles(const FlatGraph& flat);
/// The same with open sites as attachment points, "[*:1]c1ccccc1"; unlabelled ones are "*".
std::string smiles_with_points(const FlatGraph& flat);

}  // namespace theriac::chem
