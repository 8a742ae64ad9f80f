// The proposers there are, by name, for benchmarks and campaigns.
//
// A new proposer joins with one entry of the table in proposer_choice.cpp.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "chem/molecule.hpp"
#include "generative/proposer.hpp"

namespace theriac::generative {

/// What a proposer is given for a search of molecular space where anything valid goes.
struct ProposerSetting {
  std::vector<chem::Molecule> start;  ///< proposed in round 0
  std::uint64_t seed = 1;
};

struct ProposerKind {
  std::string name;     ///< "graph-evolution"
  std::string summary;  ///< one line, for help texts and tables
  std::unique_ptr<Proposer> (*make)(const ProposerSetting& setting);
};

const std::vector<ProposerKind>& proposer_kinds();

/// Throws UsageError with the nearest name and all names.
const ProposerKind& proposer_kind(const std::string& name);

}  // namespace theriac::generative
