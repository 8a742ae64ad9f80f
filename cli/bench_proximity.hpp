// Network proximity (repurpose/network_proximity.hpp) as one more row of the repurposing bench.
#pragma once
#include <cstdint>
#include <vector>

#include "repurpose/graph_tables.hpp"

namespace theriac::cli {

/// Per disease and drug -z of the distance between the drug's targets and the disease's genes, over the
/// interactions of the graph: higher is closer. 0, as far as by chance, where either has no protein in the
/// network. It learns nothing and sees no treatment.
std::vector<std::vector<double>> proximity_scores(const repurpose::GraphTables& graph,
                                                  const std::vector<std::uint32_t>& diseases,
                                                  const std::vector<std::uint32_t>& drugs);

}  // namespace theriac::cli
