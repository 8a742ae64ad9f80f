// Sampling from a network: many molecules grow side by side in lanes of one batch; a lane that has finished
// takes the next molecule. Inside `generative`; users have GraphPolicy::sample.
#pragma once
#include <vector>

#include "chem/stop_token.hpp"
#include "generative/graph_policy.hpp"
#include "generative/step_network.hpp"

namespace theriac::generative {

/// As GraphPolicy::sample. One batch a thread.
std::vector<SampledMolecule> sample_molecules(const ActionVocabulary& vocabulary, const StepNetwork& network,
                                              const PlanSource& plans, std::uint64_t first, std::size_t count,
                                              const SamplingOptions& options, chem::StopToken stop);

}  // namespace theriac::generative
