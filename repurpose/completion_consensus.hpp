// Two completions that err differently, taken together: kernel least squares, which orders all pairs best,
// and bounded nuclear norm regularisation, which orders the first ones best.
//
// The settings of the kernel are chosen on the known associations alone: a tenth of them is held out and must
// come first (AUROC). The two are joined by their ranks, as the geometric mean of the shares of pairs at or
// above (rank product: R. Breitling et al., FEBS Lett. 573, 83 (2004)); no weight is fitted.
#pragma once
#include <cstdint>
#include <vector>

#include "repurpose/kernel_completion.hpp"
#include "repurpose/matrix_completion.hpp"

namespace theriac::repurpose {

struct KernelChoice {
  KernelOptions kernel;
  FitOptions fit;
  double auroc = 0;  ///< of the held-out tenth
};

/// Of newcomer_lift 0.5 and 0.8, ridge 1, 3 and 10, inferred_share 0 and 1; the rest as KernelOptions has it.
/// The tenth is drawn by `seed`. With fewer than ten known associations: the defaults, and AUROC NaN.
KernelChoice choose_kernel(const AssociationData& data, std::uint64_t seed);

struct ConsensusCompletion {
  RealMatrix scores;            ///< mean of -ln(share of unknown pairs at or above); 0 for known pairs
  RealMatrix kernel, low_rank;  ///< the two that were joined
  KernelChoice choice;
};

ConsensusCompletion complete_by_consensus(const AssociationData& data, std::uint64_t seed);

/// Rank product of several scores over the pairs that are not known; ties share their rank. Throws UsageError
/// when there is none, or shapes differ.
RealMatrix rank_product(const std::vector<const RealMatrix*>& scores, const RealMatrix& known);

/// Share of (positive, negative) couples in which the positive has the higher score, ties as half: AUROC. NaN
/// without either.
double share_in_order(const std::vector<double>& positives, std::vector<double> negatives);

}  // namespace theriac::repurpose
