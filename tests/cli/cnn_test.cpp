// theriac model import gnina and theriac dock --cnn as their users meet them, with networks of random
// weights.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "datasets/gzip.hpp"
#include "datasets/results_table.hpp"
#include "tests/cli/result_rows.hpp"
#include "tests/cli/transcript.hpp"
#include "tests/scoring/random_gnina_network.hpp"
#include "tests/scoring/torch_script_file.hpp"

using Catch::Matchers::Contains;
using namespace theriac::scoring;
using theriac::datasets::read_csv;
using theriac::datasets::read_file;

namespace {

const std::string site = " -r '" THERIAC_TEST_DATA
                         "/zinc_site.pdbqt' --center_x 11 --center_y 11.5 --center_z 13"
                         " --size_x 18 --size_y 18 --size_z 18 --exhaustiveness 0.5 ";

/// A folder with two models, the second as TorchScript, imported into `models`.
const TemporaryFolder& imported() {
  static const TemporaryFolder folder;
  static const bool done = [] {
    std::filesystem::create_directories(folder / "public");
    auto first = random_gnina_weights(GninaArchitecture::default2018, 11);
    first.name = "pair_one";
    write_gnina_weights(first, folder / "public/pair_one.safetensors");
    std::ofstream(folder / "public/pair_two.pt", std::ios::binary)
        << torch_script_of(random_gnina_weights(GninaArchitecture::dense, 12));
    std::ofstream(folder / "public/broken.pt", std::ios::binary) << "PK\x03\x04 and no more";
    std::ofstream(folder / "public/notes.txt") << "not looked at";
    return true;
  }();
  REQUIRE(done);
  return folder;
}

std::string own(const TemporaryFolder& folder) {
  return "THERIAC_MODELS='" + (folder / "models") + "'";
}

std::vector<double> column(const std::string& csv, const std::string& name) {
  const auto table = read_csv(csv);
  const auto at = std::find(table[0].begin(), table[0].end(), name) - table[0].begin();
  REQUIRE(at < static_cast<std::ptrdiff_t>(table[0].size()));
  std::vector<double> out;
  for (std::size_t i = 1; i < table.size(); ++i)
    out.push_back(std::stod(table[i][static_cast<std::size_t>(at)]));
  return out;
}

}  // namespace

TEST_CASE("gnina's models are imported with source and licence and then listed") {
  const auto& folder = imported();
  const auto import = run_theriac("model import gnina public", folder, own(folder));
  INFO(import.err);
  REQUIRE(import.exit_code == 0);
  CHECK_THAT(import.out, Contains("pair_one") && Contains("pair_two") && Contains("not known"));
  CHECK_THAT(import.err, Contains("broken.pt"));
  CHECK(std::filesystem::exists(folder / "models/gnina/pair_two.safetensors"));
  CHECK_THAT(run_theriac("model list", folder, own(folder)).out,
             Contains("pair_one") && Contains("gnina pose network"));
  const auto info = nlohmann::json::parse(run_theriac("model info pair_two --json", folder, own(folder)).out);
  CHECK(info["models"][0]["kind"] == "gnina pose network");
  CHECK(info["models"][0]["imported_file"] == "pair_two.pt");
  CHECK(info["models"][0]["imported_sha256"].get<std::string>().size() == 64);

  CHECK(run_theriac("model import gnina public/broken.pt", folder, own(folder)).exit_code == 3);
  std::filesystem::create_directories(folder / "empty");
  CHECK(run_theriac("model import gnina empty", folder, own(folder)).exit_code == 6);
  CHECK(run_theriac("model import gnina nowhere", folder, own(folder)).exit_code == 3);
  CHECK(run_theriac("model import gnina", folder, own(folder)).exit_code == 2);
  CHECK(run_theriac("model import other public", folder, own(folder)).exit_code == 2);
}

TEST_CASE("the probability with networks is that of both judges") {
  const auto& folder = imported();
  REQUIRE(run_theriac("model import gnina public -q", folder, own(folder)).exit_code == 0);
  std::ofstream(folder / "one.smi") << "NS(=O)(=O)c1ccc(CCN)cc1 probe\n";
  const auto dock = [&](const std::string& more) {
    return run_theriac("dock" + site + "-l one.smi --num_modes 40 " + more, folder, own(folder));
  };
  REQUIRE(dock("-o ours.csv").exit_code == 0);
  const auto both_judges = dock("--cnn pair_one -o both.csv");
  REQUIRE(both_judges.exit_code == 0);
  CHECK_THAT(both_judges.err, Contains("part of that probability"));
  const auto ours = read_file(folder / "ours.csv"), both = read_file(folder / "both.csv");
  const auto alone = column(ours, "probability"), together = column(both, "probability");
  const auto scores = column(both, "cnn_score");
  REQUIRE(alone.size() == together.size());
  CHECK(scores.size() == together.size());
  CHECK(std::is_sorted(together.rbegin(), together.rend()));
  CHECK(alone != together);
}

