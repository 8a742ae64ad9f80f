// A rule on predicted values, as --filter is one on descriptors: "herg < 0.5 and qed > 0.3".
#pragma once
#include <string>
#include <vector>

#include "cli/prediction.hpp"

namespace theriac::cli {

class ScoreRule {
 public:
  /// Comparisons of a column with a number, joined by "and"; an empty text lets everything pass. Throws
  /// UsageError: not such a rule, or a column that is not among `kinds` (the nearest name is suggested).
  ScoreRule(const std::string& text, const ScoreKinds& kinds);

  /// The first comparison that fails, e.g. "herg 0.71, not < 0.5"; empty when all hold. A value that is not
  /// known, because the model has no basis for the molecule, breaks no rule.
  std::string first_violation(const std::vector<scoring::Score>& scores) const;

 private:
  struct Comparison {
    std::size_t kind;
    std::string name, relation;
    double limit;
  };
  std::vector<Comparison> comparisons_;
};

}  // namespace theriac::cli
