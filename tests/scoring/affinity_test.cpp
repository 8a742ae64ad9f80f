#include <catch2/catch.hpp>
#include <cmath>
#include <set>

#include "chem/counter_random.hpp"
#include "chem/error.hpp"
#include "chem/sequence_likeness.hpp"
#include "scoring/affinity_model.hpp"
#include "scoring/affinity_scorer.hpp"
#include "scoring/affinity_trial.hpp"
#include "scoring/concordance.hpp"
#include "tests/datasets/temporary_folder.hpp"

using namespace theriac;
using namespace theriac::scoring;

namespace {

/// The definition, pair by pair.
double plain_concordance(const std::vector<double>& observed, const std::vector<double>& predicted) {
  double right = 0, pairs = 0;
  for (std::size_t i = 0; i < observed.size(); ++i)
    for (std::size_t j = 0; j < observed.size(); ++j) {
      if (observed[i] <= observed[j]) continue;
      ++pairs;
      right += predicted[i] > predicted[j] ? 1 : predicted[i] == predicted[j] ? 0.5 : 0;
    }
  return right / pairs;
}

std::string random_protein(int number, int length) {
  chem::CounterRandom random(7, std::to_string(number), "protein");
  std::string out;
  for (int i = 0; i < length; ++i) out += "ACDEFGHIKLMNPQRSTVWY"[random.below(20)];
  return out;
}

/// Three families of five proteins; the chain length of a drug and the family of a target say how they bind.
datasets::AffinityTable small_table() {
  datasets::AffinityTable table;
  for (int n = 1; n <= 20; ++n)
    table.smiles.push_back(n % 2 ? std::string(static_cast<std::size_t>(n), 'C') + "O"
                                 : "c1ccccc1" + std::string(static_cast<std::size_t>(n), 'C') + "N");
  for (int family = 0; family < 3; ++family)
    for (int member = 0; member < 5; ++member) {
      std::string sequence = random_protein(family, 120);
      sequence.replace(static_cast<std::size_t>(10 * member), 8,
                       random_protein(100 + 5 * family + member, 8));
      table.sequences.push_back(sequence);
      table.targets.push_back("t" + std::to_string(5 * family + member));
    }
  for (std::uint32_t d = 0; d < 20; ++d)
    for (std::uint32_t t = 0; t < 15; ++t)
      if ((d * 7 + t * 3) % 5)
        table.entries.push_back({d, t, static_cast<float>(5 + (d % 2) * (t / 5) + 0.02 * d), 0});
  return table;
}

AffinityFitOptions quick() {
  AffinityFitOptions out;
  out.folds = 3;
  out.trees.trees = 60;
  out.trees.depth = 4;
  return out;
}

AffinityModel small_model() {
  const auto table = small_table();
  auto model = AffinityModel::fit(table, drug_similarities(drug_fingerprints(table.smiles)),
                                  target_similarities(table.sequences), quick());
  model.name = "small";
  model.unit = "pKd";
  model.family = "invented proteins";
  return model;
}

}  // namespace

TEST_CASE("the concordance index is what one counts by hand") {
  // pairs that differ: (1,2) right, (1,3) right, (2,3) tied: 2.5 of 3
  CHECK(concordance_index({1, 2, 3}, {0.1, 0.5, 0.5}) == Approx(2.5 / 3));
  CHECK(concordance_index({1, 1, 2}, {5, 4, 3}) == Approx(0.0));  // the equal observations are no pair
  CHECK(std::isnan(concordance_index({1, 1}, {1, 2})));
  CHECK_THROWS_AS(concordance_index({1, 2}, {1}), UsageError);
  CHECK(mean_squared_error({1, 2}, {2, 4}) == Approx(2.5));
}

TEST_CASE("the concordance index equals its definition, ties and all") {
  chem::CounterRandom random(1, "", "concordance");
  for (int round = 0; round < 20; ++round) {
    std::vector<double> observed, predicted;
    for (int i = 0; i < 120; ++i) {
      observed.push_back(random.below(15));
      predicted.push_back(random.below(30) * 0.5);
    }
    CHECK(concordance_index(observed, predicted) == Approx(plain_concordance(observed, predicted)));
  }
}

TEST_CASE("alignment of many sequences at once gives the scores of one pair at a time") {
  std::vector<std::string> proteins;
  for (int i = 0; i < 40; ++i) proteins.push_back(random_protein(i, 20 + 7 * i));
  proteins.push_back(proteins[3] + proteins[9]);
  proteins.push_back("MXXKBZ");
  const chem::SequenceSet set(proteins);
  for (const std::size_t query : {std::size_t{0}, std::size_t{9}, std::size_t{40}, std::size_t{41}}) {
    const auto found = set.scores(proteins[query]);
    for (std::size_t i = 0; i < proteins.size(); ++i)
      CHECK(found[i] == chem::local_alignment_score(proteins[query], proteins[i]));
  }
  CHECK(set.likeness(proteins[5])[5] == 1);
  CHECK(chem::self_alignment_score("WW") == 22);
}

