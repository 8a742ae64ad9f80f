#include "repurpose/path_count.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <queue>

#include "chem/error.hpp"

namespace theriac::repurpose {
namespace {

constexpr std::size_t none = static_cast<std::size_t>(-1);

void check_steps(const std::vector<Step>& steps) {
  if (steps.empty()) throw UsageError("a metapath needs at least one step");
  for (const auto& step : steps)
    if (!step.links) throw UsageError("a step of a metapath has no links");
  for (std::size_t i = 1; i < steps.size(); ++i)
    if (steps[i - 1].to_nodes() != steps[i].from_nodes())
      throw UsageError(fmt::format("steps {} and {} of a metapath do not fit: {} nodes and {} nodes", i,
                                   i + 1, steps[i - 1].to_nodes(), steps[i].from_nodes()));
}

RealMatrix against(const Step& step, const RealMatrix& x) {
  return step.reversed ? step.links->to_columns(x) : step.links->to_rows(x);
}

std::size_t length(const Distinct& stretch) {
  return stretch.last - stretch.first;
}

}  // namespace

Metapath::Metapath(std::vector<Step> steps, std::vector<Distinct> distinct)
    : steps_(std::move(steps)), distinct_(std::move(distinct)) {
  check_steps(steps_);
  std::stable_sort(distinct_.begin(), distinct_.end(),
                   [](const Distinct& a, const Distinct& b) { return length(a) < length(b); });
  check_stretches();
  closed_.resize(distinct_.size());
  for (std::size_t s = 0; s < distinct_.size(); ++s) {
    const std::size_t nodes = steps_[distinct_[s].first].from_nodes();
    std::vector<double> scratch;
    closed_[s].resize(nodes);
    if (length(distinct_[s]) == 2) {  // one step out and back
      for (std::size_t n = 0; n < nodes; ++n)
        for (const auto& next : steps_[distinct_[s].first].next(n))
          closed_[s][n] += next.weight * next.weight;
      continue;
    }
    for (std::size_t n = 0; n < nodes; ++n)
      closed_[s][n] = closed_weight({{static_cast<std::uint32_t>(n), 1.0}}, s, false, scratch);
  }
}

void Metapath::check_stretches() const {
  for (const auto& stretch : distinct_) {
    if (stretch.last > steps_.size() || stretch.first >= stretch.last || length(stretch) % 2)
      throw UsageError(
          fmt::format("positions {} and {} cannot be the ends of a way out and back in a metapath "
                      "of {} steps",
                      stretch.first, stretch.last, steps_.size()));
    for (std::size_t i = 0; i < length(stretch) / 2; ++i) {
      const Step &out = steps_[stretch.first + i], &back = steps_[stretch.last - 1 - i];
      if (out.links != back.links || out.reversed == back.reversed)
        throw UsageError(fmt::format("the way between positions {} and {} does not return as it went",
                                     stretch.first, stretch.last));
    }
  }
  for (std::size_t s = 0; s < distinct_.size(); ++s)
    for (std::size_t t = s + 1; t < distinct_.size(); ++t) {
      const Distinct &a = distinct_[s], &b = distinct_[t];
      const bool apart = a.last <= b.first || b.last <= a.first;
      const bool one_centre = a.first + a.last == b.first + b.last && length(a) != length(b);
      if (!apart && !one_centre)
        throw UsageError(
            fmt::format("positions {}-{} and {}-{} of a metapath overlap", a.first, a.last, b.first, b.last));
    }
}

/// The largest stretch within this one, or none.
std::size_t Metapath::stretch_inside(std::size_t stretch) const {
  std::size_t inside = none;
  for (std::size_t s = 0; s < stretch; ++s)
    if (distinct_[s].first > distinct_[stretch].first && distinct_[s].last < distinct_[stretch].last)
      inside = s;
  return inside;
}

Metapath::Sparse Metapath::spread(const Sparse& from, std::size_t first, std::size_t last,
                                  std::vector<double>& scratch) const {
  Sparse now = from;
  for (std::size_t p = first; p < last; ++p) {
    if (scratch.size() < steps_[p].to_nodes()) scratch.resize(steps_[p].to_nodes(), 0.0);
    std::vector<std::uint32_t> touched;
    for (const auto& [node, value] : now)
      for (const auto& next : steps_[p].next(node)) {
        if (scratch[next.node] == 0) touched.push_back(next.node);
        scratch[next.node] += value * next.weight;
      }
    std::sort(touched.begin(), touched.end());
    now.clear();
    for (const auto node : touched) {
      now.emplace_back(node, scratch[node]);
      scratch[node] = 0;
    }
  }
  return now;
}

/// v' S v of a stretch S, whose inner stretches have their diagonals taken out; with_own: its own as well.
double Metapath::closed_weight(const Sparse& from, std::size_t stretch, bool with_own,
                               std::vector<double>& scratch) const {
  const Distinct& here = distinct_[stretch];
  const std::size_t inside = stretch_inside(stretch);
  double sum = 0;
  if (inside == none) {
    for (const auto& [node, value] : spread(from, here.first, (here.first + here.last) / 2, scratch))
      sum += value * value;
  } else {
    sum = closed_weight(spread(from, here.first, distinct_[inside].first, scratch), inside, true, scratch);
  }
  if (with_own)
    for (const auto& [node, value] : from) sum -= value * value * closed_[stretch][node];
  return sum;
}

/// `outer` is the stretch that is being walked and whose own diagonal stays.
RealMatrix Metapath::walk(std::size_t first, std::size_t last, RealMatrix x, std::size_t outer) const {
  std::size_t at = last;
  while (at > first) {
    std::size_t widest = none;
    for (std::size_t s = 0; s < distinct_.size(); ++s)
      if (s != outer && distinct_[s].last == at && distinct_[s].first >= first &&
          (outer == none || s < outer))
        widest = s;
    if (widest == none) {
      x = against(steps_[--at], x);
      continue;
    }
    at = distinct_[widest].first;
    RealMatrix y = walk(at, distinct_[widest].last, x, widest);
    for (std::size_t n = 0; n < y.rows; ++n)
      for (std::size_t k = 0; k < y.columns; ++k) y(n, k) -= closed_[widest][n] * x(n, k);
    x = std::move(y);
  }
  return x;
}

RealMatrix Metapath::count(const RealMatrix& end_weights) const {
  return walk(0, steps_.size(), end_weights, none);
}

std::vector<double> Metapath::count(const std::vector<double>& end_weights) const {
  RealMatrix x(end_weights.size(), 1);
  x.values = end_weights;
  return count(x).values;
}

namespace {

/// Per position and node, the largest product of weights that can still follow.
std::vector<std::vector<double>> best_rest(const std::vector<Step>& steps,
                                           const std::vector<double>& end_weights) {
  std::vector<std::vector<double>> best(steps.size() + 1);
  best.back() = end_weights;
  for (std::size_t p = steps.size(); p-- > 0;) {
    best[p].assign(steps[p].from_nodes(), 0.0);
    for (std::size_t n = 0; n < best[p].size(); ++n)
      for (const auto& next : steps[p].next(n))
        best[p][n] = std::max(best[p][n], next.weight * best[p + 1][next.node]);
  }
  return best;
}

struct Partial {
  double bound = 0, weight = 0;
  std::vector<std::uint32_t> nodes;
};

struct LessPromising {
  bool operator()(const Partial& a, const Partial& b) const {
    return a.bound != b.bound ? a.bound < b.bound : a.nodes > b.nodes;
  }
};

bool returns(const std::vector<std::uint32_t>& nodes, const std::vector<Distinct>& distinct) {
  const std::size_t last = nodes.size() - 1;
  return std::any_of(distinct.begin(), distinct.end(), [&](const Distinct& pair) {
    return pair.last == last && nodes[pair.first] == nodes[last];
  });
}

}  // namespace

std::vector<Path> heaviest_paths(const std::vector<Step>& steps, const std::vector<Distinct>& distinct,
                                 std::uint32_t start, const std::vector<double>& end_weights,
                                 std::size_t most) {
  check_steps(steps);
  if (start >= steps.front().from_nodes() || end_weights.size() != steps.back().to_nodes())
    throw UsageError("start or ends do not fit the metapath");
  const auto best = best_rest(steps, end_weights);
  std::vector<Path> paths;
  std::priority_queue<Partial, std::vector<Partial>, LessPromising> open;
  open.push({best[0][start], 1.0, {start}});
  while (!open.empty() && paths.size() < most) {
    const Partial now = open.top();
    open.pop();
    if (now.bound <= 0) break;
    const std::size_t p = now.nodes.size() - 1;
    if (p == steps.size()) {
      paths.push_back({now.nodes, now.bound});
      continue;
    }
    for (const auto& next : steps[p].next(now.nodes.back())) {
      const double rest = best[p + 1][next.node];
      if (rest <= 0) continue;
      Partial longer{now.weight * next.weight * rest, now.weight * next.weight, now.nodes};
      longer.nodes.push_back(next.node);
      if (!returns(longer.nodes, distinct)) open.push(std::move(longer));
    }
  }
  return paths;
}

}  // namespace theriac::repurpose
