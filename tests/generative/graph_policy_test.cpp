// The neural generator: what it samples, what it remembers, and that training can be interrupted.
#include "generative/graph_policy.hpp"

#include <tbb/global_control.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <set>

#include "chem/error.hpp"
#include "chem/record_reader.hpp"
#include "chem/substructure.hpp"
#include "datasets/durable_file.hpp"
#include "generative/decoded_molecule.hpp"
#include "generative/generation_request.hpp"
#include "generative/policy_conditions.hpp"
#include "generative/policy_engine.hpp"
#include "generative/policy_sampling.hpp"
#include "generative/policy_training.hpp"
#include "generative/sampling_network.hpp"
#include "scoring/simd_level.hpp"
#include "tests/generative/policy_fixtures.hpp"

using Catch::Matchers::Contains;
using namespace theriac;
using namespace theriac::generative;

namespace {

const ActionVocabulary& vocabulary() {
  return starter_vocabulary();
}

const TrainingCorpus& corpus() {
  static const TrainingCorpus c = [] {
    auto reader = starter();
    return TrainingCorpus(encode_corpus(reader, vocabulary(), 1), vocabulary(), std::string());
  }();
  return c;
}

struct Folder {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("theriac-policy-" + std::to_string(::getpid()));
  Folder() { std::filesystem::create_directories(path); }
  ~Folder() { std::filesystem::remove_all(path); }
  std::string file(const std::string& name) const { return (path / name).string(); }
};

std::vector<std::string> smiles_of(const std::vector<SampledMolecule>& molecules) {
  std::vector<std::string> out;
  for (const auto& m : molecules) out.push_back(smiles(vocabulary(), m.state));
  return out;
}

TrainingOptions short_training() {
  TrainingOptions o;
  o.epochs = 4;
  o.batch = 16;
  o.validation = 0.1;
  o.validate_every = 10;
  o.rate = 5e-3;
  o.patience = 0;
  return o;
}

}  // namespace

TEST_CASE("a molecule depends on its number in the stream, not on its company or the threads") {
  const GraphPolicy policy = small_policy();
  const GenerationPlan plan(vocabulary(), 30);
  const auto all = policy.sample(plan, 0, 200);
  REQUIRE(all.size() == 200);
  const auto part = policy.sample(plan, 120, 30);
  for (std::size_t i = 0; i < part.size(); ++i) {
    CHECK(part[i].actions == all[120 + i].actions);
    CHECK(part[i].log_likelihood == all[120 + i].log_likelihood);
  }
  const tbb::global_control one(tbb::global_control::max_allowed_parallelism, 1);
  const auto alone = policy.sample(plan, 0, 200);
  for (std::size_t i = 0; i < alone.size(); ++i) CHECK(alone[i].actions == all[i].actions);
}

TEST_CASE("every sampled molecule is valid, and its likelihood is that of its string") {
  const GraphPolicy policy = small_policy();
  const GenerationPlan plan(vocabulary(), 30);
  const auto molecules = policy.sample(plan, 0, 300);
  std::vector<std::vector<Action>> strings;
  for (const auto& m : molecules) strings.push_back(m.actions);
  const auto likelihoods = policy.log_likelihoods(plan, strings);
  for (std::size_t i = 0; i < molecules.size(); ++i) {
    const std::string text = smiles(vocabulary(), molecules[i].state);
    CHECK(chem::Molecule::from_smiles(text).smiles() == text);
    CHECK(likelihoods[i] == Approx(molecules[i].log_likelihood).epsilon(1e-4));
    CHECK(likelihoods[i] < 0);
  }
}

