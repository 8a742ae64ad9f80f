// Would a medicinal chemist take the molecule seriously? Rules that keep edits of a molecular graph away from
// unstable, reactive or strained structures, before anything is computed on them.
//
// Correct valence alone allows peroxides, cumulenes in small rings and bridgehead double bonds. The rules
// here are common knowledge of medicinal chemistry (compare the filters of J. H. Jensen's graph GA, Chem.
// Sci. 10, 3567 (2019), and R. Brenk et al., ChemMedChem 3, 435 (2008)). They judge proposals, never a user's
// own input.
#pragma once
#include <string>
#include <vector>

#include "chem/molecular_graph.hpp"

namespace theriac::generative {

struct PlausibilityLimits {
  int min_heavy_atoms = 8;
  int max_heavy_atoms = 40;
  int max_ring_size = 7;
  int max_rings = 6;          ///< independent cycles
  int max_fused_rings = 4;    ///< independent cycles in one ring system
  int max_stereocentres = 4;  ///< carbons with four different neighbours, drawn flat
};

/// The first rule that the graph breaks, in a chemist's words ("peroxide"); empty when it breaks none.
std::string implausible_feature(const chem::MolecularGraph& graph, const PlausibilityLimits& limits = {});

/// Names of all rules, for documentation and tests.
std::vector<std::string> plausibility_rules();

}  // namespace theriac::generative
