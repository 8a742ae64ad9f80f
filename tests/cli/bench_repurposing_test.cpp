#include "cli/bench_repurposing.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "chem/data_file.hpp"
#include "chem/text_file.hpp"
#include "cli/bench_disease_areas.hpp"
#include "cli/bench_proximity.hpp"
#include "tests/cli/transcript.hpp"
#include "tests/datasets/temporary_folder.hpp"

using namespace theriac::cli;

TEST_CASE("recall among the first 50 shares the places of ties") {
  std::vector<double> scores(100), known(100, 0.0);
  for (std::size_t i = 0; i < 100; ++i) scores[i] = 100.0 - static_cast<double>(i);
  known[0] = known[49] = known[50] = known[99] = 1;
  CHECK(ranking_figures(scores, known).recall_50 == Approx(0.5));
  // ranks 1 to 40 differ, all others tie for the ten places left: a sixth of the known ones among them count
  for (std::size_t i = 40; i < 100; ++i) scores[i] = 0;
  CHECK(ranking_figures(scores, known).recall_50 == Approx((1 + 3.0 * 10 / 60) / 4));
  CHECK(ranking_figures(std::vector<double>(100, 1.0), known).recall_50 == Approx(0.5));
  CHECK(ranking_figures(std::vector<double>(100, 1.0), known).auroc == Approx(0.5));
  CHECK(ranking_figures(scores, known).recall_100 == 1);
  CHECK(std::isnan(ranking_figures(scores, std::vector<double>(100, 0.0)).recall_50));
}

TEST_CASE("figures of a method are means over diseases") {
  const std::vector<std::vector<double>> known = {{1, 0, 0}, {0, 1, 0}};
  const auto figures = method_figures("some", {{3, 2, 1}, {3, 2, 1}}, known);
  CHECK(figures.auroc.value == Approx((1 + 0.5) / 2));
  CHECK(figures.average_precision.value == Approx((1 + 0.5) / 2));
  CHECK(figures.auroc.low <= figures.auroc.value);
  CHECK(figures.auroc.high >= figures.auroc.value);
}

TEST_CASE("probabilities that know more than the prevalence have the better Brier score") {
  std::vector<std::vector<double>> logits, known;
  for (int d = 0; d < 6; ++d) {
    logits.emplace_back();
    known.emplace_back();
    for (int c = 0; c < 200; ++c) {
      logits.back().push_back(c);
      known.back().push_back(c >= 180 && c % 2 == d % 2 ? 1 : 0);
    }
  }
  const auto figures = calibration_figures(logits, known);
  CHECK(figures.brier_prevalence == Approx(0.05 * 0.95).epsilon(1e-9));
  CHECK(figures.brier < 0.7 * figures.brier_prevalence);
  std::size_t pairs = 0, found = 0;
  for (const auto& bin : figures.bins) {
    pairs += bin.pairs;
    found += bin.known;
    CHECK(bin.probability == Approx(bin.share).margin(0.05));
  }
  const std::string figure = calibration_figure(figures);
  CHECK(figure.find("<svg") != std::string::npos);
  std::size_t shown = 0;  // bins of which nothing is known have no place on a logarithmic axis
  for (const auto& bin : figures.bins) shown += bin.known > 0;
  std::size_t dots = 0;
  for (auto at = figure.find("pairs known,"); at != std::string::npos;
       at = figure.find("pairs known,", at + 1))
    ++dots;
  CHECK(dots == shown);
  CHECK(pairs == 1200);
  CHECK(found == 60);
}