TEST_CASE("scaffolds are decorated where it is allowed, and warheads are linked, in every molecule") {
  const GraphPolicy policy = small_policy();
  GenerationRequest decorate;
  decorate.scaffold = "[*:1]c1ccc(cc1)C(=O)N[*:2]";
  decorate.optional_points = {2};
  GenerationRequest link;
  link.warheads = {"[*]c1ccncc1", "[*]N1CCOCC1"};
  link.min_linker = 2;
  link.max_linker = 6;
  const std::pair<GenerationRequest, std::vector<std::string>> cases[] = {{decorate, {"*c1ccc(cc1)C(=O)N"}},
                                                                          {link, {"*c1ccncc1", "*N1CCOCC1"}}};
  for (const auto& [wanted, pieces] : cases) {
    const CheckedRequest request(vocabulary(), wanted);
    const PlanSource plans = [&](std::uint64_t number) {
      chem::CounterRandom random(3, "", "plan", number);
      return request.plan(random);
    };
    const auto molecules = policy.sample(plans, 0, 100);
    REQUIRE(molecules.size() == 100);
    for (const auto& m : molecules) {
      const auto molecule = chem::Molecule::from_smiles(smiles(vocabulary(), m.state));
      INFO(molecule.smiles());
      for (const std::string& piece : pieces) CHECK(chem::SubstructurePattern(piece).matches(molecule));
    }
    const auto again = policy.sample(plans, 40, 10);
    for (std::size_t i = 0; i < again.size(); ++i) CHECK(again[i].actions == molecules[40 + i].actions);
  }
}

TEST_CASE("training lowers the loss and makes the corpus likelier than it was") {
  const Folder folder;
  GraphPolicy policy = small_policy();
  auto options = short_training();
  options.epochs = 12;
  const auto result = train(policy, corpus(), options, folder.file("checkpoint"));
  REQUIRE(result.curve.size() > 3);
  CHECK_FALSE(result.stopped);
  CHECK(result.curve.back().training < 0.7 * result.curve.front().training);
  CHECK(result.best_validation < result.curve.front().validation);
  const GenerationPlan plan(vocabulary());
  std::vector<std::vector<Action>> strings;
  for (std::size_t i = 0; i < 50; ++i) strings.push_back(corpus().drawn(plan, i, 99, 0));
  double before = 0, after = 0;
  for (const double v : small_policy().log_likelihoods(plan, strings)) before += v;
  for (const double v : policy.log_likelihoods(plan, strings)) after += v;
  CHECK(after > before + 50);
}

TEST_CASE("training ends in the same weights with one thread and with two") {
  const Folder folder;
  GraphPolicy many = small_policy(), alone = small_policy();
  auto options = short_training();
  options.epochs = 1;
  train(many, corpus(), options, folder.file("many"));
  many.save(folder.file("a"), {});
  const tbb::global_control one(tbb::global_control::max_allowed_parallelism, 1);
  train(alone, corpus(), options, folder.file("alone"));
  alone.save(folder.file("b"), {});
  CHECK(datasets::read_file(folder.file("a")) == datasets::read_file(folder.file("b")));
}

TEST_CASE("property bins are worked out once for a corpus and read again from their file") {
  const Folder folder;
  const auto read = [&] {
    auto reader = starter();
    return TrainingCorpus(encode_corpus(reader, vocabulary(), 1), vocabulary(), folder.file("bins"));
  };
  const auto first = read(), second = read();
  CHECK(first.sha256() == corpus().sha256());
  CHECK(second.sha256() == first.sha256());
  // Bins of another corpus are not taken.
  auto reader = starter();
  const TrainingCorpus other(encode_corpus(reader, vocabulary(), 2), vocabulary(), folder.file("bins"));
  bool same = true;
  for (std::size_t i = 0; i < other.size(); ++i)
    same = same && std::equal(other.bins_of(i), other.bins_of(i) + 7, corpus().bins_of(i));
  CHECK(same);
}

