#include "cli/judge_record.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "chem/error.hpp"
#include "cli/gnina_models.hpp"
#include "datasets/sha256.hpp"

namespace theriac::cli {

std::vector<JudgeRecord> judge_records(const PoseJudgeOptions& options) {
  std::vector<JudgeRecord> records;
  if (!options.cnn.empty()) {
    const auto ensemble = gnina_ensemble(options.cnn);
    for (const auto& network : ensemble->networks())
      records.push_back({"gnina network " + network.name(), scoring::gnina_digest(network.weights())});
  }
  if (asks_learned(options))
    records.push_back({"pose scorer " + std::filesystem::path(options.pose_scorer).filename().string(),
                       datasets::sha256_of_file(learned_judge_file(options))});
  if (const std::string file = pose_affinity_file(options); !file.empty())
    records.push_back(
        {"affinity of poses " + std::filesystem::path(options.pose_affinity).filename().string(),
         datasets::sha256_of_file(file)});
  return records;
}

void require_same_judges(const std::vector<JudgeRecord>& then, const std::vector<JudgeRecord>& now,
                         const JudgesNoted& noted) {
  if (then.size() != now.size())
    throw ModelError(fmt::format("{} with {} models that judge poses, now there are {}", noted.event,
                                 then.size(), now.size()),
                     noted.remedy);
  for (std::size_t i = 0; i < then.size(); ++i) {
    if (then[i].judge != now[i].judge)
      throw ModelError(
          fmt::format("{} with the {}, now there is the {}", noted.event, then[i].judge, now[i].judge),
          noted.remedy);
    if (then[i].sha256 != now[i].sha256)
      throw ModelError(
          fmt::format("the {} was changed after {} (sha256 {}... then, {}... now)", then[i].judge,
                      noted.event, then[i].sha256.substr(0, 12), now[i].sha256.substr(0, 12)),
          noted.remedy);
  }
}

void say_judges(Terminal& terminal, const scoring::LigandDockingOptions& ligand) {
  if (ligand.learned)
    terminal.note(fmt::format("judge     {}; poses are ordered by its probability", ligand.learned->name()));
  if (!ligand.cnn) return;
  const char* order = ligand.order == scoring::PoseOrder::cnn ? "poses are ordered by their score"
                      : ligand.learned                        ? "their opinion is a part of that probability"
                                                              : "poses are ordered without them";
  terminal.note(fmt::format("judge     {}; {}", ligand.cnn->name(), order));
  for (const auto& warning : ligand.cnn->warnings()) terminal.warn("judge", warning);
}

}  // namespace theriac::cli
