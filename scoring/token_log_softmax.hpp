// Natural logs of the chances of tokens from the logits of a language model, computed in double.
#pragma once
#include <vector>

namespace theriac::scoring {

/// log p of the `wanted` columns to `out`, among the columns `over`, or among all when that is empty.
void token_log_softmax(const float* logits, int columns, const std::vector<int>& over,
                       const std::vector<int>& wanted, double* out);

}  // namespace theriac::scoring
