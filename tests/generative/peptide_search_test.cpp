#include "generative/peptide_search.hpp"

#include <tbb/global_control.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <set>

#include "chem/error.hpp"
#include "chem/peptide_properties.hpp"
#include "scoring/protein_language_model.hpp"
#include "tests/datasets/temporary_folder.hpp"
#include "tests/scoring/random_protein_model.hpp"

using namespace theriac;
using namespace theriac::generative;

namespace {

const std::string target = "SQIPASEQETLVRPKPLLLKLLKSVGAQKDTYTMKEVLFYLGQYIMTKRLYDEKQQHIVYCSNDLLGDLFGVPS";

std::unique_ptr<PeptideModel> causal(const TemporaryFolder& folder) {
  RandomProteinModel::write_causal(folder / "causal.safetensors");
  return read_peptide_model(folder / "causal.safetensors");
}

std::unique_ptr<PeptideModel> masked(const TemporaryFolder& folder, Unmasking unmasking) {
  RandomProteinModel::write_masked(folder / "masked.safetensors");
  return read_peptide_model(folder / "masked.safetensors", unmasking);
}

double likelihood_sum(const PeptideContext& context) {
  double sum = 0;
  for (const char last : chem::standard_residues)
    sum += std::exp(context.log_probabilities({std::string("GW") + last})[0].back());
  return sum;
}

}  // namespace

TEST_CASE("probabilities of a residue add up to 1 for every kind of model") {
  const TemporaryFolder folder;
  const auto one = causal(folder), other = masked(folder, Unmasking::one_pass);
  CHECK(likelihood_sum(*one->read_target(target, 15)) == Approx(1));
  CHECK(likelihood_sum(*other->read_target(target, 15)) == Approx(1));
}

TEST_CASE("a masked model judges a peptide residue by residue as its pseudo-likelihood does") {
  const TemporaryFolder folder;
  RandomProteinModel::write_masked(folder / "masked.safetensors");
  const auto model =
      read_peptide_model(folder / "masked.safetensors", Unmasking::one_pass, Judgement::by_position);
  const auto reference = scoring::ProteinLanguageModel::read(folder / "masked.safetensors");
  const std::vector<std::string> peptides = {"ETFSDLWKLLPE", "GW", "ACDEFGHIKLMNPQRSTVWY"};
  const auto found = model->read_target(target, 20)->log_probabilities(peptides);
  const auto one_pass =
      masked(folder, Unmasking::one_pass)->read_target(target, 20)->log_probabilities(peptides);
  for (std::size_t i = 0; i < peptides.size(); ++i) {
    const auto expected =
        reference.pseudo_likelihood(target + peptides[i], static_cast<int>(target.size()),
                                    static_cast<int>(peptides[i].size()), scoring::Normalisation::residues);
    REQUIRE(found[i].size() == expected.log_p.size());
    double difference = 0;
    for (std::size_t k = 0; k < found[i].size(); ++k) {
      CHECK(found[i][k] == Approx(expected.log_p[k]).margin(1e-5));
      difference += std::abs(found[i][k] - one_pass[i][k]);
    }
    CHECK(difference > 1e-3);
  }
  CHECK(model->description().find("judged residue by residue") != std::string::npos);
}

TEST_CASE("drawn peptides: the twenty residues, each once, as designed, the same for any number of threads") {
  const TemporaryFolder folder;
  PeptideDesign design;
  design.shortest = 6;
  design.longest = 9;
  design.fixed = {{2, 'C'}, {6, 'W'}};
  design.banned = "MKD";
  std::vector<std::unique_ptr<PeptideModel>> models;
  models.push_back(causal(folder));
  models.push_back(masked(folder, Unmasking::one_pass));
  models.push_back(masked(folder, Unmasking::iterative));
  for (const auto& model : models) {
    INFO(model->description());
    const auto context = model->read_target(target, design.longest);
    const auto drawn = drawn_peptides(*context, design, 40, target, 1, {});
    REQUIRE(drawn.peptides.size() == 40);
    CHECK(std::set<std::string>(drawn.peptides.begin(), drawn.peptides.end()).size() == 40);
    for (const auto& peptide : drawn.peptides) {
      CHECK(fits(design, peptide));
      CHECK(peptide[1] == 'C');
      CHECK(peptide[5] == 'W');
      CHECK(peptide.find_first_of("MKD") == std::string::npos);
      CHECK(peptide.find_first_not_of(chem::standard_residues) == std::string::npos);
      CHECK_FALSE(chem::low_complexity(peptide));
    }
    const tbb::global_control one(tbb::global_control::max_allowed_parallelism, 1);
    CHECK(drawn_peptides(*context, design, 40, target, 1, {}).peptides == drawn.peptides);
    CHECK(drawn_peptides(*context, design, 40, target, 2, {}).peptides != drawn.peptides);
  }
}

TEST_CASE("draws follow the model: frequencies of the first residue are its probabilities") {
  const TemporaryFolder folder;
  const auto model = causal(folder);
  const auto context = model->read_target(target, 15);
  PeptideDesign design;
  design.allow_low_complexity = true;
  std::array<double, 20> counts{};
  const int draws = 4000;
  std::vector<chem::CounterRandom> randoms;
  for (int i = 0; i < draws; ++i) {
    chem::CounterRandom random(3, target, "test", static_cast<std::uint64_t>(i));
    randoms.push_back(random);
  }
  for (const auto& drawn : context->sampled(std::vector<int>(draws, 1), design, randoms))
    counts[static_cast<std::size_t>(chem::residue_number(drawn[0]))] += 1;
  for (std::size_t r = 0; r < 20; ++r) {
    const double p = std::exp(context->log_probabilities({std::string(1, chem::standard_residues[r])})[0][0]);
    CHECK(std::abs(counts[r] / draws - p) < 4.5 * std::sqrt(p * (1 - p) / draws) + 1e-4);
  }
}

