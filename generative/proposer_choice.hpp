// The proposers there are, by name, for benchmarks and campaigns.
//
// A new proposer joins with one entry of the table in proposer_choice.cpp.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "chem/molecule.hpp"
#include "generative/graph_evolution.hpp"
#include "generative/graph_policy.hpp"
#include "generative/peptide_proposer.hpp"
#include "generative/proposer.hpp"

namespace theriac::generative {

/// What a proposer is given to start with.
struct ProposerSetting {
  std::vector<chem::Molecule> start;  ///< proposed in round 0
  std::uint64_t seed = 1;
  /// What a campaign allows: plausibility rules, size limits, breeders per bucket. Empty in benchmarks, where
  /// anything valid goes.
  std::optional<EvolutionOptions> campaign = {};
  /// Gives the generator that a learned proposer starts from; called by those only. Empty where there is
  /// none.
  std::function<std::shared_ptr<const GraphPolicy>()> prior = {};
  /// Of peptides: gives the language model and what they are like; called by their proposer only.
  std::function<std::pair<std::shared_ptr<const PeptideModel>, PeptideProposerOptions>()> peptides = {};
};

struct ProposerKind {
  std::string name;      ///< "graph-evolution"
  std::string summary;   ///< one line, for help texts and tables
  bool learned = false;  ///< needs ProposerSetting::prior
  std::unique_ptr<Proposer> (*make)(const ProposerSetting& setting) = nullptr;
  bool of_peptides = false;  ///< needs ProposerSetting::peptides
};

const std::vector<ProposerKind>& proposer_kinds();

/// Throws UsageError with the nearest name and all names.
const ProposerKind& proposer_kind(const std::string& name);

}  // namespace theriac::generative
