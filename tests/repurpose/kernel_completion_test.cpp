#include "repurpose/kernel_completion.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "chem/error.hpp"
#include "repurpose/association_baselines.hpp"
#include "repurpose/completion_consensus.hpp"
#include "tests/repurpose/association_fixtures.hpp"

using namespace theriac;
using namespace theriac::repurpose;

TEST_CASE("neighbours fill a profile in proportion to their similarity") {
  AssociationData data;
  data.associations = RealMatrix(3, 1);
  data.associations(1, 0) = 1;
  data.drug_similarity = RealMatrix(3, 3, 1);
  const auto set = [&](std::size_t i, std::size_t k, double value) {
    data.drug_similarity(i, k) = data.drug_similarity(k, i) = value;
  };
  set(0, 1, 0.6);
  set(0, 2, 0.2);
  set(1, 2, 0.5);
  data.disease_similarity = RealMatrix(1, 1, 1);
  KernelOptions options;
  options.drug_power = 1;
  options.decay = 0.5;
  options.newcomer_lift = 0;
  const auto filled = filled_profiles(data, options);
  // drug 0: nearest is drug 1 (known), weight 0.6 of 0.8; a single disease has no neighbour, which halves it
  CHECK(filled.profiles(0, 0) == Approx(0.5 * 0.6 / 0.8));
  CHECK(filled.profiles(1, 0) == 1);
  CHECK(filled.profiles(2, 0) == Approx(0.5 * 0.5 / 0.7));
  CHECK(filled.drug_weight(0, 2) == Approx(0.5 * 0.2 / 0.8));
  // nothing is known of drugs 0 and 2: their largest cell m becomes m^(1 - lift)
  options.newcomer_lift = 0.5;
  const auto lifted = filled_profiles(data, options);
  CHECK(lifted.profiles(0, 0) == Approx(std::sqrt(filled.profiles(0, 0))));
  CHECK(lifted.profiles(2, 0) == Approx(std::sqrt(filled.profiles(2, 0))));
  CHECK(lifted.profiles(1, 0) == 1);
}

TEST_CASE("the profile kernel is a Gaussian of the distance in units of the mean squared length") {
  RealMatrix profiles(2, 3);
  profiles(0, 0) = profiles(0, 1) = 1;
  profiles(1, 1) = 1;
  const auto kernel = profile_kernel(profiles, 2);
  CHECK(kernel(0, 0) == 1);
  CHECK(kernel(0, 1) == Approx(std::exp(-2 * 1 / 1.5)));
  CHECK(kernel(1, 0) == kernel(0, 1));
}

TEST_CASE("leaving a pair out in closed form equals solving without it") {
  const auto data = planted_groups(7, 5, 2, 0.6, 6);
  const KernelOptions options;
  const auto filled = filled_profiles(data, options);
  const auto kernels = association_kernels(data, filled, options);
  for (const double ridge : {0.3, 3.0}) {
    const auto fast = KernelCompletion(data, options).scores({ridge, 0});
    const auto slow = leave_pair_out_reference(kernels, data.associations, ridge);
    const auto fast_filled = KernelCompletion(data, options).scores({ridge, 1});
    const auto slow_filled = leave_pair_out_reference(kernels, filled.profiles, ridge);
    for (std::size_t c = 0; c < fast.values.size(); ++c) {
      CHECK(fast.values[c] == Approx(slow.values[c]).margin(1e-9));
      CHECK(fast_filled.values[c] == Approx(slow_filled.values[c]).margin(1e-9));
    }
  }
}

TEST_CASE("shares of known associations add up to the score of every pair") {
  const auto data = planted_groups(14, 11, 3, 0.5, 7);
  const KernelCompletion completion(data);
  for (const double inferred : {0.0, 0.4, 1.0}) {
    const FitOptions fit{1, inferred};
    const auto scores = completion.scores(fit);
    for (std::size_t i = 0; i < 14; ++i)
      for (std::size_t j = 0; j < 11; ++j) {
        const auto evidence = completion.evidence(i, j, fit);
        double pairs = 0, drugs = 0, diseases = 0;
        for (const auto& share : evidence.pairs) pairs += share.share;
        for (const auto& share : evidence.drugs) drugs += share.share;
        for (const auto& share : evidence.diseases) diseases += share.share;
        CHECK(evidence.score == Approx(scores(i, j)).margin(1e-9));
        CHECK(pairs == Approx(scores(i, j)).margin(1e-9));
        CHECK(drugs == Approx(scores(i, j)).margin(1e-9));
        CHECK(diseases == Approx(scores(i, j)).margin(1e-9));
      }
  }
}

