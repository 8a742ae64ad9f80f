// Completion of the association matrix by bounded nuclear norm regularisation (BNNR).
//
// Drugs and diseases are the rows of one symmetric matrix T = [[S_drug, A], [A^T, S_disease]], of which only
// the entries that are not zero count as observed. If few factors explain both similarities and associations,
// T has low rank, and its missing entries follow from
//
//     min ||X||_* + fidelity/2 ||observed(T - X)||_F^2   with   0 <= X <= 1,
//
// solved by alternating directions with penalty beta (equations 6-12 of the paper):
//
//     V = (Y + fidelity observed(T)) / beta + X
//     W = clip(V - fidelity/(fidelity + beta) observed(V), 0, 1)
//     X = W - Y/beta with singular values shrunk by 1/beta
//     Y = Y + beta (X - W)
//
// M. Yang, H. Luo, Y. Li, J. Wang, Bioinformatics 35, i455 (2019). T is symmetric and stays so: its singular
// values are the magnitudes of its eigenvalues, and only eigenvectors beyond the threshold are needed. These
// are carried from one iteration to the next as the start of a subspace iteration (N. Halko, P. G.
// Martinsson, J. A. Tropp, SIAM Rev. 53, 217 (2011), section 4), in single precision.
#pragma once
#include "repurpose/association_data.hpp"

namespace theriac::repurpose {

struct CompletionOptions {
  double fidelity = 1;             ///< alpha of the paper, > 0
  double penalty = 10;             ///< beta, > 0: small steps towards the optimum when it is large
  double change_tolerance = 2e-3;  ///< of ||X_new - X|| / ||X||
  double steady_tolerance = 1e-5;  ///< of the difference of two such changes
  int max_iterations = 300;        ///< stops there in any case
};

/// Eight steps of penalty 1. The published stopping rule ends long before the optimum, where AUROC and
/// average precision pass their best together; this reaches the same place in a twelfth of the iterations
/// (docs/repurposing.md).
CompletionOptions short_completion();

struct Completion {
  RealMatrix scores;  ///< drugs x diseases, in [0, 1]; for known pairs too
  int iterations = 0;
  int rank = 0;  ///< of X at the end
  bool converged = false;
};

/// Equal bytes from equal input, whatever the threads. Throws UsageError (check_association_data, or options
/// that are not positive).
Completion complete_matrix(const AssociationData& data, const CompletionOptions& options = {});

/// The same by a full singular value decomposition in double precision at every step; some twenty times
/// slower.
Completion complete_matrix_reference(const AssociationData& data, const CompletionOptions& options = {});

}  // namespace theriac::repurpose
