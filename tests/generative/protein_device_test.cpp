// Training of the protein network in LibTorch's operations, as GPUs get it, against the program's own
// kernels.
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>

#include "chem/counter_random.hpp"
#include "chem/error.hpp"
#include "datasets/network_library.hpp"
#include "generative/protein_evaluation.hpp"
#include "generative/protein_training.hpp"
#include "scoring/device_network.hpp"
#include "tests/pretend_device.hpp"

using namespace theriac;
using namespace theriac::generative;
using Catch::Matchers::Contains;

namespace {

ProteinShape shape() {
  ProteinShape s;
  s.layers = 2;
  s.width = 64;
  s.heads = 16;  // two in each group of the layout
  s.rotary = 2;
  s.positions = 48;
  return s;
}

/// Words in any order, of many lengths, so that segments differ.
ProteinCorpus toy(std::uint64_t seed, std::size_t proteins) {
  const char* words[] = {"MKTAY", "GSHWE", "PPQRL", "DVNCF"};
  ProteinCorpus out;
  chem::CounterRandom random(seed, "toy", "test");
  for (std::size_t i = 0; i < proteins; ++i) {
    std::string text;
    while (text.size() < 8 + i % 37) text += words[random.below(4)];
    out.add({"", text});
  }
  return out;
}

/// Random numbers in every tensor: those that begin as zero would hide mistakes.
std::unique_ptr<ProteinTrainer> trainer_on(const std::string& device) {
  auto trainer = datasets::network_maker<ProteinTrainerMaker>().make(shape(), 3, device);
  auto weights = trainer->weights();
  for (auto& w : weights) {
    chem::CounterRandom random(5, w.name, "scatter");
    for (auto& x : w.numbers) x += static_cast<float>(0.1 * random.normal());
  }
  trainer->set_weights(weights);
  return trainer;
}

double greatest_difference(const std::vector<float>& a, const std::vector<float>& b) {
  REQUIRE(a.size() == b.size());
  double most = 0;
  for (std::size_t i = 0; i < a.size(); ++i) most = std::max(most, std::fabs(double{a[i]} - double{b[i]}));
  return most;
}

/// Length of the difference beside the length of the way from the start.
double deviation(const std::vector<ProteinWeights>& found, const std::vector<ProteinWeights>& expected) {
  const auto start = trainer_on("")->weights();
  double off = 0, way = 0;
  for (std::size_t t = 0; t < found.size(); ++t)
    for (std::size_t i = 0; i < found[t].numbers.size(); ++i) {
      off += std::pow(double{found[t].numbers[i]} - double{expected[t].numbers[i]}, 2);
      way += std::pow(double{expected[t].numbers[i]} - double{start[t].numbers[i]}, 2);
    }
  return std::sqrt(off / way);
}

void check_reading(const std::string& device) {
  const auto corpus = toy(4, 30);
  std::vector<std::size_t> all(corpus.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
  const auto windows = protein_windows(corpus, all, shape().positions);
  REQUIRE(windows.rows.rows > 3);
  const auto own = trainer_on(""), other = trainer_on(device);
  CHECK(other->parameters() == own->parameters());
  CHECK(greatest_difference(other->logits(windows.rows), own->logits(windows.rows)) < 1e-5);
  CHECK(greatest_difference(other->residue_log_probabilities(windows.rows),
                            own->residue_log_probabilities(windows.rows)) < 1e-5);
}

struct Folder {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("theriac_protein_device_" + std::to_string(::getpid()));
  Folder() { std::filesystem::create_directories(path); }
  ~Folder() { std::filesystem::remove_all(path); }
  std::string operator/(const std::string& name) const { return (path / name).string(); }
};

/// Begun on one device and, after the stop, gone on with on the other.
void check_training(const std::string& first, const std::string& second) {
  pretend_device();  // known before anything learns
  const Folder folder;
  const auto learned = toy(1, 80), held_out = toy(2, 8);
  ProteinTrainingOptions options;
  options.steps = 24;
  options.batch = 6;
  options.row = 48;
  options.warm_up = 3;
  options.validate_every = 4;
  options.weight_decay = 0.01;
  options.checkpoint_minutes = 100;
  const auto calm = trainer_on("");
  const auto expected = calm->train(learned, held_out, options, folder / "calm", {}, {});
  std::atomic<bool> stop{false};
  const auto begun = trainer_on(first);
  const auto part = begun->train(learned, held_out, options, folder / "moved", chem::StopToken(&stop),
                                 [&](const ProteinTrainingPoint& point) { stop = point.step >= 12; });
  REQUIRE(part.stopped);
  const auto ended = trainer_on(second);
  const auto found = ended->train(learned, held_out, options, folder / "moved", {}, {});
  REQUIRE_FALSE(found.stopped);
  REQUIRE(found.curve.size() == expected.curve.size());
  for (std::size_t i = 0; i < found.curve.size(); ++i) {
    CHECK(found.curve[i].training == Approx(expected.curve[i].training).epsilon(1e-4));
    CHECK(found.curve[i].validation == Approx(expected.curve[i].validation).epsilon(1e-4));
  }
  CHECK(expected.curve.back().validation < expected.curve.front().validation - 0.2);
  CHECK(deviation(ended->weights(), calm->weights()) < 0.01);
}

}  // namespace

TEST_CASE("the protein network reads the same through LibTorch as by the program's own kernels") {
  check_reading("cpu");
}

TEST_CASE("training of a protein network moves between LibTorch and the program's own kernels") {
  check_training("cpu", "cpu");
  check_training("", "cpu");
  check_training("cpu", "");
}

TEST_CASE("a protein network reads and learns wholly on the pretend device") {
  const std::string device = pretend_device();
  const auto before = pretend_device_use();
  check_reading(device);
  check_training(device, device);
  check_training(device, "");
  CHECK(pretend_device_use().operations > before.operations + 1000);
}

TEST_CASE("a protein network gives the same on a GPU as on the processor") {
  if (scoring::prediction_device("auto") != "cuda:0") {
    WARN("skipped: LibTorch finds no GPU here");
    return;
  }
  check_reading("cuda:0");
  check_training("cuda:0", "cuda:0");
  check_training("", "cuda:0");
}

TEST_CASE("a protein network on a device that is not there is refused with what to do") {
  try {
    trainer_on("cuda:63");
    FAIL("no such device");
  } catch (const DeviceError& error) {
    CHECK_THAT(error.what(), Contains("no device 'cuda:63'"));
    CHECK_THAT(error.hint(), Contains("use --device cpu"));
  }
}
