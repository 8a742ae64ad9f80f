// How a raw property becomes a score from 0 to 1 in goal-directed benchmarks.
//
// N. Brown, M. Fiscato, M. H. S. Segler, A. C. Vaucher, GuacaMol, J. Chem. Inf. Model. 59, 1096 (2019).
// Campaigns use `Desirability` (objective.hpp) instead, which has reject limits.
#pragma once

namespace theriac::scoring {

class ScoreModifier {
 public:
  static ScoreModifier none() { return {}; }
  /// x / upper, kept within 0 and 1.
  static ScoreModifier clip(double upper) { return {Kind::clip, upper, 0}; }
  /// exp(-((x - mu) / sigma)^2 / 2)
  static ScoreModifier gauss(double mu, double sigma) { return {Kind::gauss, mu, sigma}; }
  /// 1 up to mu, as gauss above: small is good.
  static ScoreModifier min_gauss(double mu, double sigma) { return {Kind::min_gauss, mu, sigma}; }
  /// As gauss below mu, 1 above: large is good.
  static ScoreModifier max_gauss(double mu, double sigma) { return {Kind::max_gauss, mu, sigma}; }

  double operator()(double x) const;

 private:
  enum class Kind { none, clip, gauss, min_gauss, max_gauss };
  ScoreModifier() = default;
  ScoreModifier(Kind kind, double mu, double sigma) : kind_(kind), mu_(mu), sigma_(sigma) {}

  Kind kind_ = Kind::none;
  double mu_ = 0, sigma_ = 1;
};

}  // namespace theriac::scoring
