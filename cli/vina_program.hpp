// AutoDock Vina as it is installed, run beside our own engine: the program that results are compared with.
#pragma once
#include <string>
#include <vector>

#include "chem/box.hpp"
#include "chem/flexible_ligand.hpp"
#include "cli/child_process.hpp"

namespace theriac::cli {

struct VinaOptions {
  int exhaustiveness = 8;
  int num_modes = 9;
  int cpu = 1;
  std::uint64_t seed = 1;
};

struct VinaPose {
  double affinity = 0;                     ///< kcal/mol
  std::vector<chem::Vector3> coordinates;  ///< in the order of the ligand file, angstrom
};

struct VinaDocking {
  std::vector<VinaPose> poses;  ///< best first
  double wall_seconds = 0, cpu_seconds = 0;
};

/// What `vina --score_only` prints, kcal/mol.
struct VinaScore {
  double affinity = 0;  ///< "Estimated Free Energy of Binding"
  double inter = 0;     ///< "Final Intermolecular Energy", not yet divided by the torsion divisor
};

class VinaProgram {
 public:
  /// Looks for `program` in PATH and asks it for its version. Throws InputError.
  explicit VinaProgram(const std::string& program = "vina");

  const std::string& version() const { return version_; }  ///< "1.2.3"

  /// Docks and writes the poses to `out`. The time is that of the whole process. Throws InputError with the
  /// program's own words when it fails.
  VinaDocking dock(const std::string& receptor, const std::string& ligand, const chem::Box& box,
                   const VinaOptions& options, const std::string& out) const;
  /// The pose as it stands, in a box that Vina makes round it. Throws InputError.
  VinaScore score(const std::string& receptor, const std::string& ligand) const;

 private:
  std::string path_, version_;
};

/// Poses of a PDBQT file as Vina writes it. Throws MoleculeError.
std::vector<VinaPose> read_vina_poses(const std::string& text, const std::string& source);
/// From the printed text of `vina --score_only`. Throws InputError when the lines are not there.
VinaScore read_vina_score(const std::string& text);

}  // namespace theriac::cli
