// Where a molecule can be cut, so that a part of it is made anew.
//
// Cuts go through single bonds outside rings, one to three at a time, all of them around one central piece:
//
//     end    one cut; the smaller or the larger side goes: a substituent is replaced
//     ends   two or three cuts; the centre stays, what lies beyond goes: several substituents at once
//     core   two or three cuts; the centre goes, what lies beyond stays: a linker or scaffold is replaced
//
// The matched molecular pairs of medicinal chemistry are cut the same way (J. Hussain, C. Rea, J. Chem. Inf.
// Model. 50, 339 (2010)).
#pragma once
#include <array>
#include <bitset>
#include <vector>

#include "chem/molecular_graph.hpp"
#include "generative/action_vocabulary.hpp"

namespace theriac::generative {

using AtomSet = std::bitset<max_graph_atoms>;

enum class CutKind { end, ends, core };

struct MoleculeCut {
  CutKind kind = CutKind::end;
  int bond_count = 1;
  std::array<int, 3> bonds{};  ///< of the graph, rising
  AtomSet removed;
  /// Tanimoto similarity (Morgan, radius 2) to expect when what grows has as many new environments as were
  /// lost and none in common: kept environments / (all + lost).
  double likeness = 0;
};

struct CutLimits {
  int max_removed = 12;  ///< heavy atoms
  AtomSet keep;          ///< never removed
};

/// Single bonds outside rings that part no pair of charges.
std::vector<int> cuttable_bonds(const chem::MolecularGraph& molecule);

/// All ways within the limits, in an order that depends on the graph only. Up to `max_graph_atoms` atoms; of
/// molecules with more than 64 cuttable bonds only those with one or two cuts.
std::vector<MoleculeCut> molecule_cuts(const chem::MolecularGraph& molecule, const CutLimits& limits);

}  // namespace theriac::generative
