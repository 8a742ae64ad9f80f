// The whole path of one input record, from its text to its row: identity, 3D, docking, contacts, properties.
// `dock`, `screen` and `campaign` all take it, so a molecule gets the same row from each of them.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "chem/molecule.hpp"
#include "chem/ordered_water.hpp"
#include "chem/record.hpp"
#include "scoring/docked_row.hpp"
#include "scoring/docking.hpp"
#include "scoring/ligand_intake.hpp"
#include "scoring/ligand_seeds.hpp"
#include "scoring/pose_contacts.hpp"
#include "scoring/pose_scorer.hpp"
#include "scoring/prepared_ligand.hpp"
#include "scoring/property_scorer.hpp"

namespace theriac::scoring {

enum class DockingTask {
  dock,      ///< search from random starts
  score,     ///< the pose as it stands
  minimize,  ///< the nearest local minimum of the pose
};

struct LigandDockingOptions {
  LigandOptions ligand;
  DockingTask task = DockingTask::dock;
  std::string filter;        ///< a rule on descriptors; molecules that break it are skipped
  bool interactions = true;  ///< contacts of every pose
  bool pdbqt = false;        ///< also Vina-style PDBQT
  /// A known pose: docked poses of the same molecule are measured against it.
  std::optional<chem::Molecule> reference;
  /// Who judges the poses beside their energy; either may be missing.
  std::shared_ptr<const PoseScorer> learned, cnn;
  PoseOrder order = PoseOrder::energy;
  std::vector<chem::SiteWater> waters;     ///< ordered waters of the site; results say what they do
  bool waters_kept = true;                 ///< the engine's receptor has them
  std::shared_ptr<const SeedPoses> seeds;  ///< poses of other programs, ranked together with those found
};

class LigandDocking {
 public:
  /// The engine outlives this object. Throws UsageError for a filter that cannot be read.
  LigandDocking(const DockingEngine& engine, LigandDockingOptions options);
  ~LigandDocking();

  /// Parses the record and finds out who it is. Never throws for a molecule: the row says what is wrong.
  LigandJob identified(const chem::RawRecord& raw) const;
  /// Docks, scores or minimises; fills the row. Never throws for a molecule. Thread-safe.
  void dock(LigandJob& job) const;
  /// The same for many jobs at once, as a device likes it; the rows are those of one by one (oneTBB inside).
  void dock(std::vector<LigandJob>& jobs) const;
  /// Docks every ligand with `other` as well (another state of the receptor: without its ordered waters) and
  /// keeps the answer that comes first by `order`; equal ones go to `other`. It outlives this object.
  void toggle_with(const LigandDocking& other) { other_ = &other; }
  /// Both steps.
  DockedRow row(const chem::RawRecord& raw) const;

  const DockingEngine& engine() const { return engine_; }
  const LigandIntake& intake() const { return intake_; }

 private:
  PreparedLigand prepared(LigandJob& job) const;
  void fill_properties(LigandJob& job) const;
  std::vector<DockedPose> judged(const PreparedLigand& ligand, std::vector<Pose>& poses,
                                 std::string& message) const;
  void dock_here(LigandJob& job) const;
  void dock_here(std::vector<LigandJob>& jobs) const;
  bool is_better(const DockedRow& a, const DockedRow& b) const;
  LigandSeeds seeds_of(const LigandJob& job, const PreparedLigand& ligand) const;
  void fill_poses(LigandJob& job, const PreparedLigand& ligand, const LigandSeeds& seeds,
                  DockedLigand docked) const;

  const DockingEngine& engine_;
  LigandDockingOptions options_;
  LigandIntake intake_;
  PropertyScorer properties_;
  const LigandDocking* other_ = nullptr;
  std::optional<ContactFinder> contacts_;  // empty without interactions
};

}  // namespace theriac::scoring
