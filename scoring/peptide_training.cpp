#include "scoring/peptide_training.hpp"

#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <unordered_map>

#include "chem/error.hpp"
#include "chem/residue_scales.hpp"
#include "datasets/data_split.hpp"
#include "scoring/endpoint_calibration.hpp"
#include "scoring/reliability.hpp"

namespace theriac::scoring {
namespace {

/// Three-residue words, each once, rising.
std::vector<int> words_of(const std::string& peptide) {
  std::set<int> words;
  for (std::size_t i = 0; i + 3 <= peptide.size(); ++i) {
    int word = 0;
    for (std::size_t k = 0; k < 3; ++k) word = word * 20 + chem::residue_number(peptide[i + k]);
    words.insert(word);
  }
  return {words.begin(), words.end()};
}

class Families {
 public:
  explicit Families(std::size_t n) : parent_(n) { std::iota(parent_.begin(), parent_.end(), std::size_t{0}); }
  std::size_t of(std::size_t i) {
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  }
  void join(std::size_t a, std::size_t b) { parent_[std::max(of(a), of(b))] = std::min(of(a), of(b)); }

 private:
  std::vector<std::size_t> parent_;
};

using Rows = std::vector<std::uint32_t>;

/// Log odds of `asked` from trees that learned from `learned`.
std::vector<double> asked_of(const BinnedMatrix& matrix, const PeptideLearningSet& set, const Rows& learned,
                             const Rows& asked, const PeptideTrainingOptions& options, double column_share) {
  BoostingOptions boosting;
  boosting.loss = Loss::logistic;
  boosting.trees = options.trees;
  boosting.depth = options.depth;
  boosting.column_share = column_share;
  boosting.seed = options.seed;
  const BoostingTargets targets{{set.labels.begin(), set.labels.end()}, {}};
  const auto trees = BoostedTrees::fit(matrix, targets, learned, boosting);
  std::vector<double> out;
  std::vector<std::uint8_t> block(matrix.columns() * BoostedTrees::lanes);
  std::vector<std::vector<std::uint8_t>> dense(matrix.columns());
  for (std::size_t c = 0; c < dense.size(); ++c) {
    dense[c] = matrix.column(c).dense;
    if (!dense[c].empty()) continue;
    dense[c].assign(matrix.rows(), 0);
    for (const auto& entry : matrix.column(c).entries) dense[c][entry.row] = entry.bin;
  }
  for (std::size_t at = 0; at < asked.size(); at += BoostedTrees::lanes) {
    const std::size_t count = std::min(BoostedTrees::lanes, asked.size() - at);
    for (std::size_t c = 0; c < dense.size(); ++c)
      for (std::size_t i = 0; i < count; ++i) block[c * BoostedTrees::lanes + i] = dense[c][asked[at + i]];
    std::array<float, BoostedTrees::lanes> sums{};
    trees.add_predictions(block.data(), sums.data());
    for (std::size_t i = 0; i < count; ++i) out.push_back(static_cast<double>(sums[i]));
  }
  return out;
}

std::vector<std::vector<float>> features_of(const PeptideLearningSet& set) {
  std::vector<std::vector<float>> rows(set.peptides.size());
  tbb::parallel_for(std::size_t{0}, rows.size(),
                    [&](std::size_t i) { rows[i] = peptide_features(set.peptides[i]); });
  return rows;
}

EndpointCalibration platt(const std::vector<double>& log_odds, const std::vector<float>& labels) {
  Endpoint endpoint;
  endpoint.kind = EndpointKind::probability;
  endpoint.metric = PropertyMetric::auroc;
  return calibration_of(endpoint, {log_odds, std::vector<double>(log_odds.size(), 1.0), labels, {}});
}

std::vector<float> labels_of(const PeptideLearningSet& set, const std::vector<std::size_t>& rows) {
  std::vector<float> out;
  for (const std::size_t row : rows) out.push_back(static_cast<float>(set.labels[row]));
  return out;
}

void judge(const PeptideLearningSet& set, PeptideJudgement& judged) {
  std::vector<double> observed;
  for (const std::size_t row : judged.rows) observed.push_back(set.labels[row]);
  BootstrapOptions bootstrap;
  bootstrap.resamples = 1000;
  judged.auroc = metric_interval(PropertyMetric::auroc, observed, judged.log_odds, bootstrap);
  judged.baseline_auroc = metric_interval(PropertyMetric::auroc, observed, judged.baseline, bootstrap);
  const auto fit = platt(judged.log_odds, labels_of(set, judged.rows));
  judged.probability.clear();
  for (const double x : judged.log_odds)
    judged.probability.push_back(1 / (1 + std::exp(-(fit.slope * x + fit.offset))));
  judged.calibration_error = expected_calibration_error(observed, judged.probability);
}

/// Every fold is asked of trees that learned from the others. Rows of fold -1 are learned from only.
PeptideJudgement judged_by_folds(const PeptideLearningSet& set, const PeptideBins& bins,
                                 const std::vector<int>& fold_of, const PeptideTrainingOptions& options) {
  const auto features = features_of(set);
  const BinnedMatrix all = bins.matrix(features, peptide_feature_names().size());
  const BinnedMatrix baseline = bins.matrix(features, baseline_peptide_columns);
  const int folds = *std::max_element(fold_of.begin(), fold_of.end()) + 1;
  std::vector<double> full(set.peptides.size()), plain(set.peptides.size());
  tbb::parallel_for(0, folds, [&](int fold) {
    Rows learned, asked;
    for (std::size_t i = 0; i < fold_of.size(); ++i)
      (fold_of[i] == fold ? asked : learned).push_back(static_cast<std::uint32_t>(i));
    const auto f = asked_of(all, set, learned, asked, options, options.column_share);
    const auto p = asked_of(baseline, set, learned, asked, options, 0.5);
    for (std::size_t i = 0; i < asked.size(); ++i) full[asked[i]] = f[i], plain[asked[i]] = p[i];
  });
  PeptideJudgement judged;
  for (std::size_t i = 0; i < fold_of.size(); ++i) {
    if (fold_of[i] < 0) continue;
    judged.rows.push_back(i);
    judged.log_odds.push_back(full[i]);
    judged.baseline.push_back(plain[i]);
  }
  judge(set, judged);
  return judged;
}

}  // namespace

PeptideLearningSet cleaned(PeptideLearningSet set) {
  std::map<std::string, int> seen;  // bits of the labels met
  for (std::size_t i = 0; i < set.peptides.size(); ++i) seen[set.peptides[i]] |= set.labels[i] ? 2 : 1;
  PeptideLearningSet kept;
  kept.about = set.about;
  kept.left_out = set.left_out;
  for (std::size_t i = 0; i < set.peptides.size(); ++i) {
    const auto& peptide = set.peptides[i];
    int& bits = seen[peptide];
    const bool bad =
        peptide.empty() || peptide.find_first_not_of(chem::standard_residues) != std::string::npos;
    if (bad || bits == 3 || bits == 0) {
      ++kept.left_out;
      continue;
    }
    bits = 0;
    kept.peptides.push_back(peptide);
    kept.labels.push_back(set.labels[i]);
    if (!set.splits.empty()) kept.splits.push_back(set.splits[i]);
  }
  return kept;
}

std::vector<std::size_t> peptide_families(const std::vector<std::string>& peptides) {
  std::vector<std::vector<int>> words;
  std::vector<std::vector<std::size_t>> holders(8000);
  Families families(peptides.size());
  std::unordered_map<std::string, std::size_t> copies;
  std::vector<int> shared(peptides.size());
  for (std::size_t i = 0; i < peptides.size(); ++i) {
    words.push_back(words_of(peptides[i]));
    const auto [copy, is_new] = copies.emplace(peptides[i], i);
    if (!is_new) families.join(i, copy->second);
    std::vector<std::size_t> met;
    for (const int word : words[i])
      for (const std::size_t other : holders[static_cast<std::size_t>(word)])
        if (shared[other]++ == 0) met.push_back(other);
    for (const std::size_t other : met) {
      if (4 * static_cast<std::size_t>(shared[other]) >= words[i].size() + words[other].size())
        families.join(i, other);
      shared[other] = 0;
    }
    for (const int word : words[i]) holders[static_cast<std::size_t>(word)].push_back(i);
  }
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < peptides.size(); ++i) out.push_back(families.of(i));
  return out;
}

