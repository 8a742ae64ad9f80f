// Causal attention of several segments that stand one after another without padding, with its own way back,
// for the processor. Inside `generative`.
//
// Each segment costs the square of its own length and no more, and its scores stay in the cache; LibTorch's
// operations on padded rows pass through memory about ten times.
#pragma once
#include <torch/types.h>

#include <cstdint>
#include <vector>

namespace theriac::generative {

/// Projections [N, 3 width] in ProGen2's layout (attention_kernels.hpp) -> [N, width]. `bounds`: first token
/// of each segment, and N. `cosines`, `sines` [positions, rotary / 2]. Differentiable in `projections`.
torch::Tensor packed_attention(const torch::Tensor& projections, const std::vector<std::int64_t>& bounds,
                               std::int64_t heads, const torch::Tensor& cosines, const torch::Tensor& sines);

/// The same in LibTorch's operations, on any device; pads segments to the longest of like length.
torch::Tensor plain_attention(const torch::Tensor& projections, const std::vector<std::int64_t>& bounds,
                              std::int64_t heads, const torch::Tensor& cosines, const torch::Tensor& sines);

}  // namespace theriac::generative
