#include "datasets/store_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "chem/error.hpp"
#include "datasets/import/import_table.hpp"
#include "datasets/store_records.hpp"

namespace theriac::datasets {
namespace {

constexpr std::size_t most_faults = 100;

class Checker {
 public:
  explicit Checker(const Store& store) : store_(store) {}

  std::vector<StoreFault> run() {
    for (int k = 0; k < entity_kinds; ++k) guarded([&] { check_entities(static_cast<EntityKind>(k)); });
    for (int k = 0; k < link_kinds; ++k) guarded([&] { check_links(static_cast<LinkKind>(k)); });
    guarded([&] { check_hierarchy(); });
    guarded([&] { check_names(); });
    return std::move(faults_);
  }

 private:
  /// What reading finds is a fault like any other.
  template <class Check>
  void guarded(Check check) {
    try {
      check();
    } catch (const StorageError& error) {
      const bool again = std::any_of(faults_.begin(), faults_.end(),
                                     [&](const StoreFault& fault) { return fault.what == error.what(); });
      if (!again) add("file", error.what());
    }
  }

  void add(const std::string& place, const std::string& what) {
    if (faults_.size() < most_faults) faults_.push_back({place, what});
  }

  void check_text(const TextColumn& column, std::size_t row, const std::string& place) {
    if (!is_plain_utf8(column[row])) add(place, fmt::format("row {} is no UTF-8 text", row));
  }

  void check_entities(EntityKind kind) {
    const auto& table = store_.entities(kind);
    const std::string place = "/entities/" + entity_kind_name(kind);
    for (std::size_t i = 0; i < table.size(); ++i) {
      if (table.id[i].empty()) add(place + "/id", fmt::format("row {} has no id", i));
      check_text(table.id, i, place + "/id");
      check_text(table.name, i, place + "/name");
      check_text(table.synonyms, i, place + "/synonyms");
      check_text(table.xrefs, i, place + "/xrefs");
      for (const auto& [name, column] : table.columns) check_text(column, i, place + "/" + name);
    }
  }

  void check_links(LinkKind kind) {
    const auto& table = store_.links(kind);
    const std::string place = "/links/" + link_kind_name(kind);
    for (std::size_t i = 0; i < table.size(); ++i) {
      if (is_undirected(kind) && table.from[i] > table.to[i])
        add(place, fmt::format("link {} is undirected but not stored from the smaller row", i));
      for (std::size_t other = i; other > 0; --other) {
        if (table.from[other - 1] != table.from[i] || table.to[other - 1] != table.to[i]) break;
        if (table.source[other - 1] != table.source[i]) continue;
        add(place, fmt::format("links {} and {} have the same ends and source", other - 1, i));
        break;
      }
      check_text(table.reference, i, place + "/reference");
      check_text(table.note, i, place + "/note");
    }
  }

  void check_hierarchy() {
    const auto& links = store_.links(LinkKind::is_a);
    const auto& ids = store_.entities(EntityKind::disease).id;
    std::vector<char> state(ids.size(), 0);  // 0 not seen, 1 on the way, 2 done
    for (std::size_t start = 0; start < ids.size(); ++start) {
      std::vector<std::pair<std::size_t, std::size_t>> way;  // row, next link
      if (state[start] == 0) way.emplace_back(start, links.from_offsets[start]);
      while (!way.empty()) {
        auto& [row, link] = way.back();
        state[row] = 1;
        if (link == links.from_offsets[row + 1]) {
          state[row] = 2;
          way.pop_back();
          continue;
        }
        const std::size_t parent = links.to[link++];
        if (state[parent] == 1) {
          std::string cycle;
          for (const auto& [on, next] : way) cycle += fmt::format("{} -> ", ids[on]);
          add("/links/is_a", fmt::format("cycle: {}{}", cycle, ids[parent]));
        } else if (state[parent] == 0) {
          way.emplace_back(parent, links.from_offsets[parent]);
        }
      }
    }
  }

  void check_names() {
    for (std::size_t i = 0; i < store_.name_count(); ++i)
      if (!is_plain_utf8(store_.name(i).text)) add("/names", fmt::format("name {} is no UTF-8 text", i));
    for (int k = 0; k < entity_kinds; ++k) {
      const auto& table = store_.entities(static_cast<EntityKind>(k));
      for (std::size_t i = 0; i < table.size(); ++i)
        if (!has_name(table.kind, static_cast<std::uint32_t>(i), comparable_name(table.name[i])))
          add("/names", fmt::format("'{}' is not found by its name '{}'", table.id[i], table.name[i]));
    }
  }

  bool has_name(EntityKind kind, std::uint32_t row, const std::string& text) const {
    if (text.empty()) return true;
    std::size_t low = 0, high = store_.name_count();
    const auto wanted = std::make_tuple(std::string_view(text), kind, row);
    while (low < high) {
      const std::size_t middle = (low + high) / 2;
      const auto name = store_.name(middle);
      if (std::make_tuple(name.text, name.kind, name.entity) < wanted)
        low = middle + 1;
      else
        high = middle;
    }
    if (low == store_.name_count()) return false;
    const auto name = store_.name(low);
    return std::make_tuple(name.text, name.kind, name.entity) == wanted;
  }

  const Store& store_;
  std::vector<StoreFault> faults_;
};

}  // namespace

std::vector<StoreFault> check_store(const std::string& path) {
  try {
    const Store store = Store::open(path);
    return Checker(store).run();
  } catch (const StorageError& error) {
    return {{"file", error.what()}};
  }
}

}  // namespace theriac::datasets
