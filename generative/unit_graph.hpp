// A finished molecule as the generator sees it: units (atoms and ring motifs) and the bonds between them.
//
// It has no order: from one unit graph many action strings can be drawn (action_sequence.hpp), without RDKit.
// Motifs are joined like beads of a tree; rings of bonds run only through single atoms, those of ring systems
// that are no motif.
#pragma once
#include <string>
#include <unordered_map>
#include <vector>

#include "chem/error.hpp"
#include "chem/flat_graph.hpp"
#include "generative/action_vocabulary.hpp"

namespace theriac::generative {

/// A bond between two units. A position is the number of an atom in its motif, 0 for a single atom.
struct UnitBond {
  int unit_a = 0, position_a = 0;
  int unit_b = 0, position_b = 0;
  int order = 1;
};

/// An attachment point of the molecule, where it had any.
struct OpenUnitSite {
  int unit = 0, position = 0;
  int order = 1;
  int label = 0;
};

/// Where an atom of the molecule went.
struct UnitPlace {
  int unit = -1;     ///< -1: it is not there (in a part of a molecule)
  int position = 0;  ///< in its motif
};

struct UnitGraph {
  std::vector<int> units;  ///< unit types
  std::vector<UnitBond> bonds;
  std::vector<OpenUnitSite> open_sites;
  std::vector<UnitPlace> places;  ///< per atom of the molecule that it was built from; may be empty
  int atom_count = 0;
};

/// A molecule that the vocabulary cannot express, and why: "atom 3 (Se) is in no vocabulary".
class NotEncodable : public MoleculeError {
  using MoleculeError::MoleculeError;
};

/// Atoms whose charge has a neighbour of opposite charge; 1 or 0 per atom.
std::vector<char> paired_charges(const chem::MolecularGraph& graph);

/// Bonds that are in a ring, those that are no bridges (R. Tarjan 1974); 1 or 0 per bond.
std::vector<char> ring_bonds(const chem::MolecularGraph& graph);

/// The bare ring systems of a molecule: bonds in rings, and atoms joined by them (spiro rings are one
/// system).
struct RingSystem {
  std::vector<int> atoms;  ///< of the molecule, rising
  chem::FlatGraph bare;    ///< these atoms and their ring bonds, in that order
};
std::vector<RingSystem> ring_systems(const chem::FlatGraph& molecule);

/// Names ring systems. Canonicalising is the dear part, so it remembers what it has seen (bounded memory).
class RingSystemNames {
 public:
  struct Name {
    std::string smiles;      ///< canonical; empty where RDKit refuses the bare system
    std::vector<int> order;  ///< order[k]: atom of the bare graph that is the k-th of the SMILES
  };
  const Name& of(const chem::FlatGraph& bare);

 private:
  std::unordered_map<std::string, Name> known_;
};

/// Splits molecules into the units of a vocabulary. One object per thread; results do not depend on what it
/// has seen before. The vocabulary must outlive it.
class UnitGraphBuilder {
 public:
  explicit UnitGraphBuilder(const ActionVocabulary& vocabulary) : vocabulary_(&vocabulary) {}

  /// Throws NotEncodable. With `motifs` false, all ring systems are built atom by atom.
  UnitGraph build(const chem::FlatGraph& molecule, bool motifs = true);

 private:
  void place_motif(const chem::FlatGraph& molecule, const std::vector<int>& types, const RingSystem& system,
                   UnitGraph& out);

  const ActionVocabulary* vocabulary_;
  RingSystemNames names_;
};

}  // namespace theriac::generative