TEST_CASE("log probabilities are those of the whole row, target and peptide, read at once") {
  const TemporaryFolder folder;
  const auto asked = causal(folder);
  const auto model = scoring::ProteinLanguageModel::read(folder / "causal.safetensors");
  const std::vector<std::string> peptides = {"ETFSDLWKLLPE", "GW", "ACDEFGHIK"};
  const auto together = asked->read_target(target, 15)->log_probabilities(peptides);
  for (std::size_t p = 0; p < peptides.size(); ++p) {
    auto row = model.row_of(target);
    const auto begin = row.tokens.size() + 1;
    const auto more = model.row_of(peptides[p]).tokens;
    row.tokens.insert(row.tokens.end(), more.begin(), more.end());
    const auto plain = model.token_log_probabilities({row}, model.tokens().residues());
    REQUIRE(together[p].size() == peptides[p].size());
    for (std::size_t i = 0; i < peptides[p].size(); ++i)
      CHECK(together[p][i] == Approx(plain[0][begin + i - 1]).margin(1e-4));
    CHECK(asked->read_target(target, 15)->log_probabilities({peptides[p]})[0] == together[p]);
  }
}

TEST_CASE("temperature and top-p narrow the choice") {
  std::array<double, 20> log_p{};
  log_p.fill(std::log(0.01));
  log_p[3] = std::log(0.81);
  chem::CounterRandom random(1, "x", "y");
  PeptideDesign cold, nucleus;
  cold.temperature = 0.05;
  nucleus.top_p = 0.8;
  for (int i = 0; i < 200; ++i) {
    CHECK(drawn_residue(log_p.data(), cold, 1, random) == 'E');
    CHECK(drawn_residue(log_p.data(), nucleus, 1, random) == 'E');
  }
}

TEST_CASE("a start is improved, its length and fixed residues stay") {
  const TemporaryFolder folder;
  const auto model = causal(folder);
  const SpecificityPanel panel(*model, target, 12, 2, 1);
  PeptideDesign design;
  design.fixed = {{3, 'F'}, {7, 'W'}};
  design.banned = "C";
  const PeptideWorth worth = [&](const std::vector<std::string>& peptides) {
    std::vector<double> out;
    for (const auto& each : panel.judged(peptides)) out.push_back(each.value());
    return out;
  };
  ImprovementOptions options;
  options.chains = 8;
  options.steps = 15;
  const std::string start = "ETFSDLWKLLPE";
  const auto better = improved_peptides(start, design, worth, 10, 1, options, {});
  REQUIRE(better.size() == 10);
  CHECK(worth({better[0]})[0] > worth({start})[0] + 0.1);
  for (const auto& peptide : better) {
    CHECK(peptide.size() == start.size());
    CHECK(peptide[2] == 'F');
    CHECK(peptide[6] == 'W');
    CHECK(peptide.find('C') == std::string::npos);
  }
  CHECK(improved_peptides(start, design, worth, 10, 1, options, {}) == better);
  design.fixed = {{13, 'F'}};
  CHECK_THROWS_WITH(improved_peptides(start, design, worth, 10, 1, options, {}),
                    "position 13 is fixed, but 'ETFSDLWKLLPE' has 12 residues");
}

TEST_CASE("designs that cannot be are refused with the reason") {
  PeptideDesign design;
  design.fixed = {{12, 'C'}};
  CHECK_THROWS_WITH(check_design(design), "position 12 is fixed, but the shortest peptide has 8 residues");
  design.fixed = {{3, 'C'}};
  design.banned = "CM";
  CHECK_THROWS_WITH(check_design(design), "C is fixed at position 3 and banned");
  design = {};
  design.banned = "ACDEFGHIKLMNPQRSTVW";
  CHECK_THROWS_AS(check_design(design), UsageError);
  design = {};
  design.shortest = 16;
  CHECK_THROWS_AS(check_design(design), UsageError);
  CHECK_THROWS_WITH(fixed_positions("3C"), "'3C' is no fixed position");
  CHECK_THROWS_WITH(fixed_positions("3:X"), "'X' in '3:X' is none of the twenty residues");
  CHECK_THROWS_AS(fixed_positions("3:C,3:D"), UsageError);
  CHECK_THROWS_AS(length_range("8-"), UsageError);
  CHECK_THROWS_AS(banned_residues("CB"), UsageError);
  CHECK(fixed_positions("3:c,8:C") == std::map<int, char>{{3, 'C'}, {8, 'C'}});
  CHECK(length_range("12") == std::pair<int, int>{12, 12});
}

TEST_CASE("shuffled targets keep their residues and the panel leaves out the target itself") {
  const std::string once = shuffled_target(target, 1, 0);
  CHECK(once != target);
  CHECK(std::is_permutation(once.begin(), once.end(), target.begin(), target.end()));
  CHECK(once != shuffled_target(target, 1, 1));
  const TemporaryFolder folder;
  const auto model = causal(folder);
  // without shuffles and with itself in the panel left out, something else remains to compare with
  const SpecificityPanel panel(*model, comparison_proteins()[0].residues, 8, 0, 1);
  const auto judged = panel.judged({"ETFSDLWK"});
  CHECK(judged[0].shuffled == judged[0].target);
  CHECK(judged[0].others != judged[0].target);
}
