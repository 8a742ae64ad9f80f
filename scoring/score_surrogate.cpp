#include "scoring/score_surrogate.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "chem/bulk_similarity.hpp"
#include "chem/counter_random.hpp"
#include "chem/error.hpp"

namespace theriac::scoring {
namespace {

BoostedTrees fitted(const FeatureBins& bins, const FeatureList& molecules, const std::vector<float>& scores,
                    int trees, std::uint64_t seed) {
  if (molecules.empty() || molecules.size() != scores.size())
    throw UsageError("a surrogate needs one score for each of its molecules");
  std::vector<std::uint32_t> rows(molecules.size());
  std::iota(rows.begin(), rows.end(), 0u);
  BoostingOptions options;
  options.trees = trees;
  options.seed = seed;
  return BoostedTrees::fit(BinnedMatrix(bins, molecules), {scores, {}}, rows, options);
}

/// Indices of the library in the order in which `worth` falls; equals by index.
void sort_by_worth(std::vector<std::size_t>& indices, const std::vector<double>& worth) {
  std::sort(indices.begin(), indices.end(),
            [&](std::size_t a, std::size_t b) { return worth[a] != worth[b] ? worth[a] > worth[b] : a < b; });
}

class Trial {
 public:
  Trial(const DockedLibrary& library, Choosing choosing, const SurrogateTrial& options)
      : library_(library), choosing_(choosing), options_(options), open_(library.scores.size()) {
    std::iota(open_.begin(), open_.end(), std::size_t{0});
    chem::CounterRandom random(options.seed, "", "surrogate");
    for (std::size_t i = open_.size(); i > 1; --i)
      std::swap(open_[i - 1], open_[random.below(static_cast<std::uint32_t>(i))]);
  }

  double run();

 private:
  void order_open();
  std::vector<double> similarities() const;
  std::vector<double> predictions() const;

  const DockedLibrary& library_;
  Choosing choosing_;
  const SurrogateTrial& options_;
  std::vector<std::size_t> open_, docked_;
};

std::vector<double> Trial::predictions() const {
  FeatureList known, asked;
  std::vector<float> scores;
  for (const auto i : docked_) {
    known.push_back(library_.features[i]);
    scores.push_back(library_.scores[i]);
  }
  for (const auto i : open_) asked.push_back(library_.features[i]);
  const auto predicted = ScoreSurrogate(known, scores, options_.trees, options_.seed).predict(asked);
  std::vector<double> worth(library_.scores.size(), 0);
  for (std::size_t i = 0; i < open_.size(); ++i) worth[open_[i]] = -static_cast<double>(predicted[i]);
  return worth;
}

std::vector<double> Trial::similarities() const {
  auto best = docked_;
  std::sort(best.begin(), best.end(), [&](std::size_t a, std::size_t b) {
    return library_.scores[a] != library_.scores[b] ? library_.scores[a] < library_.scores[b] : a < b;
  });
  best.resize(std::min(best.size(), static_cast<std::size_t>(options_.references)));
  chem::FingerprintSet references(library_.fingerprints->bits());
  for (const auto i : best) references.add((*library_.fingerprints)[i]);
  return chem::BulkSimilarity(references).nearest(*library_.fingerprints, {0, library_.scores.size()});
}

void Trial::order_open() {
  if (choosing_ == Choosing::heaviest)
    return sort_by_worth(open_, {library_.heavy_atoms.begin(), library_.heavy_atoms.end()});
  if (docked_.empty() || choosing_ == Choosing::random) return;  // as drawn
  sort_by_worth(open_, choosing_ == Choosing::surrogate ? predictions() : similarities());
}

double Trial::run() {
  const auto all = library_.scores.size();
  const auto in_all = static_cast<std::size_t>(std::llround(options_.docked * static_cast<double>(all)));
  const auto rounds = static_cast<std::size_t>(std::max(1, options_.rounds));
  const auto wanted = static_cast<std::size_t>(std::llround(options_.best * static_cast<double>(all)));
  if (in_all < rounds || wanted == 0)
    throw UsageError("the library is too small for these rounds", "give more docked molecules");
  for (std::size_t round = 0; round < rounds; ++round) {
    order_open();
    const auto take = static_cast<std::ptrdiff_t>(in_all * (round + 1) / rounds - docked_.size());
    docked_.insert(docked_.end(), open_.begin(), open_.begin() + take);
    open_.erase(open_.begin(), open_.begin() + take);
  }
  std::vector<std::size_t> order(all);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::vector<double> worth(library_.scores.begin(), library_.scores.end());
  for (double& w : worth) w = -w;
  sort_by_worth(order, worth);
  std::vector<bool> found(all, false);
  for (const auto i : docked_) found[i] = true;
  std::size_t hits = 0;
  for (std::size_t i = 0; i < wanted; ++i) hits += found[order[i]];
  return static_cast<double>(hits) / static_cast<double>(wanted);
}

}  // namespace

ScoreSurrogate::ScoreSurrogate(const FeatureList& molecules, const std::vector<float>& scores, int trees,
                               std::uint64_t seed)
    : bins_(molecules), trees_(fitted(bins_, molecules, scores, trees, seed)) {}

std::vector<float> ScoreSurrogate::predict(const FeatureList& molecules) const {
  constexpr std::size_t lanes = BoostedTrees::lanes;
  std::vector<float> scores(molecules.size());
  tbb::parallel_for(std::size_t{0}, (molecules.size() + lanes - 1) / lanes, [&](std::size_t block) {
    const std::size_t first = block * lanes, n = std::min(lanes, molecules.size() - first);
    std::vector<std::uint8_t> rows(bins_.columns() * lanes, 0);
    for (std::size_t i = 0; i < n; ++i) bins_.fill_zeros(*molecules[first + i], rows.data() + i, lanes);
    float sums[lanes] = {};
    trees_.add_predictions(rows.data(), sums);
    std::copy(sums, sums + n, scores.begin() + static_cast<std::ptrdiff_t>(first));
  });
  return scores;
}

double recall_of_best(const DockedLibrary& library, Choosing choosing, const SurrogateTrial& trial) {
  return Trial(library, choosing, trial).run();
}

}  // namespace theriac::scoring
