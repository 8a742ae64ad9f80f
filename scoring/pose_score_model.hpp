// The learned score of a pose, as it is shipped: a pair potential by kind and distance, weights of the
// descriptors, and how the scores of a ligand's poses become probabilities.
//
//   s = sum over the ligand's atoms i of t(k_i) . x_i + v . d      log odds, up to a constant per ligand
//   q = exp(s) / sum over the ligand's poses of exp(s)             the share of a pose among those found
//   logit P = c0 + c1 logit q + c2 rotors                          that it lies within 2 angstrom
//
// x: environment of an atom, k its kind, d: descriptors (pose_features.hpp), the docking energy among them.
// P is fitted on ligands that the scores had not been trained on (J. Platt's scaling, 1999).
#pragma once
#include <map>
#include <string>
#include <vector>

#include "scoring/pose_features.hpp"

namespace theriac::scoring {

struct PoseScoreModel {
  std::string name = "pose-scorer";
  std::vector<double> table;        ///< contact_kind_count x environment_size
  std::vector<double> descriptors;  ///< one per descriptor
  std::array<double, 3> calibration{{0, 1, 0}};

  /// One score per pose.
  std::vector<double> scores(const std::vector<PoseFeatures>& poses) const;
  /// One probability per score; `rotors`: torsions of the ligand. NaN for a pose alone: there is nothing to
  /// compare it with.
  std::vector<double> probabilities(const std::vector<double>& scores, double rotors) const;
  /// Throws InputError, ModelError: not such a file, of another version, or of other features.
  static PoseScoreModel read(const std::string& path);
  /// `card`: what else the file says of itself. Throws StorageError.
  void save(const std::string& path, const std::map<std::string, std::string>& card) const;
};

/// Log odds of each pose's share of exp(s), within +-7.
std::vector<double> share_logits(const std::vector<double>& scores);

}  // namespace theriac::scoring
