// The generator in LibTorch's operations, as GPUs get it, against the program's own kernels.
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>

#include "chem/error.hpp"
#include "generative/genetic_gfn.hpp"
#include "generative/policy_conditions.hpp"
#include "generative/policy_engine.hpp"
#include "generative/policy_learner.hpp"
#include "generative/policy_training.hpp"
#include "scoring/device_network.hpp"
#include "tests/generative/policy_fixtures.hpp"
#include "tests/pretend_device.hpp"

using Catch::Matchers::Contains;
using namespace theriac;
using namespace theriac::generative;

namespace {

constexpr std::size_t count = 300;  // more than the lanes of a batch
constexpr double tolerance = 1e-5;  // of a log-likelihood, relative

const GenerationPlan& plan() {
  static const GenerationPlan p(starter_vocabulary(), 30);
  return p;
}

GraphPolicy policy_on(const std::string& device) {
  GraphPolicy policy = small_policy();
  policy.compute_on(device);
  return policy;
}

using Strings = std::vector<std::vector<Action>>;

const std::vector<SampledMolecule>& expected_molecules() {
  static const auto molecules = small_policy().sample(plan(), 0, count);
  return molecules;
}

Strings strings_of(const std::vector<SampledMolecule>& molecules) {
  Strings out;
  for (const auto& m : molecules) out.push_back(m.actions);
  return out;
}

/// Length of the difference beside the length of the way from `start` to `expected`.
double deviation(const std::vector<PolicyWeights>& found, const std::vector<PolicyWeights>& expected,
                 const std::vector<PolicyWeights>& start) {
  double off = 0, way = 0;
  REQUIRE(found.size() == expected.size());
  for (std::size_t t = 0; t < found.size(); ++t)
    for (std::size_t i = 0; i < found[t].numbers.size(); ++i) {
      off += std::pow(double{found[t].numbers[i]} - double{expected[t].numbers[i]}, 2);
      way += std::pow(double{expected[t].numbers[i]} - double{start[t].numbers[i]}, 2);
    }
  return std::sqrt(off / way);
}

void check_likelihoods(const std::string& device) {
  const auto strings = strings_of(expected_molecules());
  const auto expected = small_policy().log_likelihoods(plan(), strings);
  const auto found = policy_on(device).log_likelihoods(plan(), strings);
  REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) CHECK(found[i] == Approx(expected[i]).epsilon(tolerance));
}

void check_samples(const std::string& device) {
  const GraphPolicy policy = policy_on(device);
  const auto& expected = expected_molecules();
  const auto found = policy.sample(plan(), 0, count);
  REQUIRE(found.size() == expected.size());
  int others = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    others += found[i].actions != expected[i].actions;
    if (found[i].actions == expected[i].actions)
      CHECK(found[i].log_likelihood == Approx(expected[i].log_likelihood).epsilon(tolerance));
  }
  CHECK(others <= 1);  // a choice on the edge
  const auto few = policy.sample(plan(), 40, 3);
  for (std::size_t i = 0; i < few.size(); ++i) CHECK(few[i].actions == found[40 + i].actions);
}

void check_wishes(const std::string& device) {
  SamplingOptions options;
  for (std::size_t i = 0; i < 80; ++i) {
    chem::CounterRandom random(1, "", "wish", i);
    options.conditions.push_back(i % 2 == 0 ? std::vector<std::uint8_t>{}
                                            : wished_bins({{"mw", 200, 250}, {"qed", 0.8, 1}}, random));
  }
  const auto expected = small_policy().sample(plan(), 0, 80, options);
  const auto found = policy_on(device).sample(plan(), 0, 80, options);
  int same = 0, unlike_unasked = 0;
  for (std::size_t i = 0; i < 80; ++i) {
    same += found[i].actions == expected[i].actions;
    unlike_unasked += expected[i].actions != expected_molecules()[i].actions;
  }
  CHECK(same >= 79);
  CHECK(unlike_unasked > 2);  // else nothing was told; random weights listen little
}

void check_learning(const std::string& device) {
  pretend_device();  // known before anything learns
  const auto strings = strings_of(expected_molecules());
  const auto slope = [](std::size_t i, double) { return i % 3 == 0 ? -1.0 / count : 0.5 / count; };
  const auto learned = [&](const GraphPolicy& prior, std::vector<double>& values) {
    PolicyLearner learner(prior, 1);
    for (int step = 0; step < 5; ++step) values.push_back(learner.step(plan(), strings, slope, 1e-3));
    CHECK(learner.policy().device() == prior.device());
    return learner.policy().engine().weights();
  };
  std::vector<double> expected_values, found_values;
  const auto expected = learned(small_policy(), expected_values);
  const auto found = learned(policy_on(device), found_values);
  for (std::size_t i = 0; i < 5; ++i) CHECK(found_values[i] == Approx(expected_values[i]).epsilon(1e-4));
  CHECK(deviation(found, expected, small_policy().engine().weights()) < 0.02);
}

struct Folder {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("theriac-policy-device-" + std::to_string(::getpid()));
  Folder() { std::filesystem::create_directories(path); }
  ~Folder() { std::filesystem::remove_all(path); }
  std::string file(const std::string& name) const { return (path / name).string(); }
};

