// A question of which part is forgotten: how well is a disease served of which little is known?
//
// Each link of the disease itself (genes, expression, organs, similar diseases, diseases named with it) is
// left out with the same probability; likenesses over common genes and organs follow from what is left.
#pragma once
#include "chem/counter_random.hpp"
#include "repurpose/disease_profile.hpp"

namespace theriac::repurpose {

/// Treatments and hidden diseases stay as they are. `share` from 0 (nothing is left out) to 1. Throws
/// UsageError when it is outside.
DiseaseProfile thinned(const GraphTables& graph, DiseaseProfile profile, double share,
                       chem::CounterRandom random);

}  // namespace theriac::repurpose
