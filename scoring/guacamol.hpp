// The 20 goal-directed tasks of GuacaMol, suite version 2, and how a list of molecules is judged by one.
//
// N. Brown, M. Fiscato, M. H. S. Segler, A. C. Vaucher, J. Chem. Inf. Model. 59, 1096 (2019). A string that
// is no molecule scores -1 in every task.
#pragma once
#include <string>
#include <vector>

#include "scoring/goal_directed_task.hpp"

namespace theriac::scoring {

const GoalDirectedSuite& guacamol_suite();

/// What a list is worth in one task.
struct ListScore {
  std::vector<double> top_means;  ///< one per top count of the task
  double score = 0;               ///< their mean
};

/// From the scores of distinct molecules; where there are fewer than a top count, zeros stand for the rest.
ListScore list_score(const GoalDirectedTask& task, std::vector<double> scores);

/// As GuacaMol judges a list of SMILES: what is no molecule is left out, molecules that differ in
/// stereochemistry or isotopes only are one, and the flat molecules are scored.
ListScore list_score(const GoalDirectedTask& task, const std::vector<std::string>& smiles);

}  // namespace theriac::scoring
