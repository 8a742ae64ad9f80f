#include "scoring/pose_pool_file.hpp"

#include <fmt/format.h>

#include "chem/error.hpp"
#include "datasets/model_file.hpp"
#include "datasets/model_file_writer.hpp"

namespace theriac::scoring {
namespace {

constexpr const char* architecture = "pose-pool";

std::string descriptor_list() {
  return fmt::format("{}", fmt::join(pose_descriptor_names(), " "));
}

}  // namespace

void write_pose_pool(const PosePool& pool, const std::string& settings, const std::string& path) {
  datasets::ModelFileWriter file;
  file.set("architecture", architecture);
  file.set("descriptors", descriptor_list());
  file.set("settings", settings);
  file.set("id", pool.id);
  file.set("sequence", pool.sequence);
  const auto poses = static_cast<std::int64_t>(pool.poses.size());
  const auto atoms = static_cast<std::int64_t>(poses > 0 ? pool.poses.front().atoms.size() : 0);
  std::vector<std::int64_t> kinds;
  std::vector<float> counts, descriptors;
  for (const auto& pose : pool.poses) {
    descriptors.insert(descriptors.end(), pose.descriptors.begin(), pose.descriptors.end());
    for (const auto& atom : pose.atoms) counts.insert(counts.end(), atom.counts.begin(), atom.counts.end());
  }
  for (std::int64_t a = 0; a < atoms; ++a)
    kinds.push_back(static_cast<std::int64_t>(pool.poses.front().atoms[static_cast<std::size_t>(a)].kind));
  file.add("kinds", {atoms}, kinds, datasets::TensorType::uint8);
  file.add("counts", {poses, atoms, environment_size}, counts, datasets::TensorType::float16);
  file.add("descriptors", {poses, static_cast<std::int64_t>(pose_descriptor_names().size())}, descriptors);
  if (!pool.rmsd.empty()) file.add("rmsd", {poses}, pool.rmsd);
  if (!pool.coordinates.empty()) {
    std::vector<float> places;
    for (const auto& pose : pool.coordinates)
      for (const auto& atom : pose)
        for (int k = 0; k < 3; ++k) places.push_back(static_cast<float>(atom[k]));
    file.add("coordinates", {poses, static_cast<std::int64_t>(pool.coordinates.front().size()), 3}, places);
  }
  if (!pool.teacher.empty()) file.add("teacher", {poses}, pool.teacher);
  if (!pool.affinity.empty()) file.add("affinity", {poses}, pool.affinity);
  file.write(path);
}

std::string pose_pool_settings(const std::string& path) {
  return datasets::ModelFile::read(path).metadata("settings");
}

PosePool read_pose_pool(const std::string& path, const std::string& settings) {
  const auto file = datasets::ModelFile::read(path);
  if (file.metadata("architecture") != architecture || file.metadata("descriptors") != descriptor_list() ||
      file.metadata("settings") != settings)
    throw ModelError(fmt::format("'{}' holds poses that were made with other settings", path),
                     "give another folder to --poses, or remove this one");
  PosePool pool;
  pool.id = file.metadata("id");
  pool.sequence = file.metadata("sequence");
  const auto kinds = file.integers("kinds", {-1});
  const auto named = static_cast<std::int64_t>(pose_descriptor_names().size());
  const auto descriptors = file.floats("descriptors", {-1, named});
  const auto poses = static_cast<std::int64_t>(descriptors.size()) / named;
  const auto counts =
      file.floats("counts", {poses, static_cast<std::int64_t>(kinds.size()), environment_size});
  std::size_t at = 0;
  for (std::int64_t p = 0; p < poses; ++p) {
    PoseFeatures pose;
    pose.descriptors.assign(descriptors.begin() + p * named, descriptors.begin() + (p + 1) * named);
    for (const auto kind : kinds) {
      if (kind < 0 || kind >= contact_kind_count)
        throw ModelError(fmt::format("'{}' holds atoms of the unknown kind {}", path, kind));
      AtomEnvironment atom;
      atom.kind = static_cast<ContactKind>(kind);
      for (auto& count : atom.counts) count = counts[at++];
      pose.atoms.push_back(atom);
    }
    pool.poses.push_back(std::move(pose));
  }
  if (file.contains("rmsd")) pool.rmsd = file.doubles("rmsd", {poses});
  if (file.contains("coordinates")) {
    const auto places = file.floats("coordinates", {poses, -1, 3});
    const std::size_t each = poses > 0 ? places.size() / static_cast<std::size_t>(poses) / 3 : 0;
    std::size_t place = 0;
    for (std::int64_t p = 0; p < poses; ++p) {
      pool.coordinates.emplace_back(each);
      for (auto& atom : pool.coordinates.back())
        for (int k = 0; k < 3; ++k) atom[k] = places[place++];
    }
  }
  if (file.contains("teacher")) pool.teacher = file.doubles("teacher", {poses});
  if (file.contains("affinity")) pool.affinity = file.doubles("affinity", {poses});
  return pool;
}

}  // namespace theriac::scoring
