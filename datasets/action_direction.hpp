// Direction of effect of a drug on its target, from the words that sources use for the action.
//
// +1: the drug raises the activity of the target (agonist, opener, positive modulator); -1: it lowers it
// (inhibitor, antagonist, blocker, inverse agonist, antisense); 0: not known from the word alone (binder,
// modulator, substrate, releasing agent). A partial agonist counts as an agonist. The table of words is
// action_terms(); docs/store.md prints it.
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace theriac::datasets {

/// One or several actions, "antagonist|partial agonist" or separated by ';' or ','. Actions that contradict
/// each other give 0.
int action_direction(std::string_view actions);

/// Phrase and its direction; the longest phrase that an action contains decides.
const std::vector<std::pair<std::string, int>>& action_terms();

}  // namespace theriac::datasets
