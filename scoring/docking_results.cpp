#include "scoring/docking_results.hpp"

#include <algorithm>
#include <filesystem>
#include <functional>

#include "datasets/gzip.hpp"
#include "datasets/results_table.hpp"
#include "scoring/docking_columns.hpp"
#include "scoring/result_rows.hpp"

namespace theriac::scoring {
namespace {

using datasets::Cell;
using datasets::Column;
using datasets::Row;

std::vector<Column> result_columns(const Writing& from) {
  std::vector<Column> columns = molecule_columns();
  if (from.files.docked) {
    extend(columns, best_pose_columns());
    extend(columns, judgement_columns(from.files.judges));
    extend(columns, property_columns());
    extend(columns, contact_columns());
  }
  extend(columns, from.files.predicted);
  extend(columns, user_columns(from.overview.input_columns, columns));
  return columns;
}

Row result_cells(const Writing& from, const DockedRow& row, const Rank& rank, const std::string& seed) {
  Row cells = molecule_cells(row);
  if (from.files.docked) {
    extend(cells, best_pose_cells(row, rank));
    extend(cells, judgement_cells(row, from.files.judges));
    extend(cells, property_cells(row));
    extend(cells, contact_cells(row, seed));
  }
  extend(cells, predicted_cells(row, from.files));
  extend(cells, user_cells(row, from.overview.input_columns));
  return cells;
}

void write_csv(datasets::RunFolder& folder, const std::string& name, const Writing& from,
               const std::string& seed) {
  datasets::CsvTable table(folder.file(name), result_columns(from));
  from.rows(
      [&](const DockedRow& row, const Rank& rank) { table.append(result_cells(from, row, rank, seed)); });
  table.publish();
  folder.note_published(name);
}

void write_failures(datasets::RunFolder& folder, const Writing& from) {
  datasets::CsvTable table(
      folder.file("failures.csv"),
      {integer_column("input_index", ""), text_column("input_file", ""), integer_column("input_line", ""),
       text_column("name", ""), text_column("message", ""), text_column("smiles_in", "")});
  from.rows([&](const DockedRow& row, const Rank&) {
    if (row.status == RowStatus::failed)
      table.append({Cell(row.input_index), Cell(row.input_file), Cell(row.input_line), Cell(row.name),
                    Cell(row.message), Cell(row.smiles_in)});
  });
  table.publish();
  folder.note_published("failures.csv");
}

void write_texts(datasets::RunFolder& folder, const DockedRows& rows, const std::string& name, bool compress,
                 const std::function<const std::string&(const DockedRow&)>& text_of) {
  datasets::DurableFile out(folder.file(name));
  bool any = false;
  rows([&](const DockedRow& row) {
    const std::string& packed = text_of(row);
    if (packed.empty()) return;
    any = true;
    out.write(compress ? packed : datasets::gunzip(packed));
  });
  if (!any && compress) out.write(datasets::gzip(""));
  out.publish();
  folder.note_published(name);
}

}  // namespace

std::vector<DockedRow> docked_rows(std::string_view payload) {
  datasets::ByteReader in(payload);
  std::vector<DockedRow> rows;
  while (!in.at_end()) rows.push_back(get_docked_row(in));
  return rows;
}

std::string docked_block(const std::vector<DockedRow>& rows) {
  datasets::ByteWriter out;
  for (const auto& row : rows) put_docked_row(out, row);
  return out.bytes();
}

DockedRows rows_of(const datasets::Journal& journal) {
  return [&journal](const std::function<void(const DockedRow&)>& visit) {
    journal.for_each([&](std::string_view payload, std::uint32_t) {
      datasets::ByteReader in(payload);
      while (!in.at_end()) visit(get_docked_row(in));
    });
  };
}

DockingSummary publish_docking_results(datasets::RunFolder& folder, const DockingTarget& target,
                                       const ResultFiles& files, const std::string& seed, int top) {
  return publish_docking_results(folder, rows_of(folder.journal()), target, files, seed, top);
}

DockingSummary publish_docking_results(datasets::RunFolder& folder, const DockedRows& rows,
                                       const DockingTarget& target, const ResultFiles& files,
                                       const std::string& seed, int top) {
  const Overview overview =
      look_over(rows, std::max(top, files.best), files.best > 0, folder.path(), files.order);
  const Writing from{ranked(rows, overview), overview, files};
  const auto poses = [](const DockedRow& row) -> const std::string& { return row.pose_text; };
  const auto pdbqt = [](const DockedRow& row) -> const std::string& { return row.pdbqt_text; };
  const auto chains = [](const DockedRow& row) -> const std::string& { return row.side_chains_text; };
  if (files.csv) write_csv(folder, "results.csv", from, seed);
  if (files.failures) write_failures(folder, from);
  if (files.hdf5) write_hdf5(folder, target, from);
  const bool packed = files.compress_poses;
  if (files.poses) write_texts(folder, rows, packed ? "poses.sdf.gz" : "poses.sdf", packed, poses);
  if (files.pdbqt || (files.csv && files.poses && overview.summary.only_pdbqt > 0))
    write_texts(folder, rows, packed ? "poses.pdbqt.gz" : "poses.pdbqt", packed, pdbqt);
  if (files.side_chains) write_texts(folder, rows, "side_chains.pdb.gz", true, chains);
  if (files.best == 0) return overview.summary;

  const RankedRows best = [&overview, &files](const VisitRanked& visit) {
    for (int i = 0; i < files.best && i < static_cast<int>(overview.summary.best.size()); ++i)
      visit(overview.summary.best[static_cast<std::size_t>(i)], i + 1);
  };
  write_csv(folder, "best.csv", {best, overview, files}, seed);
  const DockedRows best_rows = [&best](const std::function<void(const DockedRow&)>& visit) {
    best([&visit](const DockedRow& row, const Rank&) { visit(row); });
  };
  if (files.docked) write_texts(folder, best_rows, "best_poses.sdf.gz", true, poses);
  if (files.docked && (files.best_pdbqt || overview.summary.only_pdbqt > 0))
    write_texts(folder, best_rows, "best_poses.pdbqt.gz", true, pdbqt);
  return overview.summary;
}

DockingSummary summarise(const datasets::Journal& journal, int top) {
  const std::string folder = std::filesystem::path(journal.path()).parent_path();
  return look_over(rows_of(journal), top, false, folder, LigandOrder::energy).summary;
}

}  // namespace theriac::scoring
