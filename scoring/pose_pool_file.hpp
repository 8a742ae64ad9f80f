// The poses of one ligand as they are learned from, in one file (safetensors): features, distances to the
// true pose, and what a teacher said. Environments are kept in half precision.
#pragma once
#include <string>

#include "scoring/pose_score_training.hpp"

namespace theriac::scoring {

/// `settings`: how the poses were made; a pool made otherwise is not taken for this one. Throws StorageError.
void write_pose_pool(const PosePool& pool, const std::string& settings, const std::string& path);

/// How the poses of a file were made. Throws InputError, ModelError.
std::string pose_pool_settings(const std::string& path);

/// Throws InputError, and ModelError for a damaged file, one of other features or of other settings.
PosePool read_pose_pool(const std::string& path, const std::string& settings);

}  // namespace theriac::scoring
