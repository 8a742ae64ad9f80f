// Campaigns whose final docking is judged, handed out as tasks: the bytes of the local run, and no other
// judge under the same name.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "datasets/results_table.hpp"
#include "tests/cli/result_rows.hpp"
#include "tests/cli/small_campaign.hpp"
#include "tests/cli/transcript.hpp"
#include "tests/scoring/random_gnina_network.hpp"

using Catch::Matchers::Contains;
using namespace theriac::scoring;
using theriac::datasets::read_csv;
using theriac::datasets::read_file;

namespace {

namespace fs = std::filesystem;

void write_judged_campaign(const TemporaryFolder& folder, const std::string& final_docking) {
  write_campaign(folder, "small.toml", "", "proposer = \"screened-evolution\"\n");
  std::string text = read_file(folder / "small.toml");
  const auto put = [&](const std::string& before, const std::string& now) {
    text.replace(text.find(before), before.size(), now);
  };
  put("rounds = 2", "rounds = 1");
  put("final = \"none\"", "final = \"balanced\"\nfinal_top = 2\n" + final_docking);
  std::ofstream(folder / "small.toml") << text;
}

/// Runs the campaign here and handed out; `other` is an environment with another judge of the same name.
void require_same_judge_elsewhere(const TemporaryFolder& folder, const std::string& environment,
                                  const std::string& other, const std::string& judge) {
  const auto theriac = [&](const std::string& words) { return run_theriac(words, folder, environment); };
  const auto local = theriac("campaign small.toml -o local");
  INFO(local.err);
  REQUIRE(local.exit_code == 0);
  for (int round = 0; round < 2; ++round) {
    REQUIRE(theriac("campaign small.toml --hand_out --tasks 2").exit_code == 75);
    REQUIRE(theriac("campaign dock run/tasks/round-00" + std::to_string(round)).exit_code == 0);
  }
  REQUIRE(theriac("campaign small.toml --hand_out --tasks 2").exit_code == 75);
  const auto task = run_theriac("campaign dock run/tasks/final --task 1", folder, other);
  CHECK(task.exit_code == 6);
  CHECK_THAT(task.err,
             Contains("the " + judge + " was changed after the final docking was handed out (sha256 ") &&
                 Contains("bring back the models that the campaign began with"));
  CHECK_FALSE(fs::exists(folder / "run/tasks/final/task-00001.rows"));
  const auto coordinator = run_theriac("campaign small.toml --hand_out", folder, other);
  CHECK(coordinator.exit_code == 2);
  CHECK_THAT(coordinator.err, Contains("holds another run: " + judge + " was "));

  REQUIRE(theriac("campaign dock run/tasks/final").exit_code == 0);
  const auto last = theriac("campaign small.toml --hand_out");
  INFO(last.err);
  REQUIRE(last.exit_code == 0);
  for (const char* file :
       {"results.csv", "results.h5", "poses.sdf.gz", "report.html", "run.toml", "summary.json"}) {
    INFO(file);
    CHECK(read_file(folder / (std::string("local/") + file)) ==
          read_file(folder / (std::string("run/") + file)));
  }
  int judged = 0;
  const auto rows = read_csv(read_file(folder / "run/results.csv"));
  for (std::size_t row = 1; row < rows.size(); ++row)
    judged += !result_cell(rows, row, "probability").empty();
  CHECK(judged == 2);
}

}  // namespace

TEST_CASE("a final docking judged by the learned scorer is handed out with that scorer and no other") {
  const TemporaryFolder folder;
  write_judged_campaign(folder, "final_rank_by = \"probability\"");
  // the data that ship, with a pose scorer of their own
  for (const char* copy : {"good", "other"}) {
    fs::create_directories(folder / (std::string(copy) + "/models"));
    for (const auto& entry : fs::directory_iterator(fs::path(THERIAC_MODELS_FOLDER).parent_path()))
      if (entry.path().filename() != "models")
        fs::create_symlink(entry.path(),
                           folder / (std::string(copy) + "/" + entry.path().filename().string()));
    std::string scorer = read_file(THERIAC_MODELS_FOLDER "/pose-scorer.safetensors");
    if (copy == std::string("other"))
      scorer[scorer.size() - 20] = static_cast<char>(scorer[scorer.size() - 20] ^ 1);  // one bit of a weight
    std::ofstream(folder / (std::string(copy) + "/models/pose-scorer.safetensors"), std::ios::binary)
        << scorer;
  }
  require_same_judge_elsewhere(folder, "THERIAC_DATA='" + (folder / "good") + "'",
                               "THERIAC_DATA='" + (folder / "other") + "'", "pose scorer pose-scorer");
}

TEST_CASE("a final docking judged by networks is handed out with these networks and no others") {
  const TemporaryFolder folder;
  write_judged_campaign(folder, "final_rank_by = \"cnn\"\ncnn = \"judge\"");
  for (const auto& [place, seed] : {std::pair{"good", 11}, std::pair{"other", 99}}) {
    auto weights = random_gnina_weights(GninaArchitecture::default2018, seed);
    weights.name = "judge";
    fs::create_directories(folder / (std::string(place) + "/gnina"));
    write_gnina_weights(weights, folder / (std::string(place) + "/gnina/judge.safetensors"));
  }
  require_same_judge_elsewhere(folder, "THERIAC_MODELS='" + (folder / "good") + "'",
                               "THERIAC_MODELS='" + (folder / "other") + "'", "gnina network judge");
}

TEST_CASE("networks named by a file beside the campaign file are found by its tasks and by run.toml") {
  const TemporaryFolder folder;
  fs::create_directories(folder / "project/models");
  write_judged_campaign(folder, "final_rank_by = \"cnn\"\ncnn = \"models/judge.safetensors\"");
  fs::rename(folder / "small.toml", folder / "project/small.toml");
  fs::rename(folder / "start.smi", folder / "project/start.smi");
  auto weights = random_gnina_weights(GninaArchitecture::default2018, 11);
  weights.name = "judge";
  write_gnina_weights(weights, folder / "project/models/judge.safetensors");
  REQUIRE(run_theriac("campaign project/small.toml --hand_out --tasks 1", folder).exit_code == 75);
  CHECK_THAT(read_file(folder / "run/tasks/campaign.toml"),
             Contains("cnn = \"../../project/models/judge.safetensors\""));
  REQUIRE(run_theriac("campaign dock run/tasks/round-000", folder).exit_code == 0);
  const auto local = run_theriac("campaign project/small.toml", folder);
  INFO(local.err);
  REQUIRE(local.exit_code == 0);
  CHECK_THAT(read_file(folder / "run/run.toml"), Contains("cnn = \"../project/models/judge.safetensors\""));
  CHECK(run_theriac("campaign run/run.toml --dry-run -o again", folder).exit_code == 0);
}
