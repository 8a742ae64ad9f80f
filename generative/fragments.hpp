// Small groups that medicinal chemists add to a molecule: functional groups, rings and ring-linker pieces.
//
// Each is written as SMILES whose first atom is the one that bonds to the molecule. The list is our own
// selection of common substituents; the weight makes small and frequent groups likelier.
#pragma once
#include <string>
#include <vector>

#include "chem/counter_random.hpp"
#include "chem/molecular_graph.hpp"

namespace theriac::generative {

struct Fragment {
  std::string smiles;  ///< first atom attaches, by a single bond
  int weight = 1;
  chem::MolecularGraph graph;  ///< atom 0 attaches; it has at least one free valence
};

/// All fragments, parsed once.
const std::vector<Fragment>& fragments();

/// One of them, drawn by weight.
const Fragment& draw_fragment(chem::CounterRandom& random);

}  // namespace theriac::generative
