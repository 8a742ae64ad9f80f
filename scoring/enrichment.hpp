// How well a score finds the actives of a screening set: enrichment factor, BEDROC and the area under the ROC
// curve.
//
// J.-F. Truchon, C. I. Bayly, J. Chem. Inf. Model. 47, 488 (2007), equations 18 and 36 (RIE and BEDROC).
// BEDROC with alpha = 20 lets the first 8 % of the list make up 80 % of the value. Molecules with equal
// scores share their ranks: each figure is the mean over all of their orders.
#pragma once
#include <cstddef>
#include <vector>

namespace theriac::scoring {

struct Enrichment {
  double factor =
      0;  ///< actives among the best 1 %, over what chance would give; at most 100, or all / actives
  double bedroc = 0;  ///< 0 to 1
  double auroc = 0;   ///< 0.5: chance
};

struct EnrichmentOptions {
  double fraction = 0.01;  ///< of the list, rounded up to whole molecules
  double alpha = 20;
};

/// A screened set in the order of its scores.
class ScreenRanking {
 public:
  /// Higher scores are better; a molecule without a score (NaN) comes last. `active` has one entry per score.
  ScreenRanking(const std::vector<double>& scores, std::vector<bool> active, EnrichmentOptions options = {});

  Enrichment enrichment() const;
  /// Of a sample of the molecules, for bootstrap intervals. All NaN without an active or without a decoy.
  Enrichment enrichment(const std::vector<std::size_t>& sample) const;
  /// Expected share of the actives among the best `share` of the list.
  double found(double share) const;

 private:
  struct Tie {  // molecules with one score
    double actives = 0, all = 0;
  };
  std::vector<Tie> ties(const std::vector<std::size_t>& sample) const;

  std::vector<bool> active_;
  std::vector<std::size_t> tie_of_;  // per molecule, the best first
  std::size_t tie_count_ = 0;
  EnrichmentOptions options_;
};

}  // namespace theriac::scoring
