// Networks on the pretend device beside the same on the processor: everything is sent, nothing is mixed, and
// the numbers are the same. CUDA's own kernels are not what is tested here.
#include "tests/pretend_device.hpp"

#include <array>
#include <atomic>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <string>

#include "chem/error.hpp"
#include "chem/text_file.hpp"
#include "scoring/gnina_engine.hpp"
#include "scoring/message_engine.hpp"
#include "scoring/protein_language_model.hpp"
#include "tests/datasets/temporary_folder.hpp"
#include "tests/scoring/random_gnina_network.hpp"
#include "tests/scoring/small_protein_model.hpp"

using namespace theriac;
using namespace theriac::scoring;

namespace {

constexpr double tolerance = 1e-5;

template <typename Number>
double most_different(const std::vector<Number>& a, const std::vector<Number>& b) {
  REQUIRE(a.size() == b.size());
  double most = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    REQUIRE(std::isfinite(a[i]));
    most = std::max(most, std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i])));
  }
  return most;
}

const std::vector<chem::BondGraph>& graphs() {
  static const std::vector<chem::BondGraph> all = [] {
    std::vector<chem::BondGraph> out;
    for (const char* smiles :
         {"CC(=O)Oc1ccccc1C(=O)O", "CC(C)Cc1ccc(cc1)[C@@H](C)C(=O)O", "CN1C=NC2=C1C(=O)N(C(=O)N2C)C", "CCO",
          "[Na+].[Cl-]", "C", "CN(C)CCCN1c2ccccc2CCc2ccccc12", "F/C=C\\Cl", "CC(C)(C)NCC(O)c1ccc(O)c(CO)c1",
          "O=C(O)c1cn(C2CC2)c2cc(N3CCNCC3)c(F)cc2c1=O", "CCN(CC)CC", "N#Cc1ccccc1", "C1CCCCC1", "[Pt+2]"})
      for (int copy = 0; copy < 3; ++copy)  // so that a step has more than one shard
        out.push_back(chem::bond_graph(chem::Molecule::from_smiles(smiles)));
    return out;
  }();
  return all;
}

std::vector<const chem::BondGraph*> pointers() {
  std::vector<const chem::BondGraph*> out;
  for (const auto& graph : graphs()) out.push_back(&graph);
  return out;
}

constexpr int extras = 3;

std::vector<float> extra_inputs() {
  std::vector<float> out;
  for (std::size_t i = 0; i < graphs().size() * extras; ++i) out.push_back(std::cos(static_cast<float>(i)));
  return out;
}

std::unique_ptr<MessageEngine> message_engine(const std::string& device) {
  MessageShape shape;
  shape.hidden = 40;
  shape.head = 50;
  shape.extras = extras;
  shape.outputs = 2;
  return datasets::network_maker<MessageEngineMaker>().make(shape, 7, device);
}

MessageExamples examples() {
  MessageExamples out;
  out.graphs = graphs();
  out.extras = extra_inputs();
  for (const auto& graph : out.graphs) {
    out.targets.push_back((static_cast<float>(graph.atom_count()) - 10) / 5);
    out.targets.push_back(graph.bond_count() % 3 == 0 ? std::numeric_limits<float>::quiet_NaN()
                          : graph.atom_count() > 10   ? 1.f
                                                      : 0.f);
  }
  out.digest = message_digest(out);
  return out;
}

MessageTrainingOptions short_training() {
  MessageTrainingOptions o;
  o.epochs = 40;
  o.batch = 40;
  o.dropout = 0.1;
  o.averaging = 0.9;
  o.weight_decay = 0.01;
  return o;
}

/// Trains until `points` points of the curve were seen.
MessageTrainingResult train(MessageEngine& engine, const std::string& checkpoint, int points) {
  std::atomic<bool> stop{false};
  int seen = 0;
  return engine.train(examples(), {{TaskKind::regression, 1, 0.5}, {TaskKind::classification, 1, 1}},
                      short_training(), checkpoint, chem::StopToken(&stop),
                      [&](const MessageTrainingPoint&) { stop = ++seen == points; });
}

std::vector<float> numbers(MessageEngine& engine) {
  std::vector<float> out;
  for (const auto& tensor : engine.weights())
    out.insert(out.end(), tensor.numbers.begin(), tensor.numbers.end());
  return out;
}

void check_same_curve(const MessageTrainingResult& a, const MessageTrainingResult& b) {
  REQUIRE(a.curve.size() == b.curve.size());
  for (std::size_t i = 0; i < a.curve.size(); ++i) {
    CHECK(a.curve[i].step == b.curve[i].step);
    CHECK(a.curve[i].loss == Approx(b.curve[i].loss).epsilon(tolerance));
  }
}

}  // namespace

