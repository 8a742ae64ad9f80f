// Several molecular graphs as one graph of many parts: what a message-passing network computes on at once.
#pragma once
#include <cstdint>
#include <vector>

#include "chem/bond_graph.hpp"

namespace theriac::scoring {

/// Edges are directed. Those that begin at an atom without another neighbour come first: nothing ever arrives
/// at their beginning but from their end, so their message never changes.
struct MessageBatch {
  int molecules = 0;
  int leaf_edges = 0;                        ///< how many of those there are
  std::vector<chem::AtomTraits> kinds;       ///< each once, in the order of their first atoms
  std::vector<std::int32_t> kind;            ///< of an atom
  std::vector<chem::BondTraits> bonds;       ///< one per edge
  std::vector<std::int32_t> source, target;  ///< atoms of an edge
  std::vector<std::int32_t> reverse;         ///< the edge that runs the other way
  std::vector<std::int32_t> molecule;        ///< of an atom
  std::vector<std::int32_t> first_atom;      ///< of a molecule; one more at the end

  int atom_count() const { return static_cast<int>(kind.size()); }
  int edge_count() const { return static_cast<int>(source.size()); }
};

MessageBatch message_batch(const std::vector<const chem::BondGraph*>& graphs);

}  // namespace theriac::scoring
