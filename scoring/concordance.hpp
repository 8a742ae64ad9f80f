// Concordance index: of all pairs of observations that differ, the share that the predictions order the same
// way; equal predictions count half.
//
// M. Gönen, G. Heller, Biometrika 92, 965 (2005), as used for drug-target affinity since T. Pahikkala et al.,
// Brief. Bioinform. 16, 325 (2015). Counted with a tree of partial sums in n log n steps.
#pragma once
#include <vector>

namespace theriac::scoring {

/// 0 to 1; NaN when no two observations differ or a number is NaN. Throws UsageError when the lengths differ.
double concordance_index(const std::vector<double>& observed, const std::vector<double>& predicted);

double mean_squared_error(const std::vector<double>& observed, const std::vector<double>& predicted);

}  // namespace theriac::scoring
