#include "repurpose/ranking_training.hpp"

#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "chem/error.hpp"

namespace theriac::repurpose {
namespace {

constexpr double scale_share = 0.5;  ///< of the mean: asinh bends where counts are half of usual
constexpr std::size_t inner_folds = 5;
constexpr std::size_t every_negative = 4;  ///< the choice of the penalty needs no more

struct Sample {
  RealMatrix x;  ///< of the chosen lines, transformed
  std::vector<double> classes, weights;
};

/// Candidates of one disease that take part: all positives, and every nth negative in its place.
template <class Take>
void each_case(const LearningSet& set, std::size_t disease, std::size_t nth, Take take) {
  const auto& known = set.known[disease];
  for (std::size_t c = 0; c < known.size(); ++c) {
    if (known[c] == 1)
      take(c, 1.0);
    else if ((c + disease) % nth == 0)
      take(c, static_cast<double>(nth));
  }
}

Sample sample_of(const LearningSet& set, const DiseaseCases& cases, const std::vector<std::size_t>& which,
                 const EvidenceTerms& terms, const std::vector<double>& scales, std::size_t nth) {
  Sample sample;
  std::size_t rows = 0;
  for (const auto i : which) each_case(set, cases.diseases[i], nth, [&](std::size_t, double) { ++rows; });
  sample.x = RealMatrix(rows, terms.size());
  std::size_t row = 0;
  std::vector<EvidenceTerms::Value> values;
  for (const auto i : which)
    each_case(set, cases.diseases[i], nth, [&](std::size_t c, double weight) {
      terms.values(cases.values[i].row(c), values);
      for (const auto& [term, value] : values) sample.x(row, term) = scaled(value, scales[term]);
      sample.classes.push_back(set.known[cases.diseases[i]][c]);
      sample.weights.push_back(weight);
      ++row;
    });
  return sample;
}

/// Of the counts; places and agreements are taken as they are.
std::vector<double> scales_of(const DiseaseCases& cases, const EvidenceTerms& terms, std::size_t all_lines) {
  const auto& lines = terms.lines();
  std::vector<double> scales(terms.size(), 0.0), sums(all_lines, 0.0);
  double rows = 0;
  for (const auto& values : cases.values) {
    rows += static_cast<double>(values.rows());
    for (std::size_t i = 0; i < values.rows(); ++i)
      for (const auto& entry : values.row(i)) sums[entry.line] += entry.count;
  }
  for (std::size_t l = 0; l < lines.size(); ++l)
    scales[l] = sums[lines[l]] > 0 ? scale_share * sums[lines[l]] / rows : 1.0;
  return scales;
}

double log_loss(const Sample& sample, const LogisticFit& fit) {
  double loss = 0;
  for (std::size_t i = 0; i < sample.x.rows; ++i) {
    double logit = fit.intercept;
    for (std::size_t l = 0; l < sample.x.columns; ++l) logit += fit.slopes[l] * sample.x(i, l);
    const double margin = sample.classes[i] == 1 ? logit : -logit;
    loss += sample.weights[i] *
            (margin > 0 ? std::log1p(std::exp(-margin)) : std::log1p(std::exp(margin)) - margin);
  }
  return loss;
}

double best_penalty(const LearningSet& set, const DiseaseCases& cases, const EvidenceTerms& terms,
                    const std::vector<double>& scales, const std::vector<double>& penalties) {
  if (penalties.size() == 1) return penalties.front();
  std::vector<double> losses(penalties.size(), 0.0);
  for (std::size_t fold = 0; fold < inner_folds; ++fold) {
    std::vector<std::size_t> train, test;
    for (std::size_t i = 0; i < cases.diseases.size(); ++i)
      (i % inner_folds == fold ? test : train).push_back(i);
    const Sample learnt = sample_of(set, cases, train, terms, scales, every_negative);
    const Sample judged = sample_of(set, cases, test, terms, scales, every_negative);
    LogisticFit fit;
    for (std::size_t p = 0; p < penalties.size(); ++p) {
      LogisticOptions options;
      options.penalty = penalties[p];
      options.tolerance = 1e-4;
      fit = fit_logistic(learnt.x, learnt.classes, learnt.weights, options, p ? &fit : nullptr);
      losses[p] += log_loss(judged, fit);
    }
  }
  const auto best = std::min_element(losses.begin(), losses.end()) - losses.begin();
  return penalties[static_cast<std::size_t>(best)];
}

/// Logits of every disease by weights that never saw it.
CalibratedModel calibrated(const DiseaseFeatures& features, const LearningSet& set, LearningMode mode) {
  LearningOptions options;
  options.mode = mode;
  std::vector<std::size_t> all(set.diseases.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  const DiseaseCases cases = all_cases(features, set, all, {});
  const LearntWeights whole = learn(features, set, cases, options);
  options.penalties = {whole.penalty};

  constexpr std::size_t folds = 10;
  std::vector<double> logits, classes;
  for (std::size_t fold = 0; fold < folds; ++fold) {
    std::vector<std::size_t> train;
    std::vector<std::uint32_t> hidden;
    for (const auto d : all) {
      if (d % folds == fold)
        hidden.push_back(set.diseases[d]);
      else
        train.push_back(d);
    }
    const auto weights = learn(features, set, all_cases(features, set, train, hidden), options, &whole.fit);
    for (const auto d : all)
      if (d % folds == fold) {
        const auto out = weights.logits(cases.values[d]);
        logits.insert(logits.end(), out.begin(), out.end());
        classes.insert(classes.end(), set.known[d].begin(), set.known[d].end());
      }
  }
  return {whole.model, IsotonicCalibration::fit(logits, classes)};
}

}  // namespace

std::size_t LearningSet::known_drugs(std::size_t disease) const {
  return static_cast<std::size_t>(std::count(known[disease].begin(), known[disease].end(), 1.0));
}

std::vector<std::uint32_t> covered_drugs(const datasets::Store& store, const std::string& source) {
  using datasets::EntityKind;
  using datasets::LinkKind;
  std::vector<std::uint32_t> covered, linked;
  for (int k = 0; k < datasets::link_kinds; ++k) {
    const auto kind = static_cast<LinkKind>(k);
    const auto [first, second] = datasets::link_ends(kind);
    const auto& table = store.links(kind);
    for (std::size_t i = 0; i < table.size(); ++i) {
      const bool from_source = store.sources()[table.source[i]].name.rfind(source, 0) == 0;
      if (first == EntityKind::drug && from_source) covered.push_back(table.from[i]);
      if (second == EntityKind::drug && from_source) covered.push_back(table.to[i]);
      if (kind == LinkKind::binds || kind == LinkKind::treats || kind == LinkKind::palliates)
        linked.push_back(table.from[i]);
    }
  }
  auto& drugs = covered.empty() ? linked : covered;
  std::sort(drugs.begin(), drugs.end());
  drugs.erase(std::unique(drugs.begin(), drugs.end()), drugs.end());
  return drugs;
}

namespace {

bool has_basis(const GraphTables& graph, std::uint32_t disease) {
  for (const auto* table : {&graph.associated, &graph.raised, &graph.lowered, &graph.localizes,
                            &graph.similar, &graph.comentioned})
    if (table->of_row(disease).size() > 0) return true;
  return false;
}

}  // namespace

std::vector<std::uint32_t> described_diseases(const GraphTables& graph) {
  std::vector<std::uint32_t> diseases;
  for (std::uint32_t d = 0; d < graph.diseases; ++d)
    if (has_basis(graph, d)) diseases.push_back(d);
  return diseases;
}

LearningSet learning_set(const GraphTables& graph, std::vector<std::uint32_t> candidates) {
  LearningSet set;
  set.drugs = std::move(candidates);
  std::sort(set.drugs.begin(), set.drugs.end());
  std::vector<std::vector<double>> known(graph.diseases);
  for (const auto& link : graph.treatments) {
    const auto drug = std::lower_bound(set.drugs.begin(), set.drugs.end(), link.row);
    if (drug == set.drugs.end() || *drug != link.row) continue;
    auto& row = known[link.column];
    row.resize(set.drugs.size(), 0.0);
    row[static_cast<std::size_t>(drug - set.drugs.begin())] = 1;
  }
  for (std::uint32_t d = 0; d < graph.diseases; ++d)
    if (!known[d].empty() && has_basis(graph, d)) {
      set.diseases.push_back(d);
      set.known.push_back(std::move(known[d]));
    }
  if (set.diseases.size() < 2)
    throw UsageError(fmt::format("{} diseases with known drugs, at least 2 are needed to learn from",
                                 set.diseases.size()));
  return set;
}

std::vector<std::size_t> lines_of(const DiseaseFeatures& features, const LearningOptions& options) {
  for (const auto& name : options.without) features.feature(name);  // it must exist
  std::vector<std::size_t> lines;
  for (std::size_t f = 0; f < features.features().size(); ++f) {
    const auto& feature = features.features()[f];
    if (feature.family == FeatureFamily::treated && options.mode == LearningMode::untreated) continue;
    if (std::find(options.without.begin(), options.without.end(), feature.name) == options.without.end())
      lines.push_back(f);
  }
  return lines;
}

PlacedCounts candidate_values(const DiseaseFeatures& features, const LearningSet& set,
                              const DiseaseProfile& profile) {
  return features.placed(features.values(profile)).rows_of(set.drugs);
}

DiseaseCases all_cases(const DiseaseFeatures& features, const LearningSet& set,
                       const std::vector<std::size_t>& diseases,
                       const std::vector<std::uint32_t>& also_hidden) {
  DiseaseCases cases{diseases, std::vector<PlacedCounts>(diseases.size())};
  tbb::parallel_for(std::size_t{0}, diseases.size(), [&](std::size_t i) {
    cases.values[i] = candidate_values(
        features, set, profile_of_disease(features.graph(), set.diseases[diseases[i]], also_hidden));
  });
  return cases;
}

std::vector<double> LearntWeights::logits(const PlacedCounts& values) const {
  std::vector<double> out(values.rows(), model.intercept());
  std::vector<EvidenceTerms::Value> of_drug;
  for (std::size_t c = 0; c < out.size(); ++c) {
    terms.values(values.row(c), of_drug);
    for (const auto& [term, value] : of_drug)
      out[c] += model.slopes()[term] * scaled(value, model.scales()[term]);
  }
  return out;
}

LearntWeights learn(const DiseaseFeatures& features, const LearningSet& set, const DiseaseCases& cases,
                    const LearningOptions& options, const LogisticFit* start) {
  LearntWeights learnt;
  learnt.terms = EvidenceTerms(features.features(), lines_of(features, options));
  const auto scales = scales_of(cases, learnt.terms, features.features().size());
  learnt.penalty = best_penalty(set, cases, learnt.terms, scales, options.penalties);
  std::vector<std::size_t> all(cases.diseases.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  const Sample sample = sample_of(set, cases, all, learnt.terms, scales, 1);
  LogisticOptions fitting;
  fitting.penalty = learnt.penalty;
  fitting.tolerance = 1e-5;
  learnt.fit = fit_logistic(sample.x, sample.classes, sample.weights, fitting, start);
  learnt.model = LogisticModel(learnt.terms.names(), scales, learnt.fit.slopes, learnt.fit.intercept);
  return learnt;
}

RankingModel train_ranking(const DiseaseFeatures& features, const LearningSet& set) {
  RankingModel model;
  model.untreated = calibrated(features, set, LearningMode::untreated);
  model.treated = calibrated(features, set, LearningMode::treated);
  return model;
}

}  // namespace theriac::repurpose
