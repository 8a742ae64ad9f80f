// Enrichment figures against RDKit's and against lists whose figures are known.
#include "scoring/enrichment.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

using namespace theriac::scoring;

namespace {

const std::vector<bool> actives = {true,  true,  false, true,  false, false, false, false, true,  false,
                                   false, false, false, false, false, false, false, false, false, true};

std::vector<double> descending(std::size_t count) {
  std::vector<double> scores;
  for (std::size_t i = 0; i < count; ++i) scores.push_back(-static_cast<double>(i));
  return scores;
}

}  // namespace

TEST_CASE("BEDROC, enrichment factor and AUROC are RDKit's") {
  // rdkit.ML.Scoring 2022.09.3: CalcBEDROC, CalcEnrichment, CalcAUC of this list
  const ScreenRanking ranking(descending(20), actives, {0.1, 20});
  CHECK(ranking.enrichment().bedroc == Approx(0.9024286896430639).epsilon(1e-12));
  CHECK(ranking.enrichment().factor == Approx(4.0));
  CHECK(ranking.enrichment().auroc == Approx(0.72));
  const ScreenRanking wider(descending(20), actives, {0.2, 5});
  CHECK(wider.enrichment().bedroc == Approx(0.7363501032488945).epsilon(1e-12));
  CHECK(wider.enrichment().factor == Approx(3.0));
  CHECK(wider.found(0.2) == Approx(0.6));
}

TEST_CASE("the best list gives 1 and the worst gives 0") {
  std::vector<bool> first(200, false), last(200, false);
  for (std::size_t i = 0; i < 10; ++i) first[i] = last[199 - i] = true;
  const auto best = ScreenRanking(descending(200), first).enrichment();
  const auto worst = ScreenRanking(descending(200), last).enrichment();
  CHECK(best.bedroc == Approx(1).margin(1e-9));
  CHECK(best.auroc == 1);
  CHECK(best.factor == Approx(20));
  CHECK(worst.bedroc == Approx(0).margin(1e-9));
  CHECK(worst.auroc == 0);
  CHECK(worst.factor == 0);
}

TEST_CASE("equal scores are chance, and a missing score is the worst") {
  const auto chance = ScreenRanking(std::vector<double>(20, -7.0), actives).enrichment();
  CHECK(chance.auroc == Approx(0.5));
  CHECK(chance.factor == Approx(1));
  const double missing = std::numeric_limits<double>::quiet_NaN();
  CHECK(ScreenRanking({1, missing, 2}, {false, true, false}).enrichment().auroc == 0);
  CHECK(std::isnan(ScreenRanking({1, 2}, {true, true}).enrichment().auroc));
}

TEST_CASE("a sample counts a molecule as often as it was drawn") {
  const ScreenRanking ranking({3, 2, 1}, {true, false, true});
  CHECK(ranking.enrichment({0, 1, 2}).auroc == Approx(0.5));
  CHECK(ranking.enrichment({0, 0, 1, 2}).auroc == Approx(2.0 / 3));
}
