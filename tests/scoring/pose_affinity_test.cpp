// The affinity of poses: its formula by hand, its file, and its training.
#include "scoring/pose_affinity.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>

#include "chem/counter_random.hpp"
#include "chem/error.hpp"
#include "datasets/model_file_writer.hpp"
#include "scoring/pose_affinity_training.hpp"
#include "scoring/pose_pool_file.hpp"

using namespace theriac;
using namespace theriac::scoring;

namespace {

constexpr std::size_t contact = static_cast<std::size_t>(ContactKind::anion) * contact_shells;

std::string scratch(const std::string& name) {
  return (std::filesystem::temp_directory_path() / ("theriac_pose_affinity_" + name)).string();
}

PoseFeatures empty_pose(int atoms) {
  PoseFeatures pose;
  pose.descriptors.assign(pose_descriptor_count, 0);
  pose[PoseDescriptor::heavy_atoms] = static_cast<float>(atoms);
  pose.atoms.resize(2);
  pose.atoms[0].kind = ContactKind::cation;
  pose.atoms[1].kind = ContactKind::aromatic;
  return pose;
}

PoseAffinityModel model() {
  PoseAffinityModel out;
  out.table.assign(contact_kind_count * environment_size, 0);
  out.descriptors.assign(pose_descriptor_count, 0);
  out.table[static_cast<std::size_t>(ContactKind::cation) * environment_size + contact] = 0.5;
  out.descriptors[static_cast<std::size_t>(PoseDescriptor::stacked)] = 0.25;
  out.intercept = 4;
  out.size = {SizeForm::logarithm, -1, 2};
  return out;
}

std::string message_of(const std::string& path) {
  try {
    PoseAffinityModel::read(path);
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

/// Ligands of unlike size in proteins that differ; a pose's pK is 3 + 0.1 atoms + 0.5 per contact.
std::vector<PosePool> pools(int ligands) {
  std::vector<PosePool> out;
  chem::CounterRandom random(1, "affinities", "test");
  for (int l = 0; l < ligands; ++l) {
    PosePool pool;
    pool.id = std::to_string(l);
    pool.group = std::to_string(l / 2);
    const int atoms = 10 + static_cast<int>(random.below(30));
    for (int p = 0; p < 1 + l % 5; ++p) {
      PoseFeatures pose = empty_pose(atoms);
      const auto contacts = static_cast<float>(random.uniform(0, 3));
      pose.atoms[0].counts[contact] = contacts;
      pose.atoms[1].counts[3] = static_cast<float>(random.uniform(0, 3));
      pose[PoseDescriptor::energy_gap] = contacts;  // would tell all, were it looked at
      pool.affinity.push_back(3 + 0.1 * atoms + 0.5 * contacts);
      pool.poses.push_back(std::move(pose));
    }
    out.push_back(std::move(pool));
  }
  return out;
}

}  // namespace

TEST_CASE("the affinity of a pose is its weighted sum and the mean of its size is taken off") {
  PoseFeatures pose = empty_pose(20);
  pose.atoms[0].counts[contact] = 3;
  pose.atoms[1].counts[contact] = 7;  // of a kind without a weight
  pose[PoseDescriptor::stacked] = 2;
  const auto of = model();
  CHECK(of.affinity(pose) == Approx(4 + 0.5 * 3 + 0.25 * 2));
  CHECK(of.size_corrected(pose) == Approx(6 - (-1 + 2 * std::log(20.0))));
  CHECK(SizeTrend{SizeForm::atoms, 4, 0.1}.at(25) == Approx(6.5));
  CHECK(SizeTrend{SizeForm::root, 1, 0.5}.at(25) == Approx(3.5));
}

TEST_CASE("affinities of poses are the same after a way through a file") {
  const std::string path = scratch("kept.safetensors");
  model().save(path, {{"teacher", "a network"}});
  const auto back = PoseAffinityModel::read(path);
  PoseFeatures pose = empty_pose(31);
  pose.atoms[0].counts[contact] = 1.5F;
  CHECK(back.affinity(pose) == model().affinity(pose));
  CHECK(back.size_corrected(pose) == model().size_corrected(pose));
  CHECK(back.name == "pose-affinity");
  CHECK(back.size.form == SizeForm::logarithm);
  std::filesystem::remove(path);
}

TEST_CASE("weights of a file are placed by the names of their descriptors") {
  const std::string path = scratch("named.safetensors");
  const auto write = [&](const std::string& names, double intercept, const std::string& form) {
    datasets::ModelFileWriter file;
    file.set("architecture", "pose-affinity");
    file.set("format_version", "1");
    file.set("name", "mine");
    file.set("descriptors", names);
    file.set("size_form", form);
    file.add("table", {contact_kind_count, environment_size},
             std::vector<float>(static_cast<std::size_t>(contact_kind_count * environment_size)));
    file.add("descriptors", {2}, std::vector<float>{0.5F, 3});
    file.add("intercept_and_size", {3}, std::vector<double>{intercept, 0, 0});
    file.write(path);
  };
  write("stacked metal_bonds", 1, "heavy atoms");  // fewer than there are, in another order
  PoseFeatures pose = empty_pose(10);
  pose[PoseDescriptor::stacked] = 4;
  pose[PoseDescriptor::metal_bonds] = 1;
  CHECK(PoseAffinityModel::read(path).affinity(pose) == Approx(1 + 2 + 3));
  write("stacked moonlight", 1, "heavy atoms");
  CHECK_THAT(message_of(path), Catch::Contains("'moonlight'"));
  write("stacked metal_bonds", std::nan(""), "heavy atoms");
  CHECK_THAT(message_of(path), Catch::Contains("not finite"));
  write("stacked metal_bonds", 1, "volume");
  CHECK_THAT(message_of(path), Catch::Contains("'volume'"));
  std::filesystem::remove(path);
}

TEST_CASE("what is no affinity of poses is refused by name") {
  const std::string path = scratch("bad.safetensors");
  model().save(path, {});
  const auto size = std::filesystem::file_size(path);
  std::filesystem::resize_file(path, size - 100);
  CHECK_FALSE(message_of(path).empty());
  std::filesystem::resize_file(path, 5);
  CHECK_FALSE(message_of(path).empty());
  datasets::ModelFileWriter other;
  other.set("architecture", "pose-score");
  other.write(path);
  CHECK_THAT(message_of(path), Catch::Contains("no affinity of poses but 'pose-score'"));
  std::filesystem::remove(path);
  CHECK_FALSE(message_of(path).empty());
}

TEST_CASE("training finds the weights of affinities and what they owe to size") {
  const auto of = pools(120);
  std::vector<std::size_t> first(of.size(), 0);
  PoseAffinityOptions options;
  options.ridges = {1e-5, 10};
  options.folds = 5;
  const auto trained = train_pose_affinity(of, first, options);
  for (std::size_t p = 0; p < of.size(); ++p) {
    INFO(of[p].id);
    CHECK(trained.held_out[p] == Approx(of[p].affinity[0]).margin(0.02));
    CHECK(trained.teacher[p] == of[p].affinity[0]);
  }
  CHECK_THAT(trained.choice, Catch::Contains("ridge 1e-05"));
  CHECK(trained.choices == "5 x ridge 1e-05");
  for (std::size_t d = 0; d < pose_descriptor_count; ++d)
    if (d != static_cast<std::size_t>(PoseDescriptor::heavy_atoms)) CHECK(trained.model.descriptors[d] == 0);
  CHECK(trained.model.descriptors[static_cast<std::size_t>(PoseDescriptor::heavy_atoms)] ==
        Approx(0.1).epsilon(0.02));
  // 3 + 0.1 N and the mean of 0.5 contacts, 0.75
  CHECK(trained.model.size.at(25) == Approx(6.25).margin(0.15));
  double mean = 0;
  for (const double value : trained.held_out_corrected) mean += value / static_cast<double>(of.size());
  CHECK(std::abs(mean) < 0.05);
  auto relatives = of;
  for (auto& pool : relatives) pool.group = "one";
  CHECK_THROWS_AS(train_pose_affinity(relatives, first, options), UsageError);
  auto silent = of;
  silent[7].affinity.clear();
  CHECK_THROWS_AS(train_pose_affinity(silent, first, options), UsageError);
}

TEST_CASE("every ligand weighs the same in training however many poses it has") {
  auto of = pools(60);
  const auto noisy = [&](std::vector<PosePool> all) {
    chem::CounterRandom random(2, "noise", "test");
    for (auto& pool : all) {
      const double shift = random.uniform(-1, 1);
      for (auto& value : pool.affinity) value += shift;
    }
    return all;
  };
  of = noisy(of);
  auto repeated = of;
  for (std::size_t p = 0; p < repeated.size(); p += 3) {
    auto& pool = repeated[p];
    const auto poses = pool.poses;
    const auto values = pool.affinity;
    for (int copy = 0; copy < 4; ++copy) {
      pool.poses.insert(pool.poses.end(), poses.begin(), poses.end());
      pool.affinity.insert(pool.affinity.end(), values.begin(), values.end());
    }
  }
  const std::vector<std::size_t> first(of.size(), 0);
  PoseAffinityOptions options;
  options.ridges = {0.01};
  options.folds = 5;
  const auto once = train_pose_affinity(of, first, options).model;
  const auto often = train_pose_affinity(repeated, first, options).model;
  CHECK(once.intercept == Approx(often.intercept).epsilon(1e-3));
  CHECK(once.affinity(of[0].poses[0]) == Approx(often.affinity(of[0].poses[0])).epsilon(1e-4));
}

TEST_CASE("pools keep the affinities of their teacher") {
  auto pool = pools(5)[4];
  pool.sequence = "MKV";
  const std::string path = scratch("pool.safetensors");
  write_pose_pool(pool, "settings", path);
  const auto back = read_pose_pool(path, "settings");
  REQUIRE(back.affinity.size() == 5);
  for (std::size_t i = 0; i < 5; ++i) CHECK(back.affinity[i] == Approx(pool.affinity[i]).epsilon(1e-6));
  std::filesystem::remove(path);
}
