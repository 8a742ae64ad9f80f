#include "scoring/endpoint_model.hpp"

#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>

#include "chem/bulk_similarity.hpp"
#include "chem/error.hpp"

namespace theriac::scoring {
namespace {

constexpr std::size_t fewest_rows = 30;

/// Mean and standard deviation of the targets that are taken away before boosting.
struct Scale {
  double mean = 0, deviation = 1;
};

Scale scale_of(const std::vector<float>& targets) {
  Scale s;
  for (const float t : targets) s.mean += t / static_cast<double>(targets.size());
  double squares = 0;
  for (const float t : targets) squares += (t - s.mean) * (t - s.mean);
  s.deviation = std::sqrt(squares / static_cast<double>(targets.size()));
  if (s.deviation < 1e-12) s.deviation = 1;
  return s;
}

/// One model that answers with the mean of two of equal depth.
BoostedTrees averaged(BoostedTrees a, const BoostedTrees& b) {
  a.base = (a.base + b.base) / 2;
  a.splits.insert(a.splits.end(), b.splits.begin(), b.splits.end());
  a.leaves.insert(a.leaves.end(), b.leaves.begin(), b.leaves.end());
  for (float& leaf : a.leaves) leaf /= 2;
  return a;
}

void rescale(BoostedTrees& trees, const Scale& scale) {
  trees.base = scale.mean + scale.deviation * trees.base;
  for (float& leaf : trees.leaves) leaf = static_cast<float>(leaf * scale.deviation);
}

void check(const Endpoint& endpoint, const MeasuredSet& measured) {
  if (measured.size() < fewest_rows)
    throw UsageError(fmt::format("{} has {} usable rows; a model needs at least {}", endpoint.name,
                                 measured.size(), fewest_rows));
  if (measured.folds.size() != measured.size() || measured.values.size() != measured.size())
    throw UsageError(fmt::format("{} has {} molecules, {} values and {} folds", endpoint.name,
                                 measured.size(), measured.values.size(), measured.folds.size()));
  if (std::all_of(measured.values.begin(), measured.values.end(),
                  [&](float v) { return v == measured.values.front(); }))
    throw UsageError(fmt::format("all {} rows of {} are {}: there is nothing to learn", measured.size(),
                                 endpoint.name, measured.values.front()));
}

std::vector<std::uint32_t> sorted_unique(std::vector<std::uint32_t> places) {
  std::sort(places.begin(), places.end());
  places.erase(std::unique(places.begin(), places.end()), places.end());
  return places;
}

class Fit {
 public:
  Fit(const Endpoint& endpoint, const MoleculeLibrary& library, const FeatureBins& bins,
      const MeasuredSet& measured, const EndpointFitOptions& options)
      : endpoint_(endpoint),
        library_(library),
        bins_(bins),
        measured_(measured),
        options_(options),
        matrix_(bins, features()) {
    auto& values = targets_.values;
    for (const float v : measured.values) values.push_back(static_cast<float>(model_scale(endpoint, v)));
    targets_.bounds = measured.bounds;
    if (endpoint.kind == EndpointKind::value) {
      scale_ = scale_of(values);
      for (float& t : values) t = static_cast<float>((t - scale_.mean) / scale_.deviation);
    }
  }

  EndpointModel run(OutOfFold& seen) {
    const auto folds =
        static_cast<std::size_t>(1 + *std::max_element(measured_.folds.begin(), measured_.folds.end()));
    const auto members = static_cast<std::size_t>(options_.members);
    std::vector<BoostedTrees> models(folds + members);
    tbb::parallel_for(std::size_t{0}, models.size(), [&](std::size_t job) {
      std::vector<std::uint32_t> rows;
      for (std::size_t i = 0; i < measured_.size(); ++i)
        if (job >= folds || measured_.folds[i] != static_cast<int>(job))
          rows.push_back(static_cast<std::uint32_t>(i));
      models[job] = grown(rows, options_.seed * 1000 + job);
      rescale(models[job], scale_);
    });
    seen.raw.resize(measured_.size());
    seen.similarity.resize(measured_.size());
    tbb::parallel_for(std::size_t{0}, folds,
                      [&](std::size_t fold) { predict_fold(fold, models[fold], seen); });
    EndpointModel model;
    model.endpoint = endpoint_;
    model.members.assign(models.begin() + static_cast<std::ptrdiff_t>(folds), models.end());
    model.training = sorted_unique(measured_.molecules);
    model.calibrate(measured_, seen);
    return model;
  }

