#include "scoring/boosted_trees.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "chem/counter_random.hpp"
#include "chem/error.hpp"

#if defined(__x86_64__) && defined(__GNUC__)
#define THERIAC_X86_KERNELS
#include <immintrin.h>
#endif

namespace theriac::scoring {
namespace {

struct Weighted {  // sums over rows
  float gradient = 0, weight = 0;
};

/// A quick stream of random numbers for one model.
class QuickRandom {
 public:
  explicit QuickRandom(std::uint64_t seed) : state_(chem::stable_hash(fmt::format("boosting {}", seed))) {}
  std::uint64_t next() {  // splitmix64
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ull);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
  }
  double uniform() { return (static_cast<double>(next() >> 11) + 0.5) * 0x1p-53; }
  /// Mean 0, deviation 1, from the sum of four uniform numbers: never beyond 3.5.
  double about_normal() {
    const std::uint64_t z = next();
    double sum = 0;
    for (int i = 0; i < 4; ++i) sum += static_cast<double>(z >> (16 * i) & 0xffff);
    return (sum / 65535 - 2) * 1.7320508;
  }

 private:
  std::uint64_t state_;
};

constexpr double greatest_noise = 3.5;

double sigmoid(double x) {
  return 1 / (1 + std::exp(-x));
}

class Grower {
 public:
  Grower(const BinnedMatrix& matrix, const BoostingTargets& targets, const std::vector<std::uint32_t>& rows,
         const BoostingOptions& options)
      : matrix_(matrix), options_(options), random_(options.seed), rows_(rows) {
    for (std::size_t c = 0; c < matrix.columns(); ++c)
      if (!matrix.column(c).constant()) usable_.push_back(static_cast<std::uint16_t>(c));
    place_.assign(matrix.rows(), none);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      place_[rows[i]] = static_cast<std::uint32_t>(i);
      target_.push_back(targets.values[rows[i]]);
      if (!targets.bounds.empty()) bound_.push_back(targets.bounds[rows[i]]);
    }
    all_rows_ = rows.size() == matrix.rows();
  }

  BoostedTrees grow() {
    BoostedTrees model;
    model.depth = options_.depth;
    model.base = starting_value();
    prediction_.assign(target_.size(), model.base);
    const double rate = options_.rate > 0
                            ? options_.rate
                            : default_learning_rate(options_.loss, target_.size(), options_.trees);
    for (int tree = 0; tree < options_.trees; ++tree) add_tree(model, rate, tree);
    return model;
  }

 private:
  static constexpr std::uint32_t none = 0xffffffffu;

  double starting_value() const {
    const double n = static_cast<double>(target_.size());
    const double mean = std::accumulate(target_.begin(), target_.end(), 0.0) / n;
    switch (options_.loss) {
      case Loss::squared:
        return mean;
      case Loss::logistic: {
        const double kept = std::clamp(mean, 0.5 / n, 1 - 0.5 / n);
        return std::log(kept / (1 - kept));
      }
      default: {
        auto sorted = target_;
        const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
        std::nth_element(sorted.begin(), middle, sorted.end());
        return *middle;
      }
    }
  }

  /// Target minus prediction; nothing for a bound that the prediction keeps.
  double residual(std::size_t i) const {
    const double r = target_[i] - prediction_[i];
    if (bound_.empty() || bound_[i] == Bound::exact) return r;
    return bound_[i] == Bound::at_least ? std::max(r, 0.0) : std::min(r, 0.0);
  }

  /// Downhill direction of the loss, with a random weight on every row.
  void weigh_rows() {
    const std::size_t n = target_.size();
    weighted_.resize(n);
    hessian_.resize(options_.loss == Loss::logistic ? n : 0);
    double squares = 0;
    for (std::size_t i = 0; i < n; ++i) {
      double g = residual(i);
      if (options_.loss == Loss::absolute) g = g > 0 ? 1 : g < 0 ? -1 : 0;
      if (options_.loss == Loss::logistic) {
        const double p = sigmoid(prediction_[i]);
        g = target_[i] - p;
        hessian_[i] = static_cast<float>(p * (1 - p));
      }
      squares += g * g;
      const double w = -std::log(random_.uniform());
      weighted_[i] = {static_cast<float>(g * w), static_cast<float>(w)};
    }
    spread_ = std::sqrt(squares / static_cast<double>(n));
  }

