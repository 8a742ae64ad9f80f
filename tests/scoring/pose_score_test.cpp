#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <set>

#include "chem/counter_random.hpp"
#include "chem/error.hpp"
#include "scoring/pose_pool_file.hpp"
#include "scoring/pose_score_model.hpp"
#include "scoring/pose_score_training.hpp"

using namespace theriac;
using namespace theriac::scoring;

namespace {

std::size_t place(const std::string& name) {
  const auto& names = pose_descriptor_names();
  return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
}

std::string scratch(const std::string& name) {
  return (std::filesystem::temp_directory_path() / ("theriac_pose_score_" + name)).string();
}

/// Ligands whose right pose is the one with many cation-anion contacts and few lonely polar atoms, while the
/// energy prefers poses at random.
std::vector<PosePool> pools(int ligands) {
  std::vector<PosePool> out;
  chem::CounterRandom random(1, "pools", "test");
  for (int l = 0; l < ligands; ++l) {
    PosePool pool;
    pool.id = std::to_string(l);
    pool.group = std::to_string(l / 2);
    pool.sequence = "MKV";
    pool.coordinates.assign(12, {{1, 2, 3}, {-4.5, 0.25, 6}});
    for (int p = 0; p < 12; ++p) {
      PoseFeatures pose;
      pose.descriptors.assign(pose_descriptor_names().size(), 0);
      pose.descriptors[place("lonely_polar")] = static_cast<float>(random.uniform(0, 4));
      pose.descriptors[place("scaled_gap")] = static_cast<float>(random.uniform(0, 2));
      pose.descriptors[place("torsions")] = 3;
      pose.atoms.resize(2);
      pose.atoms[0].kind = ContactKind::cation;
      pose.atoms[1].kind = ContactKind::aromatic;
      const auto contacts = static_cast<float>(random.uniform(0, 3));
      pose.atoms[0].counts[static_cast<std::size_t>(ContactKind::anion) * contact_shells] = contacts;
      pose.atoms[1].counts[3] = static_cast<float>(random.uniform(0, 3));
      pool.teacher.push_back(2 * contacts - pose.descriptors[place("lonely_polar")]);
      pool.poses.push_back(std::move(pose));
    }
    const auto best = std::max_element(pool.teacher.begin(), pool.teacher.end()) - pool.teacher.begin();
    for (std::ptrdiff_t p = 0; p < 12; ++p) pool.rmsd.push_back(p == best ? 0.8 : 5.0);
    out.push_back(std::move(pool));
  }
  return out;
}

double first_right(const std::vector<PosePool>& of, const std::vector<std::vector<double>>& scores) {
  double right = 0;
  for (std::size_t i = 0; i < of.size(); ++i) {
    const auto best = std::max_element(scores[i].begin(), scores[i].end()) - scores[i].begin();
    right += of[i].rmsd[static_cast<std::size_t>(best)] <= 2 ? 1 : 0;
  }
  return right / static_cast<double>(of.size());
}

}  // namespace

TEST_CASE("ranking loss is minus the log of the share of near poses") {
  // weights 1 / (1 + exp((r - 2) / 0.3)): 0.99874 at 0, 0.5 at 2, 0 far away
  const double e = std::exp(1.0), near = 1 / (1 + std::exp(-2 / 0.3));
  CHECK(ranking_loss({1, 0, 0}, {0, 2, 9}) == Approx(-std::log((near * e + 0.5) / (e + 2))).epsilon(1e-6));
  CHECK(std::isnan(ranking_loss({1, 0}, {3, 9})));
}

TEST_CASE("groups are never on both sides of a fold") {
  const auto of = pools(30);
  const auto folds = folds_by_group(of, 5);
  std::vector<int> sizes(5);
  for (std::size_t i = 0; i < of.size(); ++i) {
    ++sizes[static_cast<std::size_t>(folds[i])];
    for (std::size_t j = 0; j < i; ++j)
      if (of[i].group == of[j].group) CHECK(folds[i] == folds[j]);
  }
  CHECK(*std::min_element(sizes.begin(), sizes.end()) == 6);
  CHECK_THROWS_AS(folds_by_group(of, 1), UsageError);
}

