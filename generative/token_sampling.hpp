// From the logits of a causal model to the probabilities the next token is drawn from.
//
// The order of the steps is that of the published programs: repetition penalty (N. S. Keskar et al.,
// arXiv:1909.05858), temperature, the k best, and then the best that hold a share p of the probability
// (A. Holtzman et al., ICLR 2020), with the token that crosses p.
#pragma once
#include <vector>

namespace theriac::generative {

struct TokenSampling {
  double temperature = 1;
  int top_k = 0;                  ///< 0: all
  double top_p = 1;               ///< 1: all
  double repetition_penalty = 1;  ///< logits of tokens that are there already: divided when positive, else
                                  ///< multiplied, once each
};

/// One number a token, together 1. `so_far`: the tokens of the row. Throws UsageError for a temperature or
/// penalty that is not positive, and for a share outside (0, 1].
std::vector<double> next_token_probabilities(const std::vector<float>& logits, const TokenSampling& rule,
                                             const std::vector<int>& so_far = {});
/// Of part of a longer table of logits.
std::vector<double> next_token_probabilities(const float* logits, int columns, const TokenSampling& rule,
                                             const std::vector<int>& so_far = {});

}  // namespace theriac::generative
