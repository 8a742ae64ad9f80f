#include "scoring/protein_continuation.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "chem/error.hpp"
#include "scoring/protein_language_model.hpp"
#include "tests/datasets/temporary_folder.hpp"
#include "tests/scoring/random_protein_model.hpp"

using namespace theriac;
using namespace theriac::scoring;

TEST_CASE("a continuation has the logits of the whole row, wherever it is cut") {
  const TemporaryFolder folder;
  RandomProteinModel::write_causal(folder / "model.safetensors");
  const ProteinContinuation network(read_protein_weights(folder / "model.safetensors"));
  const auto model = ProteinLanguageModel::read(folder / "model.safetensors");
  auto row = model.row_of("MKTAYIAKQRQISFVKSHFSRQLEERLGLIEVQAPILSRVGDGTQDNLSGAEKAVQVK");
  const auto peptide = model.row_of("GIGKFLHSAKKFG");
  row.tokens.insert(row.tokens.end(), peptide.tokens.begin(), peptide.tokens.end());
  const auto whole = model.logits({row});
  for (const std::size_t cut : {std::size_t{0}, std::size_t{1}, std::size_t{17}, std::size_t{60}}) {
    const auto middle = row.tokens.begin() + static_cast<std::ptrdiff_t>(cut);
    std::vector<float> logits;
    const auto before = network.read({}, {row.tokens.begin(), middle}, &logits);
    CHECK(before.count() == static_cast<int>(cut));
    const auto all = network.read(before, {middle, row.tokens.end()}, &logits);
    CHECK(all.count() == static_cast<int>(row.tokens.size()));
    REQUIRE(logits.size() == whole.size());
    double farthest = 0;
    for (std::size_t i = 0; i < whole.size(); ++i)
      farthest = std::max(farthest, static_cast<double>(std::abs(whole[i] - logits[i])));
    CHECK(farthest < 1e-4);
  }
}

TEST_CASE("rows that are too long, tokens that are none and other layouts are refused") {
  const TemporaryFolder folder;
  RandomProteinModel::write_causal(folder / "causal.safetensors");
  RandomProteinModel::write_masked(folder / "masked.safetensors");
  const ProteinContinuation network(read_protein_weights(folder / "causal.safetensors"));
  CHECK_THROWS_AS(network.read({}, std::vector<int>(161, 5)), UsageError);
  CHECK_THROWS_AS(network.read({}, {5, 32}), UsageError);
  CHECK_THROWS_WITH(ProteinContinuation(read_protein_weights(folder / "masked.safetensors")),
                    Catch::Contains("is not of the ProGen2 layout"));
}
