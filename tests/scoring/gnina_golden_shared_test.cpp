// Grids, layers and scores of gnina's networks against what gnina's own stack computes, with its trained
// weights.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "datasets/durable_file.hpp"
#include "datasets/gzip.hpp"
#include "datasets/model_file.hpp"
#include "scoring/gnina_network.hpp"
#include "scoring/simd_level.hpp"

namespace fs = std::filesystem;
using namespace theriac;
using namespace theriac::scoring;

namespace {

const std::string golden = THERIAC_SHARED_DATA "/golden/gnina",
                  models = THERIAC_SHARED_DATA "/data/gnina_models";
constexpr double grid_tolerance = 1e-5, score_tolerance = 2e-5, affinity_tolerance = 1e-4;

bool present() {
  if (fs::is_directory(golden) && fs::is_directory(models)) return true;
  WARN("skipped: needs ../shared/golden/gnina and ../shared/data/gnina_models");
  return false;
}

using Row = std::map<std::string, std::string>;

/// A table with a header line, fields parted by `separator`.
std::vector<Row> table(const std::string& path, char separator) {
  std::ifstream file(path);
  REQUIRE(file);
  const auto fields = [&](const std::string& line) {
    std::vector<std::string> out;
    std::istringstream text(line);
    for (std::string field; std::getline(text, field, separator);) out.push_back(field);
    return out;
  };
  std::string line;
  std::getline(file, line);
  const auto names = fields(line);
  std::vector<Row> rows;
  while (std::getline(file, line)) {
    const auto values = fields(line);
    Row row;
    for (std::size_t i = 0; i < std::min(names.size(), values.size()); ++i) row[names[i]] = values[i];
    rows.push_back(std::move(row));
  }
  return rows;
}

double number(const Row& row, const std::string& name) {
  return std::stod(row.at(name));
}

DensityAtom atom(const Row& row) {
  return {{number(row, "x"), number(row, "y"), number(row, "z")},
          number(row, "radius"),
          std::stoi(row.at("channel"))};
}

std::vector<DensityAtom> receptor_atoms(const std::string& complex) {
  std::vector<DensityAtom> atoms;
  for (const auto& row : table(golden + "/" + complex + "/receptor_atoms.tsv", '\t'))
    atoms.push_back(atom(row));
  return atoms;
}

std::map<std::string, std::vector<DensityAtom>> ligand_poses(const std::string& complex) {
  std::map<std::string, std::vector<DensityAtom>> poses;
  for (const auto& row : table(golden + "/" + complex + "/ligand_atoms.tsv", '\t'))
    poses[row.at("pose")].push_back(atom(row));
  return poses;
}

chem::Vector3 centre(const Row& row) {
  return {number(row, "center_x"), number(row, "center_y"), number(row, "center_z")};
}

std::vector<Row> scores_of(const std::string& complex) {
  std::vector<Row> rows;
  for (auto& row : table(golden + "/scores.csv", ','))
    if (row.at("complex") == complex) rows.push_back(row);
  return rows;
}

std::vector<std::string> complexes() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(golden))
    if (entry.is_directory()) names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<float> golden_grid(const std::string& complex, const std::string& pose) {
  const std::string path = golden + "/" + complex + "/grid_" + pose + ".safetensors.gz";
  return datasets::ModelFile::from_bytes(datasets::gunzip(datasets::read_file(path)), path)
      .floats("grid", {density_channels, density_points, density_points, density_points});
}

const std::vector<std::string> network_names{"all_default_to_default_1_3_1",
                                             "dense_1_3",
                                             "dense_1_3_PT_KD_3",
                                             "crossdock_default2018_KD_4",
                                             "dense",
                                             "general_default2018_3",
                                             "dense_3",
                                             "crossdock_default2018",
                                             "redock_default2018_2"};

GninaWeights weights_of(const std::string& name) {
  return read_gnina_weights(models + "/" + name + ".safetensors");
}

}  // namespace