TEST_CASE("training finds what the teacher looks at and ranks held out ligands by it") {
  const auto of = pools(60);
  const auto trained = train_pose_score(of, {{0.01}, 5});
  CHECK(trained.teacher_correlation > 0.95);
  std::vector<std::vector<double>> energy;
  for (const auto& pool : of) {
    energy.emplace_back();
    for (const auto& pose : pool.poses) energy.back().push_back(-pose.descriptors[place("scaled_gap")]);
  }
  CHECK(first_right(of, energy) < 0.3);
  CHECK(first_right(of, trained.held_out.scores) > 0.85);
  const auto kept = trained.model.scores(of.front().poses);
  CHECK(kept.size() == 12);
  // probabilities of held-out ligands are about as often right as they say
  double said = 0, right = 0, poses = 0;
  for (std::size_t i = 0; i < of.size(); ++i)
    for (std::size_t p = 0; p < 12; ++p) {
      said += trained.held_out.probabilities[i][p];
      right += of[i].rmsd[p] <= 2 ? 1 : 0;
      ++poses;
    }
  CHECK(said / poses == Approx(right / poses).margin(0.03));
  CHECK(trained.choice == "ridge 0.01 with the same weights for all ligands");  // all have three rotors
  // the teacher knows what is right here
  CHECK(first_right(of, trained.fused.scores) >= first_right(of, trained.held_out.scores));
  // the scorers of the folds are those that gave the held-out scores and probabilities
  REQUIRE(trained.without_fold.size() == 5);
  for (std::size_t i = 0; i < of.size(); ++i) {
    const auto& fold = trained.without_fold[static_cast<std::size_t>(trained.fold[i])];
    const auto scores = fold.scores(of[i].poses);
    const auto probabilities = fold.probabilities(scores, 3);
    for (std::size_t p = 1; p < 12; ++p) {
      CHECK(scores[p] - scores[0] ==
            Approx(trained.held_out.scores[i][p] - trained.held_out.scores[i][0]).margin(1e-3));
      CHECK(probabilities[p] == Approx(trained.held_out.probabilities[i][p]).margin(1e-4));
    }
  }
  // a network that is joined is weighed outside each fold
  std::vector<std::vector<double>> contrary;
  for (const auto& pool : of) {
    contrary.push_back(pool.teacher);
    for (auto& opinion : contrary.back()) opinion = -opinion;
  }
  contrary.back().clear();  // one that it did not judge
  const auto joined = train_pose_score(of, {{0.01}, 5}, {contrary}).joined;
  REQUIRE(joined.size() == 1);
  CHECK(joined[0].scores.back().empty());
  CHECK(joined[0].scores.front()[3] - joined[0].scores.front()[0] ==
        Approx(trained.fused.scores.front()[3] - trained.fused.scores.front()[0]).epsilon(0.1));
  const auto again = train_pose_score(of, {{0.01}, 5});
  CHECK(again.model.table == trained.model.table);
  CHECK(again.model.calibration == trained.model.calibration);
}

TEST_CASE("weights by rotors are chosen where the energy is to be trusted less for many rotors") {
  auto of = pools(120);
  for (std::size_t l = 0; l < of.size(); ++l) {
    // stiff ligands: the pose of least energy is right; flexible ones: the one that the teacher likes
    const bool stiff = l % 4 < 2;
    std::size_t least = 0;
    for (std::size_t p = 0; p < 12; ++p) {
      of[l].poses[p].descriptors[place("torsions")] = stiff ? 1 : 12;
      if (of[l].poses[p].descriptors[place("scaled_gap")] <
          of[l].poses[least].descriptors[place("scaled_gap")])
        least = p;
    }
    if (stiff)
      for (std::size_t p = 0; p < 12; ++p) of[l].rmsd[p] = p == least ? 0.8 : 5.0;
  }
  const auto trained = train_pose_score(of, {{0.01, 0.1}, 5});
  CHECK(trained.choice.find("weights by rotors") != std::string::npos);
  CHECK(trained.model.parts_by_rotors > 0);
  CHECK(trained.model.energy[1] < 0);
  CHECK(first_right(of, trained.held_out.scores) > 0.8);
  // one sum for a given number of rotors gives the same scores
  const auto whole = trained.model.scores(of[3].poses);
  const auto folded = trained.model.for_rotors(rotors(of[3].poses.front())).scores(of[3].poses);
  for (std::size_t i = 0; i < whole.size(); ++i) CHECK(folded[i] == Approx(whole[i]));
}

