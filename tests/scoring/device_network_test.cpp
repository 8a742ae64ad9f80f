// The network of trained endpoints in LibTorch against the program's own kernels, with the weights that ship.
#include "scoring/device_network.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>

#include "chem/data_file.hpp"
#include "chem/error.hpp"
#include "scoring/endpoint_set.hpp"
#include "tests/pretend_device.hpp"

using Catch::Matchers::Contains;
using namespace theriac;
using namespace theriac::scoring;

namespace {

/// Of an output: log-odds of classes, values in spreads of their task.
constexpr double tolerance = 1e-4;
constexpr std::size_t count = 70;  // more than one block of either path

const std::vector<chem::Molecule>& starters() {
  static const std::vector<chem::Molecule> molecules = [] {
    std::vector<chem::Molecule> out;
    std::ifstream file(chem::data_file("starter/starter_molecules.smi"));
    for (std::string line; out.size() < count && std::getline(file, line);)
      if (!line.empty() && line[0] != '#')
        out.push_back(chem::Molecule::from_smiles(line.substr(0, line.find_first_of(" \t"))));
    return out;
  }();
  return molecules;
}

const std::shared_ptr<const EndpointSet>& shipped() {
  static const auto set =
      std::make_shared<const EndpointSet>(EndpointSet::load(chem::data_file("models/admet.safetensors")));
  return set;
}

double output_of(const MessageTask& task, double measured) {
  return task.kind == TaskKind::classification ? std::log(measured / (1 - measured)) : task.learned(measured);
}

/// LibTorch there and on the processor.
void check_same_properties(const std::string& device) {
  const MessageNetwork& network = *shipped()->network();
  const auto expected = DeviceNetwork(network, "cpu").predict(starters());
  const auto found = DeviceNetwork(network, device).predict(starters());
  REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    const MessageTask& task = network.tasks()[i % network.tasks().size()];
    CHECK(std::abs(output_of(task, found[i]) - output_of(task, expected[i])) < 1e-5);
  }
}

}  // namespace

TEST_CASE("LibTorch and the program's own kernels give the same properties") {
  REQUIRE(starters().size() == count);
  const MessageNetwork& network = *shipped()->network();
  const auto expected = network.predict(starters());
  const auto found = DeviceNetwork(network, "cpu").predict(starters());
  REQUIRE(found.size() == expected.size());
  double most = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const MessageTask& task = network.tasks()[i % network.tasks().size()];
    most = std::max(most, std::abs(output_of(task, found[i]) - output_of(task, expected[i])));
  }
  CHECK(most < tolerance);
  CHECK(DeviceNetwork(network, "cpu").predict({}).empty());
  CHECK_THROWS_AS(DeviceNetwork(network, "cpu").predict(starters(), {1, 2, 3}), UsageError);
}

TEST_CASE("the network of endpoints gives the same properties on a GPU as in LibTorch on the processor") {
  if (prediction_device("auto") != "cuda:0") {
    WARN("skipped: LibTorch finds no GPU here");
    return;
  }
  check_same_properties("cuda:0");
}

TEST_CASE("the network of endpoints gives the same properties on the pretend device") {
  const std::string device = pretend_device();
  const auto before = pretend_device_use();
  check_same_properties(device);
  CHECK(pretend_device_use().operations - before.operations > 20);
  CHECK_THROWS_AS(prediction_device(device), UsageError);
}

TEST_CASE("endpoints are the same whichever path computes their network, and follow the one they are given") {
  const MessageNetwork& network = *shipped()->network();
  const EndpointScorer here(shipped());
  const EndpointScorer away(shipped(), {}, std::make_shared<DeviceNetwork>(network, "cpu"));
  const auto expected = here.score(starters()), found = away.score(starters());
  REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    REQUIRE(found[i].scores.size() == expected[i].scores.size());
    for (std::size_t k = 0; k < found[i].scores.size(); ++k) {
      INFO(found[i].scores[k].name());
      const double value = expected[i].scores[k].value;
      CHECK(std::abs(found[i].scores[k].value - value) < 1e-3 * std::max(1.0, std::abs(value)));
      CHECK(found[i].scores[k].neighbour == expected[i].scores[k].neighbour);
    }
  }
  auto weights = network.weights();
  for (auto& bias : weights.back().numbers) bias += 3;
  const MessageNetwork other(network.shape(), network.tasks(), weights);
  const EndpointScorer shifted(shipped(), {"herg"}, std::make_shared<DeviceNetwork>(other, "cpu"));
  CHECK(shifted.score(starters())[0].scores[0].value >
        EndpointScorer(shipped(), {"herg"}).score(starters())[0].scores[0].value + 0.01);
}

TEST_CASE("a device is found by its name, and one that is not there says what to do") {
  CHECK(prediction_device("cpu") == "cpu");
  const std::string found = prediction_device("auto");
  CHECK((found == "cpu" || found == "cuda:0"));
  CHECK(network_on_device(*shipped(), "cpu") == nullptr);
  for (const char* name : {"cuda:0", "cuda:7"}) CHECK(names_prediction_device(name));
  for (const char* name : {"", "gpu", "cuda", "cuda:", "cuda:x", "cuda:0123", "CPU"}) {
    INFO(name);
    CHECK_FALSE(names_prediction_device(name));
    CHECK_THROWS_AS(prediction_device(name), UsageError);
  }
  try {
    prediction_device("cuda:63");
    FAIL("no such device");
  } catch (const DeviceError& error) {
    CHECK_THAT(error.what(), Contains("no device 'cuda:63'"));
    CHECK_THAT(error.hint(), Contains("use --device cpu"));
  }
  CHECK_THROWS_AS(DeviceNetwork(*shipped()->network(), "cuda:63"), DeviceError);
}
