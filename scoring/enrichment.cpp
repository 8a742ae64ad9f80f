#include "scoring/enrichment.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace theriac::scoring {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// Actives expected among the first `places` of the list.
template <typename Ties>
double actives_among(const Ties& ties, double places) {
  double found = 0;
  for (const auto& tie : ties) {
    if (places <= 0) break;
    if (tie.all > 0) found += tie.actives * std::min(1.0, places / tie.all);
    places -= tie.all;
  }
  return found;
}

template <typename Ties>
double area_under_curve(const Ties& ties, double actives, double decoys) {
  double below = decoys, area = 0;
  for (const auto& tie : ties) {
    const double here = tie.all - tie.actives;
    below -= here;
    area += tie.actives * (below + 0.5 * here);
  }
  return area / (actives * decoys);
}

/// Truchon and Bayly: exponentially weighted ranks, scaled so that the worst list gives 0 and the best 1.
template <typename Ties>
double bedroc_of(const Ties& ties, double actives, double all, double alpha) {
  const double q = std::exp(-alpha / all);  // weight of a rank over that of the rank before
  double rank = 0, sum = 0;
  for (const auto& tie : ties) {
    if (tie.all == 0) continue;
    const double weights = std::pow(q, rank + 1) * (1 - std::pow(q, tie.all)) / (1 - q);
    sum += tie.actives * weights / tie.all;
    rank += tie.all;
  }
  const double ratio = actives / all;
  const double rie = sum / actives * all * (std::exp(alpha / all) - 1) / (1 - std::exp(-alpha));
  return rie * ratio * std::sinh(alpha / 2) / (std::cosh(alpha / 2) - std::cosh(alpha / 2 - alpha * ratio)) +
         1 / (1 - std::exp(alpha * (1 - ratio)));
}

}  // namespace

ScreenRanking::ScreenRanking(const std::vector<double>& scores, std::vector<bool> active,
                             EnrichmentOptions options)
    : active_(std::move(active)), tie_of_(scores.size()), options_(options) {
  const auto value = [&](std::size_t i) {
    return std::isnan(scores[i]) ? -std::numeric_limits<double>::infinity() : scores[i];
  };
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return value(a) > value(b); });
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i == 0 || value(order[i]) != value(order[i - 1])) ++tie_count_;
    tie_of_[order[i]] = tie_count_ - 1;
  }
}

std::vector<ScreenRanking::Tie> ScreenRanking::ties(const std::vector<std::size_t>& sample) const {
  std::vector<Tie> ties(tie_count_);
  for (const auto i : sample) {
    ties[tie_of_[i]].all += 1;
    ties[tie_of_[i]].actives += active_[i];
  }
  return ties;
}

Enrichment ScreenRanking::enrichment(const std::vector<std::size_t>& sample) const {
  const auto list = ties(sample);
  const double all = static_cast<double>(sample.size());
  double actives = 0;
  for (const auto& tie : list) actives += tie.actives;
  if (actives == 0 || actives == all) return {nan, nan, nan};
  const double places = std::ceil(options_.fraction * all - 1e-9);
  return {actives_among(list, places) / places / (actives / all),
          bedroc_of(list, actives, all, options_.alpha), area_under_curve(list, actives, all - actives)};
}

Enrichment ScreenRanking::enrichment() const {
  std::vector<std::size_t> all(tie_of_.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  return enrichment(all);
}

double ScreenRanking::found(double share) const {
  std::vector<std::size_t> all(tie_of_.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  const double actives = static_cast<double>(std::count(active_.begin(), active_.end(), true));
  return actives == 0 ? nan : actives_among(ties(all), share * static_cast<double>(all.size())) / actives;
}

}  // namespace theriac::scoring
