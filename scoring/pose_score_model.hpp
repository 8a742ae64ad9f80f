// The learned score of a pose, as it is shipped: a pair potential by kind and distance, weights of the
// descriptors, how they are joined with the docking energy, and how the scores of a ligand's poses become
// probabilities.
//
//   l_0 = sum over the ligand's atoms i of t(k_i) . x_i            the pair table
//   l_p = v . d, over the descriptors d of part p                  energy, burial, polar, rings, shape
//   s = sum over parts p of (a_p + a r) l_p - (b0 + b1 r) e        log odds, up to a constant per ligand
//   q = exp(s) / sum over the ligand's poses of exp(s)             the share of a pose among those found
//   logit P = c0 + c1 logit q + c2 r                               that it lies within 2 angstrom
//
// x: environment of an atom, k its kind, d: descriptors (pose_features.hpp), e: the docking energy above the
// best pose, scaled; r: rotors (pose_features.hpp). P is fitted on ligands that the scores had not been
// trained on (J. Platt's scaling, 1999). Where a network of gnina judges the poses too, s is replaced by f0 s
// + f1 n, n the network's log odds, with a calibration of its own.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "scoring/pose_features.hpp"

namespace theriac::scoring {

struct PoseScoreModel {
  std::string name = "pose-scorer";
  std::vector<double> table;        ///< t: contact_kind_count x environment_size
  std::vector<double> descriptors;  ///< v: one per descriptor
  std::array<double, pose_part_count> parts{{1, 1, 1, 1, 1, 1}};  ///< a_p, as PosePart
  double parts_by_rotors = 0;                                     ///< a
  std::array<double, 2> energy{{0, 0}};                           ///< b
  std::array<double, 3> calibration{{0, 1, 0}};                   ///< c
  std::array<double, 2> fusion{{1, 0}};                           ///< f
  std::array<double, 3> fused_calibration{{0, 1, 0}};

  /// s as one sum over table and descriptors, for ligands of so many rotors.
  PoseScoreModel for_rotors(double rotors) const;
  /// One score per pose.
  std::vector<double> scores(const std::vector<PoseFeatures>& poses) const;
  /// One probability per score. NaN for a pose alone: there is nothing to compare it with.
  std::vector<double> probabilities(const std::vector<double>& scores, double rotors) const;
  /// The same with a network's probability of a good pose for each; NaN where it has none.
  std::vector<double> probabilities(const std::vector<double>& scores, double rotors,
                                    const std::vector<double>& network) const;
  /// Throws InputError, ModelError: not such a file, of another version, or of other features.
  static PoseScoreModel read(const std::string& path);
  /// `card`: what else the file says of itself. Throws StorageError.
  void save(const std::string& path, const std::map<std::string, std::string>& card) const;
};

/// A network's probability of a good pose as log odds, within those of 1 in 1000: beyond, they are noise. NaN
/// counts as 0.
double network_log_odds(double probability);

/// P of each score, by a calibration; NaN for a pose alone.
std::vector<double> calibrated_probabilities(const std::vector<double>& scores, double rotors,
                                             const std::array<double, 3>& calibration);

/// Log odds of each pose's share of exp(s), within +-7.
std::vector<double> share_logits(const std::vector<double>& scores);

}  // namespace theriac::scoring
