// What a campaign wants: each number is turned into a desirability from 0 to 1, and these are combined.
//
// A desirability is 1 where the number is as wanted, 0 beyond its reject limit, and a smooth step between:
// G. Derringer, R. Suich, J. Quality Technol. 12, 214 (1980). Combined by the weighted geometric mean (one
// reject rejects all), the weighted mean, or not at all: the Pareto front keeps what nothing else beats in
// every respect (scoring/pareto.hpp). Raw and transformed values are both kept, so that every total can be
// checked by hand.
#pragma once
#include <optional>
#include <string>
#include <vector>

namespace theriac::scoring {

/// 1 within [above, below], 0 at and beyond the reject limits, t^2 (3 - 2 t) between. Any side may be open.
class Desirability {
 public:
  /// `below` needs `reject_above` > below, `above` needs `reject_below` < above, and above <= below when both
  /// are given. Throws UsageError.
  static Desirability below(double limit, double reject_above);
  static Desirability above(double limit, double reject_below);
  static Desirability between(double above, double below, double reject_below, double reject_above);

  /// 0 to 1; 0 for a missing number (NaN).
  double operator()(double value) const;
  /// "below -10, rejected above -7"
  std::string text() const;
  /// "{ below = -10, reject_above = -7 }", as a campaign file has it.
  std::string toml() const;

 private:
  std::optional<double> above_, reject_below_, below_, reject_above_;
};

struct ObjectiveTerm {
  std::string name;    ///< column name, e.g. "docking"
  std::string source;  ///< score it reads, e.g. "dock:ABL1", "qed", "clogp"
  double weight = 1;
  Desirability want;
};

enum class Combination { geometric_mean, weighted_sum, pareto };

/// "geometric_mean", "weighted_sum", "pareto". Throws UsageError for another name.
Combination combination(const std::string& name);
std::string name(Combination combination);

/// One molecule against an objective; one entry per term.
struct Assessment {
  std::vector<double> raw;           ///< NaN where missing
  std::vector<double> desirability;  ///< 0 to 1; NaN where missing
  double total = 0;                  ///< 0 to 1, over the terms that are present; 0 when none is
};

class Objective {
 public:
  /// Throws UsageError: no terms, equal names, a weight that is not positive.
  Objective(std::vector<ObjectiveTerm> terms, Combination combination);

  /// `raw` has one number per term; terms whose number is NaN are left out of the total, so that cheap terms
  /// can be judged before dear ones are known. For Pareto campaigns the total is the geometric mean: it
  /// orders tables and plots, while `pareto_order` (scoring/pareto.hpp) decides who survives.
  Assessment assess(const std::vector<double>& raw) const;
  /// The total over the active terms only, one flag per term; all terms have their values and desirabilities.
  Assessment assess(const std::vector<double>& raw, const std::vector<char>& active) const;

  const std::vector<ObjectiveTerm>& terms() const { return terms_; }
  Combination combination() const { return combination_; }

 private:
  std::vector<ObjectiveTerm> terms_;
  Combination combination_;
};

}  // namespace theriac::scoring
