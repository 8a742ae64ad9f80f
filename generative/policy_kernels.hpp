// The inner loops of the policy network that no matrix product covers, on plain arrays: recurrent gates,
// choice among legal actions, Adam.
//
// Written as loops that compilers vectorise, compiled for several instruction sets and chosen at run time.
// Every set gives the same bytes: sums run over sixteen lanes in a fixed order, and nothing is contracted.
#pragma once
#include <cstdint>

namespace theriac::generative {

/// Gated recurrent unit, one step of `rows` sequences (K. Cho et al., EMNLP 2014; gates in LibTorch's order
/// reset, update, new):
///   r = s(xr + hr), z = s(xz + hz), n = tanh(xn + r hn), h' = (1 - z) n + z h
/// `x`, `h`: projections of input and memory [rows][3 width]; `before`, `after`: memory [rows][width].
/// `kept` receives r, z, n, hn [rows][4 width] for the way back.
void gru_step(std::int64_t rows, std::int64_t width, const float* x, const float* h, const float* before,
              float* after, float* kept);

/// Its way back. `after_slope`: slope of the loss with respect to `after`; gives those of x and h (differing
/// in the last third) and the part of `before`'s that does not pass through the projection.
void gru_step_back(std::int64_t rows, std::int64_t width, const float* kept, const float* before,
                   const float* after_slope, float* x_slope, float* h_slope, float* before_slope);

/// Softmax over the legal ones of `n` logits: returns the log-probability of `chosen`, and replaces the
/// logits by its slopes with respect to them. `legal`: bit i of word i / 64. `n` a multiple of 64.
float choose_among_legal(std::int64_t n, float* logits, const std::uint64_t* legal, std::int64_t chosen);

/// One step of Adam (D. P. Kingma, J. Ba, ICLR 2015) on `n` weights; `slope` is multiplied by `scale` first.
/// `correction1`, `correction2`: 1 - beta^t.
struct AdamRates {
  float rate, beta1, beta2, epsilon, correction1, correction2;
};
void adam_step(std::int64_t n, float* weights, const float* slope, float scale, float* mean, float* square,
               const AdamRates& rates);

}  // namespace theriac::generative
