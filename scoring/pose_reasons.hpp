// Why a learned scorer prefers one pose of a ligand to another, in a chemist's words.
//
// The score is a sum, so a pose stands apart from the mean of the ligand's poses by what its parts differ:
// "cation near carbonyl of Gly216 +1.2; fewer hydrogen bonds with Asp189 -0.5", in log odds. Parts that
// measure the same thing (a hydrogen bond by distance, and by direction) are told as one.
#pragma once
#include <string>
#include <vector>

#include "scoring/pose_score_model.hpp"

namespace theriac::scoring {

/// One line per pose: its `count` largest parts of at least 0.1, first the largest. A part names up to two
/// partners that make at least 30 % of it each, where the poses hold shares. Empty for a pose alone.
/// `partners`: as PoseFeaturizer::partners().
std::vector<std::string> pose_reasons(const PoseScoreModel& model, const std::vector<PoseFeatures>& poses,
                                      const std::vector<std::string>& partners, int count = 4);

}  // namespace theriac::scoring
