// A molecule as substructure search sees it: small numbers, no RDKit. Inside `chem`.
//
// The traits of an atom are all that a SMARTS atom can ask without looking at neighbours. They fit into one
// 64-bit word, so that what a pattern says of an atom can be looked up by that word instead of asked again:
// a whole library has some hundred different words.
#pragma once
#include <cstdint>
#include <vector>

namespace RDKit {
class ROMol;
}

namespace theriac::chem {

struct AtomTraits {
  int element = 0;
  int isotope = 0;
  int charge = 0;
  int hydrogens = 0;      ///< all, also those that are atoms of their own
  int degree = 0;         ///< neighbours that are atoms of the graph
  int total_degree = 0;   ///< hydrogens that are no atoms of the graph included
  int valence = 0;        ///< bond orders and hydrogens
  int rings = 0;          ///< of the smallest set of smallest rings
  int smallest_ring = 0;  ///< atoms in it; 0 for a chain atom
  int ring_bonds = 0;
  bool aromatic = false;
};

using TraitWord = std::uint64_t;

/// Order (single, double, triple, aromatic: 0 to 3) and ring: 2 * order + in a ring.
using BondForm = std::uint8_t;
constexpr int bond_form_count = 8;

struct SearchGraph {
  struct Neighbour {
    int atom;
    BondForm form;
  };
  struct Bond {
    int begin, end;
    BondForm form;
  };

  std::vector<TraitWord> atoms;
  std::vector<Bond> bonds;
  std::vector<int> first;  ///< neighbours of atom i are [first[i], first[i + 1])
  std::vector<Neighbour> neighbours;
  /// False when a number does not fit (11 rings through an atom of a cage, a dative bond): then `atoms` and
  /// the rest are empty, and the search is RDKit's.
  bool complete = false;

  int atom_count() const { return static_cast<int>(atoms.size()); }
};

TraitWord packed(const AtomTraits& traits);
AtomTraits unpacked(TraitWord word);

/// The graph as it stands; rings must be known.
SearchGraph search_graph(const RDKit::ROMol& graph);
/// The same with every hydrogen an atom, as after RDKit's addHs.
SearchGraph search_graph_with_hydrogens(const RDKit::ROMol& graph);

}  // namespace theriac::chem