TEST_CASE("dock with networks orders poses by their score and writes what they say") {
  const auto& folder = imported();
  REQUIRE(run_theriac("model import gnina public -q", folder, own(folder)).exit_code == 0);
  std::ofstream(folder / "one.smi") << "NS(=O)(=O)c1ccc(CCN)cc1 probe\n";
  const auto dock = [&](const std::string& more) {
    return run_theriac("dock" + site + more, folder, own(folder));
  };

  const auto run = dock("-l one.smi --cnn pair_ensemble --rank_by cnn --num_modes 5 --cpu 1 -o run");
  INFO(run.err);
  REQUIRE(run.exit_code == 0);
  CHECK_THAT(run.err, Contains("pair_one (") && Contains("ordered by their score"));
  const auto sdf = theriac::datasets::gunzip(read_file(folder / "run/poses.sdf.gz"));
  const auto scores = sdf_tags(sdf, "CNNscore"), affinities = sdf_tags(sdf, "CNNaffinity");
  REQUIRE(scores.size() >= 2);
  CHECK(scores.size() <= 5);
  CHECK(std::is_sorted(scores.rbegin(), scores.rend()));
  CHECK(sdf_tags(sdf, "CNN_VS")[0] == Approx(scores[0] * affinities[0]).margin(2e-3));
  CHECK(sdf_tags(sdf, "CNNaffinity_variance")[0] >= 0);
  const std::string csv = read_file(folder / "run/results.csv");
  CHECK(column(csv, "cnn_score")[0] == Approx(scores[0]).margin(1e-4));
  CHECK(column(csv, "cnn_affinity")[0] == Approx(affinities[0]).margin(1e-3));
  CHECK(column(csv, "cnn_spread")[0] > 0);
  CHECK_THAT(read_file(folder / "run/report.html"), Contains("CNN score"));

  // the same bytes again, and energy first when asked
  REQUIRE(dock("-l one.smi --cnn pair_ensemble --rank_by cnn --num_modes 5 --cpu 2 -o again -q").exit_code ==
          0);
  CHECK(read_file(folder / "again/results.csv") == csv);
  REQUIRE(dock("-l one.smi --cnn pair_ensemble --rank_by energy --num_modes 5 -o energy.sdf -q").exit_code ==
          0);
  const auto energies = sdf_tags(read_file(folder / "energy.sdf"), "docking_score");
  CHECK(std::is_sorted(energies.begin(), energies.end()));

  // the user's own poses: judged as they stand, from the same numbers
  std::ofstream(folder / "pose.sdf") << sdf.substr(0, sdf.find("$$$$") + 5);
  REQUIRE(dock("-l pose.sdf --as_drawn --score_only --cnn pair_ensemble -q -o s.csv").exit_code == 0);
  CHECK(column(read_file(folder / "s.csv"), "cnn_score")[0] == Approx(scores[0]).margin(2e-3));
  CHECK(dock("-l pose.sdf --minimize --cnn public/pair_two.pt -q -o m.sdf").exit_code == 0);
  CHECK(sdf_tags(read_file(folder / "m.sdf"), "CNNaffinity_variance")[0] == 0);
}

TEST_CASE("networks that are not here and devices that are not there say what can be done") {
  const auto& folder = imported();
  REQUIRE(run_theriac("model import gnina public -q", folder, own(folder)).exit_code == 0);
  std::ofstream(folder / "two.smi") << "CCO ethanol\n";
  const auto dock = [&](const std::string& more) {
    return run_theriac("dock" + site + "-l two.smi --overwrite -o x.csv " + more, folder, own(folder));
  };
  const auto missing = dock("--cnn default");
  CHECK(missing.exit_code == 6);
  CHECK_THAT(missing.err,
             Contains("'dense_1_3', 'dense_1_3_PT_KD_3', 'crossdock_default2018_KD_4' are not in") &&
                 Contains("theriac model import gnina FOLDER"));
  const auto typo = dock("--cnn pair_on");
  CHECK(typo.exit_code == 6);
  CHECK_THAT(typo.err, Contains("did you mean 'pair_one'?"));
  CHECK(dock("--cnn public/broken.pt").exit_code == 3);
  CHECK(dock("--cnn nowhere.pt").exit_code == 3);
  CHECK(dock("--rank_by cnn").exit_code == 2);
  CHECK(dock("--cnn pair_one --cnn_device quantum").exit_code == 2);
  const auto gpu = dock("--cnn pair_one --cnn_device cuda:9");
  CHECK(gpu.exit_code == 7);
  CHECK_THAT(gpu.err, Contains("cuda:9"));
}

