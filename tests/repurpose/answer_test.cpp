#include "repurpose/answer.hpp"

#include <catch2/catch.hpp>

#include "tests/repurpose/small_store.hpp"

using namespace theriac;
using repurpose::RankedDrug;
using repurpose::UseStatus;

namespace {

RankedDrug ranked(std::uint32_t drug, double popular, double binding, bool has_basis = true) {
  RankedDrug out;
  out.drug = drug;
  out.contributions = out.values = {popular, binding};
  out.logit = popular + binding - 5;
  out.probability = 0.01;
  out.has_basis = has_basis;
  return out;
}

repurpose::Ranking ranking_of(const std::vector<RankedDrug>& drugs) {
  repurpose::Ranking ranking;
  ranking.lines = {{"popularity", "used in many diseases", true}, {"binds", "binds a linked gene", false}};
  ranking.intercept = -5;
  ranking.prevalence = 0.004;
  ranking.drugs = drugs;
  return ranking;
}

std::vector<std::string> names(const datasets::Store& store, const std::vector<repurpose::AnswerRow>& rows) {
  std::vector<std::string> out;
  for (const auto& row : rows)
    out.emplace_back(store.entities(datasets::EntityKind::drug).name[row.ranked.drug]);
  return out;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("status and withdrawal stand beside the score, contraindicated drugs stand apart") {
  const tests::SmallStore small;
  const auto ranking =
      ranking_of({ranked(small.drug("DB00571"), 3, 1), ranked(small.drug("DB01001"), 1, 3),
                  ranked(small.drug("DB08895"), 0, 1), ranked(small.drug("DB11817"), 0, 0, false)});
  const auto answer = repurpose::answer_from(small.store, ranking, small.disease("DOID:2841"), {});
  CHECK(names(small.store, answer.rows) == Names{"Salbutamol", "Tofacitinib"});
  CHECK(names(small.store, answer.contraindicated) == Names{"Propranolol"});
  CHECK(answer.contraindicated[0].withdrawn);
  CHECK(answer.contraindicated[0].rank == 1);
  CHECK(answer.contraindicated[0].effect == repurpose::EffectVerdict::opposes);
  CHECK(answer.rows[0].rank == 2);
  CHECK(answer.rows[0].status == UseStatus::indicated);
  CHECK(answer.rows[0].popularity_share == Approx(0.25));
  CHECK(answer.rows[0].main_line == 1);
  CHECK(answer.rows[1].status == UseStatus::none);
  CHECK(answer.without_basis == 1);
  CHECK(answer.ranked == 3);
}

TEST_CASE("known drugs are left out on request, and counted") {
  const tests::SmallStore small;
  const auto ranking = ranking_of({ranked(small.drug("DB01001"), 1, 3), ranked(small.drug("DB08895"), 0, 1)});
  repurpose::AnswerOptions options;
  options.novel = true;
  const auto answer = repurpose::answer_from(small.store, ranking, small.disease("DOID:2841"), options);
  CHECK(names(small.store, answer.rows) == Names{"Tofacitinib"});
  CHECK(answer.known_left_out == 1);
  CHECK(answer.rows[0].rank == 2);
}

TEST_CASE("filters leave ranks as they are") {
  const tests::SmallStore small;
  const auto ranking = ranking_of({ranked(small.drug("DB01001"), 1, 3), ranked(small.drug("DB08895"), 0, 1)});
  repurpose::AnswerOptions options;
  options.filter.route = {"oral"};
  const auto answer = repurpose::answer_from(small.store, ranking, small.disease("DOID:7148"), options);
  CHECK(names(small.store, answer.rows) == Names{"Tofacitinib"});
  CHECK(answer.rows[0].rank == 2);
  CHECK(answer.filtered_out == 1);
}

TEST_CASE("one drug per mechanism on request - otherwise other mechanisms are pointed out") {
  const tests::SmallStore small;
  const auto ranking = ranking_of({ranked(small.drug("DB08895"), 0, 5), ranked(small.drug("DB11817"), 0, 4),
                                   ranked(small.drug("DB01001"), 0, 1)});
  repurpose::AnswerOptions options;
  options.diverse = true;
  auto answer = repurpose::answer_from(small.store, ranking, small.disease("DOID:7148"), options);
  CHECK(names(small.store, answer.rows) == Names{"Tofacitinib", "Salbutamol"});
  options.diverse = false;
  options.top = 1;
  answer = repurpose::answer_from(small.store, ranking, small.disease("DOID:7148"), options);
  CHECK(names(small.store, answer.rows) == Names{"Tofacitinib"});
  CHECK(names(small.store, answer.other_mechanisms) == Names{"Salbutamol"});
  CHECK(answer.other_mechanisms[0].rank == 3);
}

TEST_CASE("a gene list has no known uses") {
  const tests::SmallStore small;
  const auto ranking = ranking_of({ranked(small.drug("DB00571"), 0, 5)});
  const auto answer = repurpose::answer_from(small.store, ranking, -1, {});
  REQUIRE(answer.rows.size() == 1);
  CHECK(answer.rows[0].status == UseStatus::none);
  CHECK(answer.rows[0].effect == repurpose::EffectVerdict::unknown);
}