TEST_CASE("training that is stopped goes on from its checkpoint and ends in the same weights") {
  const Folder folder;
  GraphPolicy calm = small_policy(), interrupted = small_policy();
  const auto whole = train(calm, corpus(), short_training(), folder.file("calm"));
  bool stopped_once = false;
  for (int sitting = 0; sitting < 50; ++sitting) {
    std::atomic<bool> flag{false};
    GraphPolicy fresh = small_policy();  // what a new process would begin with
    const auto result = train(fresh, corpus(), short_training(), folder.file("interrupted"),
                              chem::StopToken(&flag), [&](const TrainingPoint&) { flag = true; });
    stopped_once = stopped_once || result.stopped;
    if (result.stopped) continue;
    interrupted = std::move(fresh);
    CHECK(result.steps == whole.steps);
    CHECK(result.best_validation == whole.best_validation);
    break;
  }
  CHECK(stopped_once);
  calm.save(folder.file("a"), {});
  interrupted.save(folder.file("b"), {});
  CHECK(datasets::read_file(folder.file("a")) == datasets::read_file(folder.file("b")));
  auto other = short_training();
  other.batch = 8;
  GraphPolicy again = small_policy();
  CHECK_THROWS_WITH(train(again, corpus(), other, folder.file("calm")), Contains("batch 16, now it is 8"));
}

TEST_CASE("weights are read as they were saved, and damaged or foreign ones are refused") {
  const Folder folder;
  const GraphPolicy policy = small_policy();
  policy.save(folder.file("w"), {{"training_data", "none"}});
  const GraphPolicy read = GraphPolicy::load(folder.file("w"));
  CHECK(read.about().at("training_data") == "none");
  CHECK(read.parameters() == policy.parameters());
  const GenerationPlan plan(vocabulary()), same(read.vocabulary());
  CHECK(smiles_of(read.sample(same, 0, 50)) == smiles_of(policy.sample(plan, 0, 50)));
  const std::string bytes = datasets::read_file(folder.file("w"));
  datasets::DurableFile cut(folder.file("cut"));
  cut.write(bytes.substr(0, bytes.size() / 2));
  cut.publish();
  CHECK_THROWS_AS(GraphPolicy::load(folder.file("cut")), ModelError);
  std::string older = bytes;
  const auto at = older.find("\"format_version\":\"1\"");
  REQUIRE(at != std::string::npos);
  older[at + 18] = '9';
  datasets::DurableFile old(folder.file("old"));
  old.write(older);
  old.publish();
  CHECK_THROWS_WITH(GraphPolicy::load(folder.file("old")), Contains("format version '9'"));
  CHECK_THROWS_AS(GraphPolicy::load(folder.file("absent")), InputError);
}

TEST_CASE("errors cross between the program and the library of networks as what they are") {
  GraphPolicy policy = small_policy();
  const GenerationPlan plan(vocabulary());
  try {
    policy.log_likelihoods(plan, {{ActionVocabulary::next_focus}});  // nothing there to focus on
    FAIL("an illegal string has a likelihood");
  } catch (const Error& error) {
    CHECK(dynamic_cast<const ModelError*>(&error) != nullptr);
    CHECK(dynamic_cast<const UsageError*>(&error) == nullptr);
  }
  const Folder folder;
  std::ofstream(folder.file("two.smi")) << "CCO\nCCN\n";
  auto reader = chem::RecordReader({folder.file("two.smi")});
  const TrainingCorpus two(encode_corpus(reader, vocabulary(), 1));
  try {
    train(policy, two, short_training(), folder.file("two"));
    FAIL("two molecules are enough");
  } catch (const UsageError& error) {
    CHECK_THAT(error.what(), Contains("2 molecules are too few"));
    CHECK(error.hint() == "give at least 10, better some hundreds");
  }
  const PlanSource broken = [](std::uint64_t) -> GenerationPlan { throw StorageError("no plan today"); };
  CHECK_THROWS_AS(policy.sample(broken, 0, 5), StorageError);
  // RDKit's log is the program's still, not that of the library's own copy of chem
  CHECK_THROWS_WITH(chem::Molecule::from_smiles("CC(C)(C)(C)C"), Contains("valence"));
}

