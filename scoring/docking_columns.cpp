#include "scoring/docking_columns.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace theriac::scoring {

using datasets::Cell;
using datasets::Column;
using datasets::ColumnType;
using datasets::Row;

namespace {

Column status_column() {
  return {"status", ColumnType::category, "", "what became of the record", -1, row_status_names()};
}

Cell integer_cell(bool known, std::int64_t value) {
  Cell cell;
  if (known) cell = value;
  return cell;
}
}  // namespace

Column text_column(const std::string& name, const std::string& description) {
  return {name, ColumnType::text, "", description, -1, {}};
}
Column integer_column(const std::string& name, const std::string& description) {
  return {name, ColumnType::int64, "", description, -1, {}};
}
Column real_column(const std::string& name, const std::string& unit, const std::string& description,
                   int decimals) {
  return {name, ColumnType::float32, unit, description, decimals, {}};
}

std::vector<Column> molecule_columns() {
  return {integer_column("input_index", "number of the record in the input, from 0"),
          text_column("input_file", "file of the record"),
          integer_column("input_line", "line at which the record begins, from 1"),
          text_column("name", "name in the input, else file:line"),
          status_column(),
          text_column("message", "why a record failed, or what to know about the row"),
          text_column("smiles_in", "SMILES as given"),
          text_column("smiles", "canonical SMILES as docked: parent structure, protonated"),
          text_column("inchikey", "standard InChIKey of the parent: neutral, without salts")};
}

Row molecule_cells(const DockedRow& row) {
  return {Cell(row.input_index),
          Cell(row.input_file),
          Cell(row.input_line),
          Cell(row.name),
          Cell(static_cast<std::int64_t>(row.status)),
          Cell(row.message),
          Cell(row.smiles_in),
          Cell(row.smiles),
          Cell(row.inchikey)};
}

std::vector<Column> best_pose_columns() {
  return {real_column("score_kcal_mol", "kcal/mol",
                      "docking score of the best pose, lower is better; it ranks, it "
                      "is no affinity",
                      3),
          real_column("le", "kcal/mol", "ligand efficiency: score per heavy atom, lower is better", 3),
          integer_column("rank",
                         "1 is the best of the run, by score unless it was asked to be by affinity; "
                         "duplicates are not ranked"),
          integer_column("n_poses", "poses kept"),
          real_column("rmsd_ref", "angstrom",
                      "of the best pose to the reference ligand, if it is the same molecule", 2)};
}

Cell real_cell(double value) {
  Cell cell;
  if (std::isfinite(value)) cell = value;
  return cell;
}

Row best_pose_cells(const DockedRow& row, const Rank& rank) {
  const bool docked = !row.poses.empty();
  Row cells;
  cells.push_back(real_cell(row.score()));
  cells.push_back(real_cell(row.ligand_efficiency()));
  cells.push_back(rank ? integer_cell(true, *rank) : Cell());
  cells.push_back(integer_cell(docked, static_cast<std::int64_t>(row.poses.size())));
  cells.push_back(docked ? real_cell(row.poses.front().rmsd_to_reference) : Cell());
  return cells;
}

std::vector<Column> judgement_columns(const PoseJudges& judges) {
  std::vector<Column> columns;
  if (judges.learned) {
    columns.push_back(
        real_column("probability", "", "that the pose lies within 2 angstrom of the true one, 0 to 1", 3));
    columns.push_back(text_column("reasons", "what moved the probability"));
  }
  if (judges.affinity) {
    columns.push_back(real_column("pose_affinity", "pK",
                                  "affinity if the pose is right, as gnina's network fast would estimate it; "
                                  "it grows with size",
                                  2));
    columns.push_back(real_column("pose_affinity_size_corrected", "pK",
                                  "pose_affinity above what is usual for as many heavy atoms", 2));
  }
  if (judges.cnn) {
    columns.push_back(
        real_column("cnn_score", "", "gnina's networks: probability of a pose within 2 angstrom, 0 to 1", 4));
    columns.push_back(
        real_column("cnn_affinity", "pK", "gnina's networks: affinity if the pose is right", 3));
    columns.push_back(
        real_column("cnn_spread", "pK", "standard deviation of cnn_affinity between the networks", 3));
  }
  if (judges.origins)
    columns.push_back(text_column("pose_origin", "where the pose comes from: the search or a seed pose"));
  if (judges.waters)
    columns.push_back(
        text_column("waters", "ordered waters kept, the residues that they bridge, or displaced"));
  return columns;
}

Row judgement_cells(const DockedPose& pose, const PoseJudges& judges) {
  Row cells;
  if (judges.learned) {
    cells.push_back(real_cell(pose.probability));
    cells.emplace_back(pose.reasons);
  }
  if (judges.affinity)
    for (const double value : {pose.pose_affinity, pose.pose_affinity_size_corrected})
      cells.push_back(real_cell(value));
  if (judges.cnn)
    for (const double value : {pose.cnn_score, pose.cnn_affinity, pose.cnn_spread})
      cells.push_back(real_cell(value));
  if (judges.origins) cells.emplace_back(pose.origin);
  if (judges.waters) cells.emplace_back(pose.waters);
  return cells;
}

Row judgement_cells(const DockedRow& row, const PoseJudges& judges) {
  return row.poses.empty() ? Row(judgement_columns(judges).size())
                           : judgement_cells(row.poses.front(), judges);
}

std::vector<Column> property_columns() {
  std::vector<Column> columns;
  for (const auto& property : property_names())
    columns.push_back(real_column(property.name, property.unit, property.description, property.decimals));
  return columns;
}

Row property_cells(const DockedRow& row) {
  Row cells(property_names().size());
  for (std::size_t i = 0; i < cells.size() && i < row.properties.size(); ++i)
    cells[i] = real_cell(row.properties[i]);
  return cells;
}

std::vector<Column> contact_columns() {
  return {text_column("alerts", "structural alerts (PAINS, Brenk, NIH): reasons to look twice"),
          integer_column("hbonds", "hydrogen bonds of the best pose"),
          text_column("contacts", "residues in contact with the best pose, polar contacts first"),
          text_column("failed_checks",
                      "checks that the best pose fails (bond lengths, clashes ...); empty for a sound pose"),
          text_column("seed", "random seed of the run")};
}

Row contact_cells(const DockedRow& row, const std::string& seed) {
  Row cells;
  cells.emplace_back(row.alerts);
  cells.push_back(integer_cell(row.has_contacts, row.contact_count("hbond")));
  cells.emplace_back(row.contact_residues());
  cells.emplace_back(row.poses.empty() ? std::string() : row.poses.front().failed_checks);
  cells.emplace_back(seed);
  return cells;
}

std::vector<Column> user_columns(const std::vector<std::string>& names, const std::vector<Column>& ours) {
  std::set<std::string> taken;
  for (const auto& column : ours) taken.insert(column.name);
  std::vector<Column> columns;
  for (std::string name : names) {
    while (!taken.insert(name).second) name = "input_" + name;
    columns.push_back(text_column(name, "column of the input"));
  }
  return columns;
}

Row user_cells(const DockedRow& row, const std::vector<std::string>& names) {
  Row cells;
  for (const auto& name : names) {
    const auto found = std::find_if(row.input_columns.begin(), row.input_columns.end(),
                                    [&](const auto& column) { return column.first == name; });
    cells.push_back(found == row.input_columns.end() ? Cell() : Cell(found->second));
  }
  return cells;
}

}  // namespace theriac::scoring
