// The probabilities tokens are drawn from, by hand and beside the published programs.
#include "generative/token_sampling.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "chem/error.hpp"
#include "datasets/durable_file.hpp"
#include "datasets/model_file.hpp"
#include "scoring/protein_decoder.hpp"

using namespace theriac;
using generative::next_token_probabilities;
using generative::TokenSampling;

TEST_CASE("the best tokens by number and by share, the one that crosses included") {
  const std::vector<float> logits = {std::log(0.5f), std::log(0.2f), std::log(0.2f), std::log(0.1f)};
  TokenSampling rule;
  CHECK(next_token_probabilities(logits, rule)[0] == Approx(0.5));
  rule.top_k = 1;
  CHECK(next_token_probabilities(logits, rule) == std::vector<double>{1, 0, 0, 0});
  rule.top_k = 0, rule.top_p = 0.6;
  const auto shared = next_token_probabilities(logits, rule);
  CHECK(shared[0] == Approx(0.5 / 0.7));
  CHECK(shared[1] == Approx(0.2 / 0.7));
  CHECK(shared[2] == 0);
  rule = {};
  rule.temperature = 0;
  CHECK_THROWS_AS(next_token_probabilities(logits, rule), UsageError);
}

namespace {

TokenSampling rule_of(const std::string& name, bool gpt2) {
  TokenSampling rule;
  if (name == "sampling_protgpt2") rule.repetition_penalty = 1.2, rule.top_k = 950;
  if (name == "sampling_topk" && gpt2) rule.repetition_penalty = 1.2, rule.temperature = 0.7, rule.top_k = 20;
  if (name == "sampling_topk" && !gpt2) rule.top_k = 15;
  if (name == "sampling_topk_topp") rule.temperature = 0.8, rule.top_k = 40, rule.top_p = 0.9;
  if (name == "sampling_topp") rule.temperature = 0.8, rule.top_p = 0.9;
  if (name == "sampling_topp_default") rule.temperature = 0.2, rule.top_p = 0.95;
  if (name == "greedy_repetition_penalty") rule.repetition_penalty = 1.2;
  return rule;
}

std::vector<int> row_of(const datasets::ModelFile& file, const std::string& name) {
  const auto numbers = file.integers(name, {1, -1});
  return {numbers.begin(), numbers.end()};
}

}  // namespace

TEST_CASE("sampling probabilities and greedy runs are those of ProtGPT2's and ProGen2's programs",
          "[shared]") {
  const std::string golden = THERIAC_SHARED_DATA "/golden/protein-lm/";
  if (!std::filesystem::is_directory(golden)) {
    WARN("skipped: needs ../shared/golden/protein-lm");
    return;
  }
  int compared = 0;
  for (const std::string name : {"gpt2-a", "progen2-a", "progen2-b", "progen2-c"}) {
    const auto model = scoring::ProteinLanguageModel::read(golden + name);
    const auto tensors = datasets::ModelFile::read(golden + name + "/cases.safetensors");
    const auto file = nlohmann::json::parse(datasets::read_file(golden + name + "/cases.json"));
    for (const auto& entry : file["cases"]) {
      const std::string which = entry["case"];
      INFO(name << " " << which);
      const auto rule = rule_of(which, name == "gpt2-a");
      if (tensors.contains(which + "/probabilities_f64")) {
        const auto row = row_of(tensors, which + "/input_ids");
        const auto found =
            next_token_probabilities(scoring::ProteinDecoder(model, row, 1).logits(), rule, row);
        const auto expected = tensors.doubles(which + "/probabilities_f64", {1, -1});
        for (std::size_t i = 0; i < found.size(); ++i) CHECK(found[i] == Approx(expected[i]).margin(1e-4));
        ++compared;
      }
      if (tensors.contains(which + "/output_ids")) {
        auto row = row_of(tensors, which + "/prompt_ids");
        const auto expected = row_of(tensors, which + "/output_ids");
        scoring::ProteinDecoder decoder(model, row, 1);
        while (row.size() < expected.size()) {
          const auto p = next_token_probabilities(decoder.logits(), rule, row);
          row.push_back(static_cast<int>(std::max_element(p.begin(), p.end()) - p.begin()));
          decoder.append({row.back()});
        }
        CHECK(row == expected);
        ++compared;
      }
    }
  }
  CHECK(compared == 17);
}
