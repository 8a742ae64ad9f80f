// What is behind SubstructureTarget and SubstructurePattern. Inside `chem`.
#pragma once
#include <memory>

#include "chem/substructure.hpp"
#include "chem/substructure_screen.hpp"

namespace theriac::chem {

struct SubstructureTarget::Prepared {
  std::shared_ptr<const RDKit::ROMol> graph;
  MoleculeContent content;
};

struct SubstructurePattern::Compiled {
  std::shared_ptr<const RDKit::ROMol> query;
  PatternNeeds needs;
};

}  // namespace theriac::chem