  void add_tree(BoostedTrees& model, double rate, int tree) {
    weigh_rows();
    // the noise fades as the model grows (CatBoost's rule)
    const double age = std::log(static_cast<double>(target_.size())) - tree * rate;
    noise_ = options_.random_strength * spread_ / (1 + std::exp(-age));
    draw_columns();
    leaf_.assign(target_.size(), 0);
    for (int level = 0; level < options_.depth; ++level) {
      const auto split = best_split(level);
      divide(split, level);
      model.splits.push_back(split);
    }
    set_leaves(model, rate);
  }

  void draw_columns() {
    const auto wanted = std::max<std::size_t>(
        1, static_cast<std::size_t>(options_.column_share * static_cast<double>(usable_.size())));
    for (std::size_t i = 0; i < std::min(wanted, usable_.size()); ++i)
      std::swap(usable_[i], usable_[i + random_.next() % (usable_.size() - i)]);
    drawn_ = std::min(wanted, usable_.size());
  }

  BoostedTrees::Split best_split(int level) {
    const std::size_t leaves = std::size_t{1} << level;
    std::vector<Weighted> totals(leaves);
    for (std::size_t i = 0; i < leaf_.size(); ++i) {
      totals[leaf_[i]].gradient += weighted_[i].gradient;
      totals[leaf_[i]].weight += weighted_[i].weight;
    }
    BoostedTrees::Split best{0, 255};
    double best_score = -1e300;
    for (std::size_t k = 0; k < drawn_; ++k) {
      const auto column = usable_[k];
      fill_histogram(matrix_.column(column), leaves, totals);
      judge(column, static_cast<std::size_t>(matrix_.column(column).bins), leaves, totals, best, best_score);
    }
    return best;
  }

  /// histogram_[leaf * bins + bin]
  void fill_histogram(const BinnedMatrix::Column& column, std::size_t leaves,
                      const std::vector<Weighted>& totals) {
    const auto bins = static_cast<std::size_t>(column.bins);
    histogram_.assign(leaves * bins, Weighted{});
    const auto add = [&](std::size_t i, std::size_t bin) {
      auto& cell = histogram_[leaf_[i] * bins + bin];
      cell.gradient += weighted_[i].gradient;
      cell.weight += weighted_[i].weight;
    };
    if (!column.dense.empty()) {
      if (all_rows_)
        for (std::size_t i = 0; i < rows_.size(); ++i) add(i, column.dense[i]);
      else
        for (std::size_t i = 0; i < rows_.size(); ++i) add(i, column.dense[rows_[i]]);
      return;
    }
    for (const auto& entry : column.entries)
      if (place_[entry.row] != none) add(place_[entry.row], entry.bin);
    for (std::size_t leaf = 0; leaf < leaves; ++leaf) {
      Weighted rest = totals[leaf];
      for (std::size_t bin = 1; bin < bins; ++bin) {
        rest.gradient -= histogram_[leaf * bins + bin].gradient;
        rest.weight -= histogram_[leaf * bins + bin].weight;
      }
      histogram_[leaf * bins] = rest;
    }
  }

  /// Cosine between the gradients and what the leaves would answer, for every border of the column.
  void judge(std::uint16_t column, std::size_t bins, std::size_t leaves, const std::vector<Weighted>& totals,
             BoostedTrees::Split& best, double& best_score) {
    above_.assign(2 * bins, 0.0f);  // numerator and denominator per border
    float* numerator = above_.data();
    float* denominator = above_.data() + bins;
    const auto penalty = static_cast<float>(options_.leaf_penalty);
    for (std::size_t leaf = 0; leaf < leaves; ++leaf) {
      const Weighted* cells = histogram_.data() + leaf * bins;
      const Weighted total = totals[leaf];
      if (total.weight <= 0) continue;
      Weighted low;
      for (std::size_t border = 0; border + 1 < bins; ++border) {
        low.gradient += cells[border].gradient;
        low.weight += cells[border].weight;
        const float high_gradient = total.gradient - low.gradient;
        const float high_weight = std::max(total.weight - low.weight, 0.0f);
        const float a = low.gradient / (low.weight + penalty), b = high_gradient / (high_weight + penalty);
        numerator[border] += a * low.gradient + b * high_gradient;
        denominator[border] += a * a * low.weight + b * b * high_weight;
      }
    }
    for (std::size_t border = 0; border + 1 < bins; ++border) {
      const double score = numerator[border] / std::sqrt(static_cast<double>(denominator[border]) + 1e-30);
      if (score + greatest_noise * noise_ <= best_score) continue;
      const double noisy = score + noise_ * random_.about_normal();
      if (noisy <= best_score) continue;
      best_score = noisy;
      best = {column, static_cast<std::uint8_t>(border)};
    }
  }

