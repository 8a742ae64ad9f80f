#include "repurpose/entity_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <set>
#include <tuple>

#include "chem/error.hpp"
#include "chem/nearest_name.hpp"

namespace theriac::repurpose {
namespace {

using datasets::EntityKind;
using datasets::Store;

constexpr std::size_t listed_at_most = 12;  // meanings of an ambiguous name

NamedEntity named(const Store& store, EntityKind kind, std::uint32_t entity, std::string_view matched) {
  const auto& table = store.entities(kind);
  return {kind, entity, std::string(table.id[entity]), std::string(table.name[entity]), std::string(matched)};
}

/// First place in the sorted names that is not before `text`.
std::size_t lower_bound(const Store& store, std::string_view text) {
  std::size_t first = 0, count = store.name_count();
  while (count > 0) {
    const std::size_t half = count / 2;
    if (store.name(first + half).text < text) {
      first += half + 1;
      count -= half + 1;
    } else {
      count = half;
    }
  }
  return first;
}

std::vector<std::uint32_t> bearers(const Store& store, EntityKind kind, std::string_view text) {
  std::vector<std::uint32_t> found;
  for (std::size_t i = lower_bound(store, text); i < store.name_count(); ++i) {
    const auto name = store.name(i);
    if (name.text != text) break;
    if (name.kind == kind && (found.empty() || found.back() != name.entity)) found.push_back(name.entity);
  }
  return found;
}

/// Registries whose ids people write without the registry's name: "P23458", "C0003873".
std::vector<std::string> registries(EntityKind kind) {
  if (kind == EntityKind::target) return {"uniprot:", "ensembl:", "hgnc:"};
  if (kind == EntityKind::drug) return {"chembl:", "unii:", "cas:", "pubchem:", "drugcentral:"};
  return {"umls:", "mesh:", "mondo:", "doid:", "omim:", "efo:"};
}

/// Bearers of the name, else of the id in the first registry that has it.
std::vector<std::uint32_t> meanings(const Store& store, EntityKind kind, const std::string& text) {
  auto found = bearers(store, kind, text);
  for (const auto& registry : registries(kind))
    if (found.empty()) found = bearers(store, kind, registry + text);
  return found;
}

/// Of several bearers those that have it as id or preferred name, when there are any.
std::vector<std::uint32_t> preferred(const Store& store, EntityKind kind, const std::string& text,
                                     const std::vector<std::uint32_t>& found) {
  const auto& table = store.entities(kind);
  std::vector<std::uint32_t> first;
  for (const auto entity : found)
    if (datasets::comparable_name(table.id[entity]) == text ||
        datasets::comparable_name(table.name[entity]) == text)
      first.push_back(entity);
  return first.empty() ? found : first;
}

[[noreturn]] void refuse_unknown(const Store& store, EntityKind kind, const std::string& asked) {
  std::string near;
  for (const auto& each : near_entities(store, kind, asked))
    near += fmt::format("{}'{}' ({})", near.empty() ? "" : ", ", each.name, each.id);
  throw InputError(
      fmt::format("no {} is called '{}' in '{}'", datasets::entity_kind_name(kind), asked, store.path()),
      near.empty() ? fmt::format("theriac store info {} tells what it holds", store.path())
                   : "did you mean " + near + "?");
}

[[noreturn]] void refuse_ambiguous(const Store& store, EntityKind kind, const std::string& asked,
                                   const std::vector<std::uint32_t>& found) {
  const auto& table = store.entities(kind);
  std::string all;
  for (std::size_t i = 0; i < std::min(found.size(), listed_at_most); ++i)
    all += fmt::format("{}{} ({})", i ? ", " : "", table.name[found[i]], table.id[found[i]]);
  if (found.size() > listed_at_most) all += fmt::format(" and {} more", found.size() - listed_at_most);
  throw InputError(fmt::format("'{}' may mean {} entries: {}", asked, found.size(), all), "ask by the id");
}

/// How far a name is from what was asked: smaller is nearer. Names that hold every word come first.
struct Distance {
  int edits = 0;
  std::size_t length = 0;
  bool operator<(const Distance& other) const {
    return std::tie(edits, length) < std::tie(other.edits, other.length);
  }
};

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    if (end > at) words.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

}  // namespace

NamedEntity find_entity(const Store& store, EntityKind kind, const std::string& asked) {
  const std::string text = datasets::comparable_name(asked);
  const auto found = preferred(store, kind, text, meanings(store, kind, text));
  if (text.empty() || found.empty()) refuse_unknown(store, kind, asked);
  if (found.size() > 1) refuse_ambiguous(store, kind, asked, found);
  return named(store, kind, found.front(), text);
}

std::vector<NamedEntity> near_entities(const Store& store, EntityKind kind, const std::string& asked,
                                       std::size_t count) {
  const std::string text = datasets::comparable_name(asked);
  const auto words = words_of(text);
  const int allowed = std::max(2, static_cast<int>(text.size()) / 3);
  struct Candidate {
    Distance distance;
    std::uint32_t entity;
    std::string_view matched;
  };
  std::vector<Candidate> candidates;
  for (std::size_t i = 0; i < store.name_count() && !words.empty(); ++i) {
    const auto name = store.name(i);
    if (name.kind != kind) continue;
    if (std::all_of(words.begin(), words.end(), [&](const std::string& word) {
          return name.text.find(word) != std::string_view::npos;
        })) {
      candidates.push_back({{0, name.text.size()}, name.entity, name.text});
      continue;
    }
    const int shorter = static_cast<int>(name.text.size()) - static_cast<int>(text.size());
    if (std::abs(shorter) > allowed) continue;
    const int edits = chem::edit_distance(text, std::string(name.text));
    if (edits <= allowed) candidates.push_back({{edits, name.text.size()}, name.entity, name.text});
  }
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Candidate& a, const Candidate& b) { return a.distance < b.distance; });
  std::vector<NamedEntity> out;
  std::set<std::uint32_t> seen;
  for (const auto& each : candidates) {
    if (out.size() == count) break;
    if (seen.insert(each.entity).second) out.push_back(named(store, kind, each.entity, each.matched));
  }
  return out;
}

}  // namespace theriac::repurpose