TEST_CASE(
    "a screen is judged like a docking run and refuses networks that were changed since it was planned") {
  const auto& folder = imported();
  REQUIRE(run_theriac("model import gnina public -q", folder, own(folder)).exit_code == 0);
  std::ofstream(folder / "library.smi") << "NS(=O)(=O)c1ccc(CCN)cc1 probe\nCC(=O)Nc1ccc(O)cc1 paracetamol\n";
  // a receptor without polar hydrogens: donors that the networks cannot see
  std::istringstream full(read_file(THERIAC_TEST_DATA "/zinc_site.pdbqt"));
  std::ofstream bare(folder / "bare.pdbqt");
  for (std::string line; std::getline(full, line);)
    if (line.size() < 79 || line.compare(77, 2, "HD") != 0) bare << line << '\n';
  bare.close();
  const std::string box = site.substr(site.find(" --center_x"));
  const auto theriac = [&](const std::string& more) { return run_theriac(more, folder, own(folder)); };
  const std::string how = " -r bare.pdbqt" + box + "--num_modes 2 --cnn pair_one --rank_by cnn ";

  const auto whole = theriac("dock -l library.smi -o cnn_whole" + how);
  INFO(whole.err);
  REQUIRE(whole.exit_code == 0);
  CHECK_THAT(whole.err, Contains("no polar hydrogens"));
  const auto planned = theriac("screen plan library.smi --shards 2 --sample 0 -o cnn_plan" + how);
  INFO(planned.err);
  REQUIRE(planned.exit_code == 0);
  CHECK_THAT(planned.err, Contains("no polar hydrogens") && Contains("ordered by their score"));
  const auto facts = nlohmann::json::parse(read_file(folder / "cnn_plan/plan.json"));
  REQUIRE(facts["judges"].size() == 1);
  CHECK(facts["judges"][0]["judge"] == "gnina network pair_one");
  CHECK(facts["judges"][0]["sha256"].get<std::string>().size() == 64);
  const auto first = theriac("screen run cnn_plan --shard 0");
  INFO(first.err);
  REQUIRE(first.exit_code == 0);
  CHECK_THAT(first.err, Contains("no polar hydrogens"));

  // other weights under the same name
  std::filesystem::copy(folder / "models", folder / "other", std::filesystem::copy_options::recursive);
  auto changed = random_gnina_weights(GninaArchitecture::default2018, 99);
  changed.name = "pair_one";
  write_gnina_weights(changed, folder / "other/gnina/pair_one.safetensors");
  const auto refused =
      run_theriac("screen run cnn_plan", folder, "THERIAC_MODELS='" + (folder / "other") + "'");
  CHECK(refused.exit_code == 6);
  CHECK_THAT(refused.err,
             Contains("gnina network pair_one was changed after the screen was planned (sha256 ") &&
                 Contains("plan again into another folder"));
  CHECK_FALSE(std::filesystem::exists(folder / "cnn_plan/shards/shard-00001.rows"));

  REQUIRE(theriac("screen run cnn_plan").exit_code == 0);
  REQUIRE(theriac("screen merge cnn_plan").exit_code == 0);
  for (const char* name : {"results.csv", "poses.sdf.gz"})
    CHECK(read_file(folder / ("cnn_plan/merged/" + std::string(name))) ==
          read_file(folder / ("cnn_whole/" + std::string(name))));

  // networks given as a file travel with the plan
  REQUIRE(theriac("screen plan library.smi --shards 1 --sample 0 -o file_plan -r bare.pdbqt" + box +
                  "--num_modes 2 --cnn public/pair_one.safetensors --rank_by cnn")
              .exit_code == 0);
  std::filesystem::rename(folder / "public/pair_one.safetensors", folder / "away.safetensors");
  const auto elsewhere = theriac("screen run file_plan");
  std::filesystem::rename(folder / "away.safetensors", folder / "public/pair_one.safetensors");
  INFO(elsewhere.err);
  CHECK(elsewhere.exit_code == 0);
}
