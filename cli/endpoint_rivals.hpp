// The simple methods that a trained endpoint has to beat: a random forest on Morgan fingerprints and the
// value of the most similar training molecule.
#pragma once
#include "scoring/endpoint_model.hpp"

namespace theriac::cli {

struct EndpointRivals {
  scoring::Values mean;       ///< of the training values; the share of class 1
  scoring::Values neighbour;  ///< value of the training molecule with the highest Tanimoto similarity
  scoring::Values forest;     ///< 500 trees (200 above 3,000 rows) on 2,048 bits of radius 2
};

/// Trained on `train`, asked about molecules of the library. Bounds count as values.
EndpointRivals endpoint_rivals(const scoring::Endpoint& endpoint, const scoring::MoleculeLibrary& library,
                               const scoring::MeasuredSet& train, const std::vector<std::uint32_t>& asked,
                               std::uint64_t seed);

}  // namespace theriac::cli