TEST_CASE("property ranges are read, drawn as bins and checked") {
  const auto range = property_range("mw", "300:400");
  CHECK(range.low == 300);
  CHECK(range.high == 400);
  CHECK(std::isinf(property_range("mw", ":400").low));
  CHECK_THROWS_WITH(property_range("mw", "400:300"), Contains("nothing lies in the range"));
  CHECK_THROWS_WITH(property_range("mw", "300"), Contains("no ':'"));
  CHECK_THROWS_WITH(property_range("mw", "a:b"), Contains("'a' is not a number"));
  chem::CounterRandom random(1, "", "test");
  std::set<int> bins;
  for (int i = 0; i < 100; ++i) bins.insert(wished_bins({range}, random)[0]);
  CHECK(bins == std::set<int>{4, 5, 6});
  CHECK_THROWS_WITH(wished_bins({{"mv", 0, 1}}, random), Contains("no property 'mv'"));
  const auto values = condition_values(chem::Molecule::from_smiles("CC(=O)Oc1ccccc1C(=O)O"));
  CHECK(values[0] == Approx(180.16).margin(0.01));
  CHECK(condition_bins(values)[0] == 1);
  CHECK(satisfies(values, {{"mw", 180, 181}}));
  CHECK_FALSE(satisfies(values, {{"mw", 181, 190}}));
}

TEST_CASE("the sampling kernels of all instruction sets give the same molecules") {
  GraphPolicy policy(vocabulary(), {25, 2, 16}, 7);  // an odd width is padded
  const auto weights = policy.engine().weights();
  const GenerationPlan plan(vocabulary(), 30);
  const auto expected = policy.sample(plan, 0, 150);
  std::vector<std::vector<Action>> strings;
  for (const auto& m : expected) strings.push_back(m.actions);
  const auto likelihoods = policy.log_likelihoods(plan, strings);  // by LibTorch
  for (const std::string& level : scoring::simd_levels()) {
    INFO(level);
    const SamplingNetwork network(vocabulary(), policy.shape(), weights, level);
    const auto molecules =
        sample_molecules(vocabulary(), network, [&](std::uint64_t) { return plan; }, 0, 150, {}, {});
    REQUIRE(molecules.size() == expected.size());
    for (std::size_t i = 0; i < molecules.size(); ++i) {
      CHECK(molecules[i].actions == expected[i].actions);
      CHECK(molecules[i].log_likelihood == Approx(likelihoods[i]).epsilon(1e-4));
    }
  }
}

TEST_CASE("a low temperature takes the likeliest action, a high one takes any") {
  const GraphPolicy policy = small_policy();
  const GenerationPlan plan(vocabulary(), 30);
  const auto first_actions = [&](double temperature) {
    SamplingOptions options;
    options.temperature = temperature;
    std::set<Action> out;
    for (const auto& m : policy.sample(plan, 0, 200, options)) out.insert(m.actions.front());
    return out.size();
  };
  CHECK(first_actions(0.001) < 5);
  CHECK(first_actions(1) > 20);
}

TEST_CASE("samples follow the weights while these are trained") {
  const Folder folder;
  GraphPolicy policy = small_policy();
  const GenerationPlan plan(vocabulary(), 30);
  const auto before = smiles_of(policy.sample(plan, 0, 20));
  CHECK(smiles_of(policy.sample(plan, 0, 20)) == before);
  auto options = short_training();
  options.epochs = 1;
  train(policy, corpus(), options, folder.file("checkpoint"));
  const auto after = smiles_of(policy.sample(plan, 0, 20));
  CHECK(after != before);
  policy.save(folder.file("w"), {});
  const GraphPolicy read = GraphPolicy::load(folder.file("w"));
  const GenerationPlan same(read.vocabulary(), 30);
  CHECK(smiles_of(read.sample(same, 0, 20)) == after);
}
