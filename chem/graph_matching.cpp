#include "chem/graph_matching.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace theriac::chem {
namespace {

using Signature = std::pair<int, std::vector<std::pair<int, int>>>;  // own colour, (edge, neighbour colour)

std::vector<Signature> signatures(const ColouredGraph& g, const std::vector<int>& colours) {
  std::vector<Signature> out(colours.size());
  for (std::size_t i = 0; i < colours.size(); ++i) {
    out[i].first = colours[i];
    for (const auto& [j, edge] : g.neighbours[i]) out[i].second.emplace_back(edge, colours[j]);
    std::sort(out[i].second.begin(), out[i].second.end());
  }
  return out;
}

/// Refines the colours of both graphs together until the number of classes stops growing.
std::pair<std::vector<int>, std::vector<int>> refined(const ColouredGraph& a, const ColouredGraph& b) {
  std::vector<int> ca = a.colours, cb = b.colours;
  std::size_t classes = 0;
  while (true) {
    const auto sa = signatures(a, ca), sb = signatures(b, cb);
    std::map<Signature, int> names;
    for (const auto& s : sa) names.emplace(s, 0);
    for (const auto& s : sb) names.emplace(s, 0);
    int next = 0;
    for (auto& entry : names) entry.second = next++;
    for (std::size_t i = 0; i < ca.size(); ++i) ca[i] = names[sa[i]];
    for (std::size_t i = 0; i < cb.size(); ++i) cb[i] = names[sb[i]];
    if (names.size() == classes) return {ca, cb};
    classes = names.size();
  }
}

/// Nodes of `a` so that each, but the first of a component, has a neighbour before it.
struct Visit {
  int node, came_from;  // came_from -1 at the start of a component
};

std::vector<Visit> visiting_order(const ColouredGraph& a, const std::vector<int>& colours) {
  std::map<int, int> frequency;
  for (const int c : colours) ++frequency[c];
  std::vector<int> starts(colours.size());
  for (std::size_t i = 0; i < starts.size(); ++i) starts[i] = static_cast<int>(i);
  std::stable_sort(starts.begin(), starts.end(),
                   [&](int x, int y) { return frequency[colours[x]] < frequency[colours[y]]; });
  std::vector<Visit> order;
  std::vector<char> seen(colours.size(), 0);
  for (const int start : starts) {
    if (seen[start]) continue;
    std::size_t head = order.size();
    order.push_back({start, -1});
    seen[start] = 1;
    for (; head < order.size(); ++head)
      for (const auto& [j, edge] : a.neighbours[order[head].node])
        if (!seen[j]) {
          seen[j] = 1;
          order.push_back({j, order[head].node});
        }
  }
  return order;
}

class Search {
 public:
  Search(const ColouredGraph& a, const ColouredGraph& b, std::size_t limit) : a_(a), b_(b), limit_(limit) {
    std::tie(ca_, cb_) = refined(a, b);
    order_ = visiting_order(a, ca_);
    image_.assign(ca_.size(), -1);
    taken_.assign(cb_.size(), 0);
  }

  std::vector<std::vector<int>> run() {
    auto x = ca_, y = cb_;
    std::sort(x.begin(), x.end());
    std::sort(y.begin(), y.end());
    if (x == y) extend(0);
    return std::move(found_);
  }

 private:
  static constexpr std::size_t step_limit = 2000000;  // guards against pathological graphs

  bool fits(int node, int candidate) const {
    if (taken_[candidate] || ca_[node] != cb_[candidate]) return false;
    for (const auto& [j, edge] : a_.neighbours[node]) {
      if (image_[j] < 0) continue;
      const auto& around = b_.neighbours[candidate];
      if (std::find(around.begin(), around.end(), std::make_pair(image_[j], edge)) == around.end())
        return false;
    }
    return true;
  }

  void attempt(std::size_t depth, int node, int candidate) {
    if (found_.size() >= limit_ || ++steps_ > step_limit || !fits(node, candidate)) return;
    image_[node] = candidate;
    taken_[candidate] = 1;
    extend(depth + 1);
    image_[node] = -1;
    taken_[candidate] = 0;
  }

  void extend(std::size_t depth) {
    if (depth == order_.size()) {
      found_.push_back(image_);
      return;
    }
    const auto [node, from] = order_[depth];
    const int same = node < static_cast<int>(cb_.size()) ? node : -1;
    std::vector<int> candidates;
    if (from < 0)
      for (std::size_t j = 0; j < cb_.size(); ++j) candidates.push_back(static_cast<int>(j));
    else
      for (const auto& [j, edge] : b_.neighbours[image_[from]]) candidates.push_back(j);
    std::sort(candidates.begin(), candidates.end());
    const auto own = std::find(candidates.begin(), candidates.end(), same);
    if (own != candidates.end()) std::rotate(candidates.begin(), own, own + 1);  // the identity first
    for (const int j : candidates) attempt(depth, node, j);
  }

  const ColouredGraph &a_, &b_;
  std::size_t limit_, steps_ = 0;
  std::vector<int> ca_, cb_, image_;
  std::vector<char> taken_;
  std::vector<Visit> order_;
  std::vector<std::vector<int>> found_;
};

}  // namespace

std::vector<std::vector<int>> isomorphisms(const ColouredGraph& a, const ColouredGraph& b,
                                           std::size_t limit) {
  if (a.colours.size() != b.colours.size()) return {};
  return Search(a, b, limit).run();
}

}  // namespace theriac::chem
