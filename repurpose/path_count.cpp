#include "repurpose/path_count.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
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

/// The largest product of weights that can still follow at a position and node. Found when it is asked for:
/// a drug reaches few of all nodes.
class BestRest {
 public:
  BestRest(const std::vector<Step>& steps, const std::vector<double>& end_weights)
      : steps_(steps), ends_(end_weights) {
    for (const auto& step : steps) known_.emplace_back(step.from_nodes(), unknown);
  }

  double operator()(std::size_t position, std::uint32_t node) {
    if (position == steps_.size()) return ends_[node];
    double& best = known_[position][node];
    if (best == unknown) {
      double largest = 0;
      for (const auto& next : steps_[position].next(node))
        largest = std::max(largest, next.weight * (*this)(position + 1, next.node));
      best = largest;
    }
    return best;
  }

 private:
  static constexpr double unknown = -1;
  const std::vector<Step>& steps_;
  const std::vector<double>& ends_;
  std::vector<std::vector<double>> known_;
};

constexpr std::size_t most_nodes = 12;

struct Partial {
  double bound = 0, weight = 0;
  std::size_t size = 0;
  std::array<std::uint32_t, most_nodes> nodes{};

  std::uint32_t last() const { return nodes[size - 1]; }
  bool before(const Partial& other) const {
    return std::lexicographical_compare(nodes.begin(), nodes.begin() + size, other.nodes.begin(),
                                        other.nodes.begin() + other.size);
  }
};

struct LessPromising {
  bool operator()(const Partial& a, const Partial& b) const {
    return a.bound != b.bound ? a.bound < b.bound : b.before(a);
  }
};

bool returns(const Partial& path, const std::vector<Distinct>& distinct) {
  return std::any_of(distinct.begin(), distinct.end(), [&](const Distinct& pair) {
    return pair.last + 1 == path.size && path.nodes[pair.first] == path.last();
  });
}

}  // namespace

std::vector<Path> heaviest_paths(const std::vector<Step>& steps, const std::vector<Distinct>& distinct,
                                 std::uint32_t start, const std::vector<double>& end_weights,
                                 std::size_t most) {
  check_steps(steps);
  if (start >= steps.front().from_nodes() || end_weights.size() != steps.back().to_nodes())
    throw UsageError("start or ends do not fit the metapath");
  if (steps.size() >= most_nodes)
    throw UsageError(
        fmt::format("a metapath of {} steps, at most {} can be followed", steps.size(), most_nodes - 1));
  BestRest best(steps, end_weights);
  std::vector<Path> paths;
  std::priority_queue<Partial, std::vector<Partial>, LessPromising> open;
  open.push({best(0, start), 1.0, 1, {start}});
  while (!open.empty() && paths.size() < most) {
    const Partial now = open.top();
    open.pop();
    if (now.bound <= 0) break;
    const std::size_t p = now.size - 1;
    if (p == steps.size()) {
      paths.push_back({{now.nodes.begin(), now.nodes.begin() + now.size}, now.bound});
      continue;
    }
    for (const auto& next : steps[p].next(now.last())) {
      const double rest = best(p + 1, next.node);
      if (rest <= 0) continue;
      Partial longer = now;
      longer.weight = now.weight * next.weight;
      longer.bound = longer.weight * rest;
      longer.nodes[longer.size++] = next.node;
      if (!returns(longer, distinct)) open.push(longer);
    }
  }
  return paths;
}

}  // namespace theriac::repurpose
