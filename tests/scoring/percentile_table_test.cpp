#include "scoring/percentile_table.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <limits>

#include "chem/error.hpp"
#include "datasets/durable_file.hpp"
#include "scoring/property_scorer.hpp"
#include "tests/datasets/temporary_folder.hpp"

using namespace theriac::scoring;
using Catch::Matchers::Contains;

namespace {

const ScoreKind weight{"mw", "Da", Direction::neutral, "weight", "1"};

std::vector<double> up_to(int n) {
  std::vector<double> out;
  for (int i = 0; i <= n; ++i) out.push_back(i);
  return out;
}

}  // namespace

TEST_CASE("percentiles of a uniform set are the values themselves") {
  PercentileTable table;
  table.add(weight, up_to(100));
  CHECK(table.percentile(weight, 37) == Approx(37));
  CHECK(table.percentile(weight, 37.25) == Approx(37.25));
  CHECK(table.percentile(weight, -5) == 0.0);
  CHECK(table.percentile(weight, 1000) == 100.0);
  CHECK_FALSE(table.percentile(weight, std::numeric_limits<double>::quiet_NaN()));
}

TEST_CASE("a value that many share stands in the middle of them") {
  PercentileTable table;
  std::vector<double> counts(50, 0.0);
  counts.insert(counts.end(), 51, 1.0);
  table.add(weight, counts);
  CHECK(table.percentile(weight, 0) == Approx(24.5));
  CHECK(table.percentile(weight, 1) == Approx(75));
}

TEST_CASE("another version of a method has no percentile, nor has a property that was not counted") {
  PercentileTable table;
  table.add(weight, up_to(10));
  ScoreKind newer = weight;
  newer.version = "2";
  CHECK_FALSE(table.percentile(newer, 3));
  ScoreKind other = weight;
  other.name = "tpsa";
  CHECK_FALSE(table.percentile(other, 3));
  table.add(other, {});
  CHECK(table.size() == 1);
}

TEST_CASE("a table of percentiles survives its file, and a damaged one is refused with its line") {
  const TemporaryFolder folder;
  PercentileTable table;
  table.add(weight, {1.5, 2.5, 1e6 / 3});
  table.write(folder / "knots.csv");
  const auto back = PercentileTable::read(folder / "knots.csv");
  for (const double value : {1.5, 2.0, 2.5, 1000.0, 333333.0})
    CHECK(*back.percentile(weight, value) == Approx(*table.percentile(weight, value)).epsilon(1e-5));
  std::string text = theriac::datasets::read_file(folder / "knots.csv");
  std::ofstream(folder / "cut.csv") << text.substr(0, text.size() - 30);
  CHECK_THROWS_WITH(PercentileTable::read(folder / "cut.csv"), Contains("cut.csv, line 2"));
  std::ofstream(folder / "other.csv") << "a,b\n1,2\n";
  CHECK_THROWS_AS(PercentileTable::read(folder / "other.csv"), theriac::InputError);
}

TEST_CASE("the shipped table knows every cheap property of approved drugs") {
  const auto& drugs = PercentileTable::approved_drugs();
  for (const auto& kind : PropertyScorer::all_kinds()) {
    INFO(kind->name);
    CHECK(drugs.percentile(*kind, 1.0).has_value());
  }
}
