#include "scoring/docking_results.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>

#include "chem/library_versions.hpp"
#include "datasets/gzip.hpp"
#include "datasets/results_table.hpp"
#include "scoring/docking_columns.hpp"

namespace theriac::scoring {
namespace {

using datasets::Cell;
using datasets::Column;
using datasets::ColumnType;
using datasets::Row;

/// What is known only once every row is there.
struct Overview {
  Ranks ranks;
  std::vector<std::string> input_columns;  ///< in order of first appearance
  std::set<std::int64_t> originals;        ///< rows that duplicates point at
  bool only_pdbqt = false;  ///< some poses have no other form: their ligands came without bonds
  DockingSummary summary;
};

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

Overview look_over(const DockedRows& rows, int top, bool with_poses = false) {
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

template <typename Element>
void add(std::vector<Element>& all, const std::vector<Element>& more) {
  all.insert(all.end(), more.begin(), more.end());
}

/// A duplicate carries the values of the record it repeats.
class DuplicateFiller {
 public:
  explicit DuplicateFiller(const std::set<std::int64_t>& originals) : wanted_(originals) {}

  DockedRow filled(const DockedRow& row) {
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
      result.message =
          fmt::format("same molecule as record {} ({})", row.duplicate_of, original->second.name);
    }
    return result;
  }

 private:
  const std::set<std::int64_t>& wanted_;
  std::unordered_map<std::int64_t, DockedRow> originals_;
};

/// What rows are written from: the rows themselves, what is known of all of them, and which files are wanted.
struct Writing {
  const DockedRows& rows;
  const Overview& overview;
  const ResultFiles& files;
};

std::vector<Column> result_columns(const Writing& from) {
  std::vector<Column> columns = molecule_columns();
  if (from.files.docked) {
    add(columns, best_pose_columns());
    add(columns, judgement_columns(from.files.judges));
    add(columns, property_columns());
    add(columns, contact_columns());
  }
  add(columns, from.files.predicted);
  add(columns, user_columns(from.overview.input_columns, columns));
  return columns;
}

Row predicted_cells(const DockedRow& row, const ResultFiles& files) {
  Row cells = row.predicted;
  cells.resize(files.predicted.size());
  return cells;
}

Row result_cells(const Writing& from, const DockedRow& row, const std::string& seed) {
  Row cells = molecule_cells(row);
  if (from.files.docked) {
    add(cells, best_pose_cells(row, from.overview.ranks));
    add(cells, judgement_cells(row, from.files.judges));
    add(cells, property_cells(row));
    add(cells, contact_cells(row, seed));
  }
  add(cells, predicted_cells(row, from.files));
  add(cells, user_cells(row, from.overview.input_columns));
  return cells;
}

void write_csv(datasets::RunFolder& folder, const std::string& name, const Writing& from,
               const std::string& seed) {
  datasets::CsvTable table(folder.file(name), result_columns(from));
  DuplicateFiller duplicates(from.overview.originals);
  from.rows([&](const DockedRow& raw) { table.append(result_cells(from, duplicates.filled(raw), seed)); });
  table.publish();
  folder.note_published(name);
}

void write_failures(datasets::RunFolder& folder, const Writing& from) {
  datasets::CsvTable table(
      folder.file("failures.csv"),
      {integer_column("input_index", ""), text_column("input_file", ""), integer_column("input_line", ""),
       text_column("name", ""), text_column("message", ""), text_column("smiles_in", "")});
  DuplicateFiller duplicates(from.overview.originals);
  from.rows([&](const DockedRow& raw) {
    const DockedRow row = duplicates.filled(raw);
    if (row.status == RowStatus::failed)
      table.append({Cell(row.input_index), Cell(row.input_file), Cell(row.input_line), Cell(row.name),
                    Cell(row.message), Cell(row.smiles_in)});
  });
  table.publish();
  folder.note_published("failures.csv");
}

/// A row per pose.
std::vector<Column> score_columns(const PoseJudges& judges) {
  std::vector<Column> columns = {
      integer_column("molecule", "row of /molecules"),
      {"pose", ColumnType::int32, "", "from 1, best first", -1, {}},
      real_column("score", "kcal/mol", "docking score, lower is better", -1),
      real_column("inter", "kcal/mol", "ligand-receptor energy before the torsion divisor", -1),
      real_column("intra", "kcal/mol", "energy within the ligand before the torsion divisor", -1),
      real_column("torsion", "", "torsion divisor, 1 + 0.05846 N_tors", -1),
      real_column("le", "kcal/mol", "score per heavy atom", -1),
      real_column("rmsd_best", "angstrom", "to the best pose", -1),
      real_column("rmsd_ref", "angstrom", "to the reference ligand, if it is the same molecule", -1)};
  add(columns, judgement_columns(judges));
  return columns;
}

/// The HDF5 tables of one target: scores per pose, interactions, coordinates.
class PoseTables {
 public:
  PoseTables(datasets::Hdf5File& file, const std::string& group, const PoseJudges& judges)
      : file_(file),
        group_(group),
        judges_(judges),
        scores_(file, group + "/scores", score_columns(judges)),
        interactions_(file, group + "/interactions",
                      {integer_column("molecule", "row of /molecules"),
                       {"pose", ColumnType::int32, "", "from 1, best first", -1, {}},
                       text_column("type", "kind of contact"),
                       text_column("residue", "residue of the receptor"),
                       real_column("distance", "angstrom", "of the contact", -1),
                       {"lig_atom", ColumnType::int32, "", "atom of the pose, from 0", -1, {}}}) {
    file.create_column(group + "/poses/offset",
                       integer_column("offset", "first row of xyz of each pose, and the end"));
    file.create_column(group + "/poses/xyz", real_column("xyz", "angstrom", "positions of all atoms", -1), 3);
    file.append(group + "/poses/offset", std::vector<std::int64_t>{0});
  }

