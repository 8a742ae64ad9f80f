#include "repurpose/objection.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace theriac::repurpose {
namespace {

constexpr std::size_t targets_named = 3;

std::size_t with_status(const std::vector<KnownUse>& uses, UseStatus status) {
  return static_cast<std::size_t>(
      std::count_if(uses.begin(), uses.end(), [&](const KnownUse& use) { return use.status == status; }));
}

std::vector<std::uint32_t> wrong_targets(const std::vector<SharedTarget>& shared) {
  std::vector<std::uint32_t> targets;
  for (const auto& each : shared)
    if (each.drug_direction * each.needed_direction < 0) targets.push_back(each.target);
  std::sort(targets.begin(), targets.end());
  targets.erase(std::unique(targets.begin(), targets.end()), targets.end());
  return targets;
}

std::string times(std::size_t count, const std::string& words) {
  return count > 1 ? fmt::format("{} ({} records)", words, count) : words;
}

}  // namespace

std::string objection_name(ObjectionKind kind) {
  switch (kind) {
    case ObjectionKind::contraindicated:
      return "contraindicated";
    case ObjectionKind::failed_trial:
      return "failed_trial";
    case ObjectionKind::not_indicated:
      return "not_indicated";
    case ObjectionKind::wrong_direction:
      return "wrong_direction";
    case ObjectionKind::withdrawn:
      return "withdrawn";
  }
  return {};
}

std::vector<Objection> objections(const std::vector<KnownUse>& uses, const std::vector<SharedTarget>& shared,
                                  bool withdrawn) {
  std::vector<Objection> found;
  const auto add = [&](ObjectionKind kind, std::size_t count, std::vector<std::uint32_t> targets = {}) {
    if (count > 0) found.push_back({kind, count, std::move(targets)});
  };
  add(ObjectionKind::contraindicated, with_status(uses, UseStatus::contraindicated));
  add(ObjectionKind::failed_trial, with_status(uses, UseStatus::failed));
  add(ObjectionKind::not_indicated, with_status(uses, UseStatus::not_indicated));
  auto wrong = wrong_targets(shared);
  const std::size_t count = wrong.size();
  add(ObjectionKind::wrong_direction, count, std::move(wrong));
  add(ObjectionKind::withdrawn, withdrawn ? 1 : 0);
  return found;
}

std::string objection_words(const datasets::Store& store, const Objection& objection) {
  switch (objection.kind) {
    case ObjectionKind::contraindicated:
      return times(objection.count, "contraindicated");
    case ObjectionKind::failed_trial:
      return objection.count > 1 ? fmt::format("{} trials failed or stopped", objection.count)
                                 : "a trial failed or stopped";
    case ObjectionKind::not_indicated:
      return times(objection.count, "judged no indication");
    case ObjectionKind::withdrawn:
      return "withdrawn from a market";
    case ObjectionKind::wrong_direction:
      break;
  }
  std::string names;
  for (std::size_t i = 0; i < std::min(targets_named, objection.targets.size()); ++i)
    names += (i ? ", " : "") +
             std::string(store.entities(datasets::EntityKind::target).name[objection.targets[i]]);
  if (objection.targets.size() > targets_named)
    names += fmt::format(" and {} more", objection.targets.size() - targets_named);
  return "wrong direction at " + names;
}

}  // namespace theriac::repurpose
