#include "scoring/affinity_trial.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

#include "chem/error.hpp"
#include "scoring/concordance.hpp"

namespace theriac::scoring {
namespace {

constexpr double same = 0.9999, cluster = 0.6;
constexpr int validation_fold_number = 4;
constexpr std::size_t neighbours_looked_at = 20;

struct Fold {
  datasets::AffinityTable train;
  std::vector<PairValue> asked;
};

PairCase case_of(AffinitySplit split) {
  switch (split) {
    case AffinitySplit::test_fold:
    case AffinitySplit::validation_fold:
      return PairCase::known;
    case AffinitySplit::new_drug:
      return PairCase::new_drug;
    case AffinitySplit::both_new:
      return PairCase::both_new;
    default:
      return PairCase::new_target;
  }
}

bool is_fixed(AffinitySplit split) {
  return split == AffinitySplit::test_fold || split == AffinitySplit::validation_fold;
}

/// One fold of the table is asked. The test fold trains nothing.
Fold fixed_fold(const datasets::AffinityTable& table, int number) {
  Fold out{table, {}};
  out.train.entries.clear();
  for (const auto& entry : table.entries)
    if (entry.fold == number)
      out.asked.push_back({entry.drug, entry.target, entry.value});
    else if (entry.fold != datasets::AffinityTable::test_fold)
      out.train.entries.push_back(entry);
  if (out.asked.empty())
    throw UsageError(number == datasets::AffinityTable::test_fold
                         ? std::string("the table has no test fold")
                         : "the table has no fold " + std::to_string(number));
  return out;
}

std::vector<Fold> folds_of(const datasets::AffinityTable& table, const FloatMatrix& drugs,
                           const FloatMatrix& targets, AffinitySplit split, std::uint64_t seed) {
  if (is_fixed(split))
    return {fixed_fold(table, split == AffinitySplit::test_fold ? datasets::AffinityTable::test_fold
                                                                : validation_fold_number)};
  std::vector<PairValue> pairs;
  for (const auto& entry : table.entries) pairs.push_back({entry.drug, entry.target, entry.value});
  const auto held = held_out_pairs(
      pairs, case_of(split), 5, similarity_groups(drugs, same),
      similarity_groups(targets, split == AffinitySplit::new_target_cluster ? cluster : same), seed + 1000);
  std::vector<Fold> out;
  for (const auto& fold : held) {
    Fold next{table, fold.asked};
    next.train.entries.clear();
    for (const auto& pair : fold.known) next.train.entries.push_back({pair.drug, pair.target, pair.value, 0});
    out.push_back(std::move(next));
  }
  return out;
}

/// Means of similar members, each with its own mean.
double similar_mean(const PairSide& side, const std::vector<double>& means) {
  double sum = 0, weight = 0;
  const auto add = [&](std::size_t i, double s) {
    const double w = std::pow(std::max(0.0, s), 12) + 1e-12;
    sum += w * means[i];
    weight += w;
  };
  for (const std::uint32_t i : side.nearest) add(i, side.similarity[i]);
  if (side.known) add(static_cast<std::size_t>(side.self), 1);
  return sum / weight;
}

double nearest_pair(const PairFeatures& features, const PairSide& drug, const PairSide& target) {
  const auto first = [](const PairSide& side) {
    std::vector<std::size_t> out;
    if (side.known) out.push_back(static_cast<std::size_t>(side.self));
    out.insert(out.end(), side.nearest.begin(),
               side.nearest.begin() +
                   static_cast<std::ptrdiff_t>(std::min(neighbours_looked_at, side.nearest.size())));
    return out;
  };
  double best = -1, value = features.mean();
  for (const std::size_t d : first(drug))
    for (const std::size_t t : first(target)) {
      const double s = static_cast<double>(drug.similarity[d]) * target.similarity[t];
      if (s <= best || !features.has(d, t)) continue;
      best = s;
      value = features.value(d, t);
    }
  return value;
}

const std::vector<std::string>& method_names() {
  static const std::vector<std::string> names{"model",  "process",     "nearest neighbour",
                                              "degree", "ligand only", "target only"};
  return names;
}

void ask_baselines(const AffinityModel& model, const std::vector<PairValue>& asked, AffinityTrial& trial) {
  const PairFeatures& features = model.features();
  std::vector<PairSide> drugs, targets;
  std::vector<double> drug_means, target_means;
  for (std::size_t d = 0; d < features.drugs(); ++d) {
    drugs.push_back(features.drug(d));
    drug_means.push_back(drugs.back().mean);
  }
  for (std::size_t t = 0; t < features.targets(); ++t) {
    targets.push_back(features.target(t));
    target_means.push_back(targets.back().mean);
  }
  std::vector<double> by_drug, by_target;
  for (const auto& side : drugs) by_drug.push_back(similar_mean(side, drug_means));
  for (const auto& side : targets) by_target.push_back(similar_mean(side, target_means));
  for (const auto& pair : asked) {
    const PairSide& drug = drugs[pair.drug];
    const PairSide& target = targets[pair.target];
    trial.methods[1].predicted.push_back(features.process_mean(drug, target));
    trial.methods[2].predicted.push_back(nearest_pair(features, drug, target));
    trial.methods[3].predicted.push_back(drug.mean + target.mean - features.mean());
    trial.methods[4].predicted.push_back(by_drug[pair.drug]);
    trial.methods[5].predicted.push_back(by_target[pair.target]);
  }
}

std::size_t unit_of(AffinitySplit split, const PairValue& pair, std::size_t place) {
  if (is_fixed(split)) return place;
  return split == AffinitySplit::new_drug || split == AffinitySplit::both_new ? pair.drug : pair.target;
}

}  // namespace

const char* to_text(AffinitySplit split) {
  switch (split) {
    case AffinitySplit::test_fold:
      return "test fold";
    case AffinitySplit::validation_fold:
      return "fold 4";
    case AffinitySplit::new_drug:
      return "new drug";
    case AffinitySplit::new_target:
      return "new target";
    case AffinitySplit::new_target_cluster:
      return "new target cluster";
    default:
      return "both new";
  }
}

AffinityTrial affinity_trial(const datasets::AffinityTable& table, const FloatMatrix& drug_similarity,
                             const FloatMatrix& target_similarity, AffinitySplit split,
                             const AffinityFitOptions& options, int folds) {
  AffinityTrial trial;
  for (const auto& name : method_names()) trial.methods.push_back({name, {}});
  auto fitting = options;
  fitting.cases = {case_of(split)};
  double inside = 0, width = 0;
  int number = 0;
  for (const auto& fold : folds_of(table, drug_similarity, target_similarity, split, options.seed)) {
    if (number++ == folds) break;
    const auto model = AffinityModel::fit(fold.train, drug_similarity, target_similarity, fitting);
    const auto found = model.predict(fitting.cases.front(), model.features().rows(fold.asked));
    for (std::size_t i = 0; i < found.size(); ++i) {
      const double observed = fold.asked[i].value;
      trial.unit.push_back(unit_of(split, fold.asked[i], trial.observed.size()));
      trial.observed.push_back(observed);
      trial.methods.front().predicted.push_back(found[i].value);
      inside += observed >= found[i].low - 1e-6 && observed <= found[i].high + 1e-6 ? 1 : 0;
      width += found[i].high - found[i].low;
    }
    ask_baselines(model, fold.asked, trial);
  }
  const double n = static_cast<double>(trial.observed.size());
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  trial.coverage = options.trees.intervals ? inside / n : none;
  trial.width = options.trees.intervals ? width / n : none;
  return trial;
}

AffinityFigure affinity_figure(const AffinityTrial& trial, const AffinityMethod& method,
                               const BootstrapOptions& options) {
  std::map<std::size_t, std::vector<std::size_t>> by_unit;
  for (std::size_t i = 0; i < trial.unit.size(); ++i) by_unit[trial.unit[i]].push_back(i);
  std::vector<std::vector<std::size_t>> units;
  for (auto& [unit, members] : by_unit) units.push_back(std::move(members));
  Sample all(units.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  const auto found = bootstrap_all(
      {all},
      [&](const Sample& sample) {
        std::vector<double> observed, predicted;
        for (const std::size_t u : sample)
          for (const std::size_t i : units[u]) {
            observed.push_back(trial.observed[i]);
            predicted.push_back(method.predicted[i]);
          }
        return std::vector<double>{mean_squared_error(observed, predicted),
                                   concordance_index(observed, predicted)};
      },
      options);
  return {found[0], found[1]};
}

}  // namespace theriac::scoring
