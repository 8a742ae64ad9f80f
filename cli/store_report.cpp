// theriac store info and export: what is in a store.
#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "chem/data_file.hpp"
#include "chem/error.hpp"
#include "cli/session.hpp"
#include "cli/store_tasks.hpp"
#include "cli/text_table.hpp"
#include "datasets/durable_file.hpp"
#include "datasets/store.hpp"

namespace theriac::cli {
namespace {

using namespace datasets;

std::string store_path(const StoreOptions& options) {
  return options.files.empty() ? chem::data_file("store/starter.h5") : options.files.front();
}

/// Links by source, and what is worth saying of each.
std::vector<std::size_t> links_by_source(const Store& store) {
  std::vector<std::size_t> counts(store.sources().size(), 0);
  for (int k = 0; k < link_kinds; ++k)
    for (const auto source : store.links(static_cast<LinkKind>(k)).source) ++counts[source];
  return counts;
}

std::size_t filled(const datasets::TextColumn& column) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < column.size(); ++i) count += !column[i].empty();
  return count;
}

void print_json(const Store& store) {
  nlohmann::ordered_json json = {{"schema", "theriac.store/1"},
                                 {"store", store.path()},
                                 {"schema_version", store.schema_version()},
                                 {"created", store.created()},
                                 {"names", store.name_count()}};
  for (int k = 0; k < entity_kinds; ++k) {
    const auto& table = store.entities(static_cast<EntityKind>(k));
    nlohmann::ordered_json columns = nlohmann::ordered_json::object();
    for (const auto& [name, column] : table.columns) columns[name] = filled(column);
    json["entities"][entity_kind_name(table.kind)] = {{"count", table.size()}, {"filled", columns}};
  }
  for (int k = 0; k < link_kinds; ++k) {
    const auto kind = static_cast<LinkKind>(k);
    json["links"][link_kind_name(kind)] = store.links(kind).size();
  }
  const auto counts = links_by_source(store);
  json["sources"] = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const auto& source = store.sources()[i];
    json["sources"].push_back({{"name", source.name},
                               {"version", source.version},
                               {"licence", source.licence},
                               {"licence_class", licence_class_name(source.licence_class)},
                               {"url", source.url},
                               {"file", source.file},
                               {"sha256", source.sha256},
                               {"links", counts[i]}});
  }
  std::printf("%s\n", json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
}

void print_tables(const Store& store) {
  std::printf("%s: %s (schema %lld), %.1f MB, %s names\n\n", store.path().c_str(), store.created().c_str(),
              static_cast<long long>(store.schema_version()),
              static_cast<double>(std::filesystem::file_size(store.path())) / 1e6,
              grouped_number(store.name_count()).c_str());
  std::vector<std::vector<std::string>> entities, links, sources;
  for (int k = 0; k < entity_kinds; ++k) {
    const auto& table = store.entities(static_cast<EntityKind>(k));
    std::string columns;
    for (const auto& [name, column] : table.columns)
      columns += fmt::format("{}{} {}", columns.empty() ? "" : ", ", name, grouped_number(filled(column)));
    entities.push_back({entity_kind_name(table.kind), grouped_number(table.size()), columns});
  }
  for (int k = 0; k < link_kinds; ++k) {
    const auto kind = static_cast<LinkKind>(k);
    const auto [from, to] = link_ends(kind);
    if (!store.links(kind).empty())
      links.push_back({link_kind_name(kind), entity_kind_name(from) + " - " + entity_kind_name(to),
                       grouped_number(store.links(kind).size())});
  }
  const auto counts = links_by_source(store);
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const auto& source = store.sources()[i];
    sources.push_back(
        {source.name, source.version, licence_class_name(source.licence_class), grouped_number(counts[i])});
  }
  std::printf("%s\n", text_table({{"entities"}, {"count", true}, {"filled columns"}}, entities).c_str());
  std::printf("%s\n", text_table({{"links"}, {"between"}, {"count", true}}, links).c_str());
  std::printf("%s", text_table({{"source"}, {"version"}, {"licence"}, {"links", true}}, sources).c_str());
}

/// One line per link, ready for theriac store import --format triples.
std::string link_line(const Store& store, const LinkTable& table, std::size_t i) {
  const auto [from_kind, to_kind] = link_ends(table.kind);
  const auto &from = store.entities(from_kind), &to = store.entities(to_kind);
  const auto plain = [](std::string_view text) {
    std::string out(text);
    for (char& c : out)
      if (c == '\t' || c == '\n' || c == '\r') c = ' ';
    return out;
  };
  const auto& source = store.sources()[table.source[i]];
  return fmt::format("{}:{}\t{}\t{}:{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\n", entity_kind_name(from_kind),
                     from.id[table.from[i]], link_kind_name(table.kind), entity_kind_name(to_kind),
                     to.id[table.to[i]], plain(from.name[table.from[i]]), plain(to.name[table.to[i]]),
                     std::isnan(table.strength[i]) ? std::string() : fmt::format("{}", table.strength[i]),
                     table.direction[i], plain(table.reference[i]), plain(table.note[i]), plain(source.name),
                     plain(source.licence));
}

}  // namespace

int store_info(const StoreOptions& options, Session& session) {
  const Store store = Store::open(store_path(options));
  if (session.options.json)
    print_json(store);
  else
    print_tables(store);
  return exit_done;
}

int store_export(const StoreOptions& options, Session& session) {
  if (options.links.empty()) throw UsageError("store export needs --links, a kind such as treats");
  const auto kind = link_kind_from_name(options.links);
  const Store store = Store::open(store_path(options));
  const auto& table = store.links(kind);
  const std::string header =
      "head\trelation\ttail\thead_name\ttail_name\tstrength\tdirection\treference\tnote\tsource\tlicence\n";
  if (options.out.empty() || options.out == "-") {
    std::fputs(header.c_str(), stdout);
    for (std::size_t i = 0; i < table.size(); ++i) std::fputs(link_line(store, table, i).c_str(), stdout);
    return exit_done;
  }
  DurableFile file(options.out);
  file.write(header);
  for (std::size_t i = 0; i < table.size(); ++i) file.write(link_line(store, table, i));
  file.publish();
  session.terminal().note(fmt::format("{} links in {}", grouped_number(table.size()), options.out));
  return exit_done;
}

}  // namespace theriac::cli
