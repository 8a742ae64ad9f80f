// The simplest thing that can know which peptide belongs to which target: that their compositions fit, a
// positive peptide to a negative target. What a model of binders must beat.
//
// Shares of ten groups of residues and the length of the peptide times those of the target and its net
// charge, in a logistic regression (repurpose/logistic_ranking.hpp) of learned pairs against the same
// peptides with other targets.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "cli/binder_pairs.hpp"
#include "repurpose/logistic_ranking.hpp"

namespace theriac::cli {

class BinderComposition {
 public:
  /// Throws UsageError for pairs of one target only.
  BinderComposition(const std::vector<BinderPair>& learned, std::uint64_t seed);

  /// Logit; higher: fits better.
  double score(const std::string& target, const std::string& peptide) const;

 private:
  std::vector<double> products(const std::string& target, const std::string& peptide) const;
  std::vector<double> target_mean_, target_deviation_, peptide_mean_, peptide_deviation_;
  repurpose::LogisticFit fit_;
};

}  // namespace theriac::cli
