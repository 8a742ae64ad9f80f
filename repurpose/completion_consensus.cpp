#include "repurpose/completion_consensus.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "chem/counter_random.hpp"
#include "chem/error.hpp"

namespace theriac::repurpose {
namespace {

/// The known pairs in an order drawn by `seed`.
std::vector<std::size_t> shuffled_known(const RealMatrix& associations, std::uint64_t seed) {
  std::vector<std::size_t> cells;
  for (std::size_t c = 0; c < associations.values.size(); ++c)
    if (associations.values[c] > 0) cells.push_back(c);
  chem::CounterRandom random(seed, "", "completion settings");
  for (std::size_t i = cells.size(); i > 1; --i)
    std::swap(cells[i - 1], cells[random.below(static_cast<std::uint32_t>(i))]);
  return cells;
}

/// -ln(share of unknown pairs at or above), added to `sum`.
void add_log_shares(const RealMatrix& scores, const std::vector<std::size_t>& unknown, RealMatrix& sum) {
  std::vector<std::size_t> order = unknown;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return scores.values[a] > scores.values[b]; });
  for (std::size_t first = 0; first < order.size();) {
    std::size_t end = first;
    while (end < order.size() && scores.values[order[end]] == scores.values[order[first]]) ++end;
    const double rank = 0.5 * static_cast<double>(first + 1 + end);
    for (std::size_t k = first; k < end; ++k)
      sum.values[order[k]] -= std::log(rank / static_cast<double>(order.size()));
    first = end;
  }
}

}  // namespace

double share_in_order(const std::vector<double>& positives, std::vector<double> negatives) {
  if (positives.empty() || negatives.empty()) return std::numeric_limits<double>::quiet_NaN();
  std::sort(negatives.begin(), negatives.end());
  double below = 0;
  for (const double value : positives) {
    const auto [first, end] = std::equal_range(negatives.begin(), negatives.end(), value);
    below += 0.5 * static_cast<double>((first - negatives.begin()) + (end - negatives.begin()));
  }
  return below / (static_cast<double>(positives.size()) * static_cast<double>(negatives.size()));
}

KernelChoice choose_kernel(const AssociationData& data, std::uint64_t seed) {
  const auto known = shuffled_known(data.associations, seed);
  KernelChoice best;
  best.auroc = std::numeric_limits<double>::quiet_NaN();
  if (known.size() < 10) return best;
  AssociationData inner = data;
  const std::vector<std::size_t> held_out(known.begin(),
                                          known.begin() + static_cast<std::ptrdiff_t>(known.size() / 10));
  for (const std::size_t cell : held_out) inner.associations.values[cell] = 0;
  for (const double lift : {0.5, 0.8}) {
    KernelOptions options;
    options.newcomer_lift = lift;
    const KernelCompletion completion(inner, options);
    for (const double ridge : {3.0, 10.0, 1.0})
      for (const double inferred : {0.0, 1.0}) {
        const FitOptions fit{ridge, inferred};
        const RealMatrix scores = completion.scores(fit);
        std::vector<double> positives, negatives;
        for (const std::size_t cell : held_out) positives.push_back(scores.values[cell]);
        for (std::size_t cell = 0; cell < scores.values.size(); ++cell)
          if (data.associations.values[cell] == 0) negatives.push_back(scores.values[cell]);
        const double auroc = share_in_order(positives, std::move(negatives));
        if (!(auroc <= best.auroc)) best = {options, fit, auroc};
      }
  }
  return best;
}

RealMatrix rank_product(const std::vector<const RealMatrix*>& scores, const RealMatrix& known) {
  if (scores.empty()) throw UsageError("there are no scores to join");
  std::vector<std::size_t> unknown;
  for (std::size_t cell = 0; cell < known.values.size(); ++cell)
    if (known.values[cell] == 0) unknown.push_back(cell);
  RealMatrix out(known.rows, known.columns);
  for (const RealMatrix* member : scores) {
    if (member->rows != known.rows || member->columns != known.columns)
      throw UsageError("the scores to join are of different tables");
    add_log_shares(*member, unknown, out);
  }
  for (double& value : out.values) value /= static_cast<double>(scores.size());
  return out;
}

ConsensusCompletion complete_by_consensus(const AssociationData& data, std::uint64_t seed) {
  check_association_data(data);
  ConsensusCompletion out;
  out.choice = choose_kernel(data, seed);
  out.kernel = KernelCompletion(data, out.choice.kernel).scores(out.choice.fit);
  out.low_rank = complete_matrix(data, short_completion()).scores;
  out.scores = rank_product({&out.kernel, &out.low_rank}, data.associations);
  return out;
}

}  // namespace theriac::repurpose
