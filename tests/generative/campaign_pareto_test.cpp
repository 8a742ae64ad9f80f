// The Pareto front of a campaign, and campaigns that rank by it.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cmath>

#include "generative/campaign.hpp"
#include "scoring/hypervolume.hpp"
#include "tests/generative/campaign_fixtures.hpp"

using namespace theriac;
using namespace theriac::generative;

TEST_CASE("every campaign records its Pareto front, and Pareto campaigns rank by it") {
  for (const auto combine : {scoring::Combination::pareto, scoring::Combination::weighted_sum,
                             scoring::Combination::geometric_mean}) {
    auto s = settings();
    s.combine = combine;
    s.stop.rounds = 2;
    s.diversity.method = DiversityMethod::similarity;
    s.docking.final_exhaustiveness = 0;
    const Folder folder("pareto");
    const auto result = run_in(folder, s);
    INFO(scoring::name(combine));
    REQUIRE(result.ranking.size() > 10);
    REQUIRE(result.fronts.size() == result.rows.size());
    std::vector<std::vector<double>> points;
    std::size_t ranked = 0;  // neither rejected nor lost
    for (std::size_t i = 0; i < result.rows.size(); ++i) {
      const auto& d = result.rows[i].assessment.desirability;
      const bool counts = result.rows[i].status == CandidateStatus::docked && d[0] > 0 && d[1] > 0;
      CHECK((result.fronts[i] > 0) == counts);
      if (!counts) continue;
      ++ranked;
      points.push_back(d);
      int beaten_by = 0;
      for (std::size_t j = 0; j < result.rows.size(); ++j) {
        if (result.fronts[j] == 0) continue;
        const auto& other = result.rows[j].assessment.desirability;
        beaten_by += other[0] >= d[0] && other[1] >= d[1] && other != d;
      }
      CHECK((result.fronts[i] == 1) == (beaten_by == 0));
    }
    const auto& last = result.rounds.back();
    CHECK(last.front == std::count(result.fronts.begin(), result.fronts.end(), 1));
    CHECK(last.hypervolume == Approx(scoring::hypervolume(points, {0, 0})).epsilon(1e-12));
    for (std::size_t r = 1; r < result.rounds.size(); ++r)
      CHECK(result.rounds[r].hypervolume >= result.rounds[r - 1].hypervolume);
    const auto csv = datasets::read_csv(folder.text("rounds.csv"));
    CHECK(csv.back().back() == fmt::format("{:.4f}", last.hypervolume));
    if (combine != scoring::Combination::pareto) continue;
    for (std::size_t k = 1; k < ranked; ++k)
      CHECK(result.fronts[result.ranking[k - 1]] <= result.fronts[result.ranking[k]]);
  }
}

TEST_CASE("a Pareto campaign is the same bytes when it is stopped again and again") {
  auto s = settings();
  s.combine = scoring::Combination::pareto;
  const Folder whole("pareto-whole"), broken("pareto-broken");
  run_in(whole, s);
  run_in(broken, s, 5);
  for (const char* file : files) {
    INFO(file);
    CHECK(whole.text(file) == broken.text(file));
  }
}
