#include "repurpose/thinned_profile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "chem/error.hpp"

namespace theriac::repurpose {
namespace {

/// Weights are damped by the number of links of the disease: fewer links weigh more.
void thin(std::vector<double>& weights, double share, chem::CounterRandom& random) {
  double before = 0, after = 0;
  for (double& weight : weights) {
    if (weight == 0) continue;
    ++before;
    if (random.uniform() < share)
      weight = 0;
    else
      ++after;
  }
  if (after > 0)
    for (double& weight : weights) weight *= std::pow(after / before, -usual_damping);
}

void thin_likeness(RealMatrix& likeness, DiseaseLikeness which, double share, chem::CounterRandom& random) {
  const auto column = static_cast<std::size_t>(which);
  for (std::size_t d = 0; d < likeness.rows; ++d)
    if (likeness(d, column) != 0 && random.uniform() < share) likeness(d, column) = 0;
}

/// Diseases that share what is left, hidden ones apart.
void share_anew(DiseaseProfile& profile, DiseaseLikeness which, const Bipartite& table,
                const std::vector<double>& nodes) {
  RealMatrix x(nodes.size(), 1);
  x.values = nodes;
  const auto sharing = table.to_rows(x);
  for (std::uint32_t d = 0; d < profile.likeness.rows; ++d)
    profile.likeness(d, static_cast<std::size_t>(which)) =
        std::binary_search(profile.hidden.begin(), profile.hidden.end(), d) ? 0 : sharing(d, 0);
}

}  // namespace

DiseaseProfile thinned(const GraphTables& graph, DiseaseProfile profile, double share,
                       chem::CounterRandom random) {
  if (!(share >= 0 && share <= 1))
    throw UsageError(
        fmt::format("a share of {} of the links cannot be left out, it lies from 0 to 1", share));
  if (share == 0) return profile;
  for (auto* weights : {&profile.associated, &profile.raised, &profile.lowered, &profile.anatomy})
    thin(*weights, share, random);
  for (const auto which : {DiseaseLikeness::similar, DiseaseLikeness::comentioned})
    thin_likeness(profile.likeness, which, share, random);
  share_anew(profile, DiseaseLikeness::genes, graph.associated, profile.associated);
  share_anew(profile, DiseaseLikeness::anatomy, graph.localizes, profile.anatomy);
  return profile;
}

}  // namespace theriac::repurpose
