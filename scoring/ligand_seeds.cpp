#include "scoring/ligand_seeds.hpp"

#include <algorithm>
#include <exception>
#include <optional>

namespace theriac::scoring {
namespace {

SeedOutcome outcome_of(const chem::SeedPose& seed) {
  SeedOutcome outcome;
  outcome.number = seed.number;
  outcome.title = seed.title;
  return outcome;
}

/// What goes wrong with one seed must not cost the ligand.
std::optional<chem::PlacedSeed> placed_or_refused(const chem::SeedPose& seed, const PreparedLigand& ligand) {
  try {
    return chem::placed_seed(seed, ligand.molecule, ligand.flexible);
  } catch (const std::exception& error) {
    chem::PlacedSeed refused;
    refused.message = error.what();
    return refused;
  }
}

}  // namespace

LigandSeeds ligand_seeds(const SeedPoses& seeds, const PreparedLigand& ligand, const std::string& name) {
  LigandSeeds out;
  for (const std::size_t i : seeds.file.alike(ligand.flexible)) {
    const chem::SeedPose& seed = seeds.file.poses()[i];
    if (seeds.claimed.count(seed.title) && seed.title != name) continue;
    const auto placed = placed_or_refused(seed, ligand);
    if (!placed) continue;
    if (placed->message.empty()) {
      out.poses.push_back(i);
      out.starts.push_back(placed->coordinates);
      continue;
    }
    SeedOutcome outcome = outcome_of(seed);
    outcome.status = "refused";
    outcome.message = placed->message;
    out.refused.push_back(std::move(outcome));
  }
  return out;
}

std::string origin_text(const Pose& pose, const SeedPoses& seeds, const LigandSeeds& ligand) {
  std::string labels;
  for (const int start : pose.starts)
    labels += (labels.empty() ? "" : "+") + seeds.file.poses()[ligand.poses.at(start)].label();
  if (labels.empty()) return "search";
  if (pose.from_start) return pose.searched ? labels + "+search" : labels;
  return "search+" + labels;
}

std::vector<SeedOutcome> seed_outcomes(const SeedPoses& seeds, const LigandSeeds& ligand,
                                       const std::vector<StartOutcome>& starts,
                                       const std::vector<Pose>& kept) {
  std::vector<SeedOutcome> out;
  for (std::size_t s = 0; s < starts.size(); ++s) {
    SeedOutcome outcome = outcome_of(seeds.file.poses()[ligand.poses.at(s)]);
    outcome.score = starts[s].affinity;
    outcome.moved = starts[s].moved;
    outcome.message = starts[s].message;
    outcome.status = outcome.message.empty() ? "beaten" : "refused";
    for (std::size_t p = 0; p < kept.size(); ++p) {
      const auto& ended = kept[p].starts;
      if (std::find(ended.begin(), ended.end(), static_cast<int>(s)) == ended.end()) continue;
      outcome.pose = static_cast<std::int64_t>(p) + 1;
      outcome.status = kept[p].from_start && ended.front() == static_cast<int>(s) ? "kept" : "merged";
    }
    out.push_back(std::move(outcome));
  }
  out.insert(out.end(), ligand.refused.begin(), ligand.refused.end());
  std::stable_sort(out.begin(), out.end(),
                   [](const SeedOutcome& a, const SeedOutcome& b) { return a.number < b.number; });
  return out;
}

}  // namespace theriac::scoring
