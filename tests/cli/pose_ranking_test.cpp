// Rankings of the same poses, and what the bench of judges reports of them, on poses whose answer is known.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <sstream>

#include "chem/counter_random.hpp"
#include "chem/error.hpp"
#include "cli/pose_bench_report.hpp"
#include "datasets/results_table.hpp"

using Catch::Matchers::Contains;
using namespace theriac;
using namespace theriac::cli;
using scoring::PoseDescriptor;
using scoring::PosePool;

namespace {

/// A search with poses at these distances and energy gaps.
PosePool pool(const std::string& id, const std::string& group, const std::vector<double>& rmsd,
              const std::vector<double>& gaps) {
  PosePool out;
  out.id = id;
  out.group = group;
  out.rmsd = rmsd;
  for (const double gap : gaps) {
    out.poses.emplace_back();
    auto& pose = out.poses.back();
    pose.descriptors.assign(scoring::pose_descriptor_count, 0);
    pose[PoseDescriptor::energy_gap] = pose[PoseDescriptor::scaled_gap] = static_cast<float>(gap);
    pose[PoseDescriptor::vinardo_gap] = static_cast<float>(-gap);  // the other way round
  }
  return out;
}

/// Complexes, two searches each, whose teacher knows the right pose and whose energy prefers a wrong one in
/// every second complex.
std::vector<PosePool> taught_pools(int complexes) {
  std::vector<PosePool> out;
  chem::CounterRandom random(1, "rankings", "test");
  for (int c = 0; c < complexes; ++c)
    for (int search = 1; search <= 2; ++search) {
      PosePool of = pool("c" + std::to_string(c) + (search == 1 ? "" : ".2"), "g" + std::to_string(c / 2),
                         {0.8, 5, 6, 7},
                         c % 2 == 0 ? std::vector<double>{0, 1, 2, 3} : std::vector<double>{1, 0, 2, 3});
      for (std::size_t p = 0; p < 4; ++p) {
        auto& pose = of.poses[p];
        const double bonds = p == 0 ? random.uniform(2, 3) : random.uniform(0, 1.9);
        pose[PoseDescriptor::hydrogen_bonds] = static_cast<float>(bonds);
        pose[PoseDescriptor::heavy_atoms] = 15.0f + static_cast<float>(c % 3) * 10;
        of.teacher.push_back(2 * bonds);
      }
      out.push_back(std::move(of));
    }
  return out;
}

std::vector<std::vector<std::string>> cells_of(const std::string& csv) {
  return datasets::read_csv(csv);
}

double number_of(const std::vector<std::vector<std::string>>& cells, const std::string& ranking,
                 const std::string& subset, const std::string& column) {
  const auto place = static_cast<std::size_t>(std::find(cells.front().begin(), cells.front().end(), column) -
                                              cells.front().begin());
  REQUIRE(place < cells.front().size());
  for (const auto& row : cells)
    if (row[0] == ranking && row[1] == subset)
      return row[place].empty() ? std::nan("") : std::stod(row[place]);
  FAIL("no row " + ranking + ", " + subset);
  return 0;
}

}  // namespace

TEST_CASE("rankings count searches with a near pose among the first") {
  const std::vector<PosePool> pools{pool("a", "1", {1.0, 3.0, 4.0, 1.9}, {0, 1, 2, 3}),
                                    pool("b", "2", {9.0, 2.0, 2.1, 8.0}, {0, 1, 2, 3}),
                                    pool("unlabelled", "3", {}, {0, 1})};
  auto rankings = plain_rankings(pools);
  REQUIRE(rankings.size() == 2);  // no teacher
  rankings.push_back(chance_ranking(pools));
  rankings.push_back(best_ranking(pools));
  const auto rows = compare_rankings(pools, rankings, {{1, 0, 0, 1}, {0, 1, 1, 1}, {}});
  CHECK(rows[0].ligands == 2);
  CHECK(rows[0].top1.value == Approx(50));  // a
  CHECK(rows[0].top3.value == Approx(100));
  CHECK(rows[0].sound.value == Approx(50));
  CHECK(rows[1].top1.value == Approx(50));  // Vinardo turned round: 1.9 and 8.0 first
  CHECK(rows[1].gain.value == Approx(0));
  CHECK(rows[1].sound.value == Approx(100));
  // by chance: 2 of 4 and 1 of 4; three of four: certain, and 3 of 4
  CHECK(rows[2].top1.value == Approx(100 * (0.5 + 0.25) / 2));
  CHECK(rows[2].top3.value == Approx(100 * (1 + 0.75) / 2));
  CHECK(rows[2].top9.value == Approx(100));
  CHECK(rows[2].sound.value == Approx(100 * (0.5 + 0.75) / 2));
  CHECK(rows[2].loss == Approx((scoring::ranking_loss({0, 0, 0, 0}, pools[0].rmsd) +
                                scoring::ranking_loss({0, 0, 0, 0}, pools[1].rmsd)) /
                               2));
  CHECK(rows[3].top1.value == Approx(100));
  CHECK(rows[3].gain.value == Approx(50));
  CHECK(std::isnan(rows[3].loss));
  CHECK(share_found(pools, rankings[0], 2) == Approx(100));
  CHECK(share_found(pools, rankings[2], 1) == Approx(37.5));
}

