// Everything that a store says, as text: stores are compared by it where their bytes may differ.
#pragma once
#include <string>

#include "datasets/store.hpp"

inline std::string store_dump(const theriac::datasets::Store& store) {
  using namespace theriac::datasets;
  std::string out = store.created() + "\n";
  for (const auto& source : store.sources())
    out += source.name + " / " + source.version + " / " + source.licence + " / " + source.file + "\n";
  for (int k = 0; k < entity_kinds; ++k) {
    const auto& table = store.entities(static_cast<EntityKind>(k));
    for (std::size_t i = 0; i < table.size(); ++i) {
      out += entity_kind_name(table.kind) + " " + std::string(table.id[i]) + " = " +
             std::string(table.name[i]) + "; " + std::string(table.synonyms[i]) + "; " +
             std::string(table.xrefs[i]);
      for (const auto& [name, column] : table.columns)
        if (!column[i].empty()) out += "; " + name + " " + std::string(column[i]);
      out += "\n";
    }
  }
  for (int k = 0; k < link_kinds; ++k) {
    const auto& table = store.links(static_cast<LinkKind>(k));
    const auto [from, to] = link_ends(table.kind);
    for (std::size_t i = 0; i < table.size(); ++i)
      out += std::string(store.entities(from).id[table.from[i]]) + " " + link_kind_name(table.kind) + " " +
             std::string(store.entities(to).id[table.to[i]]) + " " + std::to_string(table.strength[i]) + " " +
             std::to_string(table.direction[i]) + " [" + store.sources()[table.source[i]].name + "] " +
             std::string(table.reference[i]) + " " + std::string(table.note[i]) + "\n";
  }
  return out;
}