 private:
  std::vector<const chem::MolecularFeatures*> features() const {
    std::vector<const chem::MolecularFeatures*> out;
    for (const auto m : measured_.molecules) out.push_back(&library_[m].features);
    return out;
  }

  /// Where the mean absolute error counts, half of the trees learn the median and half the mean: which of the
  /// two is better depends on the assay's outliers, and their average is better than either.
  BoostedTrees grown(const std::vector<std::uint32_t>& rows, std::uint64_t seed) const {
    BoostingOptions b;
    b.trees = options_.trees;
    b.depth = options_.depth;
    b.column_share = options_.column_share;
    b.seed = seed;
    b.loss = endpoint_.kind == EndpointKind::probability ? Loss::logistic : Loss::squared;
    if (endpoint_.kind == EndpointKind::probability || endpoint_.metric != PropertyMetric::mae || b.trees < 2)
      return BoostedTrees::fit(matrix_, targets_, rows, b);
    b.trees = options_.trees / 2;
    auto mean = BoostedTrees::fit(matrix_, targets_, rows, b);
    b.loss = Loss::absolute;
    b.trees = options_.trees - b.trees;
    return averaged(std::move(mean), BoostedTrees::fit(matrix_, targets_, rows, b));
  }

  void predict_fold(std::size_t fold, const BoostedTrees& model, OutOfFold& seen) const {
    std::vector<std::uint32_t> inside, outside;
    std::vector<std::size_t> rows;
    for (std::size_t i = 0; i < measured_.size(); ++i) {
      const bool in = measured_.folds[i] == static_cast<int>(fold);
      (in ? inside : outside).push_back(measured_.molecules[i]);
      if (in) rows.push_back(i);
    }
    const auto raw = predicted_raw({model}, bins_, library_, inside);
    const auto similarity = nearest_similarity(library_, inside, sorted_unique(outside));
    for (std::size_t k = 0; k < rows.size(); ++k) {
      seen.raw[rows[k]] = raw[k];
      seen.similarity[rows[k]] = similarity[k];
    }
  }

