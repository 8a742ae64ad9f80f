// Docking: where and how well a molecule fits into a binding site.
//
// Monte Carlo with local minimisation on the Vina (or Vinardo) scoring function: many independent chains, one
// per SIMD lane, on affinity grids shared by all ligands of a receptor. The final poses are refined and
// scored against explicit receptor atoms by the plain reference (`vina_energy.hpp`). O. Trott, A. J. Olson,
// J. Comput. Chem. 31, 455 (2010). Energies kcal/mol, lengths angstrom.
#pragma once
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "chem/box.hpp"
#include "chem/flexible_ligand.hpp"
#include "chem/receptor.hpp"
#include "scoring/simd_level.hpp"
#include "scoring/vina_energy.hpp"

namespace theriac::scoring {

struct DockingOptions {
  ScoringFunction scoring = ScoringFunction::vina;
  double exhaustiveness = 8;  ///< search effort, on Vina's scale: twice as much takes about twice as long
  int num_modes = 9;          ///< poses returned, at most
  int pool = 0;               ///< more poses returned, for a scorer to choose from; 0: num_modes
  double energy_range = 3.0;  ///< kcal/mol above the best pose, applied to the final scores
  double min_rmsd = 1.0;      ///< symmetry-corrected heavy-atom RMSD between returned poses
  double grid_spacing = 0.375;
  std::uint64_t seed = 1;
  std::string simd = "auto";  ///< auto | scalar | baseline | avx2 | avx512; the results are the same bytes
  /// Where the search runs: cpu | opencl:N | auto, the first GPU or else cpu (`opencl_device.hpp`).
  std::string device = "cpu";
  /// Told when the device failed; its ligands are then searched on the processor.
  std::function<void(const std::string&)> on_device_failure;
  std::function<void(int)> before_device_launch;  ///< with the number of the launch; a test lets it throw
};

/// `fast`, `balanced` or `thorough`: exhaustiveness 4, 8, 32. Throws UsageError for another name.
double preset_exhaustiveness(const std::string& preset);

struct Pose {
  double affinity = 0;                     ///< the reported score, kcal/mol; lower is better
  EnergyTerms terms;                       ///< receptor-ligand energy by term, and the others
  std::vector<chem::Vector3> coordinates;  ///< one per ligand atom, hydrogens included
  std::vector<std::vector<chem::Vector3>> flexible_residues;  ///< coordinates per flexible side chain
  double rmsd_to_best = 0;                                    ///< symmetry-corrected, heavy atoms
  bool searched = true;     ///< the search found it; else it comes from a start pose alone
  std::vector<int> starts;  ///< start poses that ended here, within `min_rmsd`
  bool from_start = false;  ///< the coordinates are those of the first of `starts`, not the search's
};

/// What became of a start pose (of another program, for example).
struct StartOutcome {
  double affinity = std::numeric_limits<double>::quiet_NaN();  ///< kcal/mol, as refined; NaN if not used
  double moved = std::numeric_limits<double>::quiet_NaN();     ///< angstrom RMSD from the start pose
  std::string message;                                         ///< why it was not used; empty otherwise
};

/// Poses to begin with beside the search: one position per ligand atom each, angstrom.
using StartPoses = std::vector<std::vector<chem::Vector3>>;

struct DockedLigand {
  std::vector<Pose> poses;  ///< best first; empty only when `message` says why
  std::string message;
  std::uint64_t evaluations = 0;  ///< energy evaluations spent, all chains
  int converged_chains =
      0;  ///< chains that found the best pose by themselves (within 1 angstrom, 0.5 kcal/mol)
  int chains = 0;
  std::vector<StartOutcome> starts;  ///< one per start pose, in their order
};

/// One receptor with its box: owns the grids, made on first need per atom type and shared by all ligands.
class DockingEngine {
 public:
  /// Throws InputError when the box is empty or larger than 126 angstrom on a side, DeviceError when the
  /// device is absent.
  DockingEngine(chem::Receptor receptor, chem::Box box, DockingOptions options);
  ~DockingEngine();
  DockingEngine(DockingEngine&&) noexcept;

  /// Docks from a random start; only bond lengths, angles and rings of the input conformer matter.
  /// Thread-safe. Equal (seed, ligand.key) give equal bytes whatever the threads, batch and SIMD level.
  /// Throws MoleculeError for atoms without a docking type and for more than 300 heavy atoms.
  /// `starts` are freed of clashes (`start_refinement.hpp`) and ranked together with what the search finds,
  /// which they do not change; one whose centre lies outside the box is not used.
  DockedLigand dock(const chem::FlexibleLigand& ligand, const StartPoses& starts = {}) const;
  /// Many ligands in parallel (oneTBB, or on the device); element i is the result of ligand i, failures in
  /// `message`. `starts`: per ligand, or empty for none at all.
  std::vector<DockedLigand> dock(const std::vector<chem::FlexibleLigand>& ligands,
                                 const std::vector<StartPoses>& starts = {}) const;
  /// The pose as it stands: Vina's --score_only.
  Pose score(const chem::FlexibleLigand& ligand) const;
  /// The nearest local minimum of the pose as it stands: Vina's --local_only.
  Pose minimize(const chem::FlexibleLigand& ligand) const;

  /// Ligands that keep the device busy in one call; 0 when the search runs on the processor.
  int device_batch() const;

  const chem::Receptor& receptor() const;
  const chem::Box& box() const;
  const DockingOptions& options() const;

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace theriac::scoring
