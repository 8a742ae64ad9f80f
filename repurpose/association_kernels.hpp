// How alike two drugs are by what they treat, and two diseases by what treats them, blended with how alike
// they are by structure or description.
//
// Many drugs have one known disease or none, so the profiles are filled first from the nearest neighbours
// (weighted K nearest known neighbours: A. Ezzat et al., IEEE/ACM Trans. Comput. Biol. Bioinform. 14, 646
// (2017)): the r-th nearest counts decay^r times its similarity. Profiles are compared by a Gaussian whose
// width is their mean squared length (interaction profile kernel: T. van Laarhoven, S. B. Nabuurs,
// E. Marchiori, Bioinformatics 27, 3036 (2011)).
#pragma once
#include "repurpose/association_data.hpp"

namespace theriac::repurpose {

struct KernelOptions {
  int neighbours = 20;         ///< that fill a profile, >= 0; 0 leaves it as it is
  double decay = 0.9;          ///< of their weight from one to the next, in (0, 1]
  double newcomer_lift = 0.5;  ///< of profiles with nothing known, see FilledProfiles; in [0, 1]
  double drug_power = 2;       ///< drug similarities are raised to this, > 0: above 1, only near ones count
  double disease_power = 1;    ///< the same for diseases
  double bandwidth = 1;        ///< gamma of the profile kernel, > 0
  double similarity_share =
      0.1;  ///< of the similarity in the kernel, in [0, 1]; the rest is the profile kernel
};

/// Profiles filled from neighbours, as a linear rule. A drug of which nothing is known gets votes from half
/// of its neighbours only (it has no diseases to vote), all of them small, although it surely treats
/// something: its profile is raised so that its largest cell m becomes m^(1 - newcomer_lift). The same for a
/// disease. Cell (i, j) is known (1), or the mean of sum_k drug_weight(i, k) A(k, j) and sum_l
/// disease_weight(j, l) A(i, l).
struct FilledProfiles {
  RealMatrix profiles;        ///< drugs x diseases, in [0, 1]
  RealMatrix drug_weight;     ///< decay^r similarity / sum of the similarities; 0 on the diagonal
  RealMatrix disease_weight;  ///< the same
};

FilledProfiles filled_profiles(const AssociationData& data, const KernelOptions& options);

/// exp(-bandwidth |row_i - row_k|^2 / mean squared length of the rows). Rows x rows.
RealMatrix profile_kernel(const RealMatrix& profiles, double bandwidth);

struct AssociationKernels {
  RealMatrix drugs, diseases;  ///< symmetric; positive semidefinite when the similarities are
};

AssociationKernels association_kernels(const AssociationData& data, const FilledProfiles& filled,
                                       const KernelOptions& options);

/// Throws UsageError naming the option that is out of its range.
void check_kernel_options(const KernelOptions& options);

}  // namespace theriac::repurpose
