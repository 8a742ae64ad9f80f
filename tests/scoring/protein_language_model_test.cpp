// Protein language models on small ones of our own: the fast pass beside the plain one, what a number may
// depend on, windows, and files that lie.
#include "scoring/protein_language_model.hpp"

#include <tbb/global_control.h>

#include <catch2/catch.hpp>
#include <cmath>

#include "chem/error.hpp"
#include "scoring/protein_decoder.hpp"
#include "scoring/protein_reference.hpp"
#include "scoring/simd_level.hpp"
#include "tests/datasets/temporary_folder.hpp"
#include "tests/scoring/small_protein_model.hpp"

using Catch::Matchers::Contains;
using namespace theriac;
using namespace theriac::scoring;
namespace small = small_protein_model;

namespace {

std::string random_sequence(std::size_t length, std::uint64_t seed) {
  chem::CounterRandom random(seed, "sequence", "test");
  std::string out;
  for (std::size_t i = 0; i < length; ++i) out += residue_order[random.below(20)];
  return out;
}

std::vector<std::string> sequences_of_all_lengths() {
  std::vector<std::string> out;
  for (const std::size_t length : {1u, 2u, 7u, 31u, 32u, 33u, 36u, 30u, 5u})
    out.push_back(random_sequence(length, length));
  return out;
}

/// The three models of these tests, on the disk.
struct Models {
  TemporaryFolder folder;
  Models() {
    small::write_esm(folder / "esm2");
    small::write_esm(folder / "esm1b", false);
    chem::write_text_file(folder / "progen2.safetensors", small::progen2_bytes());
  }
  std::vector<std::string> paths() const {
    return {folder / "esm2", folder / "esm1b", folder / "progen2.safetensors"};
  }
};

const Models& models() {
  static const Models all;
  return all;
}

std::string model_path(int i) {
  return models().paths()[static_cast<std::size_t>(i)];
}

}  // namespace

TEST_CASE("the fast pass equals the plain one with every instruction set, whatever the length") {
  for (const auto& path : models().paths()) {
    const auto weights = read_protein_weights(path);
    for (const auto& simd : simd_levels()) {
      INFO(path << " " << simd);
      const ProteinLanguageModel model(weights, simd);
      std::vector<TokenRow> rows;
      for (const auto& sequence : sequences_of_all_lengths()) rows.push_back(model.row_of(sequence));
      if (model.masked()) rows[3].tokens[4] = rows[3].tokens[9] = model.tokens().mask();
      const auto logits = model.logits(rows);
      std::size_t at = 0;
      for (const auto& row : rows) {
        const auto plain = protein_reference(weights, row.tokens, model.checked(row).positions).logits;
        double worst = 0;
        for (const double value : plain) worst = std::max(worst, std::abs(value - logits[at++]));
        CHECK(worst < 1e-4);
      }
      CHECK(at == logits.size());
    }
  }
}

TEST_CASE("LibTorch gives the same hidden states and logits as the program's own kernels") {
  for (const auto& path : models().paths()) {
    INFO(path);
    const auto weights = read_protein_weights(path);
    const ProteinLanguageModel here(weights);
    ProteinLanguageModel away(weights);
    away.compute_on(protein_device(weights, "cpu"));
    std::vector<TokenRow> rows;
    for (const auto& sequence : sequences_of_all_lengths()) rows.push_back(here.row_of(sequence));
    if (here.masked()) rows[3].tokens[4] = rows[3].tokens[9] = here.tokens().mask();
    for (const bool head : {false, true}) {
      const auto expected = head ? here.logits(rows) : here.hidden_states(rows);
      const auto found = head ? away.logits(rows) : away.hidden_states(rows);
      REQUIRE(found.size() == expected.size());
      double worst = 0;
      for (std::size_t i = 0; i < found.size(); ++i)
        worst = std::max(worst, static_cast<double>(std::abs(found[i] - expected[i])));
      CHECK(worst < 1e-4);
      CHECK(worst > 0);  // it was another program that computed it
    }
    CHECK(away.logits({}).empty());
    const auto vectors = here.pooled_embeddings({random_sequence(90, 3), "MKT"});
    const auto far = away.pooled_embeddings({random_sequence(90, 3), "MKT"});
    for (std::size_t i = 0; i < vectors.size(); ++i) CHECK(far[i] == Approx(vectors[i]).margin(1e-4));
    CHECK_THROWS_AS(protein_device(weights, "cuda:63"), DeviceError);
    CHECK_THROWS_AS(read_protein_model(path, "cuda:63"), DeviceError);
    CHECK_THROWS_AS(read_protein_model(path, "abacus"), UsageError);
  }
  const auto same = read_protein_model(model_path(0), "cpu").pooled_embeddings({"MKTAY"});
  CHECK(same == ProteinLanguageModel::read(model_path(0)).pooled_embeddings({"MKTAY"}));
}

