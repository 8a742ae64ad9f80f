// Small random edits of a molecular graph, each of which keeps every valence.
//
// The edits follow the graph-based genetic algorithm of J. H. Jensen, Chem. Sci. 10, 3567 (2019): append,
// insert or delete an atom, change a bond order or an element, open or close a ring; and add growth with
// fragments: append one, swap a substituent for one, move a substituent, fuse a ring. Charged atoms (nitro
// groups, quaternary nitrogen) are left as they are.
#pragma once
#include <optional>
#include <string>

#include "chem/counter_random.hpp"
#include "chem/molecular_graph.hpp"

namespace theriac::generative {

enum class Mutation {
  append_atom,
  insert_atom,  ///< into a single bond
  delete_atom,  ///< a terminal atom, or one with two neighbours that are then joined
  change_bond_order,
  change_element,
  close_ring,  ///< a single bond that makes a ring of 3 to 7, mostly 5 and 6
  open_ring,
  append_fragment,      ///< functional group or ring on a free valence
  replace_substituent,  ///< a small side of an acyclic single bond becomes a fragment
  move_substituent,     ///< a small side moves to another free valence
  fuse_ring             ///< a five- or six-membered ring on a ring bond
};

constexpr int mutation_count = 11;

/// "append atom", "fuse ring" ...
std::string name(Mutation mutation);

/// One such edit at a random place; empty when the molecule has no place for it.
std::optional<chem::MolecularGraph> mutate(const chem::MolecularGraph& graph, Mutation mutation,
                                           chem::CounterRandom& random);

/// An edit of a kind drawn by weight; other kinds are tried when the first finds no place. `done`, when
/// given, receives the kind.
std::optional<chem::MolecularGraph> mutate(const chem::MolecularGraph& graph, chem::CounterRandom& random,
                                           Mutation* done = nullptr);

}  // namespace theriac::generative
