// gnina's networks as a judge of docked poses (pose_scorer.hpp): the same numbers as `gnina --score_only` for
// the same atoms.
//
// The ligand's atom types come from Open Babel once for all its poses, since they do not depend on the pose;
// only coordinates are replaced. The receptor is the prepared one that docking sees, typed like gnina types a
// PDBQT receptor; flexible side chains are drawn where each pose has them.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "chem/receptor.hpp"
#include "chem/smina_type.hpp"
#include "scoring/gnina_engine.hpp"
#include "scoring/gnina_ensemble.hpp"
#include "scoring/pose_scorer.hpp"

namespace theriac::scoring {

/// LibTorch on the processor, slower than Theriac's own kernels: what tests compare these with.
constexpr const char* gnina_libtorch_cpu = "cpu by LibTorch";

class GninaScorer final : public PoseScorer {
 public:
  /// `device` as prediction_device() gives it: "cpu" computes with Theriac's own kernels, "cuda:N" with
  /// LibTorch. Throws DeviceError when that is not there.
  GninaScorer(std::shared_ptr<const GninaEnsemble> ensemble, const chem::Receptor& receptor,
              const std::string& device = "cpu");

  /// "gnina networks: dense_1_3 (1f0c3a99), ..." with the first digits of the weights' digests.
  std::string name() const override;
  /// A pose without a receptor atom in its grid gets NaN and the reason: networks were never shown such.
  std::vector<PoseJudgement> judge(const PreparedLigand& ligand,
                                   const std::vector<Pose>& poses) const override;

  /// That the receptor has no polar hydrogens.
  std::vector<std::string> warnings() const override { return warnings_; }

 private:
  std::vector<DensityAtom> receptor_part(const Pose& pose) const;
  std::vector<GninaVerdict> verdicts(const std::vector<std::vector<DensityAtom>>& ligands,
                                     const std::vector<chem::Vector3>& centres) const;

  std::shared_ptr<const GninaEnsemble> ensemble_;
  std::vector<chem::SminaAtom> flexible_;  ///< of side chains; source: place among all their atoms
  DensityGrid grid_;
  std::vector<std::unique_ptr<GninaEngine>> engines_;  ///< one per network, for a device
  std::vector<std::string> warnings_;
};

}  // namespace theriac::scoring
