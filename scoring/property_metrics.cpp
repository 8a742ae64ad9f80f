#include "scoring/property_metrics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <limits>
#include <numeric>

#include "chem/error.hpp"
#include "chem/nearest_name.hpp"

namespace theriac::scoring {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

struct MetricWords {
  PropertyMetric metric;
  const char* name;
  bool higher;
};
constexpr std::array<MetricWords, 11> metric_words = {{{PropertyMetric::mae, "MAE", false},
                                                       {PropertyMetric::rmse, "RMSE", false},
                                                       {PropertyMetric::r2, "R2", true},
                                                       {PropertyMetric::spearman, "Spearman", true},
                                                       {PropertyMetric::pearson, "Pearson", true},
                                                       {PropertyMetric::auroc, "AUROC", true},
                                                       {PropertyMetric::average_precision, "AUPRC", true},
                                                       {PropertyMetric::brier, "Brier", false},
                                                       {PropertyMetric::log_loss, "log loss", false},
                                                       {PropertyMetric::accuracy, "accuracy", true},
                                                       {PropertyMetric::mcc, "MCC", true}}};

const MetricWords& words_of(PropertyMetric metric) {
  return *std::find_if(metric_words.begin(), metric_words.end(),
                       [&](const MetricWords& words) { return words.metric == metric; });
}

std::string squeezed(const std::string& name) {
  std::string word;
  for (const char c : name)
    if (std::isalnum(static_cast<unsigned char>(c)) != 0)
      word += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return word;
}

bool needs_order(PropertyMetric metric) {
  return metric == PropertyMetric::spearman || metric == PropertyMetric::auroc ||
         metric == PropertyMetric::average_precision;
}

/// The place of each value among the distinct values, the smallest first; `distinct` is their number.
std::vector<std::size_t> tie_groups(const Values& values, std::size_t& distinct) {
  std::vector<std::size_t> order(values.size()), group(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  distinct = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i == 0 || values[order[i]] != values[order[i - 1]]) ++distinct;
    group[order[i]] = distinct - 1;
  }
  return group;
}

bool positive(double observed) {
  return observed > 0.5;
}

double loss_of(PropertyMetric metric, double observed, double predicted) {
  if (metric == PropertyMetric::mae) return std::abs(predicted - observed);
  if (metric == PropertyMetric::accuracy) return positive(predicted) == positive(observed) ? 1 : 0;
  if (metric != PropertyMetric::log_loss) return (predicted - observed) * (predicted - observed);
  const double p = std::clamp(predicted, 1e-15, 1 - 1e-15);
  return positive(observed) ? -std::log(p) : -std::log(1 - p);
}

/// Molecules with one prediction.
struct Tie {
  double positives = 0, all = 0;
};

double area_under_roc(const std::vector<Tie>& ties, double positives, double negatives) {
  double below = 0, area = 0;
  for (const auto& tie : ties) {
    const double here = tie.all - tie.positives;
    area += tie.positives * (below + 0.5 * here);
    below += here;
  }
  return area / (positives * negatives);
}

double precision_average(const std::vector<Tie>& ties, double positives) {
  double found = 0, listed = 0, sum = 0;
  for (auto tie = ties.rbegin(); tie != ties.rend(); ++tie) {
    found += tie->positives;
    listed += tie->all;
    if (tie->positives > 0) sum += tie->positives * found / listed;
  }
  return sum / positives;
}

/// Sums of a correlation, one pass; values are centred by the caller where that matters.
struct Moments {
  double n = 0, x = 0, y = 0, xx = 0, yy = 0, xy = 0;

  void add(double a, double b) {
    n += 1;
    const double dx = a - x, dy = b - y;
    x += dx / n;
    y += dy / n;
    xx += dx * (a - x);
    yy += dy * (b - y);
    xy += dx * (b - y);
  }
  double correlation() const { return xx > 0 && yy > 0 ? xy / std::sqrt(xx * yy) : nan; }
};

/// Average rank of each tie group in a sample that holds `counts` of them.
Values average_ranks(const Values& counts) {
  Values ranks(counts.size());
  double before = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    ranks[i] = before + 0.5 * (counts[i] + 1);
    before += counts[i];
  }
  return ranks;
}

double matthews(double tp, double fp, double fn, double tn) {
  const double product = (tp + fp) * (tp + fn) * (tn + fp) * (tn + fn);
  return product > 0 ? (tp * tn - fp * fn) / std::sqrt(product) : 0;
}

Sample all_of(std::size_t count) {
  Sample all(count);
  std::iota(all.begin(), all.end(), std::size_t{0});
  return all;
}

}  // namespace

std::string metric_name(PropertyMetric metric) {
  return words_of(metric).name;
}

bool higher_is_better(PropertyMetric metric) {
  return words_of(metric).higher;
}

