#include "scoring/variant_effect.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "chem/error.hpp"
#include "chem/substitution_matrix.hpp"
#include "scoring/variant_training.hpp"

using namespace theriac;
using scoring::VariantTerms;

namespace {

const std::string residues = "MKTAYIAKQRQISFVKSHFSRQLEERLGLIEVQAPILSRV";

chem::Homologs some_homologs() {
  chem::Homologs homologs{residues, {}};
  const auto codes = chem::residue_codes(residues);
  for (std::size_t n = 0; n < 6; ++n) {
    auto row = codes;
    for (std::size_t p = n; p < row.size(); p += 5 + n)
      row[p] = static_cast<std::uint8_t>((row[p] + n + 1) % 20);
    row.resize(row.size() - n);  // they end earlier and earlier
    homologs.rows.push_back(chem::homolog_row("r", 0, row, codes));
  }
  return homologs;
}

}  // namespace

TEST_CASE("terms are standardised over all single substitutions") {
  std::vector<double> odds(residues.size() * 20);
  for (std::size_t i = 0; i < odds.size(); ++i) odds[i] = -static_cast<double>(i % 37);
  const VariantTerms terms(some_homologs(), odds);
  for (int t = 0; t < scoring::variant_term_count; ++t) {
    double sum = 0, squares = 0, count = 0;
    for (const auto& mutant : chem::single_mutants(residues)) {
      const auto& s = mutant.substitutions.front();
      const double value =
          static_cast<double>(terms.standardised(s.position - 1, chem::residue_code(s.to))[t]);
      sum += value;
      squares += value * value;
      ++count;
    }
    CHECK(std::abs(sum / count) < 1e-4);
    CHECK(squares / count == Approx(1).margin(1e-3));
  }
  CHECK(terms.language_model_log_odds(0, 3) == Approx(-3).margin(1e-4));
  CHECK(terms.effective_homologs() > 2);
  CHECK_THROWS_AS(VariantTerms(some_homologs(), {1, 2}), UsageError);
}

TEST_CASE("a score is the sum of its parts, and of its substitutions") {
  const scoring::VariantEffect effect(residues, VariantTerms(some_homologs()),
                                      scoring::variant_weights(true));
  const auto parts = [](const scoring::VariantScore& s) {
    double sum = 0;
    for (const double part : s.groups) sum += part;
    return sum;
  };
  const auto first = effect.score(chem::parse_mutant("Y5P")),
             second = effect.score(chem::parse_mutant("K8R"));
  CHECK(first.score < second.score);
  CHECK(first.score - parts(first) == Approx(second.score - parts(second)));
  const auto both = effect.score(chem::parse_mutant("Y5P:K8R"));
  CHECK(both.score == Approx(first.score + second.score));
  CHECK(both.blosum62 == Approx(-3 + 2));
  double best = -100, lowest = 100, highest = 0;
  for (const auto& mutant : chem::single_mutants(residues)) {
    const auto one = effect.score(mutant);
    best = std::max(best, one.score);
    lowest = std::min(lowest, one.percentile);
    highest = std::max(highest, one.percentile);
  }
  CHECK(best == Approx(0).margin(1e-12));
  CHECK(lowest > 0);
  CHECK(lowest < 1);
  CHECK(highest > 99);
  CHECK(highest < 100);
  CHECK_THROWS_WITH(effect.score(chem::parse_mutant("L5P"), "test"),
                    "'L5P': position 5 of 'test' is Y, not L");
}

TEST_CASE("unknown residues and a lone residue are borne") {
  const scoring::VariantEffect effect("MXK", VariantTerms({"MXK", {}}), scoring::variant_weights(false));
  CHECK(std::isfinite(effect.score(chem::parse_mutant("K3A")).score));
  CHECK_THROWS_AS(effect.score(chem::parse_mutant("A2K")), InputError);
  const scoring::VariantEffect one("M", VariantTerms({"M", {}}), scoring::variant_weights(false));
  CHECK(std::isfinite(one.score(chem::parse_mutant("M1A")).percentile));
}

TEST_CASE("weights are fitted without the protein left out") {
  // the assay of the first protein follows BLOSUM62, that of the second its opposite
  const std::vector<VariantTerms> proteins = {VariantTerms({residues, {}}), VariantTerms({residues, {}})};
  std::vector<scoring::VariantAssay> assays(2);
  for (std::size_t a = 0; a < 2; ++a) {
    assays[a].protein = a;
    for (const auto& mutant : chem::single_mutants(residues)) {
      const auto& s = mutant.substitutions.front();
      const int score = chem::blosum62(chem::residue_code(s.from), chem::residue_code(s.to));
      assays[a].substitutions.push_back(s);
      assays[a].scores.push_back(a == 0 ? score : -score);
    }
  }
  const auto predictions = scoring::left_out_predictions(proteins, assays);
  double product = 0;
  for (std::size_t i = 0; i < predictions[0].size(); ++i) product += predictions[0][i] * assays[0].scores[i];
  CHECK(product < 0);
  const auto both = scoring::fit_variant_weights(proteins, assays, -1);
  for (const double weight : both) CHECK(std::abs(weight) < 1e-9);
  CHECK_THROWS_AS(scoring::fit_variant_weights({proteins[0]}, {assays[0]}, 0), UsageError);
}

TEST_CASE("ranks share ties") {
  const auto ranks = scoring::standard_ranks({3, 1, 1, 7});
  CHECK(ranks[1] == ranks[2]);
  CHECK(ranks[0] > ranks[1]);
  CHECK(ranks[3] > ranks[0]);
  CHECK(ranks[0] + ranks[1] + ranks[2] + ranks[3] == Approx(0).margin(1e-12));
  CHECK(scoring::standard_ranks({2, 2}) == std::vector<double>{0, 0});
}
