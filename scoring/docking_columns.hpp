// The columns of docking results, with unit and description, and the cells of a row in their order. Shared by
// results.csv and results.h5.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "datasets/results_table.hpp"
#include "scoring/docked_row.hpp"

namespace theriac::scoring {

/// From 1, best first; nothing for a row that is not ranked.
using Rank = std::optional<std::int64_t>;

datasets::Column text_column(const std::string& name, const std::string& description);
datasets::Column integer_column(const std::string& name, const std::string& description);
datasets::Column real_column(const std::string& name, const std::string& unit, const std::string& description,
                             int decimals);
datasets::Cell real_cell(double value);  ///< missing unless finite

/// Who the molecule is: the columns of /molecules.
std::vector<datasets::Column> molecule_columns();
datasets::Row molecule_cells(const DockedRow& row);

/// What docking found for its best pose.
std::vector<datasets::Column> best_pose_columns();
datasets::Row best_pose_cells(const DockedRow& row, const Rank& rank);

/// Who judged the poses, and whether they come from different places: which further columns there are.
struct PoseJudges {
  bool learned = false;   ///< probability, reasons
  bool cnn = false;       ///< cnn_score, cnn_affinity, cnn_spread
  bool origins = false;   ///< pose_origin
  bool waters = false;    ///< waters
  bool affinity = false;  ///< pose_affinity, pose_affinity_size_corrected
};

/// What was said of one pose, in the order of `judgement_columns`.
std::vector<datasets::Column> judgement_columns(const PoseJudges& judges);
datasets::Row judgement_cells(const DockedPose& pose, const PoseJudges& judges);
/// The same for the best pose of a row; empty cells without one.
datasets::Row judgement_cells(const DockedRow& row, const PoseJudges& judges);

std::vector<datasets::Column> property_columns();
datasets::Row property_cells(const DockedRow& row);

/// Alerts, contacts, checks and the seed.
std::vector<datasets::Column> contact_columns();
datasets::Row contact_cells(const DockedRow& row, const std::string& seed);

/// The user's columns; one that clashes with `ours` gets "input_" in front.
std::vector<datasets::Column> user_columns(const std::vector<std::string>& names,
                                           const std::vector<datasets::Column>& ours);
datasets::Row user_cells(const DockedRow& row, const std::vector<std::string>& names);

}  // namespace theriac::scoring
