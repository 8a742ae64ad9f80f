#include "cli/bench_proximity.hpp"

#include <tbb/parallel_for.h>

#include <cmath>
#include <utility>

#include "repurpose/network_proximity.hpp"

namespace theriac::cli {
namespace {

std::vector<std::uint32_t> neighbours(const repurpose::Bipartite& table, std::uint32_t row) {
  std::vector<std::uint32_t> nodes;
  for (const auto& next : table.of_row(row)) nodes.push_back(next.node);
  return nodes;
}

}  // namespace

std::vector<std::vector<double>> proximity_scores(const repurpose::GraphTables& graph,
                                                  const std::vector<std::uint32_t>& diseases,
                                                  const std::vector<std::uint32_t>& drugs) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> edges;
  for (std::uint32_t gene = 0; gene < graph.targets; ++gene)
    for (const auto& next : graph.interacts.of_row(gene)) edges.emplace_back(gene, next.node);
  const repurpose::Interactome network(graph.targets, edges);
  repurpose::ProximityOptions options;
  options.samples = 256;  // z is found to a few per cent
  std::vector<std::vector<double>> scores(diseases.size(), std::vector<double>(drugs.size(), 0.0));
  tbb::parallel_for(std::size_t{0}, diseases.size(), [&](std::size_t d) {
    const repurpose::DiseaseNeighbourhood genes(network, neighbours(graph.associated, diseases[d]), options);
    if (genes.empty()) return;
    for (std::size_t c = 0; c < drugs.size(); ++c) {
      const double z = genes.to(neighbours(graph.binds, drugs[c])).z;
      if (std::isfinite(z)) scores[d][c] = -z;
    }
  });
  return scores;
}

}  // namespace theriac::cli
