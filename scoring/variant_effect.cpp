#include "scoring/variant_effect.hpp"

#include <algorithm>

#include "chem/substitution_matrix.hpp"

namespace theriac::scoring {

VariantEffect::VariantEffect(std::string residues, VariantTerms terms, const VariantWeights& weights)
    : residues_(std::move(residues)), terms_(std::move(terms)), weights_(weights) {
  for (std::size_t p = 0; p < residues_.size(); ++p) {
    const std::uint8_t there = chem::residue_code(residues_[p]);
    if (there >= chem::residue_kinds) continue;
    for (int k = 0; k < chem::residue_kinds; ++k)
      if (k != there) singles_.push_back(weighted(p, k));
  }
  std::sort(singles_.begin(), singles_.end());
  if (!singles_.empty()) mildest_ = singles_.back();
}

double VariantEffect::weighted(std::size_t position, int residue) const {
  const float* const terms = terms_.standardised(position, residue);
  double sum = 0;
  for (std::size_t t = 0; t < variant_term_count; ++t) sum += weights_[t] * static_cast<double>(terms[t]);
  return sum;
}

VariantScore VariantEffect::score(const chem::Mutant& mutant, const std::string& name) const {
  chem::check_mutant(mutant, residues_, name);
  VariantScore out;
  for (const auto& s : mutant.substitutions) {
    const std::size_t position = s.position - 1;
    const int residue = chem::residue_code(s.to);
    const float* const terms = terms_.standardised(position, residue);
    for (std::size_t t = 0; t < variant_term_count; ++t)
      out.groups[static_cast<std::size_t>(variant_term_kinds()[t].group)] +=
          weights_[t] * static_cast<double>(terms[t]);
    out.score += weighted(position, residue) - mildest_;
    out.profile_log_odds += terms_.profile_log_odds(position, residue);
    out.blosum62 += chem::blosum62(chem::residue_code(s.from), static_cast<std::uint8_t>(residue));
    if (terms_.has_language_model()) out.language_model += terms_.language_model_log_odds(position, residue);
  }
  const double single =
      mutant.substitutions.size() == 1
          ? weighted(mutant.substitutions[0].position - 1, chem::residue_code(mutant.substitutions[0].to))
          : out.score + mildest_;
  const auto [low, high] = std::equal_range(singles_.begin(), singles_.end(), single);
  if (!singles_.empty())
    out.percentile = 50.0 * static_cast<double>((low - singles_.begin()) + (high - singles_.begin())) /
                     static_cast<double>(singles_.size());
  return out;
}

}  // namespace theriac::scoring
