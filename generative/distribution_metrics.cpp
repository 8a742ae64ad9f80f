#include "generative/distribution_metrics.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <unordered_set>

#include "chem/bulk_similarity.hpp"
#include "scoring/sample_distance.hpp"

namespace theriac::generative {
namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t queries_per_task = 64;

double ratio(double part, double whole) {
  return whole == 0 ? undefined : part / whole;
}

/// Calls `task(range)` for pieces of 0 .. n - 1 on all threads.
template <typename Task>
void in_pieces(std::size_t n, const Task& task) {
  tbb::parallel_for(std::size_t{0}, (n + queries_per_task - 1) / queries_per_task, [&](std::size_t piece) {
    task(chem::RowRange{piece * queries_per_task, std::min(n, (piece + 1) * queries_per_task)});
  });
}

/// Runs `work` and notes what it took.
template <typename Work>
auto timed(MoleculeSample& sample, const std::string& step, const Work& work) {
  const auto begin = std::chrono::steady_clock::now();
  auto result = work();
  add_time(sample.times, {step, static_cast<std::int64_t>(sample.members.size()),
                          std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count()});
  return result;
}

ReferenceFigures against(MoleculeSample& sample, const SetStatistics& reference) {
  const SetStatistics& ours = sample.statistics;
  ReferenceFigures out;
  out.nearest = timed(sample, "SNN", [&] { return nearest_in(reference.fingerprints, ours.fingerprints); });
  out.snn = mean(out.nearest);
  out.fragments = cosine_similarity(ours.fragments, reference.fragments);
  out.scaffolds = cosine_similarity(ours.scaffolds, reference.scaffolds);
  out.frechet = undefined;
  if (ours.activations && reference.activations)
    out.frechet = timed(sample, "Frechet distance",
                        [&] { return scoring::frechet_distance(*ours.activations, *reference.activations); });
  return out;
}

double norm(const SmilesCounts& counts) {
  double sum = 0;
  for (const auto& [smiles, count] : counts) sum += static_cast<double>(count) * static_cast<double>(count);
  return std::sqrt(sum);
}

}  // namespace

double valid_share(const MoleculeSample& sample) {
  return ratio(static_cast<double>(sample.members.size()), static_cast<double>(sample.records));
}

double unique_share(const std::vector<SampleMember>& members, std::size_t k) {
  const std::size_t n = std::min(k, members.size());
  std::unordered_set<std::string> distinct;
  for (std::size_t i = 0; i < n; ++i) distinct.insert(members[i].smiles);
  return ratio(static_cast<double>(distinct.size()), static_cast<double>(n));
}

NoveltyCount::NoveltyCount(const std::vector<SampleMember>& members) {
  for (const auto& member : members) seen_.emplace(member.smiles, false);
}

void NoveltyCount::see(const std::string& training_smiles) {
  const auto found = seen_.find(training_smiles);
  if (found == seen_.end() || found->second) return;
  found->second = true;
  ++known_;
}

double NoveltyCount::share() const {
  return ratio(static_cast<double>(seen_.size() - known_), static_cast<double>(seen_.size()));
}

InternalDiversity internal_diversity(const chem::FingerprintSet& set) {
  const chem::BulkSimilarity members(set);
  std::vector<chem::BulkSimilarity::Sums> rows(set.size());
  in_pieces(set.size(), [&](chem::RowRange range) {
    const auto sums = members.sums(set, range);
    std::copy(sums.begin(), sums.end(), rows.begin() + static_cast<std::ptrdiff_t>(range.begin));
  });
  const auto n = static_cast<double>(set.size());
  double first = 0, second = 0;
  for (const auto& row : rows) {
    first += row.similarity / n;
    second += std::sqrt(row.squared / n);
  }
  return {1 - ratio(first, n), 1 - ratio(second, n)};
}

std::vector<double> nearest_in(const chem::FingerprintSet& reference, const chem::FingerprintSet& set) {
  const chem::BulkSimilarity members(reference);
  std::vector<double> out(set.size());
  in_pieces(set.size(), [&](chem::RowRange range) {
    const auto nearest = members.nearest(set, range);
    std::copy(nearest.begin(), nearest.end(), out.begin() + static_cast<std::ptrdiff_t>(range.begin));
  });
  return out;
}

double cosine_similarity(const SmilesCounts& a, const SmilesCounts& b) {
  double product = 0;
  for (const auto& [smiles, count] : a)
    if (const auto found = b.find(smiles); found != b.end())
      product += static_cast<double>(count) * static_cast<double>(found->second);
  return ratio(product, norm(a) * norm(b));
}

double filters_share(const std::vector<SampleMember>& members) {
  const auto passing = std::count_if(members.begin(), members.end(),
                                     [](const SampleMember& m) { return m.filter_hits.empty(); });
  return ratio(static_cast<double>(passing), static_cast<double>(members.size()));
}

double mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return ratio(sum, static_cast<double>(values.size()));
}

DistributionFigures distribution_figures(MoleculeSample& sample,
                                         const std::vector<const SetStatistics*>& references) {
  const SetStatistics& ours = sample.statistics;
  const SetStatistics& first = *references.at(0);
  DistributionFigures out;
  out.valid = valid_share(sample);
  out.unique_1k = unique_share(sample.members, 1000);
  out.unique_10k = unique_share(sample.members, 10000);
  out.filters = filters_share(sample.members);
  out.diversity = timed(sample, "IntDiv", [&] { return internal_diversity(ours.fingerprints); });
  out.log_p = scoring::wasserstein_distance(ours.log_p, first.log_p);
  out.sa = scoring::wasserstein_distance(ours.sa, first.sa);
  out.qed = scoring::wasserstein_distance(ours.qed, first.qed);
  out.weight = scoring::wasserstein_distance(ours.weight, first.weight);
  for (const auto* reference : references) out.references.push_back(against(sample, *reference));
  return out;
}

}  // namespace theriac::generative
