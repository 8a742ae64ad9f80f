#include "scoring/random_forest.hpp"

#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "chem/counter_random.hpp"
#include "chem/error.hpp"

namespace theriac::scoring {

class RandomForest::Grower {
 public:
  using BitLists = std::vector<std::vector<std::uint16_t>>;

  Grower(const chem::FingerprintSet& fingerprints, const BitLists& bits_of_row,
         const std::vector<float>& targets, const ForestOptions& options, std::size_t tree)
      : fingerprints_(fingerprints),
        targets_(targets),
        options_(options),
        random_(options.seed, "", "random forest", tree),
        bits_of_row_(bits_of_row),
        bits_(fingerprints.bits()),
        set_(fingerprints.bits()),
        sum_set_(fingerprints.bits()) {
    std::iota(bits_.begin(), bits_.end(), 0u);
    const double share = options.classes ? std::sqrt(static_cast<double>(bits_.size()))
                                         : static_cast<double>(bits_.size()) / 3;
    looked_at_ = std::max<std::size_t>(1, static_cast<std::size_t>(share));
  }

  Tree grow() {
    std::vector<std::uint32_t> rows(targets_.size());
    for (auto& row : rows) row = random_.below(static_cast<std::uint32_t>(targets_.size()));
    struct Open {
      std::size_t node, begin, end;
    };
    Tree tree(1);
    std::vector<Open> open = {{0, 0, rows.size()}};
    while (!open.empty()) {
      const Open at = open.back();
      open.pop_back();
      double sum = 0, squares = 0;
      for (std::size_t i = at.begin; i < at.end; ++i) {
        sum += targets_[rows[i]];
        squares += static_cast<double>(targets_[rows[i]]) * targets_[rows[i]];
      }
      const auto n = static_cast<double>(at.end - at.begin);
      tree[at.node].value = static_cast<float>(sum / n);
      if (squares - sum * sum / n < 1e-9 * n) continue;
      const int bit = best_bit(rows, at.begin, at.end, sum);
      if (bit < 0) continue;
      const auto begin = rows.begin() + static_cast<std::ptrdiff_t>(at.begin);
      const auto end = rows.begin() + static_cast<std::ptrdiff_t>(at.end);
      const auto middle = std::partition(
          begin, end, [&](std::uint32_t row) { return !has(row, static_cast<std::uint32_t>(bit)); });
      const auto split = at.begin + static_cast<std::size_t>(middle - begin);
      const auto first = static_cast<std::int32_t>(tree.size());
      tree[at.node].bit = bit;
      tree[at.node].clear = first;
      tree[at.node].set = first + 1;
      tree.resize(tree.size() + 2);
      open.push_back({static_cast<std::size_t>(first), at.begin, split});
      open.push_back({static_cast<std::size_t>(first) + 1, split, at.end});
    }
    return tree;
  }

 private:
  bool has(std::uint32_t row, std::uint32_t bit) const {
    return fingerprints_.row(row)[bit / 64] >> (bit % 64) & 1;
  }

  /// -1 when no bit that was looked at tells the rows apart; constant bits do not count as looked at. Sums
  /// are gathered over the bits that rows have, a few dozen of thousands.
  int best_bit(const std::vector<std::uint32_t>& rows, std::size_t begin, std::size_t end, double sum) {
    for (std::size_t i = begin; i < end; ++i)
      for (const std::uint16_t bit : bits_of_row_[rows[i]]) {
        set_[bit] += 1;
        sum_set_[bit] += targets_[rows[i]];
      }
    int best = -1;
    double best_gain = 0;
    const auto n = static_cast<double>(end - begin);
    std::size_t looked = 0;
    for (std::size_t k = 0; k < bits_.size() && looked < looked_at_; ++k) {
      std::swap(bits_[k], bits_[k + random_.below(static_cast<std::uint32_t>(bits_.size() - k))]);
      const double set = set_[bits_[k]], sum_set = sum_set_[bits_[k]];
      if (set < options_.smallest_leaf || n - set < options_.smallest_leaf) continue;
      ++looked;
      const double rest = sum - sum_set;
      const double gain = sum_set * sum_set / set + rest * rest / (n - set) - sum * sum / n;
      if (best < 0 || gain > best_gain) {
        best = static_cast<int>(bits_[k]);
        best_gain = gain;
      }
    }
    for (std::size_t i = begin; i < end; ++i)
      for (const std::uint16_t bit : bits_of_row_[rows[i]]) set_[bit] = sum_set_[bit] = 0;
    return best;
  }

  const chem::FingerprintSet& fingerprints_;
  const std::vector<float>& targets_;
  const ForestOptions& options_;
  chem::CounterRandom random_;
  const BitLists& bits_of_row_;
  std::vector<std::uint32_t> bits_;
  std::vector<double> set_,
      sum_set_;  ///< per bit, of the rows of a node: how many, and the sum of their targets
  std::size_t looked_at_;
};

RandomForest::RandomForest(const chem::FingerprintSet& fingerprints, const std::vector<float>& targets,
                           const ForestOptions& options)
    : trees_(static_cast<std::size_t>(std::max(options.trees, 0))) {
  if (fingerprints.size() != targets.size() || targets.empty() || trees_.empty())
    throw UsageError(
        fmt::format("a random forest of {} trees cannot be grown on {} fingerprints and {} targets",
                    options.trees, fingerprints.size(), targets.size()));
  Grower::BitLists bits_of_row(fingerprints.size());
  for (std::size_t row = 0; row < fingerprints.size(); ++row)
    for (std::size_t bit = 0; bit < fingerprints.bits(); ++bit)
      if (fingerprints.row(row)[bit / 64] >> (bit % 64) & 1)
        bits_of_row[row].push_back(static_cast<std::uint16_t>(bit));
  tbb::parallel_for(std::size_t{0}, trees_.size(), [&](std::size_t t) {
    trees_[t] = Grower(fingerprints, bits_of_row, targets, options, t).grow();
  });
}

double RandomForest::predict(const chem::Fingerprint& fingerprint) const {
  double sum = 0;
  for (const Tree& tree : trees_) {
    std::size_t at = 0;
    while (tree[at].bit >= 0)
      at = static_cast<std::size_t>(
          fingerprint.test(static_cast<std::size_t>(tree[at].bit)) ? tree[at].set : tree[at].clear);
    sum += tree[at].value;
  }
  return sum / static_cast<double>(trees_.size());
}

}  // namespace theriac::scoring