TEST_CASE(
    "a sequence's numbers depend on no other sequence, on no order and no number of threads: bit for bit") {
  for (const auto& path : models().paths()) {
    const auto model = ProteinLanguageModel::read(path);
    auto sequences = sequences_of_all_lengths();
    for (std::uint64_t i = 0; i < 60; ++i) sequences.push_back(random_sequence(3 + i % 33, 100 + i));
    const auto together = model.residue_embeddings(sequences);
    for (std::size_t i = 0; i < sequences.size(); ++i)
      CHECK(model.residue_embeddings({sequences[i]}).front() == together[i]);
    std::reverse(sequences.begin(), sequences.end());
    for (const std::size_t threads : {1, 4}) {
      tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
      auto again = model.residue_embeddings(sequences);
      std::reverse(again.begin(), again.end());
      CHECK(again == together);
    }
  }
}

TEST_CASE("pooled vectors are means over the residues, and long sequences are read in windows") {
  const auto model = ProteinLanguageModel::read(model_path(1));  // at most 40 tokens, so 38 residues
  CHECK(model.residues_at_once() == 38);
  const std::string sequence = random_sequence(100, 5);
  const auto states = model.residue_embeddings({sequence}).front();
  REQUIRE(states.size() == 100 * 24);
  // windows begin at 0, 19, 38, 57, 62; residue 40 is nearest to the middle of the one that begins at 19
  const auto window = model.residue_embeddings({sequence.substr(19, 38)}).front();
  for (int k = 0; k < 24; ++k)
    CHECK(states[40 * 24 + static_cast<std::size_t>(k)] == window[21 * 24 + static_cast<std::size_t>(k)]);
  const auto first = model.residue_embeddings({sequence.substr(0, 38)}).front();
  CHECK(std::equal(first.begin(), first.begin() + 20 * 24, states.begin()));
  const auto last = model.residue_embeddings({sequence.substr(62)}).front();
  CHECK(std::equal(last.end() - 15 * 24, last.end(), states.end() - 15 * 24));
  const auto pooled = model.pooled_embeddings({"MK", sequence});
  double sum = 0;
  for (std::size_t i = 0; i < 100; ++i) sum += states[i * 24];
  CHECK(pooled[24] == Approx(sum / 100).margin(1e-5));
}

TEST_CASE("marginals of a long sequence come from the residues around each position") {
  const auto model = ProteinLanguageModel::read(model_path(1));
  const std::string sequence = random_sequence(100, 6);
  const auto found = model.masked_log_probabilities(sequence, {0, 50, 99});
  const auto around = model.masked_log_probabilities(sequence.substr(31, 38), {19});
  for (std::size_t a = 0; a < 20; ++a) CHECK(found[20 + a] == around[a]);
  double sum = 0;
  for (std::size_t a = 0; a < 20; ++a) sum += std::exp(found[a]);
  CHECK(sum == Approx(1));
  CHECK_THROWS_WITH(model.masked_log_probabilities("MK", {2}),
                    "there is no position 3 in a sequence of 2 residues");
}