  void append(std::int64_t molecule, const DockedRow& row) {
    for (std::size_t i = 0; i < row.poses.size(); ++i) {
      const DockedPose& pose = row.poses[i];
      const Cell number(static_cast<std::int64_t>(i) + 1);
      Row cells = {Cell(molecule),
                   number,
                   Cell(pose.score),
                   Cell(pose.inter),
                   Cell(pose.intra),
                   Cell(pose.torsion_divisor),
                   Cell(pose.score / std::max(1, row.heavy_atoms)),
                   Cell(pose.rmsd_to_best),
                   real_cell(pose.rmsd_to_reference)};
      add(cells, judgement_cells(pose, judges_));
      scores_.append(cells);
      for (const auto& contact : pose.contacts)
        interactions_.append({Cell(molecule), number, Cell(contact.type), Cell(contact.residue),
                              Cell(contact.distance), Cell(std::int64_t{contact.ligand_atom})});
      for (const auto& p : pose.coordinates) xyz_.insert(xyz_.end(), {p.x, p.y, p.z});
      atoms_ += static_cast<std::int64_t>(pose.coordinates.size());
      offsets_.push_back(atoms_);
    }
    if (xyz_.size() > 3 * 65536) flush_poses();
  }

  void flush() {
    scores_.flush();
    interactions_.flush();
    flush_poses();
  }

 private:
  void flush_poses() {
    file_.append(group_ + "/poses/offset", offsets_);
    file_.append(group_ + "/poses/xyz", xyz_);
    offsets_.clear();
    xyz_.clear();
  }

  datasets::Hdf5File& file_;
  std::string group_;
  PoseJudges judges_;
  datasets::Hdf5Table scores_, interactions_;
  std::vector<std::int64_t> offsets_;
  std::vector<double> xyz_;
  std::int64_t atoms_ = 0;
};

void describe_target(datasets::Hdf5File& file, const std::string& group, const DockingTarget& target) {
  file.set_attribute(group, "receptor_sha256", target.receptor_sha256);
  file.create_column(group + "/receptor_pdb", text_column("receptor_pdb", "the prepared receptor as PDB"));
  file.append(group + "/receptor_pdb", std::vector<std::string>{target.receptor_pdb});
  file.set_attribute(group, "center",
                     std::vector<double>{target.box.center.x, target.box.center.y, target.box.center.z});
  file.set_attribute(group, "size",
                     std::vector<double>{target.box.size.x, target.box.size.y, target.box.size.z});
  file.set_attribute(group, "box_origin", target.box.origin);
  file.set_attribute(group, "scoring", target.scoring);
  file.set_attribute(group, "exhaustiveness", std::vector<double>{target.exhaustiveness});
}

/// What docking adds to the HDF5 file.
class DockingTables {
 public:
  DockingTables(datasets::Hdf5File& file, const DockingTarget& target, const PoseJudges& judges)
      : file_(file),
        target_(target),
        properties_(file, "/properties", property_columns()),
        judges_(judges),
        best_(file, group() + "/best", best_columns()),
        poses_(file, group(), judges) {}