TEST_CASE("drugs that bind genes of the disease are closer than those that bind far away") {
  theriac::repurpose::GraphTables graph;
  graph.drugs = 3;
  graph.targets = 60;
  graph.diseases = 1;
  std::vector<theriac::repurpose::Link> chain;
  for (std::uint32_t i = 0; i + 1 < 60; ++i) chain.push_back({i, i + 1});
  graph.interacts = theriac::repurpose::Bipartite::symmetric(60, chain);
  graph.binds = theriac::repurpose::Bipartite(3, 60, {{0, 5}, {1, 50}});
  graph.associated = theriac::repurpose::Bipartite(1, 60, {{0, 4}, {0, 5}});
  graph.complete();
  const auto scores = proximity_scores(graph, {0}, {0, 1, 2});
  CHECK(scores.at(0).at(0) > 0.5);
  CHECK(scores.at(0).at(1) < 0);
  CHECK(scores.at(0).at(2) == 0);  // binds nothing
}

TEST_CASE("balanced precision is one for a perfect ranking and about a half for a blind one") {
  DrugRows known(8, std::vector<double>(300, 0.0));
  for (auto& row : known)
    for (std::size_t c = 0; c < 300; c += 6) row[c] = 1;
  CHECK(balanced_precision(known, known, 1).value == 1);
  CHECK(balanced_precision(DrugRows(8, std::vector<double>(300, 1.0)), known, 1).value == Approx(0.5));
  DrugRows worst = known;
  for (auto& row : worst)
    for (std::size_t c = 0; c < row.size(); ++c) row[c] *= -1.0 - static_cast<double>(c);
  CHECK(balanced_precision(worst, known, 1).value < 0.4);
  CHECK(balanced_precision(known, known, 2).high == 1);
}

TEST_CASE("areas of medicine are found by MONDO id, whole areas are left out together") {
  const TemporaryFolder folder;
  std::string drugs;  // some of the store's, for speed
  for (int id = 500; id < 1300; ++id) drugs += (id < 1000 ? "DB00" : "DB0") + std::to_string(id) + "\n";
  theriac::chem::write_text_file(folder / "drugs.txt", drugs);
  const auto table = [&](const std::string& rows) {
    theriac::chem::write_text_file(folder / "areas.tsv", "split\tmondo_id\tdisease\n" + rows);
    return std::string("bench repurposing --areas areas.tsv --drugs drugs.txt -o areas --store '") +
           theriac::chem::data_file("store/starter.h5") + "'";
  };
  const auto bad = run_theriac(table("heart\tMONDO:x\tnone\n"), folder);
  CHECK(bad.exit_code == 3);
  CHECK_THAT(bad.err, Catch::Contains("areas.tsv, line 2: 'MONDO:x' is no MONDO id"));
  CHECK(run_theriac(table("heart\t999999998\tnone\n"), folder).exit_code == 3);
  CHECK_THAT(run_theriac("bench repurposing --store x.h5 --hidden_links 0.5", folder).err,
             Catch::Contains("--areas"));

  // rheumatoid arthritis, psoriasis and one that the store does not have; asthma
  const auto areas = table(
      "auto_immune\t8383.0\tra\nauto_immune\tMONDO:0005083\tpso\nauto_immune\t999999998\tno\n"
      "lung\t4979\tasthma\n");
  const auto run = run_theriac(areas + " --hidden_links 0.5", folder);
  REQUIRE(run.exit_code == 0);
  CHECK_THAT(run.out, Catch::Contains("## auto immune") &&
                          Catch::Contains("3 diseases listed, 2 in the store, 2 judged") &&
                          Catch::Contains("## all areas") && Catch::Contains("sum of six path counts") &&
                          Catch::Contains("50 % of the other links"));
  const std::string figures = theriac::datasets::read_file(folder / "areas/areas.csv");
  CHECK_THAT(figures, Catch::Contains("auto immune,learned,2,0."));
}

TEST_CASE("benchmark and training of repurposing say what they need") {
  const TemporaryFolder folder;
  for (const std::string command : {"bench repurposing", "train repurposing"}) {
    const auto without = run_theriac(command, folder);
    CHECK(without.exit_code == 2);
    CHECK_THAT(without.err, Catch::Contains("needs a store") && Catch::Contains("--store full.h5"));
    CHECK(run_theriac(command + " --store nowhere.h5 -o x", folder).exit_code == 3);
  }
}
