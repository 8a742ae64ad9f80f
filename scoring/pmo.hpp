// PMO, "practical molecular optimisation": how good a design method is when every look at the oracle counts.
//
// W. Gao, T. Fu, J. Sun, C. W. Coley, NeurIPS 35, 21342 (2022). Of its 23 oracles these are the 20 that need
// no trained classifier (drd2, gsk3b and jnk3 do), with the isomer term of PyTDC 0.4.0 and later. A string
// that is no molecule scores 0.
#pragma once
#include <string>
#include <vector>

#include "scoring/goal_directed_task.hpp"

namespace theriac::scoring {

const GoalDirectedSuite& pmo_suite();

/// The area under the curve of the best molecules against oracle calls, 0 to 1, as PMO computes it: the mean
/// of the best `top` so far is taken every `every` calls and at the end, joined by straight lines from 0
/// calls (value 0), and its last value is held up to the budget. With fewer than `top` molecules the mean is
/// over those present. `scores` are those of distinct molecules in the order they were asked for; 0 for none.
/// Throws UsageError when there are more than `budget`.
double top_auc(const std::vector<double>& scores, int top, int budget, int every = 100);

/// Mean of the best `top`, or of all when there are fewer; 0 for none.
double top_mean(std::vector<double> scores, int top);

}  // namespace theriac::scoring
