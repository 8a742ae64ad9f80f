#include "scoring/property_scorer.hpp"

#include <tbb/task_arena.h>

#include <catch2/catch.hpp>
#include <set>

using namespace theriac::scoring;
using theriac::chem::Molecule;

namespace {

std::vector<Molecule> some_molecules() {
  std::vector<Molecule> out;
  for (const char* smiles :
       {"CC(=O)Oc1ccccc1C(=O)O", "CN1C=NC2=C1C(=O)N(C(=O)N2C)C", "O=C1C=CC(=O)c2ccccc12", "OB(O)c1ccccc1",
        "O=C1NC(=S)SC1=Cc1ccccc1", "CCO", "C1CCCCCCCCCCC1", "C[N+](C)(C)CC(=O)[O-]"})
    out.push_back(Molecule::from_smiles(smiles));
  return out;
}

}  // namespace

TEST_CASE("every row holds the announced scores in order") {
  const PropertyScorer scorer;
  std::set<std::string> names;
  for (const auto& kind : scorer.kinds()) {
    CHECK(names.insert(kind->name).second);
    CHECK_FALSE(kind->method.empty());
    CHECK_FALSE(kind->version.empty());
  }
  for (const auto& row : scorer.score(some_molecules())) {
    REQUIRE(row.message.empty());
    REQUIRE(row.scores.size() == scorer.kinds().size());
    for (std::size_t i = 0; i < row.scores.size(); ++i) {
      CHECK(row.scores[i].kind == scorer.kinds()[i]);
      CHECK((row.scores[i].low <= row.scores[i].value && row.scores[i].value <= row.scores[i].high));
    }
  }
}

TEST_CASE("alerts are counted and named") {
  const auto rows = PropertyScorer().score(some_molecules());
  CHECK(rows[2].find("pains")->value >= 1);
  CHECK_THAT(rows[2].find("pains")->detail, Catch::Matchers::Contains("quinone"));
  CHECK(rows[5].find("pains")->value == 0);
  CHECK(rows[5].find("pains")->detail.empty());
  CHECK(rows[5].find("no such score") == nullptr);
}

TEST_CASE("log P of a boronic acid is outside Crippen's domain") {
  const auto rows = PropertyScorer().score(some_molecules());
  CHECK(rows[0].find("clogp")->domain == Domain::in);
  CHECK(rows[3].find("clogp")->domain == Domain::out);
  CHECK(rows[3].find("qed")->domain == Domain::out);
  CHECK(rows[0].find("clogp")->high - rows[0].find("clogp")->low == Approx(2 * 1.96 * 0.677));
}

TEST_CASE("one thread and two give the same rows") {
  std::vector<Molecule> molecules;
  for (int copy = 0; copy < 20; ++copy)
    for (const auto& m : some_molecules()) molecules.push_back(m);
  const PropertyScorer scorer;
  std::vector<ScoreRow> one, two;
  tbb::task_arena(1).execute([&] { one = scorer.score(molecules); });
  tbb::task_arena(2).execute([&] { two = scorer.score(molecules); });
  for (std::size_t i = 0; i < molecules.size(); ++i)
    for (std::size_t k = 0; k < scorer.kinds().size(); ++k) {
      REQUIRE(one[i].scores[k].value == two[i].scores[k].value);
      REQUIRE(one[i].scores[k].detail == two[i].scores[k].detail);
      REQUIRE(one[i].scores[k].value == one[i % 8].scores[k].value);
    }
}

TEST_CASE("directions and domains are written as words") {
  CHECK(to_text(Direction::higher_is_better) == std::string("higher"));
  CHECK(to_text(Direction::lower_is_better) == std::string("lower"));
  CHECK(to_text(Direction::neutral) == std::string("neutral"));
  CHECK(to_text(Domain::in) == std::string("in"));
  CHECK(to_text(Domain::edge) == std::string("edge"));
  CHECK(to_text(Domain::out) == std::string("out"));
}
