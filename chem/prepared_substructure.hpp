// What is behind SubstructureTarget and SubstructurePattern. Inside `chem`.
#pragma once
#include <memory>
#include <string>

#include "chem/pattern_set.hpp"
#include "chem/search_graph.hpp"
#include "chem/substructure.hpp"

namespace theriac::chem {

struct SubstructureTarget::Prepared {
  std::shared_ptr<const RDKit::ROMol> graph;
  SearchGraph flat;
};

struct SubstructurePattern::Compiled {
  std::shared_ptr<const RDKit::ROMol> query;
  PatternSet alone;  ///< of this one pattern
};

/// A SMARTS as RDKit compiles it. Throws UsageError with RDKit's reason.
std::shared_ptr<const RDKit::ROMol> smarts_query(const std::string& smarts);

}  // namespace theriac::chem
