// What theriac repurpose says of a variant beside the drugs: how well the protein probably bears it.
//
// The score of `theriac protein variants` from the sequence alone (scoring/variant_effect.hpp), since a store
// holds no relatives.
#pragma once
#include <limits>
#include <optional>
#include <string>

namespace theriac::cli {

struct VariantJudgement {
  double score = std::numeric_limits<double>::quiet_NaN();
  double percentile = std::numeric_limits<double>::quiet_NaN();
  std::string text;  ///< one sentence with the score, or why there is none
};

/// `residues` of the gene, none when they are not known; never throws for a variant that does not fit.
VariantJudgement judged_variant(const std::optional<std::string>& residues, const std::string& gene,
                                const std::string& variant);

}  // namespace theriac::cli
