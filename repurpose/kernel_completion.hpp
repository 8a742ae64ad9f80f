// Completion of the association matrix by least squares over two kernels at once, with its reasons.
//
// A pair (drug i, disease j) is compared with every other pair by the product of the kernels of the drugs and
// of the diseases (Kronecker regularised least squares: T. van Laarhoven, S. B. Nabuurs, E. Marchiori,
// Bioinformatics 27, 3036 (2011)). With the eigenvectors U, V and eigenvalues u, v of the two kernels the fit
// is closed:
//
//     F = U (H * (U^T Z V)) V^T,   H_kl = u_k v_l / (u_k v_l + ridge),
//
// where Z are the labels. A pair that is not known is no negative, so no pair is scored with its own label in
// the fit: leaving it out turns F_ij into (F_ij - h_ij Z_ij) / (1 - h_ij), h_ij being the weight of a pair in
// its own fit (the same shortcut as in ridge regression: M. Stock et al., Neural Comput. 30, 2245 (2018)).
// The kernels are those of all known pairs.
//
// With the kernels given, every score is linear in the known associations, hence a sum over them: `evidence`
// lists the known pairs, drugs and diseases that a score comes from, and they add up to it.
#pragma once
#include <memory>
#include <vector>

#include "repurpose/association_kernels.hpp"

namespace theriac::repurpose {

struct FitOptions {
  double ridge = 3;           ///< > 0: larger trusts single associations less
  double inferred_share = 0;  ///< of the filled profile in the labels of pairs not known, in [0, 1]
};

/// What a known association, or all those of a drug or disease, adds to a score; may be negative.
struct PairShare {
  std::size_t drug = 0, disease = 0;
  double share = 0;
};
struct ItemShare {
  std::size_t index = 0;
  double share = 0;
};

struct AssociationEvidence {
  double score = 0;              ///< the sum of each of the lists
  std::vector<PairShare> pairs;  ///< every known association, the largest magnitude first
  std::vector<ItemShare> drugs;  ///< those with a known association: the similar drugs that drive the score
  std::vector<ItemShare> diseases;  ///< the same for diseases
};

class KernelCompletion {
 public:
  /// Throws UsageError (check_association_data, check_kernel_options).
  explicit KernelCompletion(const AssociationData& data, const KernelOptions& options = {});
  ~KernelCompletion();
  KernelCompletion(KernelCompletion&&) noexcept;
  KernelCompletion& operator=(KernelCompletion&&) noexcept;

  /// Drugs x diseases; every pair without its own label. No fixed range: about 1 for a sure pair, 0 for none.
  RealMatrix scores(const FitOptions& fit = {}) const;

  /// Where the score of one pair comes from. A known pair can stand in its own list: through profiles that
  /// were filled from it. Throws UsageError when there is no such drug or disease.
  AssociationEvidence evidence(std::size_t drug, std::size_t disease, const FitOptions& fit = {}) const;

 private:
  struct Spectrum;
  std::unique_ptr<Spectrum> spectrum_;
};

/// The same scores the long way: for every pair, the linear system of all other pairs is solved. Of small
/// tables: the effort grows as the fourth power of drugs times diseases. `labels`: drugs x diseases.
RealMatrix leave_pair_out_reference(const AssociationKernels& kernels, const RealMatrix& labels,
                                    double ridge);

}  // namespace theriac::repurpose