TEST_CASE("weights by part are chosen where the teacher trusts one part too little") {
  auto of = pools(120);
  chem::CounterRandom random(4, "parts", "test");
  for (auto& pool : of) {
    std::vector<double> worth;  // stacking decides more than the teacher thinks, chance has a say
    for (std::size_t p = 0; p < 12; ++p) {
      const double stacked = random.uniform();
      pool.poses[p].descriptors[place("stacked")] = static_cast<float>(stacked);
      worth.push_back(pool.teacher[p] + 6 * stacked + random.uniform(0, 2));
      pool.teacher[p] += 0.2 * stacked;
    }
    const auto best = std::max_element(worth.begin(), worth.end()) - worth.begin();
    for (std::ptrdiff_t p = 0; p < 12; ++p) pool.rmsd[static_cast<std::size_t>(p)] = p == best ? 0.8 : 5.0;
  }
  const auto trained = train_pose_score(of, {{0.01}, 5});
  CHECK(trained.choice.find("weights by part") != std::string::npos);
  const auto weight = [&](PosePart part) {  // all ligands have three rotors
    return trained.model.parts[static_cast<std::size_t>(part)] + 3 * trained.model.parts_by_rotors;
  };
  CHECK(weight(PosePart::rings) > 3 * std::abs(weight(PosePart::contacts)));
  std::vector<std::vector<double>> taught;
  for (const auto& pool : of) taught.push_back(pool.teacher);
  CHECK(first_right(of, trained.held_out.scores) > first_right(of, taught) + 0.1);
}

TEST_CASE("every descriptor counts in the part of its section") {
  CHECK(part_of(PoseDescriptor::gauss1) == PosePart::energy);
  CHECK(part_of(PoseDescriptor::scaled_gap) == PosePart::energy);
  CHECK(part_of(PoseDescriptor::near_atoms) == PosePart::burial);
  CHECK(part_of(PoseDescriptor::least_burial) == PosePart::burial);
  CHECK(part_of(PoseDescriptor::hydrogen_bonds) == PosePart::polar);
  CHECK(part_of(PoseDescriptor::metal_missed) == PosePart::polar);
  CHECK(part_of(PoseDescriptor::stacked) == PosePart::rings);
  CHECK(part_of(PoseDescriptor::clashes) == PosePart::shape);
  // s = sum of (weight + rotors x slope) x part - energy
  PoseScoreModel model;
  model.table.assign(contact_kind_count * environment_size, 0.5);
  model.descriptors.assign(pose_descriptor_count, 0);
  model.descriptors[place("stacked")] = 2;
  model.parts = {{3, 1, 1, 1, 7, 1}};
  model.parts_by_rotors = 0.25;
  model.energy = {{1, 0.5}};
  PoseFeatures pose;
  pose.descriptors.assign(pose_descriptor_count, 0);
  pose.descriptors[place("stacked")] = 1.5f;
  pose.descriptors[place("torsions")] = 4;
  pose.descriptors[place("scaled_gap")] = 2;
  pose.atoms.resize(1);
  pose.atoms[0].kind = ContactKind::aromatic;
  pose.atoms[0].counts[3] = 2;
  CHECK(model.scores({pose})[0] == Approx((3 + 1) * 0.5 * 2 + (7 + 1) * 2 * 1.5 - (1 + 2) * 2));
}

TEST_CASE("a network that is sure moves the probability of both judges") {
  PoseScoreModel model;
  model.fusion = {{0.5, 1.5}};
  model.fused_calibration = {{0, 1, 0}};
  const std::vector<double> scores{1.0, 0.8, -0.4};
  const auto p = model.probabilities(scores, 3, {0.1, 0.9, 0.5});
  CHECK(p[1] > p[0]);
  CHECK(p[1] > p[2]);
  // two poses: the log odds are 0.5 x difference of scores + 1.5 x difference of log odds
  const double z = 0.5 * 0.2 + 1.5 * (std::log(1 / 9.0) - std::log(9.0));
  CHECK(model.probabilities({1.0, 0.8}, 3, {0.1, 0.9})[0] == Approx(1 / (1 + std::exp(-z))).epsilon(1e-6));
  CHECK(network_log_odds(1) == Approx(std::log(999.0)));
  CHECK(network_log_odds(std::nan("")) == Approx(-std::log(999.0)));
}

