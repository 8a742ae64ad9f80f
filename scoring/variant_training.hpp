// Weights of the variant terms from deep mutational scans, and what they are worth on a protein they have not
// seen.
//
// Ridge regression on the ranks of each assay (mean 0, deviation 1), terms centred within the assay; a
// protein with two assays counts as one. For a benchmark every protein is left out with all its assays.
#pragma once
#include <string>
#include <vector>

#include "scoring/variant_effect.hpp"

namespace theriac::scoring {

/// Single substitutions of one protein with their measured scores.
struct VariantAssay {
  std::string name;
  std::size_t protein = 0;  ///< which of the proteins
  std::vector<chem::Substitution> substitutions;
  std::vector<double> scores;  ///< higher: fitter
};

struct VariantFitOptions {
  double ridge = 0.03;              ///< relative to the terms' variance of 1
  bool with_language_model = true;  ///< else the term is left out
};

/// `proteins[assay.protein]` are the terms. Assays of `left_out` do not take part (-1: all do). Throws
/// UsageError when none is left.
VariantWeights fit_variant_weights(const std::vector<VariantTerms>& proteins,
                                   const std::vector<VariantAssay>& assays, int left_out,
                                   const VariantFitOptions& options = {});

/// Weighted sums for the substitutions of an assay.
std::vector<double> variant_predictions(const VariantTerms& terms, const VariantAssay& assay,
                                        const VariantWeights& weights);

/// For each assay the predictions of weights fitted without its protein.
std::vector<std::vector<double>> left_out_predictions(const std::vector<VariantTerms>& proteins,
                                                      const std::vector<VariantAssay>& assays,
                                                      const VariantFitOptions& options = {});

/// Ranks with ties averaged, mean 0 and deviation 1; zeros when all are equal.
std::vector<double> standard_ranks(const std::vector<double>& values);

}  // namespace theriac::scoring
