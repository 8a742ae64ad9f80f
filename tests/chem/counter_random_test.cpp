#include "chem/counter_random.hpp"

#include <catch2/catch.hpp>

using theriac::chem::CounterRandom;
using theriac::chem::philox;

TEST_CASE("philox gives the published answers of Random123") {
  // kat_vectors of Random123: philox4x32 10
  CHECK(philox({0, 0, 0, 0}, {0, 0}) ==
        std::array<std::uint32_t, 4>{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  CHECK(philox({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}) ==
        std::array<std::uint32_t, 4>{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
}

TEST_CASE("a stream continues from any position as if it had never stopped") {
  CounterRandom whole(1, "CCO", "dock", 3);
  for (int i = 0; i < 13; ++i) whole();
  CounterRandom resumed(1, "CCO", "dock", 3);
  resumed.seek(13);
  for (int i = 0; i < 9; ++i) CHECK(resumed() == whole());
}

TEST_CASE("streams of different seeds, molecules, stages and replicas differ") {
  const auto first = CounterRandom(1, "CCO", "dock", 0)();
  CHECK(first != CounterRandom(2, "CCO", "dock", 0)());
  CHECK(first != CounterRandom(1, "CCN", "dock", 0)());
  CHECK(first != CounterRandom(1, "CCO", "embed", 0)());
  CHECK(first != CounterRandom(1, "CCO", "dock", 1)());
}

TEST_CASE("uniform numbers have the mean and variance of the uniform distribution") {
  CounterRandom random(7, "", "test");
  double sum = 0, sum_of_squares = 0;
  const int n = 100000;
  for (int i = 0; i < n; ++i) {
    const double u = random.uniform();
    REQUIRE((u >= 0.0 && u < 1.0));
    sum += u;
    sum_of_squares += u * u;
  }
  CHECK(sum / n == Approx(0.5).margin(0.005));
  CHECK(sum_of_squares / n == Approx(1.0 / 3.0).margin(0.005));
}