TEST_CASE("training without a teacher or without true poses says so") {
  auto of = pools(10);
  auto untaught = of;
  for (auto& pool : untaught) pool.teacher.clear();
  CHECK_THROWS_AS(train_pose_score(untaught, {{0.01}, 5}), UsageError);
  for (auto& pool : of) pool.rmsd.clear();
  CHECK_THROWS_AS(train_pose_score(of, {{0.01}, 5}), UsageError);
}

TEST_CASE("a pose scorer is the same after it was saved and read") {
  const auto of = pools(20);
  const auto trained = train_pose_score(of, {{0.01}, 5});
  const std::string path = scratch("model.safetensors");
  trained.model.save(path, {{"licence", "MIT"}});
  const auto read = PoseScoreModel::read(path);
  const auto before = trained.model.scores(of[3].poses), after = read.scores(of[3].poses);
  for (std::size_t i = 0; i < before.size(); ++i) CHECK(after[i] == Approx(before[i]).margin(1e-5));
  CHECK(read.calibration == trained.model.calibration);
  CHECK(read.parts == trained.model.parts);
  CHECK(read.parts_by_rotors == trained.model.parts_by_rotors);
  CHECK(read.energy == trained.model.energy);
  CHECK(read.fusion == trained.model.fusion);
  CHECK(read.fused_calibration == trained.model.fused_calibration);
  // a file that was cut short, and one that is something else
  std::filesystem::resize_file(path, std::filesystem::file_size(path) - 8);
  CHECK_THROWS_AS(PoseScoreModel::read(path), ModelError);
  write_pose_pool(of[0], "x", path);
  CHECK_THROWS_AS(PoseScoreModel::read(path), ModelError);
  std::filesystem::remove(path);
}

TEST_CASE("a pool of poses is the same after it was written and read") {
  const auto pool = pools(1).front();
  const std::string path = scratch("pool.safetensors");
  write_pose_pool(pool, "seed 1", path);
  const auto read = read_pose_pool(path, "seed 1");
  CHECK(read.rmsd == pool.rmsd);
  CHECK(read.teacher == pool.teacher);
  CHECK(read.sequence == pool.sequence);
  REQUIRE(read.coordinates.size() == 12);
  REQUIRE(read.coordinates[7].size() == 2);
  CHECK(read.coordinates[7][1][0] == -4.5);
  CHECK(read.coordinates[7][1][2] == 6);
  CHECK(pose_pool_settings(path) == "seed 1");
  REQUIRE(read.poses.size() == pool.poses.size());
  CHECK(read.poses[4].descriptors == pool.poses[4].descriptors);
  CHECK(read.poses[4].atoms[0].kind == ContactKind::cation);
  for (std::size_t i = 0; i < environment_size; ++i)
    CHECK(read.poses[4].atoms[0].counts[i] == Approx(pool.poses[4].atoms[0].counts[i]).epsilon(1e-3));
  CHECK_THROWS_AS(read_pose_pool(path, "seed 2"), ModelError);
  std::filesystem::remove(path);
}

TEST_CASE("probabilities keep the order of the scores and a pose alone has none") {
  PoseScoreModel model;
  model.calibration = {{-0.5, 0.8, -0.05}};
  const std::vector<double> scores{0.3, 2.0, -1.0, 1.9};
  const auto p = model.probabilities(scores, 4);
  CHECK(p[1] > p[3]);
  CHECK(p[3] > p[0]);
  CHECK(p[0] > p[2]);
  CHECK(std::isnan(model.probabilities({1.0}, 4).front()));
  // logit of the share of the first of two poses is the difference of the scores
  CHECK(share_logits({1.5, 0.25})[0] == Approx(1.25));
  CHECK(share_logits({100, 0})[0] == Approx(7));
}
