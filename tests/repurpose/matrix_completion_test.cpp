#include "repurpose/matrix_completion.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "chem/error.hpp"
#include "tests/repurpose/association_fixtures.hpp"

using namespace theriac;
using namespace theriac::repurpose;

namespace {

double largest_difference(const RealMatrix& a, const RealMatrix& b) {
  double out = 0;
  for (std::size_t c = 0; c < a.values.size(); ++c) out = std::max(out, std::abs(a.values[c] - b.values[c]));
  return out;
}

/// Exactly of rank `groups`: everything inside a group is 1, the rest 0.
AssociationData exact_groups(std::size_t drugs, std::size_t diseases, std::size_t groups) {
  auto data = planted_groups(drugs, diseases, groups, 2, 1);
  for (auto* table : {&data.drug_similarity, &data.disease_similarity})
    for (double& value : table->values) value = value > 0.5;
  return data;
}

}  // namespace

TEST_CASE("bounded nuclear norm completion recovers what was removed from a matrix of low rank") {
  const auto whole = exact_groups(36, 24, 3);
  auto data = whole;
  data.associations(0, 0) = data.associations(7, 4) = data.associations(20, 5) = data.associations(35, 23) =
      0;
  for (const auto& options : {CompletionOptions(), short_completion()}) {
    const auto completion = complete_matrix(data, options);
    // not observed, so never pulled down to 0: the factors fill it
    CHECK(completion.scores(0, 0) > 0.8);
    CHECK(completion.scores(7, 4) > 0.8);
    CHECK(completion.scores(20, 5) > 0.8);
    CHECK(completion.scores(35, 23) > 0.8);
    for (std::size_t i = 0; i < 36; ++i)
      for (std::size_t j = 0; j < 24; ++j)
        if (i % 3 != j % 3) CHECK(completion.scores(i, j) < 0.05);
  }
}

TEST_CASE("every completed entry lies between 0 and 1") {
  const auto completion = complete_matrix(planted_groups(50, 40, 5, 0.3, 2));
  CHECK(completion.converged);
  CHECK(completion.iterations < 300);
  const auto [low, high] =
      std::minmax_element(completion.scores.values.begin(), completion.scores.values.end());
  CHECK(*low >= 0);
  CHECK(*high <= 1);
  CHECK(*high > 0.5);
}

TEST_CASE("completion by followed eigenvectors agrees with full singular value decompositions") {
  // 220 dimensions, in which the threshold soon leaves few enough for the subspace to be followed
  const auto data = planted_groups(130, 90, 4, 0.4, 3);
  const auto fast = complete_matrix(data), slow = complete_matrix_reference(data);
  CHECK(fast.rank < 40);
  CHECK(std::abs(fast.iterations - slow.iterations) <= 1);
  CHECK(std::abs(fast.rank - slow.rank) <= 1);
  CHECK(largest_difference(fast.scores, slow.scores) < 1e-3);
  const auto fast_short = complete_matrix(data, short_completion());
  const auto slow_short = complete_matrix_reference(data, short_completion());
  CHECK(fast_short.iterations == 8);
  CHECK(largest_difference(fast_short.scores, slow_short.scores) < 1e-3);
}

TEST_CASE("completion of the same tables gives the same bytes") {
  const auto data = planted_groups(60, 50, 4, 0.4, 4);
  CHECK(complete_matrix(data).scores.values == complete_matrix(data).scores.values);
}

TEST_CASE("completion refuses a penalty that is not positive") {
  CompletionOptions options;
  options.penalty = 0;
  CHECK_THROWS_WITH(complete_matrix(planted_groups(6, 6, 2, 1, 5), options),
                    "penalty is 0; needs a number above 0");
}
