// The learned score as a judge of docked poses: probabilities, reasons and affinities for the poses of one
// ligand.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "scoring/pose_affinity.hpp"
#include "scoring/pose_score_model.hpp"
#include "scoring/pose_scorer.hpp"

namespace theriac::scoring {

class LearnedPoseScorer final : public PoseScorer {
 public:
  /// Poses that the search should keep for it: more do not help (docs/pose_scoring.md).
  static constexpr int pool = 32;

  /// The receptor outlives this object. Without `affinity` there are no affinities.
  LearnedPoseScorer(std::shared_ptr<const PoseScoreModel> model,
                    std::shared_ptr<const PoseAffinityModel> affinity, const chem::Receptor& receptor);

  std::string name() const override { return model_->name; }
  /// The probability says how a pose stands among the poses given with it; a pose alone gets NaN. The
  /// affinity is of each pose by itself.
  std::vector<PoseJudgement> judge(const PreparedLigand& ligand,
                                   const std::vector<Pose>& poses) const override;
  /// The probability by both: the network's log odds of a good pose joined with the score. Reasons are those
  /// of the score alone.
  std::vector<PoseJudgement> judge_beside(const PreparedLigand& ligand, const std::vector<Pose>& poses,
                                          const std::vector<PoseJudgement>& network) const override;

 private:
  std::shared_ptr<const PoseScoreModel> model_;
  std::shared_ptr<const PoseAffinityModel> affinity_;
  PoseFeaturizer featurizer_;
};

}  // namespace theriac::scoring
