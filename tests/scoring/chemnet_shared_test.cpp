// ChemNet and the Frechet ChemNet distance beside values of fcd_torch 1.0.7.
#include <catch2/catch.hpp>
#include <chrono>
#include <cmath>
#include <filesystem>

#include "chem/molecule.hpp"
#include "chem/text_file.hpp"
#include "datasets/model_file.hpp"
#include "scoring/chemnet.hpp"
#include "scoring/frechet_distance.hpp"
#include "scoring/simd_level.hpp"

using namespace theriac::scoring;
using theriac::datasets::ModelFile;

namespace {

const std::string folder = THERIAC_SHARED_DATA "/data/chemnet/";

bool there() {
  if (std::filesystem::exists(folder)) return true;
  WARN("skipped: needs ../shared/data/chemnet");
  return false;
}

std::vector<std::pair<std::string, std::string>> golden_smiles() {
  const std::string text = theriac::chem::read_text_file(folder + "chemnet_golden.smi");
  std::string_view rest = text, line;
  std::vector<std::pair<std::string, std::string>> out;
  while (theriac::chem::next_line(rest, line))
    out.emplace_back(line.substr(0, line.find('\t')), line.substr(line.find('\t') + 1));
  return out;
}

std::vector<std::string> canonical_of_golden() {
  std::vector<std::string> out;
  for (const auto& [given, canonical] : golden_smiles()) out.push_back(canonical);
  return out;
}

template <typename Ours>
double worst(const Ours& ours, const std::vector<double>& theirs) {
  REQUIRE(ours.size() == theirs.size());
  double out = 0;
  for (std::size_t i = 0; i < ours.size(); ++i)
    out = std::max(out, std::fabs(static_cast<double>(ours[i]) - theirs[i]));
  return out;
}

}  // namespace

TEST_CASE("100 molecules have the canonical SMILES, the tokens and the activations of fcd_torch") {
  if (!there()) return;
  const auto golden = ModelFile::read(folder + "chemnet_golden.safetensors");
  const auto tokens = golden.integers("tokens", {100, chemnet_positions});
  const auto lines = golden_smiles();
  REQUIRE(lines.size() == 100);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    INFO(lines[i].first);
    CHECK(theriac::chem::Molecule::from_smiles(lines[i].first).smiles() == lines[i].second);
    const auto ours = chemnet_tokens(lines[i].second);
    CHECK(std::equal(ours.begin(), ours.end(),
                     tokens.begin() + static_cast<std::ptrdiff_t>(i) * chemnet_positions));
  }
  const auto activations = golden.doubles("activations", {100, chemnet_outputs});
  for (const auto& level : simd_levels()) {
    const auto ours = ChemNet::read(folder + "chemnet.safetensors", level).activations(canonical_of_golden());
    WARN("largest deviation of the activations, " << level << ": " << worst(ours, activations));
    CHECK(worst(ours, activations) < 2e-4);
  }
}

TEST_CASE("every layer of the plain reference equals fcd_torch, and the fast path equals the reference") {
  if (!there()) return;
  const auto golden = ModelFile::read(folder + "chemnet_golden.safetensors");
  const auto net = ChemNet::read(folder + "chemnet.safetensors");
  const auto smiles = canonical_of_golden();
  const auto trace = net.reference(smiles[0]);
  CHECK(worst(trace.conv1, golden.doubles("conv1_of_0", {32, 175})) < 1e-6);
  CHECK(worst(trace.conv2, golden.doubles("conv2_of_0", {32, 88})) < 1e-6);
  CHECK(worst(trace.lstm1, golden.doubles("lstm1_of_0", {88, 128})) < 1e-5);
  const auto fast = net.activations(smiles);
  for (const std::size_t i : {0, 42, 75, 88, 97, 98, 99}) {
    INFO(smiles[i]);
    const auto plain = net.reference(smiles[i]).activations;
    const std::vector<float> row(fast.begin() + static_cast<std::ptrdiff_t>(i) * chemnet_outputs,
                                 fast.begin() + static_cast<std::ptrdiff_t>(i + 1) * chemnet_outputs);
    CHECK(worst(row, plain) < 1e-4);
  }
}

TEST_CASE("the activations of a molecule do not depend on its neighbours in the batch") {
  if (!there()) return;
  const auto net = ChemNet::read(folder + "chemnet.safetensors");
  auto smiles = canonical_of_golden();
  const auto together = net.activations(smiles);
  for (const std::size_t i : {0, 71, 98}) {
    const auto alone = net.activations({smiles[i]});
    CHECK(std::equal(alone.begin(), alone.end(),
                     together.begin() + static_cast<std::ptrdiff_t>(i) * chemnet_outputs));
  }
}

TEST_CASE("the distance of the two MOSES test sets is positive, symmetric and zero to itself") {
  if (!there()) return;
  const auto test = read_point_statistics(folder + "moses_test.npz");
  const auto scaffolds = read_point_statistics(folder + "moses_test_scaffolds.npz");
  CHECK(test.count == 176074);
  CHECK(scaffolds.count == 176225);
  CHECK(std::fabs(frechet_distance(test, test)) < 1e-6);
  CHECK(frechet_distance(test, scaffolds) == Approx(frechet_distance(scaffolds, test)).margin(1e-7));
  CHECK(frechet_distance(test, scaffolds) > 0.4);
}

TEST_CASE("weights of another shape are refused with both shapes") {
  if (!there()) return;
  const auto golden = ModelFile::read(folder + "chemnet_golden.safetensors");
  CHECK_THROWS_WITH(ChemNet(golden), Catch::Matchers::Contains("no tensor 'conv1.weight'"));
}
