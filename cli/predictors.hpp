// All that `theriac predict` can say of a molecule, and the part of it that was asked for.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "cli/prediction.hpp"
#include "scoring/percentile_table.hpp"
#include "scoring/scorer.hpp"

namespace theriac::scoring {
class EndpointModel;
class EndpointScorer;
}  // namespace theriac::scoring

namespace theriac::cli {

class Predictors {
 public:
  /// `wanted`: names of columns; empty: all. `models`: trained endpoints, as "default" (those that ship),
  /// single ones of them by name, files of one's own, or "none"; empty: those that ship, if they are here.
  /// They are loaded only when a column needs them. `device`: where their networks compute, of
  /// scoring::prediction_device(). Throws UsageError for a column that does not exist or that two models
  /// have, and what reading a model throws.
  explicit Predictors(const std::vector<std::string>& wanted, const std::vector<std::string>& models = {},
                      const std::string& device = "cpu");

  /// What the rows hold, in the order asked for.
  const ScoreKinds& kinds() const { return kinds_; }
  /// One more scorer; its columns come last. Throws UsageError when a column of that name is there.
  void add(std::unique_ptr<scoring::Scorer> scorer);
  /// Percentiles are read off this table from now on; it outlives the predictors.
  void compare_with(const scoring::PercentileTable& table) { compared_ = &table; }

  /// Whether estimates stand in the rows where their model has no basis (domain `out`). By default they do
  /// not: value, interval, set and percentile are not known, and the verdict and the nearest training
  /// molecule say why.
  void show_outside_domain(bool shown) { outside_shown_ = shown; }

  /// Fills scores and percentiles of the rows that have a molecule, in parallel.
  void predict(std::vector<Prediction>& rows) const;

  /// Behind the k-th kind; nullptr for what is computed rather than learned.
  const scoring::EndpointModel* trained(std::size_t k) const;
  /// scoring::EndpointScorer::atom_contributions of some kinds, all of them trained.
  std::vector<std::vector<double>> atom_contributions(const chem::Molecule& molecule,
                                                      const std::vector<std::size_t>& kinds) const;

 private:
  /// The k-th kind among those of one scorer.
  struct Origin {
    const scoring::EndpointScorer* scorer = nullptr;  ///< of trained kinds
    std::size_t place = 0;
  };
  std::vector<std::unique_ptr<scoring::Scorer>> scorers_;
  std::vector<std::size_t> places_;  ///< of the kinds among all scores of the scorers, one after another
  ScoreKinds kinds_;
  std::vector<Origin> origins_;  ///< of the kinds
  const scoring::PercentileTable* compared_ = nullptr;
  bool outside_shown_ = false;
};

}  // namespace theriac::cli