  void append(std::int64_t molecule, const DockedRow& row, const Ranks& ranks) {
    properties_.append(property_cells(row));
    Row cells = best_pose_cells(row, ranks);
    add(cells, judgement_cells(row, judges_));
    best_.append(cells);
    if (row.status == RowStatus::ok) poses_.append(molecule, row);
  }

  void flush() {
    properties_.flush();
    best_.flush();
    poses_.flush();
    describe_target(file_, group(), target_);
  }

 private:
  std::string group() const { return "/docking/" + target_.name; }
  std::vector<Column> best_columns() const {
    std::vector<Column> columns = best_pose_columns();
    add(columns, judgement_columns(judges_));
    return columns;
  }

  datasets::Hdf5File& file_;
  const DockingTarget& target_;
  datasets::Hdf5Table properties_;
  PoseJudges judges_;
  datasets::Hdf5Table best_;
  PoseTables poses_;
};

void write_hdf5(datasets::RunFolder& folder, const DockingTarget& target, const Writing& from) {
  folder.publish("results.h5", [&](const std::string& temporary) {
    auto file = datasets::Hdf5File::create(temporary);
    file.set_attribute("/", "theriac_schema", std::int64_t{1});
    file.set_attribute("/", "theriac_version", chem::theriac_version());
    file.set_attribute("/", "kind", "run");
    const auto users = user_columns(from.overview.input_columns, molecule_columns());
    std::vector<Column> columns = molecule_columns();
    add(columns, users);
    datasets::Hdf5Table molecules(file, "/molecules", columns);
    std::optional<datasets::Hdf5Table> predictions;
    if (!from.files.predicted.empty()) predictions.emplace(file, "/predictions", from.files.predicted);
    std::optional<DockingTables> docking;
    if (from.files.docked) docking.emplace(file, target, from.files.judges);
    DuplicateFiller duplicates(from.overview.originals);
    from.rows([&](const DockedRow& raw) {
      const DockedRow row = duplicates.filled(raw);
      Row cells = molecule_cells(row);
      add(cells, user_cells(row, from.overview.input_columns));
      molecules.append(cells);
      if (predictions) predictions->append(predicted_cells(row, from.files));
      if (docking) docking->append(molecules.row_count() - 1, row, from.overview.ranks);
    });
    molecules.flush();
    if (predictions) predictions->flush();
    if (docking) docking->flush();
    file.close();
  });
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
  const Overview overview = look_over(rows, std::max(top, files.best), files.best > 0);
  const Writing from{rows, overview, files};
  const auto poses = [](const DockedRow& row) -> const std::string& { return row.pose_text; };
  const auto pdbqt = [](const DockedRow& row) -> const std::string& { return row.pdbqt_text; };
  const auto chains = [](const DockedRow& row) -> const std::string& { return row.side_chains_text; };
  if (files.csv) write_csv(folder, "results.csv", from, seed);
  if (files.failures) write_failures(folder, from);
  if (files.hdf5) write_hdf5(folder, target, from);
  const bool packed = files.compress_poses;
  if (files.poses) write_texts(folder, rows, packed ? "poses.sdf.gz" : "poses.sdf", packed, poses);
  if (files.pdbqt || (files.csv && files.poses && overview.only_pdbqt))
    write_texts(folder, rows, packed ? "poses.pdbqt.gz" : "poses.pdbqt", packed, pdbqt);
  if (files.side_chains) write_texts(folder, rows, "side_chains.pdb.gz", true, chains);
  if (files.best == 0) return overview.summary;

  const DockedRows best = [&overview, &files](const std::function<void(const DockedRow&)>& visit) {
    for (int i = 0; i < files.best && i < static_cast<int>(overview.summary.best.size()); ++i)
      visit(overview.summary.best[static_cast<std::size_t>(i)]);
  };
  write_csv(folder, "best.csv", {best, overview, files}, seed);
  if (files.docked) write_texts(folder, best, "best_poses.sdf.gz", true, poses);
  return overview.summary;
}

DockingSummary summarise(const datasets::Journal& journal, int top) {
  return look_over(rows_of(journal), top).summary;
}

}  // namespace theriac::scoring
