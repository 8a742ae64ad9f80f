// What docking says about one input record: the row that leaves for every record that enters, good or bad.
#pragma once
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "chem/vector3.hpp"
#include "datasets/byte_stream.hpp"
#include "datasets/results_table.hpp"
#include "scoring/pose_contacts.hpp"

namespace theriac::scoring {

enum class RowStatus {
  ok,         ///< docked
  failed,     ///< `message` says why
  skipped,    ///< left out by a filter
  duplicate,  ///< the same molecule as an earlier record, whose values it carries
};

/// "ok", "failed", "skipped", "duplicate".
const std::vector<std::string>& row_status_names();

struct DockedPose {
  double score = 0;             ///< kcal/mol, lower is better
  double inter = 0, intra = 0;  ///< kcal/mol, before the torsion divisor
  double torsion_divisor = 1;
  double rmsd_to_best = 0;       ///< angstrom, heavy atoms, symmetry-corrected
  double rmsd_to_reference = 0;  ///< angstrom to the reference ligand; NaN unless it is the same molecule
  std::vector<chem::Vector3> coordinates;  ///< angstrom, all atoms
  std::vector<PoseContact> contacts;       ///< polar ones first
  std::string failed_checks;               ///< of check_pose, blanks between; empty for a sound pose
  std::string origin = "search";           ///< or the seed pose that it comes from
  std::string waters;                      ///< what ordered waters of the site do in it
  /// Of the learned scorer: that the pose lies within 2 angstrom of the true one; NaN where none was asked.
  double probability = std::numeric_limits<double>::quiet_NaN();
  std::string reasons;  ///< what moved the probability
  /// By the features that the learned scorer looks at, if the pose is right: pK, and pK above what is usual
  /// for ligands of so many heavy atoms; NaN where nobody was asked.
  double pose_affinity = std::numeric_limits<double>::quiet_NaN();
  double pose_affinity_size_corrected = std::numeric_limits<double>::quiet_NaN();
  /// Of gnina's networks: probability of a good pose, affinity (pK) and its standard deviation between
  /// networks; NaN where none was asked.
  double cnn_score = std::numeric_limits<double>::quiet_NaN();
  double cnn_affinity = std::numeric_limits<double>::quiet_NaN();
  double cnn_spread = std::numeric_limits<double>::quiet_NaN();
};

/// What became of a pose of another program that was tried for the ligand.
struct SeedOutcome {
  std::int64_t number = 0;  ///< record of the seed file, from 1
  std::string title;
  /// "kept": a pose of the answer; "merged": it ended at a better one; "beaten": not among the poses kept;
  /// "refused": not used, and `message` says why.
  std::string status, message;
  double score = std::numeric_limits<double>::quiet_NaN();  ///< kcal/mol, as refined; NaN if not used
  double moved = std::numeric_limits<double>::quiet_NaN();  ///< angstrom RMSD between seed and refined pose
  std::int64_t pose = 0;                                    ///< of the answer, from 1; 0: none
};

/// Which ligands come first, by the best pose of each.
enum class LigandOrder {
  energy,          ///< the docking score
  affinity,        ///< pose_affinity
  size_corrected,  ///< pose_affinity_size_corrected
};

struct DockedRow {
  std::int64_t input_index = 0;
  std::string input_file;
  std::int64_t input_line = 0;
  std::string name;
  RowStatus status = RowStatus::failed;
  std::string message;    ///< why it failed, or what to know about an ok row
  std::string smiles_in;  ///< as given
  std::string smiles;     ///< as docked: parent, protonated, canonical
  std::string inchikey;
  std::uint64_t key_high = 0, key_low = 0;  ///< equal for records that give the same result; 0 if unreadable
  std::int64_t duplicate_of = -1;           ///< input_index of the first record with this molecule
  int heavy_atoms = 0;
  std::vector<double> properties;  ///< in the order of `property_names()`; empty for a failed record
  std::string alerts;              ///< "; " between names
  std::vector<DockedPose> poses;   ///< best first
  std::vector<SeedOutcome> seeds;  ///< poses of other programs that were tried
  bool has_contacts = false;       ///< contacts were looked for
  std::string pose_text;           ///< the poses as SDF or, for PDBQT input, PDBQT; gzip-compressed
  std::string side_chains_text;    ///< flexible side chains of each pose as PDB models; gzip-compressed
  std::string pdbqt_text;          ///< Vina-style PDBQT, when asked for; gzip-compressed
  std::vector<std::pair<std::string, std::string>> input_columns;  ///< what else the input said
  datasets::Row predicted;  ///< values of the predictors of a screen, in the order of its columns; or empty

  /// kcal/mol of the best pose; NaN without one.
  double score() const;
  /// By what it is ranked among other ligands, the lower the better; NaN where there is nothing to rank by.
  double ranking_value(LigandOrder order) const;
  /// Score per heavy atom, kcal/mol; NaN without a pose.
  double ligand_efficiency() const;
  int contact_count(const std::string& type) const;  ///< of the best pose
  /// Residues of the best pose's contacts, each once, polar contacts first, blanks between.
  std::string contact_residues() const;
};

/// "mw", "clogp", "tpsa", "hbd", "hba", "rotb", "qed", "sa": the properties of a row, with unit and meaning.
struct PropertyName {
  const char* name;
  const char* unit;
  const char* description;
  int decimals;
};
const std::vector<PropertyName>& property_names();

/// A row inside a journal block.
void put_docked_row(datasets::ByteWriter& out, const DockedRow& row);
DockedRow get_docked_row(datasets::ByteReader& in);

}  // namespace theriac::scoring
