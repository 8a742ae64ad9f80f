// What molecules are compared with: the values of a set of them, column by column.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "cli/prediction.hpp"
#include "scoring/percentile_table.hpp"

namespace theriac::cli {

class Predictors;
class Session;

/// Values of many molecules, for the knots of a percentile table.
class ValueColumns {
 public:
  static constexpr std::int64_t most_molecules = 200000;  ///< whose values are held in memory

  /// `kinds` outlive this.
  explicit ValueColumns(const ScoreKinds& kinds) : kinds_(kinds), values_(kinds.size()) {}

  /// Throws UsageError when there are too many.
  void take(const Prediction& row);
  /// Once: the values leave.
  scoring::PercentileTable table();
  std::int64_t molecules() const { return molecules_; }

 private:
  const ScoreKinds& kinds_;
  std::vector<std::vector<double>> values_;
  std::int64_t molecules_ = 0;
};

/// The table of the user's own set. Throws InputError when nothing of it can be predicted, StoppedEarly.
scoring::PercentileTable compared_set(const std::string& path, const Predictors& predictors, bool as_drawn,
                                      Session& session);

}  // namespace theriac::cli