PeptideJudgement cross_validated(const PeptideLearningSet& set, const PeptideBins& bins,
                                 const PeptideTrainingOptions& options) {
  const auto families = peptide_families(set.peptides);
  const auto folds =
      datasets::group_folds(families, options.folds, options.seed, {set.labels.begin(), set.labels.end()});
  auto judged = judged_by_folds(set, bins, folds, options);
  std::map<std::size_t, std::size_t> sizes;
  for (const std::size_t family : families) ++sizes[family];
  judged.families = sizes.size();
  for (const auto& [family, size] : sizes) judged.largest_family = std::max(judged.largest_family, size);
  return judged;
}

PeptideJudgement randomly_split(const PeptideLearningSet& set, const PeptideBins& bins,
                                const PeptideTrainingOptions& options) {
  std::vector<std::size_t> own(set.peptides.size());
  std::iota(own.begin(), own.end(), std::size_t{0});
  return judged_by_folds(
      set, bins,
      datasets::group_folds(own, options.folds, options.seed, {set.labels.begin(), set.labels.end()}),
      options);
}

PeptideJudgement on_authors_split(const PeptideLearningSet& set, const PeptideBins& bins,
                                  const PeptideTrainingOptions& options) {
  std::vector<int> folds;
  for (const auto& split : set.splits) folds.push_back(split == "validation" ? 0 : -1);
  if (std::count(folds.begin(), folds.end(), 0) == 0)
    throw UsageError(fmt::format("the set of {} has no split of its authors", set.about.name));
  return judged_by_folds(set, bins, folds, options);
}

