#include "repurpose/derived_score.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace theriac::repurpose {
namespace {

using datasets::LinkKind;

/// The lower a docking score and the higher an affinity, the better.
bool better(LinkKind kind, double a, double b) {
  return kind == LinkKind::docked ? a < b : a > b;
}

}  // namespace

std::vector<DerivedScore> derived_scores(const datasets::Store& store, std::uint32_t drug,
                                         const std::vector<std::uint32_t>& targets,
                                         const std::vector<datasets::LicenceClass>& licences,
                                         std::size_t most) {
  std::vector<DerivedScore> out;
  for (const auto kind : {LinkKind::docked, LinkKind::predicted_affinity}) {
    const auto& links = store.links(kind);
    if (links.empty()) continue;
    std::map<std::uint32_t, DerivedScore> best;
    for (auto i = links.from_offsets[drug]; i < links.from_offsets[drug + 1]; ++i) {
      const auto row = static_cast<std::uint32_t>(i);
      const auto licence = store.sources()[links.source[row]].licence_class;
      if (std::isnan(links.strength[row]) ||
          (!licences.empty() && std::find(licences.begin(), licences.end(), licence) == licences.end()) ||
          !std::binary_search(targets.begin(), targets.end(), links.to[row]))
        continue;
      const DerivedScore score{kind, links.to[row], row, links.strength[row]};
      const auto [at, fresh] = best.emplace(score.target, score);
      if (!fresh && better(kind, score.value, at->second.value)) at->second = score;
    }
    std::vector<DerivedScore> of_kind;
    for (const auto& [target, score] : best) of_kind.push_back(score);
    std::stable_sort(of_kind.begin(), of_kind.end(), [kind](const DerivedScore& a, const DerivedScore& b) {
      return better(kind, a.value, b.value);
    });
    if (of_kind.size() > most) of_kind.resize(most);
    out.insert(out.end(), of_kind.begin(), of_kind.end());
  }
  return out;
}

std::vector<std::uint32_t> targets_of_disease(const datasets::Store& store, std::uint32_t disease) {
  const auto& links = store.links(LinkKind::associated);
  if (links.empty()) return {};
  std::vector<std::uint32_t> targets(
      links.to.begin() + static_cast<std::ptrdiff_t>(links.from_offsets[disease]),
      links.to.begin() + static_cast<std::ptrdiff_t>(links.from_offsets[disease + 1]));
  targets.erase(std::unique(targets.begin(), targets.end()), targets.end());  // sorted already
  return targets;
}

std::string derived_score_words(const datasets::Store& store, const DerivedScore& score) {
  const auto name = store.entities(datasets::EntityKind::target).name[score.target];
  return score.kind == LinkKind::docked
             ? fmt::format("docked into {}: {:.1f} kcal/mol", name, score.value)
             : fmt::format("predicted affinity for {}: pKd {:.1f}", name, score.value);
}

}  // namespace theriac::repurpose
