// One number for a substitution of a protein: how well it is probably borne, a weighted sum of the terms of
// variant_terms.hpp.
//
// The weights are ridge regressions on the ranks of 22 deep mutational scans of 19 proteins, every protein
// counting the same; benchmarks hold out the protein they are measured on (variant_training.hpp). They say
// what a protein bears, not which drug it resists: a resistant variant must work, so it looks harmless or
// mildly harmful.
#pragma once
#include <array>
#include <string>
#include <vector>

#include "chem/mutation.hpp"
#include "scoring/variant_terms.hpp"

namespace theriac::scoring {

using VariantWeights = std::array<double, variant_term_count>;

/// The shipped weights, for a protein with relatives or without. The language model has weight 0 in both:
/// what it adds depends on the model (docs/protein.md); its log-odds are shown beside the score.
const VariantWeights& variant_weights(bool with_homologs);

struct VariantScore {
  double score = 0;       ///< 0: the mildest of all single substitutions of the protein; lower is worse
  double percentile = 0;  ///< single substitutions that score lower, in percent; ties count half
  std::array<double, variant_group_count>
      groups{};  ///< parts of the score, each centred on single substitutions
  double profile_log_odds = 0, blosum62 = 0, language_model = 0;  ///< each alone, as it is
};

class VariantEffect {
 public:
  /// `terms` of the protein with these residues.
  VariantEffect(std::string residues, VariantTerms terms, const VariantWeights& weights);

  /// Several substitutions: the sum of the single ones. Throws InputError as check_mutant(), `name` in the
  /// message.
  VariantScore score(const chem::Mutant& mutant, const std::string& name = "the sequence") const;
  const VariantTerms& terms() const { return terms_; }

 private:
  double weighted(std::size_t position, int residue) const;
  std::string residues_;
  VariantTerms terms_;
  VariantWeights weights_;
  double mildest_ = 0;
  std::vector<double> singles_;  ///< scores of all single substitutions, sorted
};

}  // namespace theriac::scoring
