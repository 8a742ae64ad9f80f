#include "scoring/affinity_trial.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

#include "chem/error.hpp"
#include "datasets/data_split.hpp"
#include "scoring/concordance.hpp"
#include "scoring/fingerprint_network.hpp"

namespace theriac::scoring {
namespace {

constexpr double same = 0.9999, cluster = 0.6;
constexpr int validation_fold_number = 4;
constexpr std::size_t neighbours_looked_at = 20;

struct Fold {
  datasets::AffinityTable train;
  std::vector<PairValue> asked;
  std::vector<std::size_t> unit;  ///< of each asked pair; empty: unit_of says
};

PairCase case_of(AffinitySplit split) {
  switch (split) {
    case AffinitySplit::test_fold:
    case AffinitySplit::validation_fold:
    case AffinitySplit::chosen_on_fold4:
    case AffinitySplit::related_pairs:
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
  return split == AffinitySplit::test_fold || split == AffinitySplit::validation_fold ||
         split == AffinitySplit::chosen_on_fold4;
}

/// One fold of the table is asked. The test fold trains nothing.
Fold fixed_fold(const datasets::AffinityTable& table, int number) {
  Fold out{table, {}, {}};
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

/// Pairs of one drug and targets that are relatives are dealt together.
std::vector<Fold> related_folds(const datasets::AffinityTable& table, const FloatMatrix& drugs,
                                const FloatMatrix& targets, std::uint64_t seed) {
  const auto drug_groups = similarity_groups(drugs, same),
             target_groups = similarity_groups(targets, cluster);
  std::vector<std::size_t> unit;
  for (const auto& entry : table.entries)
    unit.push_back(drug_groups[entry.drug] * targets.rows + target_groups[entry.target]);
  const auto number = datasets::group_folds(unit, 5, seed);
  std::vector<Fold> out(5, Fold{table, {}, {}});
  for (std::size_t f = 0; f < out.size(); ++f) {
    out[f].train.entries.clear();
    for (std::size_t i = 0; i < number.size(); ++i) {
      const auto& entry = table.entries[i];
      if (number[i] != static_cast<int>(f)) {
        out[f].train.entries.push_back(entry);
        continue;
      }
      out[f].asked.push_back({entry.drug, entry.target, entry.value});
      out[f].unit.push_back(unit[i]);
    }
  }
  return out;
}

std::vector<Fold> folds_of(const datasets::AffinityTable& table, const FloatMatrix& drugs,
                           const FloatMatrix& targets, AffinitySplit split, std::uint64_t seed) {
  if (is_fixed(split))
    return {fixed_fold(table, split == AffinitySplit::validation_fold ? validation_fold_number
                                                                      : datasets::AffinityTable::test_fold)};
  if (split == AffinitySplit::related_pairs) return related_folds(table, drugs, targets, seed + 1000);
  std::vector<PairValue> pairs;
  for (const auto& entry : table.entries) pairs.push_back({entry.drug, entry.target, entry.value});
  const auto held = held_out_pairs(
      pairs, case_of(split), 5, similarity_groups(drugs, same),
      similarity_groups(targets, split == AffinitySplit::new_target_cluster ? cluster : same), seed + 1000);
  std::vector<Fold> out;
  for (const auto& fold : held) {
    Fold next{table, fold.asked, {}};
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
  static const std::vector<std::string> names{"model",       "process",     "nearest neighbour",  "degree",
                                              "ligand only", "target only", "fingerprint network"};
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

double fold_error(const Fold& fold, const FloatMatrix& drugs, const FloatMatrix& targets,
                  const AffinityFitOptions& options) {
  const auto model = AffinityModel::fit(fold.train, drugs, targets, options);
  double sum = 0;
  const auto found = model.predict(options.cases.front(), model.features().rows(fold.asked));
  for (std::size_t i = 0; i < found.size(); ++i)
    sum += (found[i].value - fold.asked[i].value) * (found[i].value - fold.asked[i].value);
  return sum / static_cast<double>(found.size());
}

/// Groups of features are left out one by one, each time the one without which fold 4 is predicted best from
/// folds 0 to 3, for as long as that lowers its error. The test fold is not looked at.
std::vector<PairFeatures::Group> chosen_away(const datasets::AffinityTable& table, const FloatMatrix& drugs,
                                             const FloatMatrix& targets, AffinityFitOptions options) {
  const Fold fold = fixed_fold(table, validation_fold_number);
  options.trees.intervals = false;
  std::vector<PairFeatures::Group> left = PairFeatures::groups(), out;
  double least = fold_error(fold, drugs, targets, options);
  while (left.size() > 1) {
    std::size_t best = left.size();
    for (std::size_t g = 0; g < left.size(); ++g) {
      auto without = options;
      for (std::size_t c = 0; c < left[g].count; ++c) without.left_out.push_back(left[g].first + c);
      const double error = fold_error(fold, drugs, targets, without);
      if (error >= least) continue;
      least = error;
      best = g;
    }
    if (best == left.size()) break;
    for (std::size_t c = 0; c < left[best].count; ++c) options.left_out.push_back(left[best].first + c);
    out.push_back(left[best]);
    left.erase(left.begin() + static_cast<std::ptrdiff_t>(best));
  }
  return out;
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
    case AffinitySplit::chosen_on_fold4:
      return "test fold (features chosen on fold 4)";
    case AffinitySplit::related_pairs:
      return "pairs with relatives together";
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
  if (split == AffinitySplit::chosen_on_fold4)
    for (const auto& group : chosen_away(table, drug_similarity, target_similarity, fitting)) {
      trial.left_out.emplace_back(group.name);
      for (std::size_t c = 0; c < group.count; ++c) fitting.left_out.push_back(group.first + c);
    }
  const FloatMatrix environments = environment_inputs(table.smiles);
  const FloatMatrix compositions = composition_inputs(table.sequences);
  double inside = 0, width = 0;
  int number = 0;
  for (const auto& fold : folds_of(table, drug_similarity, target_similarity, split, options.seed)) {
    if (number++ == folds) break;
    const auto model = AffinityModel::fit(fold.train, drug_similarity, target_similarity, fitting);
    const auto found = model.predict(fitting.cases.front(), model.features().rows(fold.asked));
    for (std::size_t i = 0; i < found.size(); ++i) {
      const double observed = fold.asked[i].value;
      trial.unit.push_back(fold.unit.empty() ? unit_of(split, fold.asked[i], trial.observed.size())
                                             : fold.unit[i]);
      trial.observed.push_back(observed);
      trial.methods.front().predicted.push_back(found[i].value);
      inside += observed >= found[i].low - 1e-6 && observed <= found[i].high + 1e-6 ? 1 : 0;
      width += found[i].high - found[i].low;
    }
    ask_baselines(model, fold.asked, trial);
    std::vector<PairValue> known;
    for (const auto& entry : fold.train.entries) known.push_back({entry.drug, entry.target, entry.value});
    FingerprintNetworkOptions network;
    network.seed = options.seed;
    const auto said = fingerprint_network(environments, compositions, known, fold.asked, network);
    auto& predicted = trial.methods.back().predicted;
    predicted.insert(predicted.end(), said.begin(), said.end());
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