PropertyMetric metric_from_name(const std::string& name) {
  const std::string wanted = squeezed(name);
  if (wanted == "averageprecision" || wanted == "prauc") return PropertyMetric::average_precision;
  if (wanted == "rocauc") return PropertyMetric::auroc;
  std::vector<std::string> known;
  for (const auto& words : metric_words) {
    if (squeezed(words.name) == wanted) return words.metric;
    known.emplace_back(words.name);
  }
  const std::string near = chem::nearest_name(name, known);
  throw UsageError(fmt::format("no metric '{}'; known: {}", name, fmt::join(known, ", ")),
                   near.empty() ? std::string() : fmt::format("did you mean '{}'?", near));
}

PreparedMetric::PreparedMetric(PropertyMetric metric, const Values& observed, const Values& predicted)
    : metric_(metric), observed_(observed), predicted_(predicted) {
  if (observed.size() != predicted.size())
    throw UsageError(fmt::format("{} observed values and {} predictions", observed.size(), predicted.size()));
  const auto is_nan = [](double value) { return std::isnan(value); };
  defined_ = std::none_of(observed.begin(), observed.end(), is_nan) &&
             std::none_of(predicted.begin(), predicted.end(), is_nan);
  if (!defined_) return;
  if (needs_order(metric)) {
    by_predicted_ = tie_groups(predicted, predicted_ties_);
    if (metric == PropertyMetric::spearman) by_observed_ = tie_groups(observed, observed_ties_);
    return;
  }
  for (std::size_t i = 0; i < observed.size(); ++i)
    loss_.push_back(loss_of(metric, observed[i], predicted[i]));
}

double PreparedMetric::operator()(const Sample& sample) const {
  if (!defined_ || sample.empty()) return nan;
  switch (metric_) {
    case PropertyMetric::spearman:
      return rank_correlation(sample);
    case PropertyMetric::pearson: {
      Moments moments;
      for (const auto i : sample) moments.add(observed_[i], predicted_[i]);
      return moments.correlation();
    }
    case PropertyMetric::auroc:
    case PropertyMetric::average_precision:
      return area(sample);
    case PropertyMetric::mcc:
      return class_correlation(sample);
    default:
      return mean_loss(sample);
  }
}

double PreparedMetric::mean_loss(const Sample& sample) const {
  double sum = 0, observed = 0, spread = 0, n = 0;
  for (const auto i : sample) {
    sum += loss_[i];
    n += 1;
    const double from_mean = observed_[i] - observed;
    observed += from_mean / n;
    spread += from_mean * (observed_[i] - observed);
  }
  if (metric_ == PropertyMetric::r2) return spread > 0 ? 1 - sum / spread : nan;
  return metric_ == PropertyMetric::rmse ? std::sqrt(sum / n) : sum / n;
}

double PreparedMetric::rank_correlation(const Sample& sample) const {
  Values observed_counts(observed_ties_), predicted_counts(predicted_ties_);
  for (const auto i : sample) {
    observed_counts[by_observed_[i]] += 1;
    predicted_counts[by_predicted_[i]] += 1;
  }
  const Values observed_ranks = average_ranks(observed_counts);
  const Values predicted_ranks = average_ranks(predicted_counts);
  Moments moments;
  for (const auto i : sample) moments.add(observed_ranks[by_observed_[i]], predicted_ranks[by_predicted_[i]]);
  return moments.correlation();
}

double PreparedMetric::area(const Sample& sample) const {
  std::vector<Tie> ties(predicted_ties_);
  double positives = 0;
  for (const auto i : sample) {
    Tie& tie = ties[by_predicted_[i]];
    tie.all += 1;
    tie.positives += positive(observed_[i]);
    positives += positive(observed_[i]);
  }
  const double negatives = static_cast<double>(sample.size()) - positives;
  if (positives == 0) return nan;
  if (metric_ == PropertyMetric::average_precision) return precision_average(ties, positives);
  return negatives == 0 ? nan : area_under_roc(ties, positives, negatives);
}

double PreparedMetric::class_correlation(const Sample& sample) const {
  double counts[2][2] = {{0, 0}, {0, 0}};  // [observed][predicted]
  for (const auto i : sample) counts[positive(observed_[i])][positive(predicted_[i])] += 1;
  return matthews(counts[1][1], counts[0][1], counts[1][0], counts[0][0]);
}

double property_metric(PropertyMetric metric, const Values& observed, const Values& predicted) {
  return PreparedMetric(metric, observed, predicted)(all_of(observed.size()));
}

Interval metric_interval(PropertyMetric metric, const Values& observed, const Values& predicted,
                         const BootstrapOptions& options) {
  const PreparedMetric prepared(metric, observed, predicted);
  return bootstrap(observed.size(), prepared, options);
}

Interval metric_difference(PropertyMetric metric, const Values& observed, const Values& first,
                           const Values& second, const BootstrapOptions& options) {
  const PreparedMetric a(metric, observed, first), b(metric, observed, second);
  return bootstrap(
      observed.size(), [&](const Sample& sample) { return a(sample) - b(sample); }, options);
}

}  // namespace theriac::scoring
