// The message-passing network: the fast path against LibTorch, invariances, training that can be
// interrupted, and files that are not what they say.
#include "scoring/message_network.hpp"

#include <tbb/global_control.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <cmath>
#include <ctime>
#include <filesystem>
#include <limits>

#include "chem/counter_random.hpp"
#include "chem/error.hpp"
#include "datasets/durable_file.hpp"
#include "datasets/model_file.hpp"
#include "datasets/model_file_writer.hpp"
#include "datasets/network_library.hpp"
#include "scoring/simd_level.hpp"

using Catch::Matchers::Contains;
using namespace theriac;
using namespace theriac::scoring;

namespace {

constexpr float unknown = std::numeric_limits<float>::quiet_NaN();

struct Folder {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("theriac-message-" + std::to_string(::getpid()));
  Folder() { std::filesystem::create_directories(path); }
  ~Folder() { std::filesystem::remove_all(path); }
  std::string file(const std::string& name) const { return (path / name).string(); }
};

const std::vector<std::string>& drugs() {
  static const std::vector<std::string> smiles = {
      "CC(=O)Oc1ccccc1C(=O)O",
      "CC(C)Cc1ccc(cc1)[C@@H](C)C(=O)O",
      "CN1C=NC2=C1C(=O)N(C(=O)N2C)C",
      "CCO",
      "[Na+].[Cl-]",
      "C",
      "CN(C)CCCN1c2ccccc2CCc2ccccc12",
      "OC[C@H]1O[C@@H](O)[C@H](O)[C@@H](O)[C@@H]1O",
      "F/C=C\\Cl",
      "CC(C)(C)NCC(O)c1ccc(O)c(CO)c1",
      "O=C(O)c1cn(C2CC2)c2cc(N3CCNCC3)c(F)cc2c1=O",
      "CCN(CC)CC",
      "N#Cc1ccccc1",
      "C1CCCCC1",
      "CS(=O)(=O)c1ccc(cc1)C1=C(C(=O)OC1)c1ccccc1",
      "[Pt+2]",
  };
  return smiles;
}

std::vector<chem::Molecule> molecules() {
  std::vector<chem::Molecule> out;
  for (const auto& smiles : drugs()) out.push_back(chem::Molecule::from_smiles(smiles));
  return out;
}

std::vector<chem::BondGraph> graphs() {
  std::vector<chem::BondGraph> out;
  for (const auto& molecule : molecules()) out.push_back(chem::bond_graph(molecule));
  return out;
}

std::vector<const chem::BondGraph*> pointers(const std::vector<chem::BondGraph>& all) {
  std::vector<const chem::BondGraph*> out;
  for (const auto& graph : all) out.push_back(&graph);
  return out;
}

MessageShape shape(int extras = 0) {
  MessageShape s;
  s.hidden = 40;  // no multiple of a SIMD width
  s.head = 50;
  s.extras = extras;
  s.outputs = 3;
  return s;
}

std::vector<MessageTask> tasks() {
  return {{"size", TaskKind::regression, "", false, 10, 5, 16},
          {"clearance", TaskKind::regression, "mL/min", true, 1, 0.5, 16},
          {"class", TaskKind::classification, "", false, 0, 1, 16}};
}

std::unique_ptr<MessageEngine> engine(const MessageShape& s, std::uint64_t seed = 7) {
  return datasets::network_maker<MessageEngineMaker>().make(s, seed, "cpu");
}

/// Zero biases would hide where they are added.
void disturb_biases(MessageEngine& learner) {
  auto weights = learner.weights();
  for (auto& tensor : weights)
    if (tensor.shape.size() == 1)
      for (std::size_t i = 0; i < tensor.numbers.size(); ++i)
        tensor.numbers[i] = 0.1f * std::sin(static_cast<float>(i));
  learner.set_weights(weights);
}

MessageExamples examples() {
  MessageExamples out;
  out.graphs = graphs();
  for (const auto& graph : out.graphs) {
    out.targets.push_back((static_cast<float>(graph.atom_count()) - 10) / 5);
    out.targets.push_back(graph.bond_count() % 3 == 0 ? unknown
                                                      : 0.1f * static_cast<float>(graph.bond_count()));
    out.targets.push_back(graph.atom_count() > 10 ? 1.f : 0.f);
  }
  out.digest = message_digest(out);
  return out;
}

std::vector<TaskLoss> losses() {
  return {{TaskKind::regression, 1, 0.5}, {TaskKind::regression, 2, 0.5}, {TaskKind::classification, 1, 1}};
}

MessageTrainingOptions short_training() {
  MessageTrainingOptions o;
  o.epochs = 12;
  o.batch = 5;
  o.dropout = 0.1;
  o.averaging = 0.9;
  o.weight_decay = 0.01;
  return o;
}

double most_different(const std::vector<float>& a, const std::vector<float>& b) {
  REQUIRE(a.size() == b.size());
  double most = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    most = std::max(most, std::abs(static_cast<double>(a[i] - b[i])));
  return most;
}

std::vector<float> numbers(MessageEngine& learner) {
  std::vector<float> out;
  for (const auto& tensor : learner.weights())
    out.insert(out.end(), tensor.numbers.begin(), tensor.numbers.end());
  return out;
}

}  // namespace

