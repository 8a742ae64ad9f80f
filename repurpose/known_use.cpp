#include "repurpose/known_use.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace theriac::repurpose {
namespace {

using datasets::LinkKind;
using datasets::Store;

constexpr std::pair<LinkKind, UseStatus> status_of_link[] = {
    {LinkKind::contraindicated, UseStatus::contraindicated},
    {LinkKind::treats, UseStatus::indicated},
    {LinkKind::palliates, UseStatus::symptomatic},
    {LinkKind::off_label, UseStatus::off_label},
    {LinkKind::in_trial, UseStatus::in_trial},
    {LinkKind::failed, UseStatus::failed},
    {LinkKind::not_indicated, UseStatus::not_indicated},
};

}  // namespace

std::string use_status_name(UseStatus status) {
  switch (status) {
    case UseStatus::contraindicated:
      return "contraindicated";
    case UseStatus::indicated:
      return "indicated";
    case UseStatus::symptomatic:
      return "symptomatic";
    case UseStatus::off_label:
      return "off label";
    case UseStatus::in_trial:
      return "in trial";
    case UseStatus::failed:
      return "failed";
    case UseStatus::not_indicated:
      return "not indicated";
    case UseStatus::none:
      return "new";
  }
  return {};
}

std::vector<std::uint32_t> with_sub_terms(const Store& store, std::uint32_t disease) {
  const auto& parents = store.links(LinkKind::is_a);
  std::vector<std::uint32_t> found = {disease};
  for (std::size_t next = 0; next < found.size(); ++next)
    for (auto i = parents.to_offsets[found[next]]; i < parents.to_offsets[found[next] + 1]; ++i) {
      const std::uint32_t child = parents.from[parents.by_to[i]];
      if (std::find(found.begin(), found.end(), child) == found.end()) found.push_back(child);
    }
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<KnownUse> known_uses(const Store& store, const std::vector<std::uint32_t>& diseases) {
  std::vector<KnownUse> uses;
  for (const auto& [kind, status] : status_of_link) {
    const auto& links = store.links(kind);
    for (const auto disease : diseases)
      for (auto i = links.to_offsets[disease]; i < links.to_offsets[disease + 1]; ++i) {
        const std::uint32_t row = links.by_to[i];
        uses.push_back({status, kind, row, links.from[row], disease});
      }
  }
  std::stable_sort(uses.begin(), uses.end(), [](const KnownUse& a, const KnownUse& b) {
    return std::tie(a.drug, a.status) < std::tie(b.drug, b.status);
  });
  return uses;
}

std::vector<KnownUse> uses_of_drug(const Store& store, std::uint32_t drug) {
  std::vector<KnownUse> uses;
  for (const auto& [kind, status] : status_of_link) {
    const auto& links = store.links(kind);
    for (auto row = links.from_offsets[drug]; row < links.from_offsets[drug + 1]; ++row)
      uses.push_back({status, kind, static_cast<std::uint32_t>(row), drug, links.to[row]});
  }
  std::stable_sort(uses.begin(), uses.end(), [](const KnownUse& a, const KnownUse& b) {
    return std::tie(a.status, a.disease) < std::tie(b.status, b.disease);
  });
  return uses;
}

std::vector<KnownUse> uses_of(const std::vector<KnownUse>& sorted_by_drug, std::uint32_t drug) {
  const auto before = [](const KnownUse& use, std::uint32_t wanted) { return use.drug < wanted; };
  auto at = std::lower_bound(sorted_by_drug.begin(), sorted_by_drug.end(), drug, before);
  std::vector<KnownUse> uses;
  for (; at != sorted_by_drug.end() && at->drug == drug; ++at) uses.push_back(*at);
  return uses;
}

UseStatus leading_status(const std::vector<KnownUse>& uses) {
  UseStatus first = UseStatus::none;
  for (const auto& use : uses) first = std::min(first, use.status);
  return first;
}

}  // namespace theriac::repurpose