  void divide(BoostedTrees::Split split, int level) {
    if (split.above == 255) return;  // nothing to ask
    const auto& column = matrix_.column(split.column);
    const auto bit = static_cast<std::uint8_t>(1u << level);
    if (!column.dense.empty()) {
      for (std::size_t i = 0; i < rows_.size(); ++i)
        if (column.dense[rows_[i]] > split.above) leaf_[i] |= bit;
      return;
    }
    for (const auto& entry : column.entries)
      if (place_[entry.row] != none && entry.bin > split.above) leaf_[place_[entry.row]] |= bit;
  }

  void set_leaves(BoostedTrees& model, double rate) {
    const std::size_t leaves = std::size_t{1} << options_.depth, first = model.leaves.size();
    model.leaves.resize(first + leaves, 0.0f);
    if (options_.loss == Loss::absolute) {
      std::vector<std::vector<double>> residuals(leaves);
      for (std::size_t i = 0; i < leaf_.size(); ++i) residuals[leaf_[i]].push_back(residual(i));
      for (std::size_t leaf = 0; leaf < leaves; ++leaf) {
        auto& r = residuals[leaf];
        if (r.empty()) continue;
        const auto middle = r.begin() + static_cast<std::ptrdiff_t>(r.size() / 2);
        std::nth_element(r.begin(), middle, r.end());
        const double n = static_cast<double>(r.size());
        model.leaves[first + leaf] = static_cast<float>(rate * *middle * n / (n + options_.leaf_penalty));
      }
    } else {
      std::vector<double> gradient(leaves), weight(leaves);
      for (std::size_t i = 0; i < leaf_.size(); ++i) {
        const bool logistic = options_.loss == Loss::logistic;
        gradient[leaf_[i]] += logistic ? target_[i] - sigmoid(prediction_[i]) : residual(i);
        weight[leaf_[i]] += logistic ? hessian_[i] : 1.0;
      }
      for (std::size_t leaf = 0; leaf < leaves; ++leaf)
        model.leaves[first + leaf] =
            static_cast<float>(rate * gradient[leaf] / (weight[leaf] + options_.leaf_penalty));
    }
    for (std::size_t i = 0; i < leaf_.size(); ++i) prediction_[i] += model.leaves[first + leaf_[i]];
  }

  const BinnedMatrix& matrix_;
  const BoostingOptions& options_;
  QuickRandom random_;
  const std::vector<std::uint32_t>& rows_;
  bool all_rows_ = false;
  std::vector<std::uint32_t> place_;  ///< of a row of the matrix among the training rows
  std::vector<std::uint16_t> usable_;
  std::size_t drawn_ = 0;
  std::vector<float> target_, hessian_;
  std::vector<Bound> bound_;
  std::vector<double> prediction_;
  std::vector<Weighted> weighted_, histogram_;
  std::vector<std::uint8_t> leaf_;
  std::vector<float> above_;
  double spread_ = 0, noise_ = 0;
};

using AskTrees = void (*)(const std::uint8_t*, const BoostedTrees::Split*, const float*, std::size_t, int,
                          float*);

inline __attribute__((always_inline)) void ask_trees_body(const std::uint8_t* block,
                                                          const BoostedTrees::Split* splits,
                                                          const float* leaves, std::size_t trees, int depth,
                                                          float* sums) {
  constexpr std::size_t lanes = BoostedTrees::lanes;
  const std::size_t leaf_count = std::size_t{1} << depth;
  for (std::size_t tree = 0; tree < trees; ++tree, splits += depth, leaves += leaf_count) {
    std::uint8_t leaf[lanes] = {};
    for (int level = 0; level < depth; ++level) {
      const std::uint8_t* column = block + std::size_t{splits[level].column} * lanes;
      const std::uint8_t above = splits[level].above, bit = static_cast<std::uint8_t>(1u << level);
      for (std::size_t i = 0; i < lanes; ++i) leaf[i] |= column[i] > above ? bit : std::uint8_t{0};
    }
    for (std::size_t i = 0; i < lanes; ++i) sums[i] += leaves[leaf[i]];
  }
}

// One copy per instruction set; each adds up in the same order, so all give the same sums.
#define THERIAC_KERNEL(name, attributes)                                                             \
  attributes void ask_trees_##name(const std::uint8_t* block, const BoostedTrees::Split* splits,     \
                                   const float* leaves, std::size_t trees, int depth, float* sums) { \
    ask_trees_body(block, splits, leaves, trees, depth, sums);                                       \
  }

THERIAC_KERNEL(plain, )
#ifdef THERIAC_X86_KERNELS
THERIAC_KERNEL(avx2, __attribute__((target("avx2"))))
THERIAC_KERNEL(avx512, __attribute__((target("avx512f,avx512vl,avx512bw,prefer-vector-width=512"))))
#endif

