// How a campaign went, round by round, as one SVG figure: combined desirability and docking score.
#pragma once
#include <string>
#include <vector>

#include "generative/campaign.hpp"

namespace theriac::cli {

/// `reference_affinity` in kcal/mol is drawn as a line; NaN: there is none. With several objectives the
/// hypervolume of the Pareto front is drawn too. Curves begin anew with each stage, which is marked by its
/// name.
std::string campaign_figure(const std::string& name, const std::vector<generative::RoundSummary>& rounds,
                            double reference_affinity, bool several_objectives,
                            const std::vector<generative::StageSummary>& stages = {});

}  // namespace theriac::cli
