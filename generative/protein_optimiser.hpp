// One step of learning for the protein network. Inside `generative`.
//
// Muon for the matrices of the layers: the momentum M of the slopes is replaced by the nearest
// semi-orthogonal matrix, U V^T of M = U S V^T, so that all directions learn alike; five steps of a quintic
// Newton-Schulz iteration come near enough (K. Jordan et al., kellerjordan.github.io/posts/muon, 2024).
// Adam (D. P. Kingma, J. Ba, ICLR 2015) for everything else.
#pragma once
#include <string>
#include <vector>

#include "generative/protein_network.hpp"

namespace theriac::generative {

class ProteinOptimiser {
 public:
  ProteinOptimiser(ProteinNetwork& network, const ProteinTrainingOptions& options);

  /// `part`: of the full rates. Returns the sum of nats over all targets, and their number in `learned`.
  /// Micro-batches run side by side; their slopes are summed in order. Throws ModelError when a slope is not
  /// finite.
  double step(const ProteinRows& rows, double part, std::int64_t& learned);

  std::int64_t steps = 0;
  std::vector<torch::Tensor> mean, square;  ///< `square` is empty for matrices

 private:
  void update(const std::vector<torch::Tensor>& slopes, double part);
  ProteinNetwork& network_;
  const ProteinTrainingOptions options_;
};

/// The nearest semi-orthogonal matrix, about.
torch::Tensor orthogonalised(const torch::Tensor& matrix);

}  // namespace theriac::generative
