#include "generative/token_sampling.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>

#include "chem/error.hpp"

namespace theriac::generative {
namespace {

constexpr double never = -std::numeric_limits<double>::infinity();

void check(const TokenSampling& rule) {
  if (!(rule.temperature > 0))
    throw UsageError(fmt::format("a temperature of {}", rule.temperature), "above 0");
  if (!(rule.repetition_penalty > 0))
    throw UsageError(fmt::format("a repetition penalty of {}", rule.repetition_penalty),
                     "above 0; 1 is none");
  if (!(rule.top_p > 0 && rule.top_p <= 1))
    throw UsageError(fmt::format("the best tokens that hold a share of {}", rule.top_p),
                     "above 0, at most 1");
  if (rule.top_k < 0) throw UsageError(fmt::format("the {} best tokens", rule.top_k), "0 is all");
}

std::vector<double> softmax(const std::vector<double>& scores) {
  const double largest = *std::max_element(scores.begin(), scores.end());
  std::vector<double> out;
  double sum = 0;
  for (const double score : scores) sum += out.emplace_back(std::exp(score - largest));
  for (double& value : out) value /= sum;
  return out;
}

/// Best first; equal ones in the order of their numbers.
std::vector<std::size_t> ranked(const std::vector<double>& scores) {
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
  return order;
}

}  // namespace

std::vector<double> next_token_probabilities(const float* logits, int columns, const TokenSampling& rule,
                                             const std::vector<int>& so_far) {
  check(rule);
  std::vector<double> scores(logits, logits + columns);
  if (rule.repetition_penalty != 1)
    for (const int token : std::set<int>(so_far.begin(), so_far.end()))
      if (token >= 0 && token < columns) {
        double& score = scores[static_cast<std::size_t>(token)];
        score = score > 0 ? score / rule.repetition_penalty : score * rule.repetition_penalty;
      }
  for (double& score : scores) score /= rule.temperature;
  if (rule.top_k > 0 && rule.top_k < columns) {
    const auto order = ranked(scores);
    const double least = scores[order[static_cast<std::size_t>(rule.top_k) - 1]];
    for (double& score : scores)
      if (score < least) score = never;
  }
  if (rule.top_p < 1) {
    const auto shares = softmax(scores);
    double before = 0;
    for (const auto token : ranked(scores)) {
      if (before >= rule.top_p) scores[token] = never;
      before += shares[token];
    }
  }
  return softmax(scores);
}

std::vector<double> next_token_probabilities(const std::vector<float>& logits, const TokenSampling& rule,
                                             const std::vector<int>& so_far) {
  return next_token_probabilities(logits.data(), static_cast<int>(logits.size()), rule, so_far);
}

}  // namespace theriac::generative