TEST_CASE("the fast path gives LibTorch's numbers at every SIMD level") {
  const auto all = graphs();
  for (const int extras : {0, 5}) {
    const auto learner = engine(shape(extras));
    disturb_biases(*learner);
    std::vector<float> more;
    for (std::size_t i = 0; i < all.size() * static_cast<std::size_t>(extras); ++i)
      more.push_back(std::cos(static_cast<float>(i)));
    const auto expected = learner->outputs(pointers(all), more);
    CHECK(most_different(expected, std::vector<float>(expected.size())) > 0.1);
    for (const auto& level : simd_levels()) {
      INFO(level << ", " << extras << " extra inputs");
      const MessageNetwork network(shape(extras), tasks(), learner->weights(), level);
      CHECK(most_different(network.outputs(pointers(all), more), expected) < 1e-4);
    }
  }
}

TEST_CASE("a molecule's row depends neither on the others nor on the order of its atoms") {
  const auto learner = engine(shape());
  disturb_biases(*learner);
  const MessageNetwork network(shape(), tasks(), learner->weights());
  const auto together = network.predict(molecules());
  for (std::size_t i = 0; i < drugs().size(); ++i) {
    const auto alone = network.predict({chem::Molecule::from_smiles(drugs()[i])});
    for (std::size_t t = 0; t < 3; ++t) CHECK(alone[t] == together[3 * i + t]);
  }
  const auto one = network.predict({chem::Molecule::from_smiles("C[C@H](N)C(=O)Nc1ccccc1Cl")});
  const auto other = network.predict({chem::Molecule::from_smiles("Clc1c(NC([C@H](C)N)=O)cccc1")});
  const auto mirrored = network.predict({chem::Molecule::from_smiles("Clc1c(NC([C@@H](C)N)=O)cccc1")});
  for (std::size_t t = 0; t < 3; ++t) CHECK(one[t] == Approx(other[t]).epsilon(1e-5));
  CHECK(one[0] != Approx(mirrored[0]).epsilon(1e-5));
}

TEST_CASE("a molecule without atoms or bonds has predictions too") {
  const auto learner = engine(shape());
  const MessageNetwork network(shape(), tasks(), learner->weights());
  for (const double value :
       network.predict({chem::Molecule::without_atoms(), chem::Molecule::from_smiles("[He]")}))
    CHECK(std::isfinite(value));
  CHECK(network.predict({}).empty());
  CHECK(network.fingerprints(molecules()).size() == drugs().size() * 50);
}

TEST_CASE("outputs become values in the units of their tasks") {
  const auto t = tasks();
  CHECK(t[0].measured(2) == Approx(20));
  CHECK(t[1].measured(2) == Approx(100));
  CHECK(t[2].measured(0) == Approx(0.5));
  for (const double value : {3.0, 40.0})
    for (int i = 0; i < 2; ++i)
      CHECK(t[static_cast<std::size_t>(i)].measured(t[static_cast<std::size_t>(i)].learned(value)) ==
            Approx(value));
}

TEST_CASE("training learns and its result does not depend on threads") {
  const auto data = examples();
  std::vector<std::vector<float>> results;
  for (const std::size_t threads : {1, 4}) {
    tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
    const auto learner = engine(shape());
    auto options = short_training();
    options.epochs = 60;
    const auto result = learner->train(data, losses(), options, "", {}, {});
    REQUIRE(result.curve.size() > 10);
    CHECK(result.curve.back().loss < 0.4 * result.curve.front().loss);
    results.push_back(numbers(*learner));
  }
  CHECK(results[0] == results[1]);
}

TEST_CASE("interrupted training ends in the same weights as undisturbed training") {
  const Folder folder;
  const auto data = examples();
  const auto whole = engine(shape());
  whole->train(data, losses(), short_training(), folder.file("whole"), {}, {});
  std::atomic<bool> stop{false};
  bool stopped = true;
  std::unique_ptr<MessageEngine> pieces;
  for (int sitting = 0; stopped; ++sitting) {
    REQUIRE(sitting < 100);
    stop = false;
    pieces = engine(shape());
    int seen = 0;
    stopped = pieces
                  ->train(data, losses(), short_training(), folder.file("pieces"), chem::StopToken(&stop),
                          [&](const MessageTrainingPoint&) { stop = ++seen == 7; })
                  .stopped;
    if (sitting == 0) CHECK(stopped);
  }
  CHECK(numbers(*whole) == numbers(*pieces));

  auto other = short_training();
  other.rate = 0.5;
  CHECK_THROWS_WITH(engine(shape())->train(data, losses(), other, folder.file("pieces"), {}, {}),
                    Contains("was made with rate ") && Contains(", now it is "));
  auto changed = data;
  changed.targets[0] += 1;
  changed.digest = message_digest(changed);
  CHECK_THROWS_WITH(
      engine(shape())->train(changed, losses(), short_training(), folder.file("pieces"), {}, {}),
      Contains("was made with examples "));
}

