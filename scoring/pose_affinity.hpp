// How strongly a ligand would bind if a pose is right, from the features that the learned pose scorer looks
// at, and the same beside what ligands of its size have.
//
//   A = c + sum over the ligand's atoms i of t(k_i) . x_i + v . d            pK, minus log10 of mol/L
//   C = A - (a + b g(N))                                                     pK
//
// x: environment of an atom, k its kind, d: descriptors (pose_features.hpp; those that compare a pose with
// the others of its ligand have no weight, so a pose has the same affinity alone and among others), N: heavy
// atoms, g: N, its square root or its logarithm. a + b g(N) is the mean affinity of the training ligands of
// that size in the poses put first. The weights are learned from a network (docs/pose_scoring.md), apart from
// those of the pose scorer: either can be trained anew without the other.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "scoring/pose_features.hpp"

namespace theriac::scoring {

/// What the mean affinity follows.
enum class SizeForm { atoms, root, logarithm };
/// "heavy atoms", "square root of heavy atoms", "logarithm of heavy atoms".
const char* name(SizeForm form);
double size_measure(SizeForm form, double heavy_atoms);

/// Mean affinity by heavy atoms.
struct SizeTrend {
  SizeForm form = SizeForm::logarithm;
  double start = 0, slope = 0;  ///< a, b
  double at(double heavy_atoms) const { return start + slope * size_measure(form, heavy_atoms); }
};

struct PoseAffinityModel {
  std::string name = "pose-affinity";
  std::vector<double> table;        ///< t: contact_kind_count x environment_size
  std::vector<double> descriptors;  ///< v: one per descriptor
  double intercept = 0;             ///< c
  SizeTrend size;

  /// pK.
  double affinity(const PoseFeatures& pose) const;
  /// pK above what is usual for ligands of so many heavy atoms.
  double size_corrected(const PoseFeatures& pose) const;

  /// Throws InputError, ModelError: not such a file, of another version, or of other features.
  static PoseAffinityModel read(const std::string& path);
  /// `card`: what else the file says of itself. Throws StorageError.
  void save(const std::string& path, const std::map<std::string, std::string>& card) const;
};

}  // namespace theriac::scoring
