#include "scoring/objective.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "chem/error.hpp"

using Catch::Matchers::Equals;
using namespace theriac::scoring;

TEST_CASE("a desirability is 1 where wanted, 0 beyond the reject limit and smooth between") {
  const auto docking = Desirability::below(-10, -7);
  CHECK(docking(-12) == 1);
  CHECK(docking(-10) == 1);
  CHECK(docking(-8.5) == Approx(0.5));
  CHECK(docking(-7) == 0);
  CHECK(docking(0) == 0);
  CHECK(docking(-9.25) == Approx(0.75 * 0.75 * (3 - 1.5)));
  CHECK(docking(std::numeric_limits<double>::quiet_NaN()) == 0);
  const auto solubility = Desirability::above(-5, -6.5);
  CHECK(solubility(-4) == 1);
  CHECK(solubility(-5.75) == Approx(0.5));
  CHECK(solubility(-7) == 0);
  const auto log_p = Desirability::between(1, 3, 0, 5);
  CHECK(log_p(2) == 1);
  CHECK(log_p(0.5) == Approx(0.5));
  CHECK(log_p(4) == Approx(0.5));
  CHECK(log_p(5.1) == 0);
  CHECK(log_p.text() == "between 1 and 3, rejected below 0 and above 5");
  CHECK(docking.text() == "below -10, rejected above -7");
  CHECK(solubility.text() == "above -5, rejected below -6.5");
}

TEST_CASE("contradictory limits are refused with both numbers") {
  CHECK_THROWS_WITH(Desirability::below(-7, -10), Equals("reject_above = -10 must lie above below = -7"));
  CHECK_THROWS_WITH(Desirability::above(1, 1), Equals("reject_below = 1 must lie below above = 1"));
  CHECK_THROWS_WITH(Desirability::between(4, 3, 0, 5), Equals("above = 4 must not exceed below = 3"));
  CHECK_THROWS_WITH(Desirability::below(std::nan(""), 1), Equals("below is not a number"));
}

TEST_CASE("totals follow the formulas") {
  const std::vector<ObjectiveTerm> terms{{"docking", "dock", 2, Desirability::below(-10, -7)},
                                         {"qed", "qed", 1, Desirability::above(1, 0)}};
  const std::vector<double> raw{-8.5, 0.5};  // both 0.5
  CHECK(Objective(terms, Combination::geometric_mean).assess(raw).total == Approx(0.5));
  CHECK(Objective(terms, Combination::geometric_mean).assess({-11, 0.5}).total ==
        Approx(std::pow(0.5, 1.0 / 3)));
  CHECK(Objective(terms, Combination::geometric_mean).assess({-6, 0.9}).total == 0);
  CHECK(Objective(terms, Combination::weighted_sum).assess({-6, 0.5}).total == Approx(0.5 / 3));
  const auto both = Objective(terms, Combination::pareto).assess(raw);
  CHECK(both.raw == raw);
  CHECK(both.desirability[0] == Approx(0.5));
}

TEST_CASE("terms without a number are left out of the total") {
  const double missing = std::nan("");
  const Objective objective(
      {{"docking", "dock", 5, Desirability::below(-10, -7)}, {"qed", "qed", 1, Desirability::above(1, 0)}},
      Combination::geometric_mean);
  CHECK(objective.assess({missing, 0.5}).total == Approx(0.5));
  CHECK(std::isnan(objective.assess({missing, 0.5}).desirability[0]));
  CHECK(objective.assess({missing, missing}).total == 0);
}

TEST_CASE("a term that is not active keeps its values and has no part in the total") {
  const Objective objective(
      {{"docking", "dock", 5, Desirability::below(-10, -7)}, {"qed", "qed", 1, Desirability::above(1, 0)}},
      Combination::geometric_mean);
  const auto cheap = objective.assess({-6, 0.5}, {0, 1});
  CHECK(cheap.total == Approx(0.5));
  CHECK(cheap.desirability[0] == 0);
  CHECK(cheap.raw[0] == -6);
  CHECK(objective.assess({-6, 0.5}, {1, 1}).total == 0);
  CHECK(objective.assess({-11, std::nan("")}, {0, 1}).total == 0);
}

TEST_CASE("an objective without sense is refused") {
  const auto want = Desirability::above(1, 0);
  CHECK_THROWS_WITH(Objective({}, Combination::pareto), Equals("a campaign needs at least one objective"));
  CHECK_THROWS_WITH(Objective({{"a", "qed", 1, want}, {"a", "sa", 1, want}}, Combination::pareto),
                    Equals("two objectives are named 'a'"));
  CHECK_THROWS_WITH(Objective({{"a", "qed", 0, want}}, Combination::pareto),
                    Equals("objective 'a' has weight 0; a weight is positive"));
  CHECK_THROWS_WITH(
      combination("sum"),
      Equals("unknown way to combine objectives 'sum'; known: geometric_mean, weighted_sum, pareto"));
  for (const auto c : {Combination::geometric_mean, Combination::weighted_sum, Combination::pareto})
    CHECK(combination(name(c)) == c);
}
