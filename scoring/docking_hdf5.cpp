// results.h5 of a docking run (docs/results.md).
#include <algorithm>
#include <optional>

#include "chem/library_versions.hpp"
#include "datasets/hdf5_file.hpp"
#include "datasets/results_table.hpp"
#include "scoring/result_rows.hpp"

namespace theriac::scoring {
namespace {

using datasets::Cell;
using datasets::Column;
using datasets::ColumnType;
using datasets::Row;

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
  extend(columns, judgement_columns(judges));
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
      extend(cells, judgement_cells(pose, judges_));
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

  void append(std::int64_t molecule, const DockedRow& row, const Rank& rank) {
    properties_.append(property_cells(row));
    Row cells = best_pose_cells(row, rank);
    extend(cells, judgement_cells(row, judges_));
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
    extend(columns, judgement_columns(judges_));
    return columns;
  }

  datasets::Hdf5File& file_;
  const DockingTarget& target_;
  datasets::Hdf5Table properties_;
  PoseJudges judges_;
  datasets::Hdf5Table best_;
  PoseTables poses_;
};

}  // namespace

void write_hdf5(datasets::RunFolder& folder, const DockingTarget& target, const Writing& from) {
  folder.publish("results.h5", [&](const std::string& temporary) {
    auto file = datasets::Hdf5File::create(temporary);
    file.set_attribute("/", "theriac_schema", std::int64_t{1});
    file.set_attribute("/", "theriac_version", chem::theriac_version());
    file.set_attribute("/", "kind", "run");
    const auto users = user_columns(from.overview.input_columns, molecule_columns());
    std::vector<Column> columns = molecule_columns();
    extend(columns, users);
    datasets::Hdf5Table molecules(file, "/molecules", columns);
    std::optional<datasets::Hdf5Table> predictions;
    if (!from.files.predicted.empty()) predictions.emplace(file, "/predictions", from.files.predicted);
    std::optional<DockingTables> docking;
    if (from.files.docked) docking.emplace(file, target, from.files.judges);
    from.rows([&](const DockedRow& row, const Rank& rank) {
      Row cells = molecule_cells(row);
      extend(cells, user_cells(row, from.overview.input_columns));
      molecules.append(cells);
      if (predictions) predictions->append(predicted_cells(row, from.files));
      if (docking) docking->append(molecules.row_count() - 1, row, rank);
    });
    molecules.flush();
    if (predictions) predictions->flush();
    if (docking) docking->flush();
    file.close();
  });
}

}  // namespace theriac::scoring
