// The whole-molecule descriptors of `molecular_features`. Inside `chem`.
#pragma once
#include <string>
#include <vector>

#include "chem/annotated_graph.hpp"

namespace theriac::chem {

constexpr int no_atom = -1;

/// `overlooked`: an atom whose share is left out, or `no_atom`. `names`, when given, gets the names.
std::vector<float> descriptor_block(const AnnotatedGraph& graph, int overlooked,
                                    std::vector<std::string>* names = nullptr);

}  // namespace theriac::chem
