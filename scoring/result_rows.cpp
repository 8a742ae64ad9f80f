#include "scoring/result_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace theriac::scoring {
namespace {

/// The order of the ranking: score, then input order.
using Key = std::pair<double, std::int64_t>;

void count(DockingSummary& summary, const DockedRow& row) {
  ++summary.records;
  summary.ok += row.status == RowStatus::ok;
  summary.failed += row.status == RowStatus::failed;
  summary.skipped += row.status == RowStatus::skipped;
  summary.duplicates += row.status == RowStatus::duplicate;
}

/// Without what only the files of poses need.
DockedRow without_coordinates(DockedRow row) {
  row.pose_text.clear();
  row.pdbqt_text.clear();
  row.side_chains_text.clear();
  for (auto& pose : row.poses) pose.coordinates.clear();
  return row;
}

void keep_best(std::map<Key, DockedRow>& best, const DockedRow& row, std::size_t top, bool with_poses) {
  if (row.status != RowStatus::ok || !std::isfinite(row.score()) || top == 0) return;
  const Key key{row.score(), row.input_index};
  if (best.size() == top && best.rbegin()->first < key) return;
  best.emplace(key, with_poses ? row : without_coordinates(row));
  if (best.size() > top) best.erase(std::prev(best.end()));
}

}  // namespace

Overview look_over(const DockedRows& rows, int top, bool with_poses) {
  Overview overview;
  std::vector<Key> keys;
  std::set<std::string> known;
  std::map<Key, DockedRow> best;
  rows([&](const DockedRow& row) {
    count(overview.summary, row);
    keep_best(best, row, static_cast<std::size_t>(std::max(top, 0)), with_poses);
    if (row.status == RowStatus::ok && std::isfinite(row.score()))
      keys.emplace_back(row.score(), row.input_index);
    if (row.duplicate_of >= 0) overview.originals.insert(row.duplicate_of);
    overview.only_pdbqt = overview.only_pdbqt || (row.pose_text.empty() && !row.pdbqt_text.empty());
    for (const auto& entry : row.input_columns)
      if (known.insert(entry.first).second) overview.input_columns.push_back(entry.first);
  });
  std::sort(keys.begin(), keys.end());
  for (std::size_t i = 0; i < keys.size(); ++i)
    overview.ranks[keys[i].second] = static_cast<std::int64_t>(i) + 1;
  for (auto& entry : best) overview.summary.best.push_back(std::move(entry.second));
  return overview;
}

DockedRow DuplicateFiller::filled(const DockedRow& row) {
  if (wanted_.count(row.input_index)) originals_.emplace(row.input_index, without_coordinates(row));
  const auto original = originals_.find(row.duplicate_of);
  if (row.duplicate_of < 0 || original == originals_.end()) return row;
  DockedRow result = original->second;
  result.input_index = row.input_index;
  result.input_file = row.input_file;
  result.input_line = row.input_line;
  result.name = row.name;
  result.smiles_in = row.smiles_in;
  result.input_columns = row.input_columns;
  result.duplicate_of = row.duplicate_of;
  result.pose_text.clear();
  result.pdbqt_text.clear();
  result.side_chains_text.clear();
  if (original->second.status == RowStatus::ok) {
    result.status = RowStatus::duplicate;
    result.message = fmt::format("same molecule as record {} ({})", row.duplicate_of, original->second.name);
  }
  return result;
}

datasets::Row predicted_cells(const DockedRow& row, const ResultFiles& files) {
  datasets::Row cells = row.predicted;
  cells.resize(files.predicted.size());
  return cells;
}

}  // namespace theriac::scoring