  const Endpoint& endpoint_;
  const MoleculeLibrary& library_;
  const FeatureBins& bins_;
  const MeasuredSet& measured_;
  const EndpointFitOptions& options_;
  BinnedMatrix matrix_;
  BoostingTargets targets_;
  Scale scale_;
};

}  // namespace

std::vector<double> predicted_raw(const std::vector<BoostedTrees>& members, const FeatureBins& bins,
                                  const MoleculeLibrary& library,
                                  const std::vector<std::uint32_t>& molecules) {
  constexpr std::size_t lanes = BoostedTrees::lanes;
  std::vector<std::uint8_t> row(bins.columns()), block(bins.columns() * lanes);
  std::vector<double> out(molecules.size());
  for (std::size_t first = 0; first < molecules.size(); first += lanes) {
    const std::size_t n = std::min(lanes, molecules.size() - first);
    for (std::size_t i = 0; i < n; ++i) {
      bins.fill(library[molecules[first + i]].features, row.data());
      for (std::size_t c = 0; c < row.size(); ++c) block[c * lanes + i] = row[c];
    }
    float sums[lanes] = {};
    for (const auto& member : members) member.add_predictions(block.data(), sums);
    for (std::size_t i = 0; i < n; ++i) out[first + i] = sums[i] / static_cast<double>(members.size());
  }
  return out;
}

std::vector<double> nearest_similarity(const MoleculeLibrary& library,
                                       const std::vector<std::uint32_t>& queries,
                                       const std::vector<std::uint32_t>& members) {
  chem::FingerprintSet set(MoleculeLibrary::fingerprint_bits), asked(MoleculeLibrary::fingerprint_bits);
  for (const auto m : members) set.add(library.fingerprints()[m]);
  for (const auto q : queries) asked.add(library.fingerprints()[q]);
  if (members.empty()) return std::vector<double>(queries.size(), 0.0);
  return chem::BulkSimilarity(set).nearest(asked, {0, asked.size()});
}

namespace {

/// Whether errors exceed others by no more than one standard error of their mean difference.
bool as_good(const Values& errors, const Values& least) {
  const auto n = static_cast<double>(errors.size());
  double sum = 0, squares = 0;
  for (std::size_t i = 0; i < errors.size(); ++i) {
    sum += errors[i] - least[i];
    squares += (errors[i] - least[i]) * (errors[i] - least[i]);
  }
  return sum / n <= std::sqrt(std::max(0.0, squares / n - sum / n * sum / n) / n);
}

/// Of the network, by rows that neither part had seen; `mix` puts a mixture into `both`.
double chosen_weight(const Endpoint& endpoint, const HeldOutPredictions& both,
                     const std::function<void(double)>& mix) {
  constexpr std::size_t enough = 100;
  if (both.values.size() < enough) return 0.25;
  // the even mixture first: it is given up only for one that is better beyond its error
  constexpr double weights[] = {0.5, 0.25, 0.75, 0};
  std::vector<Values> errors;
  for (const double weight : weights) {
    mix(weight);
    errors.push_back(held_out_losses(endpoint, calibration_of(endpoint, both), both));
  }
  const auto least = *std::min_element(errors.begin(), errors.end(),
                                       [](const Values& a, const Values& b) { return mean(a) < mean(b); });
  std::size_t chosen = 0;
  while (!as_good(errors[chosen], least)) ++chosen;
  return weights[chosen];
}

}  // namespace

EndpointModel EndpointModel::fit(const Endpoint& endpoint, const MoleculeLibrary& library,
                                 const FeatureBins& bins, const MeasuredSet& measured,
                                 const EndpointFitOptions& options, OutOfFold* out_of_fold) {
  check(endpoint, measured);
  OutOfFold seen;
  auto model = Fit(endpoint, library, bins, measured, options).run(seen);
  if (out_of_fold) *out_of_fold = std::move(seen);
  return model;
}

void EndpointModel::predict_raw(const std::uint8_t* block, float* raw) const {
  std::fill(raw, raw + BoostedTrees::lanes, 0.0f);
  for (const auto& member : members) member.add_predictions(block, raw);
  for (std::size_t i = 0; i < BoostedTrees::lanes; ++i) raw[i] /= static_cast<float>(members.size());
}

double EndpointModel::mixed(double trees, double network) const {
  return network_weight > 0 ? (1 - network_weight) * trees + network_weight * network : trees;
}

void EndpointModel::calibrate(const MeasuredSet& measured, const OutOfFold& seen) {
  calibration = calibration_of(endpoint, {seen.raw, seen.similarity, measured.values, measured.bounds});
}

void EndpointModel::add_network(const MeasuredSet& measured, const OutOfFold& seen,
                                const NetworkEvidence& network) {
  HeldOutPredictions trees;  // of rows that neither part had seen
  std::vector<double> net;
  for (std::size_t i = 0; i < measured.size(); ++i) {
    if (std::isnan(network[i]) || (!measured.bounds.empty() && measured.bounds[i] != Bound::exact)) continue;
    trees.raw.push_back(seen.raw[i]);
    trees.similarity.push_back(seen.similarity[i]);
    trees.values.push_back(measured.values[i]);
    net.push_back(network[i]);
  }
  network_weight = 0;
  if (net.empty()) return;
  HeldOutPredictions both = trees;
  const auto mix = [&](double weight) {
    network_weight = weight;
    for (std::size_t i = 0; i < net.size(); ++i) both.raw[i] = mixed(trees.raw[i], net[i]);
  };
  mix(chosen_weight(endpoint, both, mix));
  calibration = recalibrated(endpoint, calibration, trees, both);
}

EndpointPrediction EndpointModel::finished(double raw, double similarity) const {
  return scoring::finished(endpoint, calibration, raw, similarity);
}

std::vector<EndpointPrediction> cross_calibrated(const Endpoint& endpoint, const MeasuredSet& measured,
                                                 const OutOfFold& seen) {
  std::vector<EndpointPrediction> out(measured.size());
  const int folds = 1 + *std::max_element(measured.folds.begin(), measured.folds.end());
  for (int fold = 0; fold < folds; ++fold) {
    HeldOutPredictions others;
    for (std::size_t i = 0; i < measured.size(); ++i) {
      if (measured.folds[i] == fold) continue;
      others.raw.push_back(seen.raw[i]);
      others.similarity.push_back(seen.similarity[i]);
      others.values.push_back(measured.values[i]);
      if (!measured.bounds.empty()) others.bounds.push_back(measured.bounds[i]);
    }
    const auto calibration = calibration_of(endpoint, others);
    for (std::size_t i = 0; i < measured.size(); ++i)
      if (measured.folds[i] == fold)
        out[i] = finished(endpoint, calibration, seen.raw[i], seen.similarity[i]);
  }
  return out;
}

}  // namespace theriac::scoring
