// Training of the protein network: equal to what reads its files, exact when continued, and it learns.
#include "generative/protein_training.hpp"

#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>

#include "chem/counter_random.hpp"
#include "chem/error.hpp"
#include "datasets/durable_file.hpp"
#include "datasets/network_library.hpp"
#include "generative/protein_evaluation.hpp"
#include "scoring/protein_language_model.hpp"

using namespace theriac;
using namespace theriac::generative;
using Catch::Matchers::Contains;

namespace {

ProteinShape tiny() {
  ProteinShape shape;
  shape.layers = 2;
  shape.width = 32;
  shape.heads = 8;
  shape.rotary = 2;
  shape.positions = 64;
  return shape;
}

ProteinTrainingOptions quick(std::int64_t steps) {
  ProteinTrainingOptions o;
  o.steps = steps;
  o.batch = 4;
  o.row = 64;
  o.warm_up = 5;
  o.validate_every = 10;
  o.checkpoint_minutes = 100;
  return o;
}

/// Repeats of four words with an error here and there: easy to learn, impossible for single residues.
ProteinCorpus toy(std::uint64_t seed, std::size_t proteins) {
  const char* words[] = {"MKTAY", "GSHWE", "PPQRL", "DVNCF"};
  ProteinCorpus out;
  chem::CounterRandom random(seed, "toy", "test");
  for (std::size_t i = 0; i < proteins; ++i) {
    std::string text;
    while (text.size() < 30 + i % 40) text += words[random.below(4)];
    out.add({"", text});
  }
  return out;
}

std::unique_ptr<ProteinTrainer> fresh() {
  return datasets::network_maker<ProteinTrainerMaker>().make(tiny(), 3);
}

/// Random numbers in every tensor: those that begin as zero would hide mistakes.
void scatter(ProteinTrainer& trainer) {
  auto weights = trainer.weights();
  for (auto& w : weights) {
    chem::CounterRandom random(5, w.name, "scatter");
    for (auto& x : w.numbers) x += static_cast<float>(0.2 * random.normal());
  }
  trainer.set_weights(weights);
}

struct Folder {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("theriac_protein_" + std::to_string(::getpid()));
  Folder() { std::filesystem::create_directories(path); }
  ~Folder() { std::filesystem::remove_all(path); }
  std::string operator/(const std::string& name) const { return (path / name).string(); }
};

std::vector<float> all_numbers(ProteinTrainer& trainer) {
  std::vector<float> out;
  for (const auto& w : trainer.weights()) out.insert(out.end(), w.numbers.begin(), w.numbers.end());
  return out;
}

}  // namespace

TEST_CASE("a written model is read with the logits and the loss that its trainer has") {
  const Folder folder;
  const auto trainer = fresh();
  scatter(*trainer);
  write_protein_model(folder / "m.safetensors", *trainer, tiny(), {{"directions", "forward"}},
                      datasets::TensorType::float32);
  const auto model = scoring::ProteinLanguageModel::read(folder / "m.safetensors");
  ProteinCorpus corpus;
  const std::vector<std::string> texts{"MKTAYIAKQRQISFVKSHF", "GSHWEXLLNDC"};
  for (const auto& t : texts) corpus.add({"", t});
  const auto windows = protein_windows(corpus, {0, 1}, 64);
  REQUIRE(windows.rows.rows == 1);  // both in one row, each in its own segment
  const auto ours = trainer->logits(windows.rows);
  const auto theirs = model.logits({model.row_of(texts[0]), model.row_of(texts[1])});
  const std::size_t columns = static_cast<std::size_t>(model.columns());
  std::size_t at = 0, worst_at = 0;
  double worst = 0;
  for (std::size_t s = 0; s < 2; ++s) {
    const std::size_t n = texts[s].size() + 2;
    for (std::size_t i = 0; i + 1 < n; ++i)  // the last token is not read in training
      for (std::size_t c = 0; c < columns; ++c) {
        const std::size_t place = at - s + i;  // rows leave out one token a protein
        const double difference = std::fabs(ours[place * 32 + c] - theirs[(at + i) * columns + c]);
        if (difference > worst) worst = difference, worst_at = i;
      }
    at += n;
  }
  INFO("position " << worst_at);
  CHECK(worst < 1e-4);
  const auto loss = protein_loss(*trainer, corpus, 64);
  const auto read = model.log_likelihoods(texts, scoring::Normalisation::residues);
  for (std::size_t s = 0; s < 2; ++s) CHECK(-read[s].sum() == Approx(loss.nats[s]).epsilon(1e-4));
  CHECK(loss.residues[1] == 10);  // X is not scored
  ProteinShape shape;
  CHECK(all_numbers(*read_protein_trainer(folder / "m.safetensors", shape)) == all_numbers(*trainer));
  CHECK(shape.width == 32);
}

