// How close the targets of a drug lie to the genes of a disease on the protein interaction network.
//
// d is the mean, over the targets, of the shortest path to the nearest disease gene. z compares it with pairs
// of random sets of the same sizes and degrees: both sets are drawn anew, each node from its bin of nodes of
// like degree (consecutive degrees merged until a bin holds 100 nodes). z well below 0 is closer than chance.
//   E. Guney, J. Menche, M. Vidal, A.-L. Barabasi, Nat. Commun. 7, 10331 (2016).
// Distances to 64 random disease sets come from one sweep: a word per node says which sets have reached it.
#pragma once
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace theriac::repurpose {

/// An undirected network; only its largest connected component counts.
class Interactome {
 public:
  /// `nodes` in all; loops and repeated edges are passed over. Throws UsageError for an end that is no node.
  Interactome(std::size_t nodes, const std::vector<std::pair<std::uint32_t, std::uint32_t>>& edges);

  std::size_t size() const { return offsets_.size() - 1; }
  std::size_t component_size() const { return component_size_; }
  bool contains(std::uint32_t node) const { return in_component_[node]; }  ///< of the largest component
  std::size_t degree(std::uint32_t node) const { return offsets_[node + 1] - offsets_[node]; }
  const std::uint32_t* begin(std::uint32_t node) const { return neighbours_.data() + offsets_[node]; }
  const std::uint32_t* end(std::uint32_t node) const { return neighbours_.data() + offsets_[node + 1]; }

  /// Nodes of the component with like degree, the node itself among them.
  const std::vector<std::uint32_t>& like_degree(std::uint32_t node) const { return bins_[bin_of_[node]]; }

  /// Steps from the nearest of `sources` to every node; 255 when there is no way. Plain search, the
  /// reference.
  std::vector<std::uint8_t> distances(const std::vector<std::uint32_t>& sources) const;

 private:
  void keep_largest_component();
  void bin_by_degree();

  std::vector<std::uint32_t> offsets_, neighbours_, bin_of_;
  std::vector<bool> in_component_;
  std::vector<std::vector<std::uint32_t>> bins_;
  std::size_t component_size_ = 0;
};

struct ProximityOptions {
  std::size_t samples = 1000;
  std::uint64_t seed = 452456;  ///< that of the published program; the random numbers are our own
};

struct Proximity {
  double distance = 0;  ///< mean over the targets, in steps; NaN when no target is in the component
  double mean = 0, deviation = 0;      ///< of random pairs
  double z = 0;                        ///< 0 when the deviation is 0; NaN without distance
  std::size_t targets = 0, genes = 0;  ///< in the component
  std::uint32_t nearest_target = 0;    ///< the one with the shortest way, the first of equals
};

/// The genes of one disease, with their random counterparts: any number of drugs is compared with it.
class DiseaseNeighbourhood {
 public:
  /// Genes outside the component are passed over. Memory: one byte per node and sample.
  DiseaseNeighbourhood(const Interactome& network, const std::vector<std::uint32_t>& genes,
                       const ProximityOptions& options = {});

  bool empty() const { return genes_.empty(); }  ///< no gene in the component
  /// Equal sets give equal results, whatever was asked before. Safe for many threads.
  Proximity to(const std::vector<std::uint32_t>& targets) const;
  /// From a node of the component, over neighbours, to the nearest gene; both ends included.
  std::vector<std::uint32_t> path_from(std::uint32_t node) const;

 private:
  const Interactome& network_;
  ProximityOptions options_;
  std::vector<std::uint32_t> genes_;
  std::vector<std::uint8_t> distances_;  ///< to the genes
  std::vector<std::uint8_t> random_;     ///< node * samples + sample: to a random set
};

/// As many other nodes, each of like degree, without repeats where 20 tries allow. `stream` names the draw.
std::vector<std::uint32_t> random_set_like(const Interactome& network,
                                           const std::vector<std::uint32_t>& nodes, std::uint64_t seed,
                                           const char* stage, std::uint64_t sample);

}  // namespace theriac::repurpose