PeptideClass trained_class(const PeptideLearningSet& set, const PeptideBins& bins,
                           const PeptideJudgement& judged, const PeptideTrainingOptions& options) {
  const auto positives = static_cast<std::size_t>(std::count(set.labels.begin(), set.labels.end(), 1));
  if (set.peptides.size() < 50 || positives == 0 || positives == set.peptides.size())
    throw UsageError(fmt::format("{} peptides, {} of them positive, are too few to learn {} from",
                                 set.peptides.size(), positives, set.about.name),
                     "50 peptides and both labels are needed");
  PeptideClass out = set.about;
  out.peptides = set.peptides.size();
  out.positives = positives;
  out.auroc = judged.auroc;
  out.baseline_auroc = judged.baseline_auroc;
  out.calibration_error = judged.calibration_error;
  const auto fit = platt(judged.log_odds, labels_of(set, judged.rows));
  out.slope = fit.slope;
  out.offset = fit.offset;
  out.domain = PeptideDomain::of(set.peptides);
  BoostingOptions boosting;
  boosting.loss = Loss::logistic;
  boosting.trees = options.trees;
  boosting.depth = options.depth;
  boosting.column_share = options.column_share;
  boosting.seed = options.seed;
  Rows rows(set.peptides.size());
  std::iota(rows.begin(), rows.end(), 0u);
  out.trees = BoostedTrees::fit(bins.matrix(features_of(set), peptide_feature_names().size()),
                                {{set.labels.begin(), set.labels.end()}, {}}, rows, boosting);
  return out;
}

PeptideBins bins_of(const std::vector<PeptideLearningSet>& sets) {
  std::vector<std::vector<float>> rows;
  for (const auto& set : sets) {
    auto more = features_of(set);
    rows.insert(rows.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  }
  return PeptideBins(rows);
}

}  // namespace theriac::scoring
