#include "scoring/affinity_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "chem/error.hpp"

namespace theriac::scoring {
namespace {

constexpr std::size_t fewest_pairs = 200, fewest_members = 10;
constexpr double same = 0.9999;  // similarity of one and the same structure or sequence

std::vector<PairValue> pairs_of(const datasets::AffinityTable& table) {
  std::vector<PairValue> out;
  for (const auto& entry : table.entries) out.push_back({entry.drug, entry.target, entry.value});
  return out;
}

std::size_t distinct(std::vector<std::uint32_t> members) {
  std::sort(members.begin(), members.end());
  return static_cast<std::size_t>(std::unique(members.begin(), members.end()) - members.begin());
}

void check_size(const std::vector<PairValue>& pairs) {
  std::vector<std::uint32_t> drugs, targets;
  for (const auto& pair : pairs) {
    drugs.push_back(pair.drug);
    targets.push_back(pair.target);
  }
  if (pairs.size() < fewest_pairs || distinct(drugs) < fewest_members || distinct(targets) < fewest_members)
    throw UsageError(fmt::format("{} affinities of {} drugs and {} targets are too few to learn from",
                                 pairs.size(), distinct(drugs), distinct(targets)),
                     fmt::format("{} pairs, {} drugs and {} targets are the least", fewest_pairs,
                                 fewest_members, fewest_members));
}

}  // namespace

AffinityModel AffinityModel::fit(const datasets::AffinityTable& table, const FloatMatrix& drug_similarity,
                                 const FloatMatrix& target_similarity, const AffinityFitOptions& options) {
  const auto pairs = pairs_of(table);
  check_size(pairs);
  AffinityModel out;
  out.table_ = table;
  out.target_similarity_ = target_similarity;
  const auto [low, high] = std::minmax_element(
      pairs.begin(), pairs.end(), [](const PairValue& a, const PairValue& b) { return a.value < b.value; });
  out.lowest_ = low->value;
  out.highest_ = high->value;
  const auto drug_groups = similarity_groups(drug_similarity, same);
  const auto target_groups = similarity_groups(target_similarity, same);
  for (const PairCase which : options.cases) {
    PairExamples examples;
    examples.columns = PairFeatures::count;
    int number = 0;
    for (const auto& fold :
         held_out_pairs(pairs, which, options.folds, drug_groups, target_groups, options.seed)) {
      const PairFeatures seen(drug_similarity, target_similarity, fold.known, options.kernel);
      auto rows = seen.rows(fold.asked);
      for (const std::size_t column : options.left_out)  // a column of one value is never asked about
        for (std::size_t i = 0; i < fold.asked.size(); ++i) rows[i * PairFeatures::count + column] = 0;
      examples.features.insert(examples.features.end(), rows.begin(), rows.end());
      for (const auto& pair : fold.asked) examples.values.push_back(pair.value);
      examples.folds.insert(examples.folds.end(), fold.asked.size(), number++);
    }
    auto trees = options.trees;
    trees.seed = options.seed * 10 + static_cast<std::uint64_t>(which);
    out.trees_[static_cast<std::size_t>(which)] = PairTrees::fit(examples, trees);
  }
  out.features_ =
      std::make_shared<const PairFeatures>(drug_similarity, target_similarity, pairs, options.kernel);
  return out;
}

PairCase AffinityModel::case_of(const PairSide& drug, const PairSide& target) {
  if (drug.known) return target.known ? PairCase::known : PairCase::new_target;
  return target.known ? PairCase::new_drug : PairCase::both_new;
}

std::vector<AffinityEstimate> AffinityModel::predict(PairCase which,
                                                     const std::vector<float>& features) const {
  const PairTrees& trees = trees_[static_cast<std::size_t>(which)];
  if (trees.empty())
    throw UsageError(fmt::format("the model was not fitted for the case '{}'", to_text(which)));
  std::vector<AffinityEstimate> out;
  for (const auto& found : trees.predict(features.data(), features.size() / PairFeatures::count)) {
    AffinityEstimate estimate;
    estimate.value = std::clamp(found.value, lowest_, highest_);
    estimate.low = std::max(lowest_, estimate.value - found.half_width);
    estimate.high = std::min(highest_, estimate.value + found.half_width);
    if (found.half_width != found.half_width)
      estimate.low = estimate.high = std::numeric_limits<double>::quiet_NaN();
    estimate.which = which;
    out.push_back(estimate);
  }
  return out;
}

}  // namespace theriac::scoring
