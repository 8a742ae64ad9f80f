#include "cli/bench_repurposing.hpp"

#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <limits>
#include <map>
#include <numeric>
#include <set>

#include "chem/counter_random.hpp"
#include "chem/error.hpp"
#include "cli/bench_conditions.hpp"
#include "cli/bench_proximity.hpp"
#include "cli/growing_table.hpp"
#include "cli/repurpose_question.hpp"
#include "cli/session.hpp"
#include "cli/train_repurposing.hpp"
#include "datasets/durable_file.hpp"
#include "repurpose/knowledge_graph.hpp"
#include "repurpose/ranking_training.hpp"
#include "scoring/property_metrics.hpp"

namespace theriac::cli {
namespace {

using repurpose::DiseaseCases;
using repurpose::FeatureFamily;
using repurpose::LearningOptions;
using repurpose::LearningSet;
using Scores = std::vector<std::vector<double>>;  ///< per judged disease and candidate

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

/// Lines whose names begin so.
std::vector<std::string> lines_with(const repurpose::DiseaseFeatures& features,
                                    const std::vector<std::string>& beginnings) {
  std::vector<std::string> names;
  for (const auto& feature : features.features())
    for (const auto& beginning : beginnings)
      if (feature.name.rfind(beginning, 0) == 0) names.push_back(feature.name);
  return names;
}

std::vector<std::string> lines_of_family(const repurpose::DiseaseFeatures& features, FeatureFamily family) {
  std::vector<std::string> names;
  for (const auto& feature : features.features())
    if (feature.family == family) names.push_back(feature.name);
  return names;
}

std::vector<std::string> joined(std::vector<std::string> a, const std::vector<std::string>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

/// The learned ranking, and what it is without some of its lines.
struct Variant {
  std::string name;
  std::vector<std::string> without;
};

std::vector<Variant> variants(const repurpose::DiseaseFeatures& features) {
  const auto use = lines_with(features, {"CiPCiC", "CiATiC"}), effects = lines_with(features, {"CcSEcC"});
  const auto popularity = lines_of_family(features, FeatureFamily::popularity);
  return {{"learned", {}},
          {"learned, no classes and ATC codes", use},
          {"learned, no side effects", effects},
          {"learned, none of these three", joined(use, effects)},
          {"learned, no popularity", popularity},
          {"learned, mechanism lines alone",
           joined(popularity, lines_of_family(features, FeatureFamily::similarity))}};
}

/// Diseases left out in groups, or one by one.
class LeaveDiseasesOut {
 public:
  LeaveDiseasesOut(const repurpose::DiseaseFeatures& features, const LearningSet& set,
                   std::vector<std::size_t> judged, int folds)
      : features_(features), set_(set), judged_(std::move(judged)) {
    const std::size_t groups = folds > 0 ? static_cast<std::size_t>(folds) : judged_.size();
    for (std::size_t i = 0; i < judged_.size(); ++i) {
      if (i < groups) groups_.emplace_back();
      groups_[i % groups].push_back(i);
    }
    std::vector<std::size_t> all(set.diseases.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    own_ = repurpose::all_cases(features, set, all, {});
  }

  /// Scores per variant. False when asked to stop.
  bool run(const std::vector<Variant>& variants, std::vector<Scores>& scores, Session& session) {
    scores.assign(variants.size(), Scores(judged_.size()));
    penalties_.assign(groups_.size(), 0);
    std::atomic<std::size_t> done{0};
    tbb::parallel_for(std::size_t{0}, groups_.size(), [&](std::size_t g) {
      if (session.stop().stop_requested()) return;
      run_group(g, variants, scores);
      session.terminal().note(fmt::format("left out  {} of {} groups of diseases", ++done, groups_.size()));
    });
    return done == groups_.size();
  }

  Scores line(std::size_t feature) const {
    Scores scores;
    for (const auto d : judged_) {
      scores.emplace_back();
      for (std::size_t c = 0; c < set_.drugs.size(); ++c) scores.back().push_back(own_.values[d].counts(c, feature));
    }
    return scores;
  }

  /// Sum of asinh(count / mean count): what takes no learning.
  Scores sum_of(const std::vector<std::string>& names) const {
    Scores sums(judged_.size(), std::vector<double>(set_.drugs.size(), 0.0));
    for (const auto& name : names) {
      const std::size_t f = features_.feature(name);
      double mean = 0, cases = 0;
      for (const auto& x : own_.values)
        for (std::size_t c = 0; c < x.counts.rows; ++c, ++cases) mean += x.counts(c, f);
      mean = mean > 0 ? mean / cases : 1;
      for (std::size_t i = 0; i < judged_.size(); ++i)
        for (std::size_t c = 0; c < set_.drugs.size(); ++c)
          sums[i][c] += std::asinh(own_.values[judged_[i]].counts(c, f) / mean);
    }
    return sums;
  }

  const DiseaseCases& cases() const { return own_; }
  std::string penalties() const {
    std::map<double, std::size_t> counts;
    for (const double penalty : penalties_) ++counts[penalty];
    std::string text;
    for (const auto& [penalty, count] : counts)
      text += fmt::format("{}{} in {}", text.empty() ? "" : ", ", penalty, count);
    return fmt::format("Penalty, chosen within the training diseases: {} of {} groups", text, groups_.size());
  }

 private:
  void run_group(std::size_t group, const std::vector<Variant>& variants, std::vector<Scores>& scores) {
    std::set<std::size_t> out;
    std::vector<std::uint32_t> hidden;
    for (const auto i : groups_[group]) {
      out.insert(judged_[i]);
      hidden.push_back(set_.diseases[judged_[i]]);
    }
    std::vector<std::size_t> training;
    for (std::size_t d = 0; d < set_.diseases.size(); ++d)
      if (!out.count(d)) training.push_back(d);
    const auto cases = repurpose::all_cases(features_, set_, training, hidden);
    LearningOptions options;
    for (std::size_t v = 0; v < variants.size(); ++v) {
      options.without = variants[v].without;
      const auto learnt = repurpose::learn(features_, set_, cases, options);
      if (v == 0) penalties_[group] = learnt.penalty;
      options.penalties = {learnt.penalty};
      for (const auto i : groups_[group]) scores[v][i] = learnt.logits(own_.values[judged_[i]]);
    }
  }

  const repurpose::DiseaseFeatures& features_;
  const LearningSet& set_;
  std::vector<std::size_t> judged_;
  std::vector<std::vector<std::size_t>> groups_;
  DiseaseCases own_;
  std::vector<double> penalties_;
};

Scores random_scores(std::size_t diseases, std::size_t drugs, std::uint64_t seed) {
  Scores scores(diseases, std::vector<double>(drugs));
  chem::CounterRandom random(seed, "", "random ranking");
  for (auto& row : scores)
    for (double& score : row) score = random.uniform();
  return scores;
}

/// New indications: pairs of a source that the learning set does not know.
class NewIndications {
 public:
  NewIndications(const datasets::Store& store, const repurpose::KnowledgeGraph& graph, const LearningSet& set)
      : store_(store), graph_(graph), set_(set), diseases_(repurpose::described_diseases(graph.tables())) {}

  void judge(const std::vector<std::string>& sources, std::vector<NewIndicationFigures>& out) const {
    LearningOptions options;
    options.mode = repurpose::LearningMode::treated;
    std::vector<std::size_t> all(set_.diseases.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    const auto learnt = repurpose::learn(graph_.features(), set_,
                                         repurpose::all_cases(graph_.features(), set_, all, {}), options);
    Scores learned(diseases_.size()), popular(diseases_.size()), line(diseases_.size());
    const std::size_t popularity = graph_.features().feature("popularity");
    tbb::parallel_for(std::size_t{0}, diseases_.size(), [&](std::size_t d) {
      const auto values = repurpose::candidate_values(
          graph_.features(), set_, repurpose::profile_of_disease(graph_.tables(), diseases_[d]));
      const double of_disease = known_of(diseases_[d]);
      for (std::size_t c = 0; c < set_.drugs.size(); ++c)
        popular[d].push_back(values.counts(c, popularity) * of_disease);
      learned[d] = learnt.logits(values);
    });
    for (const auto& source : sources) {
      add(source, "learned", learned, out);
      add(source, "known drugs of the disease x known diseases of the drug", popular, out);
    }
  }

 private:
  std::size_t place(std::uint32_t disease) const {
    const auto found = std::lower_bound(set_.diseases.begin(), set_.diseases.end(), disease);
    return found != set_.diseases.end() && *found == disease
               ? static_cast<std::size_t>(found - set_.diseases.begin())
               : set_.diseases.size();
  }
  double known_of(std::uint32_t disease) const {
    const std::size_t d = place(disease);
    return d < set_.diseases.size() ? static_cast<double>(set_.known_drugs(d)) : 0;
  }

  std::set<std::pair<std::uint32_t, std::uint32_t>> indications(const std::string& source) const {
    std::set<std::pair<std::uint32_t, std::uint32_t>> pairs;
    for (const auto kind : {datasets::LinkKind::treats, datasets::LinkKind::palliates}) {
      const auto& table = store_.links(kind);
      for (std::size_t i = 0; i < table.size(); ++i)
        if (store_.sources()[table.source[i]].name.rfind(source, 0) == 0)
          pairs.insert({table.to[i], table.from[i]});
    }
    return pairs;
  }

  void add(const std::string& source, const std::string& method, const Scores& scores,
           std::vector<NewIndicationFigures>& out) const {
    const auto indicated = indications(source);
    scoring::Values classes, values;
    std::size_t fresh = 0;
    for (std::size_t d = 0; d < diseases_.size(); ++d) {
      const std::size_t known = place(diseases_[d]);
      for (std::size_t c = 0; c < set_.drugs.size(); ++c) {
        if (known < set_.diseases.size() && set_.known[known][c] == 1) continue;
        classes.push_back(indicated.count({diseases_[d], set_.drugs[c]}) ? 1 : 0);
        values.push_back(scores[d][c]);
        fresh += classes.back() == 1;
      }
    }
    if (fresh == 0) return;
    out.push_back({source, method, classes.size(), fresh,
                   scoring::property_metric(scoring::PropertyMetric::auroc, classes, values),
                   scoring::property_metric(scoring::PropertyMetric::average_precision, classes, values)});
  }

  const datasets::Store& store_;
  const repurpose::KnowledgeGraph& graph_;
  const LearningSet& set_;
  std::vector<std::uint32_t> diseases_;
};

/// Known drugs of the judged diseases, row by row.
Scores known_rows(const LearningSet& set, const std::vector<std::size_t>& judged) {
  Scores rows;
  for (const auto d : judged) rows.push_back(set.known[d]);
  return rows;
}

Scores proximity_of(const repurpose::GraphTables& graph, const LearningSet& set,
                    const std::vector<std::size_t>& judged) {
  std::vector<std::uint32_t> diseases;
  for (const auto d : judged) diseases.push_back(set.diseases[d]);
  return proximity_scores(graph, diseases, set.drugs);
}

}  // namespace

RankingFigures ranking_figures(const std::vector<double>& scores, const std::vector<double>& known) {
  using scoring::PropertyMetric;
  constexpr std::size_t first = 50;
  RankingFigures figures;
  figures.auroc = scoring::property_metric(PropertyMetric::auroc, known, scores);
  figures.average_precision = scoring::property_metric(PropertyMetric::average_precision, known, scores);
  const double all = std::accumulate(known.begin(), known.end(), 0.0);
  if (all == 0) return {figures.auroc, figures.average_precision, not_a_number};
  if (scores.size() <= first) return {figures.auroc, figures.average_precision, 1};
  auto sorted = scores;
  std::nth_element(sorted.begin(), sorted.begin() + (first - 1), sorted.end(), std::greater<>());
  const double bar = sorted[first - 1];
  double above = 0, found = 0, ties = 0, known_ties = 0;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (scores[i] > bar) {
      ++above;
      found += known[i];
    } else if (scores[i] == bar) {
      ++ties;
      known_ties += known[i];
    }
  }
  figures.recall_50 = (found + known_ties * (static_cast<double>(first) - above) / ties) / all;
  return figures;
}

MethodFigures method_figures(const std::string& method, const Scores& scores, const Scores& known) {
  MethodFigures figures;
  figures.method = method;
  for (std::size_t d = 0; d < scores.size(); ++d)
    figures.diseases.push_back(ranking_figures(scores[d], known[d]));
  const auto mean_of = [&](double RankingFigures::*field) {
    return scoring::bootstrap(figures.diseases.size(), [&](const scoring::Sample& sample) {
      double sum = 0;
      for (const auto d : sample) sum += figures.diseases[d].*field;
      return sum / static_cast<double>(sample.size());
    });
  };
  figures.auroc = mean_of(&RankingFigures::auroc);
  figures.average_precision = mean_of(&RankingFigures::average_precision);
  figures.recall_50 = mean_of(&RankingFigures::recall_50);
  return figures;
}

CalibrationFigures calibration_figures(const Scores& logits, const Scores& known) {
  struct Pair {
    double probability, known;
  };
  std::vector<Pair> pairs;
  CalibrationFigures figures;
  for (std::size_t d = 0; d < logits.size(); ++d) {
    std::vector<double> scores, classes;
    for (std::size_t other = 0; other < logits.size(); ++other) {
      if (other == d) continue;
      scores.insert(scores.end(), logits[other].begin(), logits[other].end());
      classes.insert(classes.end(), known[other].begin(), known[other].end());
    }
    const auto calibration = repurpose::IsotonicCalibration::fit(scores, classes);
    for (std::size_t c = 0; c < logits[d].size(); ++c) {
      pairs.push_back({calibration.probability(logits[d][c]), known[d][c]});
      figures.brier += std::pow(pairs.back().probability - known[d][c], 2);
      figures.brier_prevalence += std::pow(calibration.prevalence() - known[d][c], 2);
    }
  }
  figures.brier /= static_cast<double>(pairs.size());
  figures.brier_prevalence /= static_cast<double>(pairs.size());
  std::stable_sort(pairs.begin(), pairs.end(),
                   [](const Pair& a, const Pair& b) { return a.probability < b.probability; });
  std::size_t begin = 0;
  for (const double edge : {0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 1.01}) {
    CalibrationFigures::Bin bin;
    for (; begin < pairs.size() && pairs[begin].probability < edge; ++begin) {
      bin.probability += pairs[begin].probability;
      bin.known += pairs[begin].known == 1;
      ++bin.pairs;
    }
    if (bin.pairs == 0) continue;
    bin.probability /= static_cast<double>(bin.pairs);
    bin.share = static_cast<double>(bin.known) / static_cast<double>(bin.pairs);
    figures.bins.push_back(bin);
  }
  return figures;
}

int bench_repurposing(const RepurposingBenchOptions& options, Session& session) {
  if (options.store.empty()) throw UsageError("bench repurposing needs a store", "--store full.h5");
  const auto store = datasets::Store::open(options.store);
  make_folder(options.out);
  const auto conditions = bench_conditions(session);
  const Stopwatch watch;
  const repurpose::KnowledgeGraph graph(store, {allowed_licences(options.links), {"Hetionet"}});
  const auto set = repurpose::learning_set(graph.tables(), options.drugs.empty()
                                                               ? repurpose::covered_drugs(store, "Hetionet")
                                                               : drugs_of_file(store, options.drugs));
  std::vector<std::size_t> judged;
  RepurposingFigures figures;
  for (std::size_t d = 0; d < set.diseases.size(); ++d) {
    if (set.known_drugs(d) < static_cast<std::size_t>(options.min_known)) continue;
    judged.push_back(d);
    figures.known.push_back(set.known_drugs(d));
    figures.diseases.emplace_back(store.entities(datasets::EntityKind::disease).name[set.diseases[d]]);
  }
  if (judged.size() < 2)
    throw UsageError(
        fmt::format("{} diseases with {} known drugs or more", judged.size(), options.min_known));
  figures.data = fmt::format("Treatments and palliations of Hetionet, links of licence {}", options.links);
  figures.candidates =
      fmt::format("{} candidate drugs, {} diseases to learn from", set.drugs.size(), set.diseases.size());
  session.terminal().note(fmt::format("data      {}; {} diseases judged", figures.candidates, judged.size()));

  const auto& features = graph.features();
  LeaveDiseasesOut left_out(features, set, judged, options.folds);
  const auto chosen = variants(features);
  std::vector<Scores> scores;
  if (!left_out.run(chosen, scores, session))
    return session.exit_code({}, "nothing is kept of a stopped run");
  const Scores known = known_rows(set, judged);
  for (std::size_t v = 0; v < chosen.size(); ++v)
    figures.methods.push_back(method_figures(chosen[v].name, scores[v], known));
  figures.methods.push_back(method_figures(
      "sum of six path counts",
      left_out.sum_of({"CbGaD", "CbGpPWpGaD", "CbGiGaD", "CtDrD", "CbGbCtDrD", "CrCtDrD"}), known));
  figures.methods.push_back(
      method_figures("random", random_scores(judged.size(), set.drugs.size(), session.seed()), known));
  figures.methods.push_back(
      method_figures("network proximity", proximity_of(graph.tables(), set, judged), known));
  for (std::size_t f = 0; f < features.features().size(); ++f)
    if (features.features()[f].family != FeatureFamily::treated)
      figures.methods.push_back(method_figures(features.features()[f].name, left_out.line(f), known));
  figures.calibration = calibration_figures(scores.front(), known);
  figures.penalties = left_out.penalties();
  NewIndications(store, graph, set)
      .judge({"DrugCentral indications (Rephetio)", "DrugCentral 2016 indications", "repoDB 2017"},
             figures.new_indications);
  figures.seconds = watch.wall_seconds();

  write_repurposing_tables(figures, options.out);
  const std::string page = repurposing_report(figures, conditions.text());
  datasets::DurableFile file(options.out + "/repurposing.md");
  file.write(page);
  file.publish();
  std::fputs(page.c_str(), stdout);
  return exit_done;
}

}  // namespace theriac::cli
