// theriac dock as its users meet it: poses ordered by probability, with the scorer that ships.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "datasets/gzip.hpp"
#include "datasets/results_table.hpp"
#include "tests/cli/result_rows.hpp"
#include "tests/cli/transcript.hpp"

using Catch::Matchers::Contains;
using theriac::datasets::read_file;

namespace {

const std::string site = "dock -r '" THERIAC_TEST_DATA
                         "/zinc_site.pdbqt' --center_x 11 --center_y 11.5 --center_z 13"
                         " --size_x 18 --size_y 18 --size_z 18 --exhaustiveness 0.5 ";

}  // namespace

TEST_CASE("dock by probability orders poses by it and says why") {
  const TemporaryFolder folder;
  std::ofstream(folder / "one.smi") << "NS(=O)(=O)c1ccc(CCN)cc1 probe\n";
  const auto dock = [&](const std::string& more) {
    return run_theriac(site + "-l one.smi " + more, folder, "");
  };
  const auto run = dock("--num_modes 6 --cpu 1 -o first.sdf");
  INFO(run.err);
  REQUIRE(run.exit_code == 0);
  CHECK_THAT(run.err, Contains("judge     pose-scorer"));
  const std::string sdf = read_file(folder / "first.sdf");
  const auto probabilities = sdf_tags(sdf, "probability");
  REQUIRE(probabilities.size() == 6);
  CHECK(std::is_sorted(probabilities.rbegin(), probabilities.rend()));
  CHECK(probabilities.front() > probabilities.back());
  CHECK(probabilities.front() <= 1);
  CHECK(probabilities.back() >= 0);

  REQUIRE(dock("--rank_by probability --num_modes 6 --cpu 2 -o second.sdf -q").exit_code == 0);
  CHECK(read_file(folder / "second.sdf") == sdf);  // whatever the threads
  CHECK_THAT(sdf, Contains(">  <reasons>"));
  CHECK_THAT(sdf, Contains("docking energy +") || Contains("docking energy -"));
  CHECK_THAT(sdf, Contains(" of Glu") || Contains(" of His") || Contains(" of Asp") || Contains(" of Thr"));
  CHECK_THAT(run.out, Contains("probe: "));  // below the table
  REQUIRE(dock("-o table.csv -q").exit_code == 0);
  CHECK_THAT(read_file(folder / "table.csv"),
             Contains(",probability,reasons,pose_affinity,pose_affinity_size_corrected,"));
  REQUIRE(dock("--rank_by energy -o energy.csv -q").exit_code == 0);
  CHECK_THAT(read_file(folder / "energy.csv"), !Contains("probability"));
}

TEST_CASE("where the learned scorer does not apply poses are ordered by energy and a line says why") {
  const TemporaryFolder folder;
  std::ofstream(folder / "one.smi") << "NS(=O)(=O)c1ccc(CCN)cc1 probe\n";
  const auto dock = [&](const std::string& more, const std::string& environment = "") {
    return run_theriac(site + "-l one.smi --num_modes 6 " + more, folder, environment);
  };
  const auto in_order_of_energy = [&](const char* file) {
    const auto energies = sdf_tags(read_file(folder / file), "docking_score");
    return energies.size() > 1 && std::is_sorted(energies.begin(), energies.end());
  };
  const auto vinardo = dock("--scoring vinardo -o vinardo.sdf");
  INFO(vinardo.err);
  REQUIRE(vinardo.exit_code == 0);
  CHECK_THAT(vinardo.err, Contains("poses are ordered by energy: the learned scorer was"));
  CHECK(in_order_of_energy("vinardo.sdf"));
  CHECK_THAT(read_file(folder / "vinardo.sdf"), !Contains("<probability>"));
  // asked for by name it judges all the same, and to ask for energy needs no excuse
  CHECK_THAT(dock("--scoring vinardo --rank_by probability -o asked.sdf").err,
             Contains("judge     pose-scorer"));
  CHECK_THAT(dock("--scoring vinardo --rank_by energy -o plain.sdf").err, !Contains("learned scorer"));

  // an installation without the models
  std::filesystem::create_directories(folder / "data");
  for (const auto& entry : std::filesystem::directory_iterator(THERIAC_DATA_FOLDER))
    if (entry.path().filename() != "models")
      std::filesystem::create_symlink(entry.path(), folder / ("data/" + entry.path().filename().string()));
  const std::string bare = "THERIAC_DATA='" + (folder / "data") + "'";
  const auto without = dock("-o without.sdf", bare);
  INFO(without.err);
  REQUIRE(without.exit_code == 0);
  CHECK_THAT(without.err, Contains("poses are ordered by energy") && Contains("not here"));
  CHECK(in_order_of_energy("without.sdf"));
  CHECK(dock("--rank_by probability -o refused.sdf", bare).exit_code == 3);
}

TEST_CASE("dock by probability refuses what is no pose scorer") {
  const TemporaryFolder folder;
  std::ofstream(folder / "one.smi") << "NS(=O)(=O)c1ccc(CCN)cc1 probe\n";
  std::ofstream(folder / "broken.safetensors") << "not such a file";
  const std::string start = site + "-l one.smi --rank_by probability -o out.sdf --pose_scorer ";
  CHECK(run_theriac(start + "broken.safetensors", folder, "").exit_code == 6);
  CHECK(run_theriac(start + "nowhere.safetensors", folder, "").exit_code == 3);
  const auto other = run_theriac(start + "peptides", folder, "");
  CHECK(other.exit_code == 6);
  CHECK_THAT(other.err, Contains("no pose scorer"));
}

TEST_CASE("a run folder judged by one scorer is not continued with another of the same name") {
  const TemporaryFolder folder;
  std::ofstream(folder / "one.smi") << "NS(=O)(=O)c1ccc(CCN)cc1 probe\n";
  std::string scorer = read_file(THERIAC_MODELS_FOLDER "/pose-scorer.safetensors");
  std::ofstream(folder / "own.safetensors", std::ios::binary) << scorer;
  const std::string line = site + "-l one.smi --rank_by probability --pose_scorer own.safetensors -o run";
  REQUIRE(run_theriac(line, folder, "").exit_code == 0);
  CHECK_THAT(run_theriac(line, folder, "").err, Contains("nothing to do"));
  scorer[scorer.size() - 20] = static_cast<char>(scorer[scorer.size() - 20] ^ 1);  // one bit of a weight
  std::ofstream(folder / "own.safetensors", std::ios::binary) << scorer;
  const auto other = run_theriac(line, folder, "");
  CHECK(other.exit_code == 2);
  CHECK_THAT(other.err, Contains("pose scorer own.safetensors"));
}

TEST_CASE("training a pose scorer asks for its teacher and its file") {
  const TemporaryFolder folder;
  CHECK(run_theriac("train pose-scorer --data . -o scorer", folder, "").exit_code == 2);
  CHECK(run_theriac("train pose-scorer --data . -o scorer.safetensors", folder, "").exit_code == 2);
}

TEST_CASE("the bench of judges asks for the poses that training keeps") {
  const TemporaryFolder folder;
  const auto without = run_theriac("bench poses --data .", folder, "");
  CHECK(without.exit_code == 2);
  CHECK_THAT(without.err, Contains("--poses"));
  const auto empty = run_theriac("bench poses --data '" THERIAC_TEST_DATA "' --poses .", folder, "");
  CHECK(empty.exit_code == 3);
}
