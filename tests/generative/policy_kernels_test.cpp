// The loops of the policy network, against plain formulas in double precision.
#include "generative/policy_kernels.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "chem/counter_random.hpp"

using namespace theriac;
using namespace theriac::generative;

namespace {

std::vector<float> random_numbers(std::size_t n, std::uint64_t stream, double scale = 1) {
  chem::CounterRandom random(5, "", "kernel test", stream);
  std::vector<float> out(n);
  for (float& x : out) x = static_cast<float>(scale * random.normal());
  return out;
}

double sigmoid(double x) {
  return 1 / (1 + std::exp(-x));
}

constexpr std::int64_t rows = 3, width = 37;  // no multiple of any vector width

/// Memory after one step, in double precision.
std::vector<double> plain_step(const std::vector<float>& x, const std::vector<float>& h,
                               const std::vector<float>& before) {
  std::vector<double> out;
  for (std::int64_t row = 0; row < rows; ++row)
    for (std::int64_t i = 0; i < width; ++i) {
      const auto at = [&](const std::vector<float>& v, std::int64_t gate) {
        return static_cast<double>(v[static_cast<std::size_t>(row * 3 * width + gate * width + i)]);
      };
      const double r = sigmoid(at(x, 0) + at(h, 0)), z = sigmoid(at(x, 1) + at(h, 1));
      const double n = std::tanh(at(x, 2) + r * at(h, 2));
      out.push_back((1 - z) * n + z * before[static_cast<std::size_t>(row * width + i)]);
    }
  return out;
}

}  // namespace

TEST_CASE("a recurrent step is the formula, from tiny to huge inputs") {
  for (const double scale : {1e-3, 1.0, 30.0, 1000.0}) {
    const auto x = random_numbers(rows * 3 * width, 1, scale), h = random_numbers(rows * 3 * width, 2, scale),
               before = random_numbers(rows * width, 3);
    std::vector<float> after(rows * width), kept(rows * 4 * width);
    gru_step(rows, width, x.data(), h.data(), before.data(), after.data(), kept.data());
    const auto plain = plain_step(x, h, before);
    for (std::size_t i = 0; i < plain.size(); ++i) CHECK(after[i] == Approx(plain[i]).margin(2e-6));
  }
}

TEST_CASE("the way back of a recurrent step agrees with finite differences") {
  auto x = random_numbers(rows * 3 * width, 1), h = random_numbers(rows * 3 * width, 2),
       before = random_numbers(rows * width, 3);
  const auto slope = random_numbers(rows * width, 4);
  std::vector<float> after(rows * width), kept(rows * 4 * width), x_slope(x.size()), h_slope(h.size()),
      before_slope(before.size());
  gru_step(rows, width, x.data(), h.data(), before.data(), after.data(), kept.data());
  gru_step_back(rows, width, kept.data(), before.data(), slope.data(), x_slope.data(), h_slope.data(),
                before_slope.data());
  const auto loss = [&] {
    const auto out = plain_step(x, h, before);
    double sum = 0;
    for (std::size_t i = 0; i < out.size(); ++i) sum += out[i] * slope[i];
    return sum;
  };
  const auto check = [&](std::vector<float>& input, const std::vector<float>& found) {
    for (std::size_t i = 0; i < input.size(); i += 7) {
      const float value = input[i], low = value - 1e-3f, high = value + 1e-3f;
      input[i] = high;
      const double up = loss();
      input[i] = low;
      const double down = loss();
      input[i] = value;
      CHECK(found[i] == Approx((up - down) / (static_cast<double>(high) - low)).margin(1e-4));
    }
  };
  check(x, x_slope);
  check(h, h_slope);
  check(before, before_slope);
}

TEST_CASE("choosing among legal actions is a softmax over them alone") {
  constexpr std::int64_t n = 256;
  for (const double scale : {1.0, 40.0}) {
    const auto logits = random_numbers(n, 5, scale);
    std::vector<std::uint64_t> legal = {0x00f0f00000000001ull, 0, ~0ull, 0x8000000000000002ull};
    const std::int64_t chosen = 130;
    double sum = 0;
    const auto is_legal = [&](std::int64_t i) {
      return (legal[static_cast<std::size_t>(i / 64)] >> (i % 64) & 1u) != 0;
    };
    for (std::int64_t i = 0; i < n; ++i)
      if (is_legal(i)) sum += std::exp(static_cast<double>(logits[static_cast<std::size_t>(i)]));
    auto slopes = logits;
    const double found = choose_among_legal(n, slopes.data(), legal.data(), chosen);
    CHECK(found == Approx(logits[chosen] - std::log(sum)).epsilon(1e-5));
    for (std::int64_t i = 0; i < n; ++i) {
      const auto k = static_cast<std::size_t>(i);
      const double share = is_legal(i) ? std::exp(static_cast<double>(logits[k])) / sum : 0;
      CHECK(slopes[k] == Approx((i == chosen ? 1 : 0) - share).margin(1e-6));
    }
  }
  // Where one action is left, nothing is to be learned.
  std::vector<float> logits(64, 3.f);
  const std::uint64_t one = 1ull << 9;
  CHECK(choose_among_legal(64, logits.data(), &one, 9) == 0.f);
  for (const float slope : logits) CHECK(slope == 0.f);
}

TEST_CASE("Adam's step is the published one") {
  auto weights = random_numbers(101, 6), mean = random_numbers(101, 7, 0.1);
  const auto slope = random_numbers(101, 8);
  std::vector<float> square(101, 0.02f);
  const auto w = weights, m = mean, v = square;
  const double t = 5;
  const AdamRates rates{1e-3f,
                        0.9f,
                        0.999f,
                        1e-8f,
                        static_cast<float>(1 - std::pow(0.9, t)),
                        static_cast<float>(1 - std::pow(0.999, t))};
  adam_step(101, weights.data(), slope.data(), 0.5f, mean.data(), square.data(), rates);
  for (std::size_t i = 0; i < 101; ++i) {
    const double g = 0.5 * slope[i], m1 = 0.9 * m[i] + 0.1 * g, v1 = 0.999 * v[i] + 0.001 * g * g;
    CHECK(mean[i] == Approx(m1).margin(1e-6));
    CHECK(square[i] == Approx(v1).epsilon(1e-4));
    const double step =
        1e-3 * (m1 / (1 - std::pow(0.9, t))) / (std::sqrt(v1 / (1 - std::pow(0.999, t))) + 1e-8);
    CHECK(weights[i] == Approx(w[i] - step).margin(1e-6));
  }
}
