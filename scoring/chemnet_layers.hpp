// Sizes of ChemNet's layers and its activation function. Inside `scoring`.
#pragma once
#include <cmath>

namespace theriac::scoring::chemnet {

constexpr int token_count = 35;
constexpr int channels = 32;    ///< of both convolutions
constexpr int kernel_size = 4;  ///< of both; stride 2
constexpr int conv1_positions = 175;
constexpr int conv2_positions = 88;
constexpr int lstm1_units = 128;

/// G. Klambauer et al., Self-Normalizing Neural Networks, NIPS 30 (2017).
inline double selu(double x) {
  constexpr double alpha = 1.6732632423543772, scale = 1.0507009873554805;
  return scale * (x > 0 ? x : alpha * std::expm1(x));
}

}  // namespace theriac::scoring::chemnet