TEST_CASE("a sequence whose score leaves 16 bits is aligned all the same") {
  const std::string long_one(3000, 'W');
  CHECK(chem::SequenceSet({long_one, "WWW"}).scores(long_one) == std::vector<int>{33000, 33});
}

TEST_CASE("similarities are symmetric and the kernel of drugs is positive definite") {
  const auto table = small_table();
  const auto drugs = drug_similarities(drug_fingerprints(table.smiles));
  const auto targets = target_similarities(table.sequences);
  for (std::size_t i = 0; i < targets.rows; ++i) {
    CHECK(targets(i, i) == 1);
    for (std::size_t j = 0; j < targets.rows; ++j) CHECK(targets(i, j) == targets(j, i));
  }
  chem::CounterRandom random(3, "", "positive");
  for (int round = 0; round < 50; ++round) {
    std::vector<double> x;
    for (std::size_t i = 0; i < drugs.rows; ++i) x.push_back(random.normal());
    double form = 0;
    for (std::size_t i = 0; i < drugs.rows; ++i)
      for (std::size_t j = 0; j < drugs.rows; ++j) form += x[i] * x[j] * drugs(i, j);
    CHECK(form > 0);
  }
}

TEST_CASE("the process solves its equations") {
  const auto table = small_table();
  const auto drugs = drug_similarities(drug_fingerprints(table.smiles));
  const auto targets = target_similarities(table.sequences);
  const PairKernel kernel;
  const auto a = side_kernel(kernel.drug, drugs), b = side_kernel(kernel.target, targets);
  std::vector<PairValue> known;
  for (const auto& e : table.entries) known.push_back({e.drug, e.target, e.value});
  const auto process = PairProcess::fit(kernel, a, b, known);
  const auto means = process.all_means(a, b);
  double off = 0, all = 0;
  for (const auto& pair : known) {
    const double left =
        means(pair.drug, pair.target) + kernel.noise * process.weights(pair.drug, pair.target);
    off += (left - pair.value) * (left - pair.value);
    all += (pair.value - process.mean) * (pair.value - process.mean);
  }
  CHECK(std::sqrt(off / all) < 0.01);
}

TEST_CASE("no held-out pair shares what it must not share with a known one") {
  const auto table = small_table();
  std::vector<PairValue> pairs;
  for (const auto& e : table.entries) pairs.push_back({e.drug, e.target, e.value});
  const auto targets = target_similarities(table.sequences);
  const auto groups = similarity_groups(targets, 0.5);
  CHECK(std::set<std::size_t>(groups.begin(), groups.end()).size() == 3);
  std::vector<std::size_t> drug_groups(20);
  for (std::size_t i = 0; i < 20; ++i) drug_groups[i] = i / 2;
  for (const PairCase which : {PairCase::new_drug, PairCase::new_target, PairCase::both_new}) {
    std::size_t asked = 0;
    for (const auto& fold : held_out_pairs(pairs, which, 3, drug_groups, groups, 1)) {
      std::set<std::size_t> drugs_known, targets_known;
      for (const auto& pair : fold.known) {
        drugs_known.insert(drug_groups[pair.drug]);
        targets_known.insert(groups[pair.target]);
      }
      for (const auto& pair : fold.asked) {
        if (which != PairCase::new_target) CHECK(drugs_known.count(drug_groups[pair.drug]) == 0);
        if (which != PairCase::new_drug) CHECK(targets_known.count(groups[pair.target]) == 0);
      }
      asked += fold.asked.size();
    }
    if (which != PairCase::both_new) CHECK(asked == pairs.size());
  }
}

TEST_CASE("a pair's own value is not among its features") {
  const auto table = small_table();
  const auto drugs = drug_similarities(drug_fingerprints(table.smiles));
  const auto targets = target_similarities(table.sequences);
  std::vector<PairValue> known;
  for (const auto& e : table.entries) known.push_back({e.drug, e.target, e.value});
  const PairValue asked = known.back();
  known.pop_back();
  auto other = asked;
  other.value = 99;
  const PairFeatures features(drugs, targets, known);
  CHECK(features.rows({asked}) == features.rows({other}));
  CHECK(PairFeatures::names().size() == PairFeatures::count);
}

