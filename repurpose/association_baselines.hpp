// What a learned completion must beat: how much is known of the drug and of the disease, and what their
// nearest neighbours do.
#pragma once
#include "repurpose/association_data.hpp"

namespace theriac::repurpose {

/// Popularity: (known diseases of the drug + 1/2) times (known drugs of the disease + 1/2), nothing else.
RealMatrix degree_product(const RealMatrix& associations);

/// The mean of two similarity-weighted votes: of all other drugs on the disease, and of all other diseases on
/// the drug, with weight similarity^4. In [0, 1].
RealMatrix neighbour_votes(const AssociationData& data);

}  // namespace theriac::repurpose
