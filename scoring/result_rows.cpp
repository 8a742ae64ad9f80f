#include "scoring/result_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <set>
#include <unordered_map>

#include "datasets/scratch_file.hpp"

namespace theriac::scoring {
namespace {

/// The order of the ranking: what ligands are ranked by, then input order.
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

void keep_best(std::map<Key, DockedRow>& best, const DockedRow& row, double value, std::size_t top,
               bool with_poses) {
  if (row.status != RowStatus::ok || !std::isfinite(value) || top == 0) return;
  const Key key{value, row.input_index};
  if (best.size() == top && best.rbegin()->first < key) return;
  best.emplace(key, with_poses ? row : without_coordinates(row));
  if (best.size() > top) best.erase(std::prev(best.end()));
}

/// An integer that orders as the finite value does.
std::uint64_t ordered_bits(double value) {
  value += 0.0;  // -0 and 0 are equal
  std::uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  constexpr std::uint64_t sign = std::uint64_t{1} << 63;
  return bits & sign ? ~bits : bits | sign;
}

/// A duplicate with the values of the record that it repeats.
DockedRow filled(const DockedRow& row, DockedRow original) {
  const bool ok = original.status == RowStatus::ok;
  if (ok) {
    original.status = RowStatus::duplicate;
    original.message = fmt::format("same molecule as record {} ({})", row.duplicate_of, original.name);
  }
  original.input_index = row.input_index;
  original.input_file = row.input_file;
  original.input_line = row.input_line;
  original.name = row.name;
  original.smiles_in = row.smiles_in;
  original.input_columns = row.input_columns;
  original.duplicate_of = row.duplicate_of;
  return original;
}

/// Records that are repeated further on, without what only the files of poses need.
class Originals {
 public:
  explicit Originals(const Overview& overview)
      : rows_(overview.folder), repeated_(overview.repeated), ahead_(repeated_.next()) {}

  void pass(const DockedRow& row) {
    const auto index = static_cast<std::uint64_t>(row.input_index);
    while (ahead_ && ahead_->first < index) ahead_ = repeated_.next();
    if (!ahead_ || ahead_->first != index) return;
    Place place;
    for (; ahead_ && ahead_->first == index; ahead_ = repeated_.next()) place.last_duplicate = ahead_->second;
    datasets::ByteWriter out;
    put_docked_row(out, without_coordinates(row));
    place.length = out.bytes().size();
    place.offset = rows_.append(out.bytes());
    places_.emplace(row.input_index, place);
  }

  std::optional<DockedRow> of(const DockedRow& duplicate) {
    const auto found = places_.find(duplicate.duplicate_of);
    if (duplicate.duplicate_of < 0 || found == places_.end()) return {};
    const std::string bytes = rows_.read(found->second.offset, found->second.length);
    if (found->second.last_duplicate == static_cast<std::uint64_t>(duplicate.input_index))
      places_.erase(found);
    datasets::ByteReader in(bytes);
    return get_docked_row(in);
  }

 private:
  struct Place {
    std::uint64_t offset = 0, last_duplicate = 0;
    std::size_t length = 0;
  };
  datasets::ScratchFile rows_;
  datasets::SortedPairs::Reader repeated_;
  std::optional<datasets::SortedPairs::Pair> ahead_;
  std::unordered_map<std::int64_t, Place> places_;
};

/// Ranks of rows that are asked for in input order.
class RankReader {
 public:
  explicit RankReader(const datasets::SortedPairs& ranks) : ranks_(ranks), ahead_(ranks_.next()) {}

  Rank of(std::int64_t input_index) {
    const auto index = static_cast<std::uint64_t>(input_index);
    while (ahead_ && ahead_->first < index) ahead_ = ranks_.next();
    if (!ahead_ || ahead_->first != index) return {};
    return static_cast<std::int64_t>(ahead_->second);
  }

 private:
  datasets::SortedPairs::Reader ranks_;
  std::optional<datasets::SortedPairs::Pair> ahead_;
};

}  // namespace

Overview look_over(const DockedRows& rows, int top, bool with_poses, const std::string& folder,
                   LigandOrder order) {
  Overview overview{folder, datasets::SortedPairs(folder), datasets::SortedPairs(folder), {}, {}};
  datasets::SortedPairs scores(folder);
  std::set<std::string> known;
  std::map<Key, DockedRow> best;
  rows([&](const DockedRow& row) {
    const auto index = static_cast<std::uint64_t>(row.input_index);
    count(overview.summary, row);
    const double value = row.ranking_value(order);
    keep_best(best, row, value, static_cast<std::size_t>(std::max(top, 0)), with_poses);
    if (row.status == RowStatus::ok && std::isfinite(value)) scores.add({ordered_bits(value), index});
    if (row.duplicate_of >= 0) overview.repeated.add({static_cast<std::uint64_t>(row.duplicate_of), index});
    overview.summary.only_pdbqt +=
        row.status == RowStatus::ok && row.pose_text.empty() && !row.pdbqt_text.empty();
    for (const auto& entry : row.input_columns)
      if (known.insert(entry.first).second) overview.input_columns.push_back(entry.first);
  });
  scores.finish();
  overview.repeated.finish();
  datasets::SortedPairs::Reader by_score(scores);
  for (std::uint64_t rank = 1; const auto next = by_score.next(); ++rank)
    overview.ranks.add({next->second, rank});
  overview.ranks.finish();
  for (auto& entry : best) overview.summary.best.push_back(std::move(entry.second));
  return overview;
}

RankedRows ranked(const DockedRows& rows, const Overview& overview) {
  return [&rows, &overview](const VisitRanked& visit) {
    RankReader ranks(overview.ranks);
    Originals originals(overview);
    rows([&](const DockedRow& row) {
      originals.pass(row);
      const Rank rank = ranks.of(row.input_index);
      auto original = originals.of(row);
      if (original)
        visit(filled(row, std::move(*original)), rank);
      else
        visit(row, rank);
    });
  };
}

datasets::Row predicted_cells(const DockedRow& row, const ResultFiles& files) {
  datasets::Row cells = row.predicted;
  cells.resize(files.predicted.size());
  return cells;
}

}  // namespace theriac::scoring