TEST_CASE("a model learns who binds whom, and comes back from its file to the last bit") {
  const auto model = small_model();
  TemporaryFolder folder;
  const std::string path = folder / "small.safetensors";
  model.save(path, {{"description", "a test"}});
  const auto again = std::make_shared<const AffinityModel>(AffinityModel::load(path));
  CHECK(again->name == "small");
  CHECK(again->table().sequences == model.table().sequences);
  const std::vector<PairValue> asked{{0, 0, 0}, {1, 14, 0}, {1, 0, 0}};
  const auto rows = model.features().rows(asked);
  CHECK(again->features().rows(asked) == rows);
  const auto a = model.predict(PairCase::known, rows), b = again->predict(PairCase::known, rows);
  for (std::size_t i = 0; i < asked.size(); ++i) {
    CHECK(a[i].value == b[i].value);
    CHECK(a[i].low == b[i].low);
    CHECK(a[i].low <= a[i].value);
    CHECK(a[i].value <= a[i].high);
  }
  CHECK(a[1].value > a[2].value + 0.5);  // family 2 is bound more strongly by odd drugs
}

TEST_CASE("an unrelated protein is outside, a molecule like no drug too") {
  TemporaryFolder folder;
  const std::string path = folder / "small.safetensors";
  small_model().save(path, {});
  const auto model = std::make_shared<const AffinityModel>(AffinityModel::load(path));
  const auto alcohol = chem::Molecule::from_smiles("CCCCO");
  const AffinityScorer known(model, {"member", model->table().sequences[6]}, "pkd");
  CHECK(known.basis().domain == Domain::in);
  CHECK(known.basis().nearest == "t6");
  CHECK(known.score({alcohol})[0].scores[0].domain == Domain::in);
  CHECK(known.score({chem::Molecule::from_smiles("FC(F)(F)S(=O)(=O)c1nc2sccc2[nH]1")})[0].scores[0].domain ==
        Domain::out);
  const AffinityScorer foreign(model, {"foreign", random_protein(999, 150)}, "pkd");
  CHECK(foreign.basis().domain == Domain::out);
  CHECK(foreign.score({alcohol})[0].scores[0].domain == Domain::out);
  CHECK_THROWS_AS(AffinityScorer(model, {"gene", std::string(30, 'A') + "CGTACGTTGCAACGTACG"}, "pkd"),
                  InputError);
  CHECK_THROWS_AS(AffinityScorer(model, {"nothing", ""}, "pkd"), InputError);
}

TEST_CASE("too few affinities are refused") {
  auto table = small_table();
  table.entries.resize(50);
  CHECK_THROWS_WITH(AffinityModel::fit(table, drug_similarities(drug_fingerprints(table.smiles)),
                                       target_similarities(table.sequences), quick()),
                    Catch::Contains("too few to learn from"));
}

TEST_CASE("fold 4 is predicted without a look at the test fold, the test fold from all others") {
  auto table = small_table();
  for (std::size_t i = 0; i < table.entries.size(); ++i) {
    const int place = static_cast<int>(i % 13);  // 203 of 240 pairs train
    table.entries[i].fold = place == 12 ? datasets::AffinityTable::test_fold : place == 4 ? 4 : place % 4;
  }
  const auto drugs = drug_similarities(drug_fingerprints(table.smiles));
  const auto targets = target_similarities(table.sequences);
  const auto before = affinity_trial(table, drugs, targets, AffinitySplit::validation_fold, quick());
  auto other = table;
  for (auto& entry : other.entries)
    if (entry.fold == datasets::AffinityTable::test_fold) entry.value += 3;
  const auto after = affinity_trial(other, drugs, targets, AffinitySplit::validation_fold, quick());
  std::vector<double> expected;
  for (const auto& entry : table.entries)
    if (entry.fold == 4) expected.push_back(entry.value);
  CHECK(before.observed == expected);
  REQUIRE(before.methods.size() == 7);
  for (std::size_t m = 0; m < before.methods.size(); ++m)
    CHECK(before.methods[m].predicted == after.methods[m].predicted);
  const auto figure = affinity_figure(before, before.methods.front(), BootstrapOptions{});
  CHECK(figure.mse.low <= figure.mse.value);
  CHECK(figure.ci.value > 0.8);
  for (auto& entry : other.entries)
    if (entry.fold == 4) entry.fold = 0;
  CHECK_THROWS_WITH(affinity_trial(other, drugs, targets, AffinitySplit::validation_fold, quick()),
                    Catch::Contains("no fold 4"));
  CHECK(affinity_trial(other, drugs, targets, AffinitySplit::test_fold, quick()).observed.size() == 18);
}
