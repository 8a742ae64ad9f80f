#include "cli/variant_judgement.hpp"

#include <fmt/format.h>

#include "chem/error.hpp"
#include "scoring/variant_effect.hpp"

namespace theriac::cli {

VariantJudgement judged_variant(const std::optional<std::string>& residues, const std::string& gene,
                                const std::string& variant) {
  VariantJudgement out;
  if (!residues) {
    out.text = fmt::format(
        "no variant score: this store holds no sequence of {0}; theriac protein variants {0}:{1} --sequence "
        "{0}.fasta "
        "gives it",
        gene, variant);
    return out;
  }
  try {
    const auto mutant = chem::parse_mutant(variant);
    chem::check_mutant(mutant, *residues, gene);
    const scoring::VariantEffect effect(*residues, scoring::VariantTerms({*residues, {}}),
                                        scoring::variant_weights(false));
    const auto found = effect.score(mutant, gene);
    out.score = found.score;
    out.percentile = found.percentile;
    out.text = fmt::format(
        "variant score {:.2f}: {:.0f} % of all single substitutions of the protein score lower (BLOSUM62 "
        "{:+.0f}; from "
        "the sequence alone, weak without homologs). It says what the protein bears, not which drug it "
        "resists",
        found.score, found.percentile, found.blosum62);
  } catch (const Error& error) {
    out.text = fmt::format("no variant score: {}", error.what());
  }
  return out;
}

}  // namespace theriac::cli
