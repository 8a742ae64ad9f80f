#include "scoring/learned_pose_scorer.hpp"

#include "scoring/pose_reasons.hpp"

namespace theriac::scoring {

LearnedPoseScorer::LearnedPoseScorer(std::shared_ptr<const PoseScoreModel> model,
                                     std::shared_ptr<const PoseAffinityModel> affinity,
                                     const chem::Receptor& receptor)
    : model_(std::move(model)), affinity_(std::move(affinity)), featurizer_(receptor) {}

std::vector<PoseJudgement> LearnedPoseScorer::judge(const PreparedLigand& ligand,
                                                    const std::vector<Pose>& poses) const {
  return judge_beside(ligand, poses, {});
}

std::vector<PoseJudgement> LearnedPoseScorer::judge_beside(const PreparedLigand& ligand,
                                                           const std::vector<Pose>& poses,
                                                           const std::vector<PoseJudgement>& network) const {
  std::vector<PoseJudgement> out(poses.size());
  if (poses.empty()) return out;
  const auto features = featurizer_.features_with_shares(ligand.flexible, poses);
  const double torsions = rotors(features.front());
  const PoseScoreModel model = model_->for_rotors(torsions);
  const auto scores = model.scores(features);
  std::vector<double> good;
  for (const auto& judgement : network) good.push_back(judgement.probability);
  const auto probabilities =
      good.empty() ? model.probabilities(scores, torsions) : model.probabilities(scores, torsions, good);
  const auto reasons = pose_reasons(model, features, featurizer_.partners());
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i].probability = probabilities[i];
    out[i].reasons = reasons[i];
    if (!affinity_) continue;
    out[i].affinity = affinity_->affinity(features[i]);
    out[i].size_corrected = affinity_->size_corrected(features[i]);
  }
  return out;
}

}  // namespace theriac::scoring
