#include "repurpose/network_proximity.hpp"

#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "chem/counter_random.hpp"
#include "chem/error.hpp"

namespace theriac::repurpose {
namespace {

constexpr std::size_t smallest_bin = 100;
constexpr std::uint8_t unreachable = 255;
constexpr std::size_t sets_per_sweep = 64;

/// Distances from up to 64 sets at once, written to columns `first` .. of a node-major table.
void sweep(const Interactome& network, const std::vector<std::vector<std::uint32_t>>& sets, std::size_t first,
           std::size_t samples, std::vector<std::uint8_t>& table) {
  std::vector<std::uint64_t> reached(network.size()), front(network.size()), next(network.size());
  for (std::size_t s = 0; s < sets.size(); ++s)
    for (const auto node : sets[s]) front[node] |= std::uint64_t{1} << s;
  for (std::uint8_t step = 0; step < unreachable; ++step) {
    bool any = false;
    for (std::uint32_t node = 0; node < network.size(); ++node) {
      std::uint64_t fresh = front[node] & ~reached[node];
      front[node] = fresh;
      reached[node] |= fresh;
      any = any || fresh;
      for (; fresh; fresh &= fresh - 1)
        table[node * samples + first + static_cast<std::size_t>(__builtin_ctzll(fresh))] = step;
    }
    if (!any) return;
    std::fill(next.begin(), next.end(), 0);
    for (std::uint32_t node = 0; node < network.size(); ++node)
      if (front[node])
        for (const auto* other = network.begin(node); other != network.end(node); ++other)
          next[*other] |= front[node];
    front.swap(next);
  }
}

/// Nodes of the component, sorted, each once.
std::vector<std::uint32_t> inside(const Interactome& network, const std::vector<std::uint32_t>& nodes) {
  std::vector<std::uint32_t> out;
  for (const auto node : nodes)
    if (node < network.size() && network.contains(node)) out.push_back(node);
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace

Interactome::Interactome(std::size_t nodes, const std::vector<std::pair<std::uint32_t, std::uint32_t>>& edges)
    : offsets_(nodes + 1) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> both;
  for (const auto& [a, b] : edges) {
    if (a >= nodes || b >= nodes)
      throw UsageError(fmt::format("edge {} - {} of a network of {} nodes", a, b, nodes));
    if (a == b) continue;
    both.emplace_back(a, b);
    both.emplace_back(b, a);
  }
  std::sort(both.begin(), both.end());
  both.erase(std::unique(both.begin(), both.end()), both.end());
  for (const auto& [a, b] : both) {
    ++offsets_[a + 1];
    neighbours_.push_back(b);
  }
  std::partial_sum(offsets_.begin(), offsets_.end(), offsets_.begin());
  keep_largest_component();
  bin_by_degree();
}

void Interactome::keep_largest_component() {
  std::vector<int> component(size(), -1);
  int best = -1;
  for (std::uint32_t start = 0; start < size(); ++start) {
    if (component[start] >= 0) continue;
    std::vector<std::uint32_t> found = {start};
    component[start] = static_cast<int>(start);
    for (std::size_t i = 0; i < found.size(); ++i)
      for (const auto* other = begin(found[i]); other != end(found[i]); ++other)
        if (component[*other] < 0) {
          component[*other] = static_cast<int>(start);
          found.push_back(*other);
        }
    if (found.size() > component_size_) {
      component_size_ = found.size();
      best = static_cast<int>(start);
    }
  }
  in_component_.resize(size());
  for (std::size_t i = 0; i < size(); ++i) in_component_[i] = component[i] == best;
}

void Interactome::bin_by_degree() {
  std::vector<std::uint32_t> nodes;
  for (std::uint32_t node = 0; node < size(); ++node)
    if (in_component_[node]) nodes.push_back(node);
  std::stable_sort(nodes.begin(), nodes.end(), [&](auto a, auto b) { return degree(a) < degree(b); });
  for (std::size_t i = 0; i < nodes.size();) {
    std::vector<std::uint32_t> bin;
    while (i < nodes.size() && (bin.size() < smallest_bin || degree(nodes[i]) == degree(bin.back())))
      bin.push_back(nodes[i++]);
    if (bin.size() < smallest_bin && !bins_.empty())
      bins_.back().insert(bins_.back().end(), bin.begin(), bin.end());
    else
      bins_.push_back(std::move(bin));
  }
  bin_of_.resize(size());
  for (std::size_t b = 0; b < bins_.size(); ++b)
    for (const auto node : bins_[b]) bin_of_[node] = static_cast<std::uint32_t>(b);
}

std::vector<std::uint8_t> Interactome::distances(const std::vector<std::uint32_t>& sources) const {
  std::vector<std::uint8_t> out(size(), unreachable);
  std::vector<std::uint32_t> queue;
  for (const auto node : sources)
    if (out[node] == unreachable) {
      out[node] = 0;
      queue.push_back(node);
    }
  for (std::size_t i = 0; i < queue.size(); ++i)
    for (const auto* other = begin(queue[i]); other != end(queue[i]); ++other)
      if (out[*other] == unreachable) {
        out[*other] = static_cast<std::uint8_t>(std::min(out[queue[i]] + 1, unreachable - 1));
        queue.push_back(*other);
      }
  return out;
}

std::vector<std::uint32_t> random_set_like(const Interactome& network,
                                           const std::vector<std::uint32_t>& nodes, std::uint64_t seed,
                                           const char* stage, std::uint64_t sample) {
  constexpr int tries = 20;
  chem::CounterRandom random(seed, "network proximity", stage, sample);
  std::vector<std::uint32_t> chosen;
  for (const auto node : nodes) {
    const auto& like = network.like_degree(node);
    if (like.size() < 2) {
      chosen.push_back(node);
      continue;
    }
    std::uint32_t other = node;
    for (int i = 0; i < tries; ++i) {
      other = like[random.below(static_cast<std::uint32_t>(like.size()))];
      if (other != node && std::find(chosen.begin(), chosen.end(), other) == chosen.end()) break;
    }
    chosen.push_back(other);
  }
  return chosen;
}

DiseaseNeighbourhood::DiseaseNeighbourhood(const Interactome& network,
                                           const std::vector<std::uint32_t>& genes,
                                           const ProximityOptions& options)
    : network_(network), options_(options), genes_(inside(network, genes)) {
  if (genes_.empty()) return;
  distances_ = network.distances(genes_);
  random_.assign(network.size() * options_.samples, unreachable);
  const std::size_t sweeps = (options_.samples + sets_per_sweep - 1) / sets_per_sweep;
  tbb::parallel_for(std::size_t{0}, sweeps, [&](std::size_t i) {
    const std::size_t first = i * sets_per_sweep;
    std::vector<std::vector<std::uint32_t>> sets;
    for (std::size_t s = first; s < std::min(first + sets_per_sweep, options_.samples); ++s)
      sets.push_back(random_set_like(network_, genes_, options_.seed, "disease", s));
    sweep(network_, sets, first, options_.samples, random_);
  });
}

Proximity DiseaseNeighbourhood::to(const std::vector<std::uint32_t>& targets) const {
  const double missing = std::numeric_limits<double>::quiet_NaN();
  Proximity out;
  const auto known = inside(network_, targets);
  out.targets = known.size();
  out.genes = genes_.size();
  if (known.empty() || genes_.empty()) {
    out.distance = out.mean = out.deviation = out.z = missing;
    return out;
  }
  std::uint8_t shortest = unreachable;
  for (const auto node : known) {
    out.distance += distances_[node];
    if (distances_[node] < shortest) {
      shortest = distances_[node];
      out.nearest_target = node;
    }
  }
  const double count = static_cast<double>(known.size());
  out.distance /= count;
  double sum = 0, squares = 0;
  for (std::size_t s = 0; s < options_.samples; ++s) {
    double steps = 0;
    for (const auto node : random_set_like(network_, known, options_.seed, "drug", s))
      steps += random_[node * options_.samples + s];
    sum += steps / count;
    squares += steps / count * (steps / count);
  }
  const double samples = static_cast<double>(options_.samples);
  out.mean = sum / samples;
  out.deviation = std::sqrt(std::max(0.0, squares / samples - out.mean * out.mean));
  out.z = out.deviation > 0 ? (out.distance - out.mean) / out.deviation : 0;
  return out;
}

std::vector<std::uint32_t> DiseaseNeighbourhood::path_from(std::uint32_t node) const {
  std::vector<std::uint32_t> path = {node};
  while (distances_[path.back()] > 0) {
    const auto* other = network_.begin(path.back());
    while (distances_[*other] + 1 != distances_[path.back()]) ++other;
    path.push_back(*other);
  }
  return path;
}

}  // namespace theriac::repurpose