TEST_CASE("a molecule's outputs are the same on the pretend device, and were computed there") {
  const auto here = message_engine("cpu");
  for (const auto& device : {pretend_device(), second_pretend_device()}) {
    const auto away = message_engine(device);
    const auto before = pretend_device_use();
    const auto found = away->outputs(pointers(), extra_inputs());
    const auto after = pretend_device_use();
    CHECK(most_different(found, here->outputs(pointers(), extra_inputs())) < tolerance);
    CHECK(after.operations - before.operations > 20);
    CHECK(after.sent - before.sent == 5);        // kinds of atoms; bonds; shares; extra inputs; all indices
    CHECK(after.fetched - before.fetched == 1);  // the outputs
    away->set_weights(here->weights());
    CHECK(numbers(*away) == numbers(*here));
  }
}

TEST_CASE("a network learns the same on the pretend device as on the processor") {
  const std::vector<std::string> devices = {pretend_device(), second_pretend_device()};
  const auto here = message_engine("cpu");
  const auto expected = train(*here, "", -1);
  REQUIRE(expected.curve.size() > 5);
  CHECK(expected.curve.back().loss < 0.8 * expected.curve.front().loss);
  for (const auto& device : devices) {
    const auto away = message_engine(device);
    check_same_curve(train(*away, "", -1), expected);
    CHECK(most_different(numbers(*away), numbers(*here)) < tolerance);
  }
}

TEST_CASE("training that was interrupted on one device goes on on the other") {
  const std::string here = "cpu", away = pretend_device();
  const TemporaryFolder folder;
  const auto whole = message_engine(here);
  const auto expected = train(*whole, "", -1);
  for (const auto& [first, second] : {std::array{here, away}, std::array{away, here}}) {
    INFO(first << " then " << second);
    const std::string checkpoint = folder / ("from-" + first.substr(0, 3));
    CHECK(train(*message_engine(first), checkpoint, 4).stopped);
    const auto pieces = message_engine(second);
    const auto found = train(*pieces, checkpoint, -1);
    CHECK_FALSE(found.stopped);
    check_same_curve(found, expected);
    CHECK(most_different(numbers(*pieces), numbers(*whole)) < tolerance);
  }
}

TEST_CASE("protein language models give the same numbers on the pretend device") {
  const TemporaryFolder folder;
  small_protein_model::write_esm(folder / "esm2");
  small_protein_model::write_esm(folder / "esm1b", false);
  chem::write_text_file(folder / "progen2.safetensors", small_protein_model::progen2_bytes());
  for (const char* file : {"esm2", "esm1b", "progen2.safetensors"}) {
    INFO(file);
    const auto weights = read_protein_weights(folder / file);
    ProteinLanguageModel here(weights), away(weights);
    here.compute_on(protein_device(weights, "cpu"));
    away.compute_on(protein_device(weights, second_pretend_device()));
    std::vector<TokenRow> rows;
    for (const char* sequence : {"MKTAYIAKQRQISFVKSHFSRQLEERLGLIEV", "M", "GAVLI", "WYHKRDENQST", "ACDEF"})
      rows.push_back(here.row_of(sequence));
    if (here.masked()) rows[0].tokens[4] = rows[0].tokens[9] = here.tokens().mask();
    const auto before = pretend_device_use();
    CHECK(most_different(away.hidden_states(rows), here.hidden_states(rows)) < tolerance);
    CHECK(most_different(away.logits(rows), here.logits(rows)) < tolerance);
    CHECK(pretend_device_use().operations - before.operations > 50);
  }
}

TEST_CASE("gnina's networks give the same scores on the pretend device") {
  constexpr chem::Vector3 centre{1, 2, 3};
  const DensityGrid grid(random_density_atoms(200, 24, centre, 0, density_receptor_channels - 1, 1));
  std::vector<float> grids;
  for (unsigned pose = 0; pose < 2; ++pose) {
    const auto points = grid.points(random_density_atoms(30, 14, centre, 14, 27, 20 + pose), centre);
    grids.insert(grids.end(), points.begin(), points.end());
  }
  for (const auto architecture : {GninaArchitecture::default2018, GninaArchitecture::dense}) {
    const auto weights = random_gnina_weights(architecture, 8);
    const auto& maker = datasets::network_maker<GninaEngineMaker>();
    const auto expected = maker.make(weights, "cpu")->outputs(grids);
    const auto before = pretend_device_use();
    const auto found = maker.make(weights, second_pretend_device())->outputs(grids);
    CHECK(pretend_device_use().operations - before.operations > 10);
    REQUIRE(found.size() == expected.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
      CHECK(found[i].score == Approx(expected[i].score).margin(tolerance));
      CHECK(found[i].affinity == Approx(expected[i].affinity).margin(tolerance));
    }
  }
}

TEST_CASE("a pretend device refuses tensors of the processor and of the other one") {
  CHECK(pretend_device_accepts().empty());
}

TEST_CASE("there are two pretend devices") {
  const auto& maker = datasets::network_maker<MessageEngineMaker>();
  CHECK_NOTHROW(maker.require_device(pretend_device()));
  CHECK_NOTHROW(maker.require_device(second_pretend_device()));
  CHECK_THROWS_AS(maker.require_device("privateuseone:2"), DeviceError);
}
