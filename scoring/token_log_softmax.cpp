#include "scoring/token_log_softmax.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace theriac::scoring {

void token_log_softmax(const float* logits, int columns, const std::vector<int>& over,
                       const std::vector<int>& wanted, double* out) {
  double largest = -std::numeric_limits<double>::infinity(), sum = 0;
  const auto each = [&](auto&& work) {
    if (over.empty())
      for (int j = 0; j < columns; ++j) work(j);
    else
      for (const int j : over) work(j);
  };
  each([&](int j) { largest = std::max(largest, static_cast<double>(logits[j])); });
  each([&](int j) { sum += std::exp(logits[j] - largest); });
  for (const int j : wanted) *out++ = logits[j] - largest - std::log(sum);
}

}  // namespace theriac::scoring
