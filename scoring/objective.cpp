#include "scoring/objective.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "chem/error.hpp"

namespace theriac::scoring {
namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

double smooth_step(double t) {
  t = std::clamp(t, 0.0, 1.0);
  return t * t * (3 - 2 * t);
}

void check_finite(double value, const char* what) {
  if (!std::isfinite(value)) throw UsageError(fmt::format("{} is not a number", what));
}

void check_upper(double below, double reject_above) {
  check_finite(below, "below");
  check_finite(reject_above, "reject_above");
  if (!(reject_above > below))
    throw UsageError(fmt::format("reject_above = {} must lie above below = {}", reject_above, below));
}

void check_lower(double above, double reject_below) {
  check_finite(above, "above");
  check_finite(reject_below, "reject_below");
  if (!(reject_below < above))
    throw UsageError(fmt::format("reject_below = {} must lie below above = {}", reject_below, above));
}

}  // namespace

Desirability Desirability::below(double limit, double reject_above) {
  check_upper(limit, reject_above);
  Desirability d;
  d.below_ = limit;
  d.reject_above_ = reject_above;
  return d;
}

Desirability Desirability::above(double limit, double reject_below) {
  check_lower(limit, reject_below);
  Desirability d;
  d.above_ = limit;
  d.reject_below_ = reject_below;
  return d;
}

Desirability Desirability::between(double above, double below, double reject_below, double reject_above) {
  check_lower(above, reject_below);
  check_upper(below, reject_above);
  if (above > below) throw UsageError(fmt::format("above = {} must not exceed below = {}", above, below));
  Desirability d;
  d.above_ = above;
  d.reject_below_ = reject_below;
  d.below_ = below;
  d.reject_above_ = reject_above;
  return d;
}

double Desirability::operator()(double value) const {
  if (std::isnan(value)) return 0;
  double result = 1;
  if (below_) result = std::min(result, smooth_step((*reject_above_ - value) / (*reject_above_ - *below_)));
  if (above_) result = std::min(result, smooth_step((value - *reject_below_) / (*above_ - *reject_below_)));
  return result;
}

std::string Desirability::text() const {
  if (above_ && below_)
    return fmt::format("between {} and {}, rejected below {} and above {}", *above_, *below_, *reject_below_,
                       *reject_above_);
  if (below_) return fmt::format("below {}, rejected above {}", *below_, *reject_above_);
  if (above_) return fmt::format("above {}, rejected below {}", *above_, *reject_below_);
  return "anything";
}

std::string Desirability::toml() const {
  std::string out;
  const auto add = [&](const char* key, const std::optional<double>& value) {
    if (value) out += fmt::format("{}{} = {}", out.empty() ? "" : ", ", key, *value);
  };
  add("above", above_);
  add("reject_below", reject_below_);
  add("below", below_);
  add("reject_above", reject_above_);
  return "{ " + out + " }";
}

Combination combination(const std::string& name) {
  if (name == "geometric_mean") return Combination::geometric_mean;
  if (name == "weighted_sum") return Combination::weighted_sum;
  if (name == "pareto") return Combination::pareto;
  throw UsageError(fmt::format(
      "unknown way to combine objectives '{}'; known: geometric_mean, weighted_sum, pareto", name));
}

std::string name(Combination combination) {
  return combination == Combination::geometric_mean ? "geometric_mean"
         : combination == Combination::weighted_sum ? "weighted_sum"
                                                    : "pareto";
}

Objective::Objective(std::vector<ObjectiveTerm> terms, Combination combination)
    : terms_(std::move(terms)), combination_(combination) {
  if (terms_.empty()) throw UsageError("a campaign needs at least one objective");
  std::set<std::string> names;
  for (const ObjectiveTerm& term : terms_) {
    if (!names.insert(term.name).second)
      throw UsageError(fmt::format("two objectives are named '{}'", term.name));
    if (!(term.weight > 0) || !std::isfinite(term.weight))
      throw UsageError(
          fmt::format("objective '{}' has weight {}; a weight is positive", term.name, term.weight));
  }
}

Assessment Objective::assess(const std::vector<double>& raw) const {
  return assess(raw, std::vector<char>(terms_.size(), 1));
}

Assessment Objective::assess(const std::vector<double>& raw, const std::vector<char>& active) const {
  Assessment out;
  double weights = 0, sum = 0;
  for (std::size_t i = 0; i < terms_.size(); ++i) {
    out.raw.push_back(raw.at(i));
    out.desirability.push_back(std::isnan(raw[i]) ? missing : terms_[i].want(raw[i]));
    if (std::isnan(raw[i]) || !active.at(i)) continue;
    weights += terms_[i].weight;
    const double d = out.desirability.back();
    sum += terms_[i].weight * (combination_ == Combination::weighted_sum ? d : std::log(d));
  }
  if (weights == 0) return out;
  out.total = combination_ == Combination::weighted_sum ? sum / weights : std::exp(sum / weights);
  return out;
}

}  // namespace theriac::scoring
