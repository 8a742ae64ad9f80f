// Crossover: cut two molecules open and join a piece of each.
//
// As in J. H. Jensen, Chem. Sci. 10, 3567 (2019): either one acyclic single bond is cut in both parents and
// the pieces are joined by a single bond, or two bonds of one ring are cut in both and the pieces are joined
// by two bonds, so that ring systems are recombined as well. Bond orders at the joints are chosen so that
// every valence holds.
#pragma once
#include <optional>

#include "chem/counter_random.hpp"
#include "chem/molecular_graph.hpp"

namespace theriac::generative {

/// A piece of `a` joined to a piece of `b`; empty when one of them has no place to cut.
std::optional<chem::MolecularGraph> crossover(const chem::MolecularGraph& a, const chem::MolecularGraph& b,
                                              chem::CounterRandom& random);

/// Only the acyclic kind.
std::optional<chem::MolecularGraph> chain_crossover(const chem::MolecularGraph& a,
                                                    const chem::MolecularGraph& b,
                                                    chem::CounterRandom& random);

/// Only the ring kind.
std::optional<chem::MolecularGraph> ring_crossover(const chem::MolecularGraph& a,
                                                   const chem::MolecularGraph& b,
                                                   chem::CounterRandom& random);

}  // namespace theriac::generative
