#include "scoring/learned_pose_scorer.hpp"

#include "scoring/pose_reasons.hpp"

namespace theriac::scoring {

LearnedPoseScorer::LearnedPoseScorer(std::shared_ptr<const PoseScoreModel> model,
                                     const chem::Receptor& receptor)
    : model_(std::move(model)), featurizer_(receptor) {}

std::vector<PoseJudgement> LearnedPoseScorer::judge(const PreparedLigand& ligand,
                                                    const std::vector<Pose>& poses) const {
  std::vector<PoseJudgement> out(poses.size());
  if (poses.empty()) return out;
  const auto features = featurizer_.features_with_shares(ligand.flexible, poses);
  const auto probabilities = model_->probabilities(model_->scores(features), rotors(features.front()));
  const auto reasons = pose_reasons(*model_, features, featurizer_.partners());
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i].probability = probabilities[i];
    out[i].reasons = reasons[i];
  }
  return out;
}

}  // namespace theriac::scoring