TEST_CASE("the loss of a toy language falls far below that of single residues") {
  const Folder folder;
  const auto learned = toy(1, 120), held_out = toy(2, 12);
  const auto trainer = fresh();
  const double before = protein_loss(*trainer, held_out, 64).perplexity();
  const auto result = trainer->train(learned, held_out, quick(80), folder / "c.safetensors", {}, {});
  const double after = protein_loss(*trainer, held_out, 64).perplexity();
  const auto ngrams = ngram_losses(learned, held_out);
  CHECK(before == Approx(20).margin(0.5));
  CHECK(ngrams[0].perplexity() > 15);
  CHECK(after < 4);  // 1.32 would be perfect: a choice among four words every five residues
  CHECK(result.steps == 80);
  CHECK_FALSE(result.stopped);
  CHECK(result.tokens == 80 * 4 * 64);
  REQUIRE(result.curve.size() == 8);
  CHECK(result.curve.back().validation < result.curve.front().validation);
  const auto interval = perplexity_interval(protein_loss(*trainer, held_out, 64), 1);
  CHECK(interval.low < interval.value);
  CHECK(interval.high > interval.value);
}

TEST_CASE("a run that was stopped ends in the bytes of an undisturbed one, and another corpus is refused") {
  const Folder folder;
  const auto learned = toy(1, 60), held_out = toy(2, 5);
  const auto whole = fresh();
  whole->train(learned, held_out, quick(12), folder / "whole.safetensors", {}, {});
  std::atomic<bool> flag{false};
  const auto observe = [&](const ProteinTrainingPoint&) { flag = true; };
  auto options = quick(12);
  const auto first = fresh();
  const auto stopped =
      first->train(learned, held_out, options, folder / "part.safetensors", chem::StopToken(&flag), observe);
  REQUIRE(stopped.stopped);
  CHECK(stopped.steps == 10);
  const auto second = fresh();
  CHECK_FALSE(second->train(learned, held_out, options, folder / "part.safetensors", {}, {}).stopped);
  CHECK(all_numbers(*second) == all_numbers(*whole));
  CHECK_THROWS_WITH(fresh()->train(toy(9, 60), held_out, options, folder / "part.safetensors", {}, {}),
                    Contains("was made with corpus"));
  CHECK_THROWS_AS(fresh()->train(ProteinCorpus(), held_out, options, folder / "x.safetensors", {}, {}),
                  UsageError);
}

TEST_CASE("a run may be lengthened while its rates have not begun to fall") {
  const Folder folder;
  const auto learned = toy(1, 60), held_out = toy(2, 5);
  auto options = quick(20);
  const auto whole = fresh();
  whole->train(learned, held_out, options, folder / "whole.safetensors", {}, {});
  std::atomic<bool> flag{false};
  options.steps = 1000;
  const auto part = fresh();
  part->train(learned, held_out, options, folder / "part.safetensors", chem::StopToken(&flag),
              [&](const ProteinTrainingPoint&) { flag = true; });
  options.steps = 20;
  const auto rest = fresh();
  rest->train(learned, held_out, options, folder / "part.safetensors", {}, {});
  CHECK(all_numbers(*rest) == all_numbers(*whole));
}

TEST_CASE("pairs: a network that was shown which peptide belongs to which target knows it") {
  const Folder folder;
  std::vector<std::pair<std::string, std::string>> pairs;
  ProteinCorpus learned;
  chem::CounterRandom random(1, "pairs", "test");
  for (int i = 0; i < 80; ++i) {
    const bool kind = random.below(2) == 1;
    std::string target = kind ? "WWWWW" : "GGGGG";
    for (int k = 0; k < 5; ++k) target += "ACDEKLMNPQ"[random.below(10)];
    pairs.emplace_back(target, kind ? "KRKRKR" : "DEDEDE");
    learned.add_pair(target, pairs.back().second, 64);
  }
  const auto trainer = fresh();
  trainer->train(learned, ProteinCorpus(), quick(40), folder / "c.safetensors", {}, {});
  const auto found = binder_specificity(*trainer, pairs, 4, 64, 1);
  CHECK(found.own < 1.5);
  CHECK(found.other > 1.5 * found.own);
  CHECK(found.share.value > 0.6);  // half of the other targets are of the same kind: chance alone decides
}

TEST_CASE("shapes that the published layout does not have are refused") {
  const auto& maker = datasets::network_maker<ProteinTrainerMaker>();
  auto shape = tiny();
  shape.width = 36;
  CHECK_THROWS_AS(maker.make(shape, 1), UsageError);
  shape = tiny();
  shape.rotary = 6;
  CHECK_THROWS_WITH(maker.make(shape, 1), Contains("6 rotating numbers of 4 in a head"));
  CHECK_THROWS_WITH(shape_of_config("{\"n_layer\": 2}", "x"), Contains("has no number 'n_embd'"));
}