TEST_CASE("the evidence of a pair comes from drugs and diseases of its group") {
  auto data = planted_groups(30, 20, 3, 0.7, 8);
  data.associations(0, 3) = 0;
  const auto evidence = KernelCompletion(data).evidence(0, 3);
  REQUIRE(evidence.drugs.size() >= 3);
  for (std::size_t r = 0; r < 3; ++r) {
    CHECK(evidence.pairs[r].share > 0);
    CHECK(evidence.pairs[r].drug % 3 == 0);
    CHECK(evidence.drugs[r].index % 3 == 0);
    CHECK(evidence.diseases[r].index % 3 == 0);
  }
  CHECK_THROWS_WITH(KernelCompletion(data).evidence(30, 3),
                    "there is no drug 30 with disease 3 in a table of 30 x 20");
}

TEST_CASE("a score does not know whether its own pair is known") {
  // profiles not filled and similarities alone in the kernel: nothing of the label is left anywhere else
  KernelOptions options;
  options.neighbours = 0;
  options.similarity_share = 1;
  auto data = planted_groups(20, 16, 2, 0.5, 9);
  data.associations(4, 2) = 1;
  const double known = KernelCompletion(data, options).scores()(4, 2);
  data.associations(4, 2) = 0;
  CHECK(KernelCompletion(data, options).scores()(4, 2) == Approx(known).margin(1e-10));
}

TEST_CASE("kernel settings out of range are refused by name") {
  const auto data = planted_groups(6, 6, 2, 1, 10);
  KernelOptions options;
  options.similarity_share = 1.5;
  CHECK_THROWS_WITH(KernelCompletion(data, options), "similarity_share is 1.5; needs a number from 0 to 1");
  CHECK_THROWS_WITH(KernelCompletion(data).scores({0, 0}), "ridge is 0; needs a number above 0");
}

TEST_CASE("the rank product joins scores of any scale over unknown pairs") {
  RealMatrix known(1, 4), first(1, 4), second(1, 4);
  known(0, 3) = 1;
  first.values = {0.9, 0.5, 0.1, 100};
  second.values = {-7, 3, -7, 100};  // a tie: ranks 2 and 3 become 2.5
  const auto joined = rank_product({&first, &second}, known);
  CHECK(joined(0, 0) == Approx(-0.5 * (std::log(1 / 3.0) + std::log(2.5 / 3.0))));
  CHECK(joined(0, 1) == Approx(-0.5 * (std::log(2 / 3.0) + std::log(1 / 3.0))));
  CHECK(joined(0, 2) == Approx(-0.5 * (std::log(3 / 3.0) + std::log(2.5 / 3.0))));
  CHECK(joined(0, 3) == 0);
  CHECK_THROWS_WITH(rank_product({}, known), "there are no scores to join");
}

TEST_CASE("couples in order are counted with ties as half") {
  CHECK(share_in_order({3, 1}, {2, 0, 1}) == Approx((3 + 1.5) / 6));
  CHECK(std::isnan(share_in_order({}, {1})));
}

TEST_CASE("the consensus finds planted pairs, the same ones at every run") {
  const auto whole = planted_groups(40, 30, 3, 0.5, 11);
  auto data = whole;
  std::vector<std::size_t> removed;
  for (std::size_t c = 0; c < data.associations.values.size(); c += 7)
    if (data.associations.values[c] > 0) {
      data.associations.values[c] = 0;
      removed.push_back(c);
    }
  const auto consensus = complete_by_consensus(data, 5);
  std::vector<double> positives, negatives;
  for (const auto cell : removed) positives.push_back(consensus.scores.values[cell]);
  for (std::size_t c = 0; c < whole.associations.values.size(); ++c)
    if (c / 30 % 3 != c % 30 % 3) negatives.push_back(consensus.scores.values[c]);
  CHECK(share_in_order(positives, negatives) > 0.99);
  CHECK(consensus.choice.auroc > 0.5);
  CHECK(complete_by_consensus(data, 5).scores.values == consensus.scores.values);
}

TEST_CASE("settings are the defaults when there is too little to choose by") {
  auto data = planted_groups(6, 4, 2, 0, 12);
  data.associations(0, 0) = 1;
  const auto choice = choose_kernel(data, 1);
  CHECK(std::isnan(choice.auroc));
  CHECK(choice.fit.ridge == FitOptions().ridge);
}

TEST_CASE("popularity multiplies degrees and neighbours vote by similarity") {
  AssociationData data;
  data.associations = RealMatrix(2, 2);
  data.associations(0, 0) = data.associations(0, 1) = 1;
  data.drug_similarity = RealMatrix(2, 2, 1);
  data.drug_similarity(0, 1) = data.drug_similarity(1, 0) = 0.5;
  data.disease_similarity = data.drug_similarity;
  CHECK(degree_product(data.associations)(0, 0) == Approx(2.5 * 1.5));
  CHECK(degree_product(data.associations)(1, 0) == Approx(0.5 * 1.5));
  const auto votes = neighbour_votes(data);
  CHECK(votes(1, 0) == Approx(0.5 * (1 + 0)));  // its only neighbour treats it; the drug treats nothing else
  CHECK(votes(0, 0) == Approx(0.5 * (0 + 1)));
}