/// Begun on one device and, after the stop, gone on with on the other.
void check_training(const std::string& first, const std::string& second) {
  pretend_device();
  const Folder folder;
  auto reader = starter();
  const TrainingCorpus corpus(encode_corpus(reader, starter_vocabulary(), 1), starter_vocabulary(),
                              std::string());
  TrainingOptions options;
  options.epochs = 3;
  options.batch = 32;
  options.validation = 0.1;
  options.validate_every = 3;
  options.rate = 5e-3;
  options.patience = 0;
  GraphPolicy calm = small_policy();
  const auto expected = train(calm, corpus, options, folder.file("calm"));
  GraphPolicy begun = policy_on(first);
  std::atomic<bool> stop{false};
  const auto part = train(begun, corpus, options, folder.file("moved"), chem::StopToken(&stop),
                          [&](const TrainingPoint& point) {
                            if (point.step >= 8) stop = true;
                          });
  REQUIRE(part.stopped);
  GraphPolicy ended = policy_on(second);
  const auto found = train(ended, corpus, options, folder.file("moved"));
  REQUIRE_FALSE(found.stopped);
  REQUIRE(found.curve.size() == expected.curve.size());
  REQUIRE(found.curve.size() > 4);
  for (std::size_t i = 0; i < found.curve.size(); ++i) {
    CHECK(found.curve[i].step == expected.curve[i].step);
    CHECK(found.curve[i].training == Approx(expected.curve[i].training).epsilon(1e-3));
    CHECK(found.curve[i].validation == Approx(expected.curve[i].validation).epsilon(1e-3));
  }
  CHECK(found.best_validation < 0.8 * expected.curve.front().validation);
  CHECK(deviation(ended.engine().weights(), calm.engine().weights(), small_policy().engine().weights()) <
        0.05);
}

}  // namespace

TEST_CASE("LibTorch and the program's own kernels give a generator's strings the same likelihoods") {
  check_likelihoods("cpu");
}

TEST_CASE("a generator samples the same molecules through LibTorch as by the program's own kernels") {
  check_samples("cpu");
  check_wishes("cpu");
}

TEST_CASE("a generator learns the same through LibTorch as by the program's own kernels") {
  check_learning("cpu");
}

TEST_CASE("training of a generator moves between LibTorch and the program's own kernels") {
  check_training("cpu", "cpu");
  check_training("", "cpu");
  check_training("cpu", "");
}

TEST_CASE("a generator scores and samples wholly on the pretend device") {
  const std::string device = pretend_device();
  const auto before = pretend_device_use();
  check_likelihoods(device);
  check_samples(device);
  check_wishes(device);
  CHECK(pretend_device_use().operations > before.operations + 1000);
}

TEST_CASE("a generator learns wholly on the pretend device") {
  const std::string device = pretend_device();
  check_learning(device);
  check_training(device, device);
  check_training("", device);
  check_training(device, "");
}

TEST_CASE(
    "a learned proposer works wholly on the pretend device and proposes what it does on the processor") {
  const std::string device = pretend_device();
  const auto proposed = [](const std::string& place) {
    GeneticGfnOptions options;
    options.replay = 32;
    options.evolution.rules = ChildRules::valid;
    options.evolution.per_bucket = 0;
    options.evolution.plausibility.max_heavy_atoms = 30;
    GeneticGfn proposer({chem::Molecule::from_smiles("CCCCO"), chem::Molecule::from_smiles("c1ccccc1CN")},
                        std::make_shared<const GraphPolicy>(policy_on(place)), options);
    std::vector<std::string> out;
    for (int round = 0; round < 4; ++round) {
      std::vector<Lesson> lessons;
      for (const auto& candidate : proposer.propose(40, round)) {
        out.push_back(candidate.molecule.smiles());
        lessons.push_back({out.back(), 1.0 / (1 + std::abs(candidate.molecule.heavy_atom_count() - 12)), {}});
      }
      proposer.learn(lessons);
    }
    CHECK(proposer.policy().device() == place);
    return out;
  };
  const auto expected = proposed(""), found = proposed(device);
  REQUIRE(found.size() == expected.size());
  std::size_t same = 0;
  for (std::size_t i = 0; i < found.size(); ++i) same += found[i] == expected[i];
  CHECK(same + 20 >= found.size());  // of 160; a choice on the edge changes what is learned from it
}

TEST_CASE("a generator gives the same on a GPU as on the processor") {
  if (scoring::prediction_device("auto") != "cuda:0") {
    WARN("skipped: LibTorch finds no GPU here");
    return;
  }
  check_likelihoods("cuda:0");
  check_samples("cuda:0");
  check_wishes("cuda:0");
  check_learning("cuda:0");
  check_training("cuda:0", "cuda:0");
  check_training("", "cuda:0");
}

TEST_CASE("a generator keeps its weights from device to device") {
  GraphPolicy policy = small_policy();
  const auto weights = policy.engine().weights();
  CHECK(policy.device().empty());
  policy.compute_on("cpu");
  CHECK(policy.device() == "cpu");
  CHECK(policy.copy().device() == "cpu");
  const auto there = policy.engine().weights();
  policy.compute_on("");
  const auto back = policy.engine().weights();
  for (std::size_t i = 0; i < weights.size(); ++i) {
    CHECK(there[i].numbers == weights[i].numbers);
    CHECK(back[i].numbers == weights[i].numbers);
  }
  CHECK(policy.sample(plan(), 0, 20)[7].actions == expected_molecules()[7].actions);
  try {
    policy.compute_on("cuda:63");
    FAIL("no such device");
  } catch (const DeviceError& error) {
    CHECK_THAT(error.what(), Contains("no device 'cuda:63'"));
    CHECK_THAT(error.hint(), Contains("use --device cpu"));
  }
  CHECK(policy.device().empty());  // still there
  CHECK(policy.sample(plan(), 0, 20)[7].actions == expected_molecules()[7].actions);
}
