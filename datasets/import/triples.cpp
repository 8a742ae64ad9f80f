// Plain triples: head, relation, tail. Ends are "kind:id" ("drug:DB00945", "disease:DOID:7148",
// "target:1956"), relations are the names of links (treats, binds, interacts ...).
#include <fmt/format.h>

#include "chem/error.hpp"
#include "datasets/action_direction.hpp"
#include "datasets/import/importers.hpp"

namespace theriac::datasets {
namespace {

struct End {
  EntityKind kind;
  std::string id;
};

/// "disease:DOID:7148" as kind and id; a bare id takes the kind that the relation asks for.
End end_of(const std::string& cell, EntityKind expected) {
  for (int k = 0; k < entity_kinds; ++k) {
    const auto kind = static_cast<EntityKind>(k);
    const std::string prefix = entity_kind_name(kind) + ":";
    if (cell.compare(0, prefix.size(), prefix) == 0) return {kind, cell.substr(prefix.size())};
  }
  return {expected, cell};
}

/// Row of an end; new ones are made, whatever their id: the user says so.
std::int64_t row_of(ImportRun& run, const std::string& cell, EntityKind expected, const std::string& name) {
  const End end = end_of(cell, expected);
  if (end.kind != expected || end.id.empty()) {
    run.reject(fmt::format("'{}' is no {}", cell, entity_kind_name(expected)));
    return -1;
  }
  const std::int64_t known = run.store.find(end.kind, end.id);
  if (known >= 0) return known;
  const std::int64_t named = run.store.find_named(end.kind, end.id);
  return named >= 0 ? named : run.entity({end.kind, end.id, {}, name, {}, {}, {}});
}

}  // namespace

void import_triples(ImportRun& run) {
  auto& t = run.table;
  const auto head = t.column("head"), relation = t.column("relation"), tail = t.column("tail");
  const auto head_name = t.optional_column({"head_name"}), tail_name = t.optional_column({"tail_name"}),
             strength = t.optional_column({"strength"}), direction = t.optional_column({"direction"}),
             reference = t.optional_column({"reference"}), note = t.optional_column({"note"});
  while (run.next()) {
    LinkFacts link;
    try {
      link.kind = link_kind_from_name(run.text(relation));
    } catch (const UsageError& error) {
      run.reject(error.what());
      continue;
    }
    if (!run[strength].empty() && !run.number(strength)) {
      run.reject(fmt::format("strength '{}' is no number", run[strength]));
      continue;
    }
    const std::string sense = run.text(direction);
    if (!sense.empty() && sense != "1" && sense != "+1" && sense != "-1" && sense != "0") {
      run.reject(fmt::format("direction '{}' is not 1, 0 or -1", sense));
      continue;
    }
    const auto [from_kind, to_kind] = link_ends(link.kind);
    const auto from = row_of(run, run.text(head), from_kind, run.text(head_name));
    const auto to = from < 0 ? -1 : row_of(run, run.text(tail), to_kind, run.text(tail_name));
    if (to < 0) continue;
    link.from = static_cast<std::uint32_t>(from);
    link.to = static_cast<std::uint32_t>(to);
    if (const auto value = run.number(strength)) link.strength = static_cast<float>(*value);
    link.note = run.text(note);
    link.direction = sense.empty() ? 0 : sense == "-1" ? -1 : sense == "0" ? 0 : 1;
    if (sense.empty() && link.kind == LinkKind::binds) link.direction = action_direction(link.note);
    link.reference = run.text(reference);
    link.source = run.source();
    run.link(link);
  }
}

}  // namespace theriac::datasets