TEST_CASE("a search that nobody judged or checked stays out of those figures alone") {
  const std::vector<PosePool> pools{pool("a", "1", {1.0, 3.0}, {0, 1}), pool("b", "2", {9.0, 1.0}, {0, 1})};
  auto rankings = plain_rankings(pools);
  rankings.push_back({"a network", {{2.0, 1.0}, {}}});
  const auto rows = compare_rankings(pools, rankings, {{}, {0, 1}});
  CHECK(rows[0].top1.value == Approx(50));
  CHECK(rows[0].sound.value == Approx(0));  // of b alone
  CHECK(rows[2].ligands == 1);
  CHECK(rows[2].top1.value == Approx(100));
  CHECK(rows[2].gain.value == Approx(0));
  CHECK(std::isnan(rows[2].sound.value));
  const std::string table = ranking_table(rows);
  CHECK_THAT(table, Contains("| top-1 beside Vina energy |") && Contains("sound"));
  CHECK_THAT(table, !Contains("nan") && !Contains("added CPU s"));
}

TEST_CASE("the report of judges has each ranking for all ligands and for the hard ones") {
  const auto pools = taught_pools(24);
  std::vector<JudgedSearch> judged(pools.size());
  for (std::size_t p = 0; p < pools.size(); ++p) {
    judged[p].metal = p / 2 % 4 == 0;
    judged[p].rotatable_bonds = p / 2 % 3 == 0 ? 2 : p / 2 % 3 == 1 ? 7 : 8;
    if (p % 2 == 1) continue;  // a second search
    judged[p].sound = {1, 1, 0, 1};
    judged[p].description_seconds = 0.02;
    auto contrary = pools[p].teacher;
    for (auto& said : contrary) said = -said;
    judged[p].networks = {pools[p].teacher, contrary};
    judged[p].network_seconds = {0.25, 1.5};
  }
  const auto report = pose_bench_report(pools, judged, {"fast", "default"}, "1 thread", {{0.03}, 3});
  CHECK_THAT(report.markdown, Contains("48 searches of 24 complexes in 12 groups") && Contains("1 thread") &&
                                  Contains("8 or more: 16") && Contains("metal within 3 Å: 12") &&
                                  !Contains("nan") && !Contains("inf"));
  CHECK_THAT(report.figure, Contains("<svg") && Contains("ours with gnina fast") && Contains("said = right"));
  CHECK_THAT(report.markdown, Contains("Expected calibration error") && Contains(" ours 0.") &&
                                  Contains(", gnina default 0."));
  const auto cells = cells_of(report.table);
  CHECK(cells.front().size() == 20);
  CHECK(number_of(cells, "Vina energy", "all", "top1") == Approx(50));
  CHECK(number_of(cells, "Vina energy", "all", "top3") == Approx(100));
  CHECK(number_of(cells, "Vina energy", "all", "sound") == Approx(100));
  // the network that is the teacher is known of all searches, the other of the first ones
  CHECK(number_of(cells, "gnina `fast`", "all", "searches") == 48);
  CHECK(number_of(cells, "gnina `fast`", "all", "top1") == Approx(100));
  CHECK(number_of(cells, "gnina `fast`", "all", "gain") == Approx(50));
  CHECK(number_of(cells, "gnina `default`", "all", "searches") == 24);
  CHECK(number_of(cells, "gnina `default`", "all", "top1") == Approx(0));
  CHECK(number_of(cells, "gnina `default`", "all", "added_cpu_s") == Approx(1.5));
  CHECK(number_of(cells, "ours with gnina `default`", "all", "added_cpu_s") == Approx(1.52));
  // ours learned what the teacher looks at; joined with a network that is always wrong it is turned round
  CHECK(number_of(cells, "ours, relatives held out", "all", "top1") > 90);
  CHECK(number_of(cells, "ours with gnina `fast`", "all", "top1") > 90);
  CHECK(number_of(cells, "ours with gnina `default`", "all", "top1") > 90);
  CHECK(number_of(cells, "random order", "all", "top1") == Approx(25));
  CHECK(number_of(cells, "best possible", "all", "top1") == Approx(100));
  // subsets
  CHECK(number_of(cells, "Vina energy", "first search", "searches") == 24);
  CHECK(number_of(cells, "Vina energy", "0 to 4 rotatable bonds", "searches") == 16);
  CHECK(number_of(cells, "Vina energy", "21 to 30", "searches") == 16);
  CHECK(number_of(cells, "Vina energy", "metal within 3 Å", "top1") == Approx(100));
  CHECK(number_of(cells, "Vina energy", "no metal", "searches") == 36);
  REQUIRE(report.rows.size() == 9);
  CHECK(report.rows[0]["ranking"] == "Vina energy");
  CHECK_FALSE(report.rows[8].contains("log_loss"));  // best possible
  const auto again = pose_bench_report(pools, judged, {"fast", "default"}, "1 thread", {{0.03}, 3});
  CHECK(again.markdown == report.markdown);
  CHECK(again.table == report.table);
}