TEST_CASE("a causal model scores a long sequence in windows with context") {
  const auto model = ProteinLanguageModel::read(model_path(2));
  const std::string sequence = random_sequence(100, 8);
  const auto likelihood = model.log_likelihoods({sequence, "MKXB"});
  REQUIRE(likelihood[0].log_p.size() == 100);
  for (const double value : likelihood[0].log_p) CHECK(value < 0);
  CHECK(likelihood[0].perplexity() == Approx(std::exp(-likelihood[0].sum() / 100)));
  const auto twenty = model.log_likelihoods({"MKXB"}, Normalisation::residues).front();
  CHECK(std::isnan(twenty.log_p[2]));
  CHECK_FALSE(std::isnan(twenty.log_p[1]));
  CHECK(twenty.mean() == Approx((twenty.log_p[0] + twenty.log_p[1]) / 2));
}

TEST_CASE("a row continued token by token has the logits of the whole row") {
  const auto model = ProteinLanguageModel::read(model_path(2));
  const auto row = model.row_of(random_sequence(44, 9)).tokens;
  const auto whole = model.logits({{row, {}}});
  const auto columns = static_cast<std::size_t>(model.columns());
  for (const std::size_t prompt : {1u, 13u, 32u, 33u, 40u}) {
    ProteinDecoder decoder(model, {row.begin(), row.begin() + static_cast<std::ptrdiff_t>(prompt)}, 35);
    for (std::size_t t = prompt; t < row.size(); ++t) {
      double worst = 0;
      for (const std::size_t i : {0u, 17u, 34u})
        for (std::size_t j = 0; j < columns; ++j)
          worst = std::max(
              worst, std::abs(double(decoder.logits()[i * columns + j]) - whole[(t - 1) * columns + j]));
      CHECK(worst < 2e-5);
      decoder.append(std::vector<int>(35, row[t]));
    }
    CHECK(decoder.length() == 46);
  }
}

TEST_CASE("continuations do not see each other, and some can be kept") {
  const auto model = ProteinLanguageModel::read(model_path(2));
  const auto columns = static_cast<std::ptrdiff_t>(model.columns());
  ProteinDecoder alone(model, {3, 5, 9}, 1), many(model, {3, 5, 9}, 40);
  const auto numbers = [&](const ProteinDecoder& decoder, std::ptrdiff_t i) {
    return std::vector<float>(decoder.logits().begin() + i * columns,
                              decoder.logits().begin() + (i + 1) * columns);
  };
  for (int step = 0; step < 3; ++step) {
    std::vector<int> tokens;
    for (int i = 0; i < 40; ++i) tokens.push_back(5 + (i + step) % 20);
    many.append(tokens);
    alone.append({tokens[7]});
    CHECK(numbers(many, 7) == alone.logits());
  }
  many.keep({7, 7, 2});
  CHECK(many.continuations() == 3);
  many.append({8, 9, 10});
  alone.append({9});
  CHECK(numbers(many, 1) == alone.logits());
  CHECK_THROWS_WITH(many.append({1}), "1 tokens for 3 continuations");
  CHECK_THROWS_WITH(many.keep({3}), "there is no continuation 3, there are 3");
  for (int step = 0; many.length() < 48; ++step) many.append({5, 6, 7});
  CHECK_THROWS_WITH(many.append({5, 6, 7}), "the positions of this model end at 48 tokens");
  CHECK_THROWS_WITH(ProteinDecoder(ProteinLanguageModel::read(model_path(0)), {0}, 1),
                    "a masked model does not continue a row");
}

TEST_CASE("rows that a model cannot read are refused") {
  const auto esm = ProteinLanguageModel::read(model_path(0)), old = ProteinLanguageModel::read(model_path(1));
  CHECK_THROWS_WITH(esm.hidden_states({{{}, {}}}), "a row of tokens is empty");
  CHECK_THROWS_WITH(esm.hidden_states({{{32, 32}, {}}}), "a row holds nothing but masks");
  CHECK_THROWS_WITH(esm.hidden_states({{{0, 33, 2}, {}}}), "there is no token 33, the model has 33");
  CHECK_THROWS_WITH(esm.hidden_states({{{0, 5, 2}, {0, 1}}}), "2 positions for 3 tokens");
  CHECK_THROWS_WITH(old.hidden_states({old.row_of(std::string(39, 'A'))}),
                    "a row has 41 tokens, the positions of this model allow 40");
  CHECK_THROWS_WITH(old.hidden_states({{{5}, {42}}}), "there is no position 42, the last one is 41");
  CHECK_THROWS_AS(esm.token_log_probabilities({{{0, 5, 2}, {}}}), UsageError);
}