TEST_CASE("density grids are gnina's: both paths in full and by sampled voxels") {
  if (!present()) return;
  double worst = 0, worst_reference = 0, worst_sample = 0;
  for (const auto& [complex, pose] :
       std::vector<std::pair<std::string, std::string>>{{"1bcu", "docked2"}, {"2weg", "crystal"}}) {
    const auto receptor = receptor_atoms(complex);
    const auto ligand = ligand_poses(complex).at(pose);
    const auto expected = golden_grid(complex, pose);
    for (const auto& row : scores_of(complex)) {
      if (row.at("pose") != pose) continue;
      auto all = receptor;
      all.insert(all.end(), ligand.begin(), ligand.end());
      const auto reference = reference_density(all, centre(row));
      const auto found = DensityGrid(receptor).points(ligand, centre(row));
      for (std::size_t i = 0; i < expected.size(); ++i) {
        worst = std::max(worst, std::abs(double(found[i]) - double(expected[i])));
        worst_reference = std::max(worst_reference, std::abs(reference[i] - double(expected[i])));
      }
    }
  }
  for (const auto& complex : complexes()) {
    const DensityGrid grid(receptor_atoms(complex));
    const auto poses = ligand_poses(complex);
    std::map<std::string, std::vector<Row>> voxels;
    for (auto& row : table(golden + "/" + complex + "/voxels.csv", ','))
      voxels[row.at("pose")].push_back(row);
    for (const auto& row : scores_of(complex)) {
      const auto found = grid.points(poses.at(row.at("pose")), centre(row));
      for (const auto& voxel : voxels.at(row.at("pose"))) {
        const auto at = ((std::stoul(voxel.at("channel")) * 48 + std::stoul(voxel.at("ix"))) * 48 +
                         std::stoul(voxel.at("iy"))) *
                            48 +
                        std::stoul(voxel.at("iz"));
        worst_sample = std::max(worst_sample, std::abs(double(found[at]) - number(voxel, "value")));
      }
    }
  }
  INFO("largest differences: " << worst << " fast, " << worst_reference << " reference, " << worst_sample
                               << " samples");
  CHECK(worst < grid_tolerance);
  CHECK(worst_reference < grid_tolerance);
  CHECK(worst_sample < grid_tolerance);
}

TEST_CASE("every layer of both architectures is gnina's") {
  if (!present()) return;
  for (const auto& [complex, pose] :
       std::vector<std::pair<std::string, std::string>>{{"1bcu", "docked2"}, {"2weg", "crystal"}}) {
    const auto grid = golden_grid(complex, pose);
    const auto record =
        nlohmann::json::parse(datasets::read_file(golden + "/" + complex + "/layers_" + pose + ".json"));
    for (const auto& network : record["models"]) {
      const auto layers = gnina_reference(weights_of(network["model"]), grid);
      REQUIRE(layers.size() == network["layers"].size());
      for (std::size_t i = 0; i < layers.size(); ++i) {
        const auto& expected = network["layers"][i];
        INFO(complex << " " << network["model"] << " " << layers[i].name);
        CHECK(layers[i].name == expected["name"]);
        double sum = 0;
        for (const double value : layers[i].numbers) sum += value;
        CHECK(sum == Approx(double(expected["sum"])).epsilon(1e-5).margin(1e-4));
        for (const auto& probe : expected["probe"])
          CHECK(std::abs(layers[i].numbers[probe["index"]] - double(probe["value"])) < score_tolerance);
      }
    }
  }
}

TEST_CASE("scores and affinities are gnina's: nine networks and every instruction set") {
  if (!present()) return;
  const std::string widest = simd_levels().back();
  for (const auto& simd : simd_levels()) {
    if (simd == "scalar") continue;
    std::vector<GninaNetwork> networks;
    for (const auto& name : network_names) networks.emplace_back(weights_of(name), simd);
    double score = 0, affinity = 0;
    int judged = 0;
    for (const auto& complex : complexes()) {
      // all complexes by the four networks of fast and default on the widest set, two of them by all nine;
      // narrower sets judge one complex
      const bool first = complex == "1bcu", all = simd == widest && (first || complex == "2weg");
      if (simd != widest && !first) continue;
      const DensityGrid grid(receptor_atoms(complex), simd);
      const auto poses = ligand_poses(complex);
      for (const auto& row : scores_of(complex)) {
        const auto volume = grid.pooled(poses.at(row.at("pose")), centre(row), true, true);
        for (std::size_t i = 0; i < (all ? networks.size() : 4); ++i) {
          const auto found = networks[i].output(volume);
          score = std::max(score, std::abs(found.score - number(row, networks[i].name() + ".score")));
          affinity =
              std::max(affinity, std::abs(found.affinity - number(row, networks[i].name() + ".affinity")));
          ++judged;
        }
      }
    }
    INFO(simd << ", " << judged << " outputs: largest differences " << score << " of a score, " << affinity
              << " pK");
    CHECK(judged >= (simd == widest ? 700 : 32));
    CHECK(score < score_tolerance);
    CHECK(affinity < affinity_tolerance);
  }
}

TEST_CASE("a TorchScript file of gnina holds the same weights as its safetensors copy") {
  if (!present()) return;
  const auto script = read_gnina_weights(models + "/all_default_to_default_1.3_1.pt");
  const auto copy = weights_of("all_default_to_default_1_3_1");
  CHECK(script.name == copy.name);
  CHECK(script.architecture == copy.architecture);
  REQUIRE(script.tensors.size() == copy.tensors.size());
  for (std::size_t i = 0; i < copy.tensors.size(); ++i) {
    INFO(copy.tensors[i].name);
    CHECK(script.tensors[i].numbers == copy.tensors[i].numbers);
  }
}
