// The model card says what was measured, beside what, and does not flatter.
#include "cli/endpoint_card.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <limits>

#include "chem/counter_random.hpp"
#include "chem/error.hpp"
#include "cli/endpoint_figures.hpp"
#include "datasets/durable_file.hpp"
#include "tests/datasets/temporary_folder.hpp"

using Catch::Matchers::Contains;
using namespace theriac::cli;
using theriac::datasets::read_file;
using theriac::scoring::Values;

namespace {

/// 400 molecules with an error of `noise` and intervals that hold 90 % of normal errors.
CardSplit numbers(double noise) {
  theriac::chem::CounterRandom random(5, "card", "test");
  CardSplit split;
  split.name = "scaffold";
  split.about = "5 folds of whole Bemis-Murcko scaffolds, seed 1";
  CardRival mean{"training mean", {}};
  for (int i = 0; i < 400; ++i) {
    const double truth = 2 * random.normal();
    split.observed.push_back(truth);
    split.predicted.push_back(truth + noise * random.normal());
    split.low.push_back(split.predicted.back() - 1.645 * noise);
    split.high.push_back(split.predicted.back() + 1.645 * noise);
    split.similarity.push_back(random.uniform());
    mean.predicted.push_back(0);
  }
  split.rivals = {mean};
  return split;
}

CardSplit classes() {
  theriac::chem::CounterRandom random(6, "card", "test");
  CardSplit split;
  split.name = "scaffold";
  for (int i = 0; i < 400; ++i) {
    split.predicted.push_back(random.uniform());
    split.observed.push_back(random.uniform() < split.predicted.back() ? 1 : 0);
    split.similarity.push_back(random.uniform());
    split.classes.push_back(split.predicted.back() > 0.9 ? "1" : split.predicted.back() < 0.1 ? "0" : "0|1");
  }
  split.rivals = {{"class prior", Values(400, 0.5)}, {"random forest", split.predicted}};
  return split;
}

EndpointCard card_of(CardSplit split, bool binary) {
  EndpointCard card;
  card.name = "assay";
  card.title = "my own assay";
  card.unit = binary ? "" : "log10 mol/L";
  card.binary = binary;
  card.molecules = 400;
  card.data_file = "my.csv";
  card.data_lines = {"401 records read", "1 records left out: structure not readable"};
  card.split_lines = {"none of 320 training rows is a copy of one of 80 held-out molecules"};
  card.model_facts = {{"trees | depth", "3 x 1,000 | 6"}};
  card.command = "theriac train properties --data my.csv --smiles smiles --target y";
  card.resamples = 200;
  card.splits = {std::move(split)};
  return card;
}

int count_of(const std::string& text, const std::string& part) {
  int count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

}  // namespace

TEST_CASE("the card of numbers holds figures, rivals, coverage and data") {
  auto card = card_of(numbers(0.5), false);
  card.replicate_deviation = 0.3;
  const std::string text = endpoint_card_text(card);
  CHECK_THAT(text, Contains("# my own assay\n\nOn 400 molecules held out by scaffold: MAE 0.4"));
  CHECK_THAT(text, Contains("Better than every rival below beyond chance."));
  CHECK_THAT(text, Contains("| trees \\| depth | 3 x 1,000 \\| 6 |"));
  CHECK_THAT(text, Contains("- 401 records read\n") && Contains("none of 320 training rows"));
  CHECK_THAT(text, Contains("standard deviation of 0.3 log10 mol/L"));
  CHECK_THAT(
      text,
      Contains("| method | MAE, lower | RMSE, lower | R2, higher | Spearman, higher | advantage in MAE |"));
  CHECK_THAT(text,
             Contains("| training mean | 1.") && Contains("not defined"));  // no rank among equal predictions
  CHECK_THAT(text,
             Contains("| scaffold | 0 to 0.25 |") && Contains("As promised, within the error of the count."));
  CHECK_THAT(text, Contains("    theriac train properties --data my.csv"));
  CHECK(endpoint_card_text(card) == text);
}

TEST_CASE("intervals that promise too much are said to be too narrow") {
  auto split = numbers(0.5);
  for (std::size_t i = 0; i < split.low.size(); ++i) {
    split.low[i] = split.predicted[i] - 0.5;
    split.high[i] = split.predicted[i] + 0.5;
  }
  CHECK_THAT(endpoint_card_text(card_of(split, false)), Contains("**The intervals are too narrow here.**"));
  for (std::size_t i = 0; i < split.low.size(); ++i) split.high[i] = split.predicted[i] + 9;
  for (std::size_t i = 0; i < split.low.size(); ++i) split.low[i] = split.predicted[i] - 9;
  CHECK_THAT(endpoint_card_text(card_of(split, false)), Contains("wider than they need to be"));
}

TEST_CASE("a model no better than its rival is said to be so first") {
  const std::string text = endpoint_card_text(card_of(classes(), true));
  CHECK_THAT(text, Contains("**Not better beyond chance than: random forest (0 (0 to 0))**"));
  CHECK_THAT(text, !Contains("than: class prior"));
  CHECK_THAT(text, Contains("error, equal mass") && Contains("AUROC, higher") && Contains("in class 1"));
  CHECK_THAT(text, !Contains("## Intervals"));
  CHECK_THAT(text,
             Contains("## Class sets") && Contains("its set holds 1") && Contains("| scaffold | all |"));
  auto lame = classes();
  lame.classes.pop_back();
  CHECK_THROWS_WITH(endpoint_card_text(card_of(lame, true)), Contains("399 sets of classes"));
}

TEST_CASE("the card lies beside its figures, and every figure that it links is there") {
  TemporaryFolder folder;
  for (const bool binary : {false, true}) {
    const std::string place = folder / (binary ? "classes" : "numbers");
    write_endpoint_card(card_of(binary ? classes() : numbers(0.5), binary), place);
    const std::string text = read_file(place + "/card.md");
    for (const std::string figure : {"observed.svg", "reliability.svg", "similarity.svg"})
      CHECK(std::filesystem::exists(place + "/" + figure) ==
            (text.find("(" + figure + ")") != std::string::npos));
  }
  CHECK_THROWS_AS(write_endpoint_card(card_of(numbers(0.5), false), "/proc/theriac/card"),
                  theriac::StorageError);
}

TEST_CASE("the figures draw every molecule, bin and interval") {
  const auto split = numbers(0.5);
  const auto card = card_of(split, false);
  const std::string observed = observed_figure(card, split);
  CHECK(count_of(observed, "<circle") + count_of(observed, "width=\"6\" height=\"6\"") >= 390);
  CHECK_THAT(observed, Contains("observed (log10 mol/L)") && Contains("prediction interval"));
  CHECK(count_of(similarity_figure(card, split), "<circle") == 4);
  const auto said = classes();
  const std::string reliability = reliability_figure(card_of(said, true), said);
  CHECK(count_of(reliability, "<circle") == 10);
  CHECK_THAT(reliability, Contains("ten bins of equal mass") && Contains("how the probabilities are spread"));
  CHECK(count_of(similarity_figure(card_of(said, true), said), "<circle") == 4);
  CHECK(count_of(similarity_figure(card_of(said, true), said), "width=\"6\" height=\"6\"") == 4);
  for (const auto& text : {observed, reliability}) {
    CHECK(text.find("nan") == std::string::npos);
    CHECK(text.find("inf") == std::string::npos);
  }
}

TEST_CASE("a card of few molecules, without intervals, similarities and rivals, is still a card") {
  CardSplit split;
  split.name = "time";
  split.observed = {1, 2, 3};
  split.predicted = {2, 2, 2};
  const auto card = card_of(split, false);
  const std::string text = endpoint_card_text(card);
  CHECK_THAT(text, Contains("On 3 molecules held out by time: MAE 0.667"));
  CHECK_THAT(text, !Contains("similarity.svg") && !Contains("## Intervals") && !Contains("rival"));
  CHECK_THAT(observed_figure(card, split), Contains("</svg>"));
}

TEST_CASE("lists that do not fit together are refused") {
  auto split = numbers(0.5);
  split.high.pop_back();
  CHECK_THROWS_WITH(endpoint_card_text(card_of(split, false)),
                    Contains("split 'scaffold' has 400 observed values and 399 upper interval ends"));
  EndpointCard empty;
  empty.name = "assay";
  CHECK_THROWS_WITH(endpoint_card_text(empty), Contains("has no split to report"));
  empty.splits.emplace_back();
  CHECK_THROWS_AS(endpoint_card_text(empty), theriac::UsageError);
}