TEST_CASE("letters: case, unknown ones, and ends of the chain") {
  const auto tokens = ProteinTokens::esm();
  CHECK(tokens.row_of("mkJ*") == std::vector<int>{0, 20, 15, 24, 24, 2});
  CHECK(tokens.of_residues("M-U") == std::vector<int>{20, 30, 26});
  CHECK(ProteinTokens::progen2().row_of("A1-") == std::vector<int>{3, 5, 27, 27, 4});
  CHECK(tokens.encode("MJJK") == std::vector<int>{0, 20, 3, 15, 2});
  CHECK(tokens.decode(tokens.row_of("MKX")) == "MKX");
  CHECK_THROWS_WITH(ProteinTokens::esm("<cls>\n<pad>\n<eos>\n<unk>\n<mask>\nX\nL", "vocab.txt"),
                    "residue 'A' is not in 'vocab.txt'");
}

TEST_CASE("truncated, lengthened and damaged files end in a clear error or load, never worse") {
  const std::string good = small::progen2_bytes();
  const TemporaryFolder folder;
  const std::string path = folder / "m.safetensors";
  const auto outcome = [&](const std::string& bytes) -> std::string {
    chem::write_text_file(path, bytes);
    try {
      read_protein_weights(path);
    } catch (const Error& error) {
      return error.what();
    }
    return "read";
  };
  CHECK(outcome(good) == "read");
  CHECK_THAT(outcome(good + "x"), Contains("1 bytes belong to no tensor"));
  for (std::size_t length = 0; length < good.size(); length += 1 + length / 16)
    CHECK(outcome(good.substr(0, length)) != "read");
  chem::CounterRandom random(3, "damage", "test");
  const std::size_t header =
      8 + static_cast<unsigned char>(good[0]) + 256 * static_cast<unsigned char>(good[1]);
  int refused = 0;
  for (int i = 0; i < 1500; ++i) {
    std::string bytes = good;
    for (std::uint32_t n = 1 + random.below(3); n > 0; --n)
      bytes[random.below(static_cast<std::uint32_t>(i % 4 ? header : bytes.size()))] ^=
          static_cast<char>(1 << random.below(8));
    refused += outcome(bytes) != "read";
  }
  CHECK(refused > 700);
}

TEST_CASE("another shape, type or size than the configuration says is named") {
  const TemporaryFolder folder;
  const std::string path = folder / "esm";
  small::write_esm(path);
  const auto config = chem::read_text_file(path + "/config.json");
  const auto with = [&](const std::string& from, const std::string& to) -> std::string {
    std::string changed = config;
    changed.replace(changed.find(from), from.size(), to);
    chem::write_text_file(path + "/config.json", changed);
    try {
      read_protein_weights(path);
    } catch (const ModelError& error) {
      return error.what();
    }
    return "read";
  };
  CHECK_THAT(with("\"hidden_size\": 24", "\"hidden_size\": 30"), Contains("is 33 x 24, needed is 33 x 30"));
  CHECK_THAT(with("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3"),
             Contains("has no tensor 'esm.encoder.layer.2."));
  CHECK_THAT(with("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 1"),
             Contains("says 1 layers but the file holds tensor 'esm.encoder.layer.1."));
  CHECK_THAT(with("\"num_attention_heads\": 3", "\"num_attention_heads\": 5"),
             Contains("is not a multiple of"));
  CHECK_THAT(with("\"vocab_size\": 33", "\"vocab_size\": 40"), Contains("has 33 tokens"));
  CHECK_THAT(with("\"esm\"", "\"t5\""), Contains("model_type 't5'"));
  CHECK_THAT(with("\"hidden_size\": 24", "\"hidden_size\": -24"), Contains("must lie between"));
  CHECK_THAT(with("\"hidden_size\": 24", "\"hidden_size\": 1e300"), Contains("must be a whole number"));
  CHECK_THAT(with("{", "["), Contains("is not JSON (line"));
}