TEST_CASE("a task without a single value leaves its output alone and disturbs no other") {
  auto data = examples();
  const auto with = engine(shape()), without = engine(shape());
  auto options = short_training();
  options.weight_decay = 0;
  options.gradient_limit = 1e9;
  for (std::size_t i = 1; i < data.targets.size(); i += 3) data.targets[i] = unknown;
  const auto before = with->weights();
  with->train(data, losses(), options, "", {}, {});
  const auto after = with->weights();
  const auto row = [](const std::vector<MessageTensor>& weights, std::size_t task) {
    const auto& output = weights[6].numbers;
    return std::vector<float>(output.begin() + static_cast<std::ptrdiff_t>(task) * 50,
                              output.begin() + static_cast<std::ptrdiff_t>(task + 1) * 50);
  };
  CHECK(most_different(row(before, 1), row(after, 1)) < 1e-6);
  CHECK(most_different(row(before, 0), row(after, 0)) > 1e-3);
}

TEST_CASE("a network survives its file, and faults of a file are told") {
  const Folder folder;
  const auto learner = engine(shape());
  disturb_biases(*learner);
  const MessageNetwork network(shape(), tasks(), learner->weights());
  const std::string file = folder.file("network.safetensors");
  network.save(file, {{"training_data", "sixteen molecules"}});
  const auto again = MessageNetwork::load(file);
  CHECK(again.tasks()[1].name == "clearance");
  CHECK(again.tasks()[1].logarithmic);
  CHECK(datasets::ModelFile::read(file).metadata("training_data") == "sixteen molecules");
  const auto all = graphs();
  CHECK(most_different(again.outputs(pointers(all)), network.outputs(pointers(all))) <
        0.02);  // half precision

  const std::string bytes = datasets::read_file(file);
  const auto rewritten = [&](const std::string& from, const std::string& to) {
    REQUIRE(from.size() == to.size());
    std::string changed = bytes;
    const auto place = changed.find(from);
    REQUIRE(place != std::string::npos);
    changed.replace(place, from.size(), to);
    datasets::DurableFile out(folder.file("fault"));
    out.write(changed);
    out.publish();
    return folder.file("fault");
  };
  CHECK_THROWS_AS(MessageNetwork::load(folder.file("nowhere")), InputError);
  CHECK_THROWS_WITH(MessageNetwork::load(rewritten("theriac message network", "theriac message nothing")),
                    Contains("wanted 'theriac message network'"));
  CHECK_THROWS_WITH(MessageNetwork::load(rewritten("hidden\\\":40", "hidden\\\":41")), Contains("41 x 86"));
  CHECK_THROWS_WITH(MessageNetwork::load(rewritten("hidden\\\":40", "hidden\\\":-4")),
                    Contains("hidden is -4"));
  CHECK_THROWS_WITH(MessageNetwork::load(rewritten("outputs\\\":3", "outputs\\\":2")),
                    Contains("not usable"));
  CHECK_THROWS_WITH(MessageNetwork::load(rewritten("\\\"clearance\\\"", "\\\"clearance  ")),
                    Contains("does not describe"));
  auto broken = learner->weights();
  broken[0].numbers[3] = unknown;
  CHECK_THROWS_WITH(MessageNetwork(shape(), tasks(), broken), Contains("not numbers"));
  broken = learner->weights();
  broken.pop_back();
  CHECK_THROWS_WITH(MessageNetwork(shape(), tasks(), broken), Contains("output.bias"));
}

TEST_CASE("a device that is not there is refused by name") {
  CHECK_THROWS_AS(datasets::network_maker<MessageEngineMaker>().make(shape(), 1, "cuda:63"), DeviceError);
  CHECK_THROWS_WITH(datasets::network_maker<MessageEngineMaker>().make(shape(), 1, "abacus"),
                    Contains("abacus"));
}

TEST_CASE("time per molecule, with --reporter console and [speed]", "[.][speed]") {
  MessageShape s;
  s.outputs = 52;
  std::vector<chem::BondGraph> all;
  for (int copy = 0; copy < 200; ++copy)
    for (const auto& graph : graphs())
      if (graph.atom_count() > 10) all.push_back(graph);
  double atoms = 0;
  for (const auto& graph : all) atoms += graph.atom_count();
  const MessageNetwork network(s, std::vector<MessageTask>(52), engine(s)->weights());
  tbb::global_control one(tbb::global_control::max_allowed_parallelism, 1);
  for (int repeat = 0; repeat < 3; ++repeat) {
    const std::clock_t begin = std::clock();
    network.outputs(pointers(all));
    const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    WARN(1e6 * seconds / static_cast<double>(all.size())
         << " us of processor time per molecule of " << atoms / static_cast<double>(all.size())
         << " heavy atoms");
  }
}