#ifdef THERIAC_X86_KERNELS
/// Trees of depth 6: the 64 leaves are a table of four registers, looked up by permuting them.
__attribute__((target("avx512f,avx512vl,avx512bw,prefer-vector-width=512"))) void ask_trees_of_six(
    const std::uint8_t* block, const BoostedTrees::Split* splits, const float* leaves, std::size_t trees,
    int depth, float* sums) {
  if (depth != 6) return ask_trees_avx512(block, splits, leaves, trees, depth, sums);
  __m512 sum[4];
  for (int part = 0; part < 4; ++part) sum[part] = _mm512_loadu_ps(sums + 16 * part);
  for (std::size_t tree = 0; tree < trees; ++tree, splits += 6, leaves += 64) {
    __m512i leaf = _mm512_setzero_si512();
    for (int level = 0; level < 6; ++level) {
      const __m512i column =
          _mm512_loadu_si512(block + std::size_t{splits[level].column} * BoostedTrees::lanes);
      const __mmask64 yes =
          _mm512_cmpgt_epu8_mask(column, _mm512_set1_epi8(static_cast<char>(splits[level].above)));
      leaf = _mm512_or_si512(leaf, _mm512_maskz_set1_epi8(yes, static_cast<char>(1 << level)));
    }
    const __m512 low_a = _mm512_loadu_ps(leaves), low_b = _mm512_loadu_ps(leaves + 16);
    const __m512 high_a = _mm512_loadu_ps(leaves + 32), high_b = _mm512_loadu_ps(leaves + 48);
    alignas(64) std::uint8_t places[64];
    _mm512_store_si512(places, leaf);
    for (int part = 0; part < 4; ++part) {
      const __m512i place =
          _mm512_cvtepu8_epi32(_mm_load_si128(reinterpret_cast<const __m128i*>(places + 16 * part)));
      const __m512 low = _mm512_permutex2var_ps(low_a, place, low_b);
      const __m512 high = _mm512_permutex2var_ps(high_a, place, high_b);
      const __mmask16 upper = _mm512_test_epi32_mask(place, _mm512_set1_epi32(32));
      sum[part] = _mm512_add_ps(sum[part], _mm512_mask_blend_ps(upper, low, high));
    }
  }
  for (int part = 0; part < 4; ++part) _mm512_storeu_ps(sums + 16 * part, sum[part]);
}
#endif

AskTrees chosen_kernel() {
#ifdef THERIAC_X86_KERNELS
  if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")) return ask_trees_of_six;
  if (__builtin_cpu_supports("avx2")) return ask_trees_avx2;
#endif
  return ask_trees_plain;
}

void ask_trees(const std::uint8_t* block, const BoostedTrees::Split* splits, const float* leaves,
               std::size_t trees, int depth, float* sums) {
  static const AskTrees kernel = chosen_kernel();
  kernel(block, splits, leaves, trees, depth, sums);
}

void check(const BoostingOptions& options) {
  if (options.trees < 1 || options.depth < 1 || options.depth > 8 || options.rate < 0 ||
      options.leaf_penalty < 0 || options.column_share <= 0 || options.column_share > 1)
    throw UsageError(
        "boosting needs at least one tree, a depth from 1 to 8, a rate and a leaf penalty of 0 or more, "
        "and a share of columns above 0 and at most 1");
}

}  // namespace

double default_learning_rate(Loss loss, std::size_t rows, int trees) {
  const double log_rows = std::log(static_cast<double>(std::max<std::size_t>(rows, 1)));
  const double log_ratio = std::log(trees / 1000.0);
  switch (loss) {
    case Loss::squared:
      return std::min(0.5, std::exp(0.157 * log_rows - 4.062 - 0.61 * log_ratio));
    case Loss::logistic:
      return std::min(0.5, std::exp(0.246 * log_rows - 5.127 - 0.451 * log_ratio));
    default:
      return std::min(0.5, 0.03 * 1000.0 / trees);
  }
}

BoostedTrees BoostedTrees::fit(const BinnedMatrix& matrix, const BoostingTargets& targets,
                               const std::vector<std::uint32_t>& rows, const BoostingOptions& options) {
  check(options);
  if (rows.empty()) throw UsageError("boosting without a single row");
  return Grower(matrix, targets, rows, options).grow();
}

void BoostedTrees::add_predictions(const std::uint8_t* block, float* sums) const {
  for (std::size_t i = 0; i < lanes; ++i) sums[i] += static_cast<float>(base);
  ask_trees(block, splits.data(), leaves.data(), trees(), depth, sums);
}

}  // namespace theriac::scoring
