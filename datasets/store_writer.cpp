// The file of a StoreBuilder: groups /sources, /entities/<kind>, /links/<kind> and /names of docs/store.md.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <numeric>
#include <tuple>

#include "chem/error.hpp"
#include "datasets/durable_file.hpp"
#include "datasets/mapped_columns.hpp"
#include "datasets/store_records.hpp"

namespace theriac::datasets {
namespace {

/// A column of texts on its way to the file.
class Texts {
 public:
  void add(std::string_view text) {
    bytes_.insert(bytes_.end(), text.begin(), text.end());
    offsets_.push_back(bytes_.size());
  }
  void put(ColumnWriter& file, const std::string& group, const std::string& description) const {
    file.put(group + "/bytes", element_type<char>(), bytes_.data(), bytes_.size(), "", description);
    file.put(group + "/offsets", offsets_);
  }

 private:
  std::vector<char> bytes_;
  std::vector<std::uint64_t> offsets_ = {0};
};

std::string joined(const std::vector<std::string>& parts) {
  std::string out;
  for (const auto& part : parts) out += (out.empty() ? "" : "|") + part;
  return out;
}

std::string without_name(const std::vector<std::string>& synonyms, const std::string& name) {
  std::vector<std::string> rest;
  for (const auto& synonym : synonyms)
    if (synonym != name) rest.push_back(synonym);
  return joined(rest);
}

/// The rows of one kind in the order of the file, and where each row went.
struct Order {
  std::vector<std::uint32_t> rows;  ///< by place in the file
  std::vector<std::uint32_t> rank;  ///< by row of the builder, also of united ones
};

Order sorted_by_id(const EntityRecords& records) {
  Order order;
  for (std::uint32_t row = 0; row < records.rows.size(); ++row)
    if (records.rows[row].became == no_row) order.rows.push_back(row);
  std::sort(order.rows.begin(), order.rows.end(),
            [&](std::uint32_t a, std::uint32_t b) { return records.rows[a].id < records.rows[b].id; });
  order.rank.assign(records.rows.size(), no_row);
  for (std::uint32_t place = 0; place < order.rows.size(); ++place) order.rank[order.rows[place]] = place;
  for (std::uint32_t row = 0; row < records.rows.size(); ++row)
    order.rank[row] = order.rank[records.final_row(row)];
  return order;
}

void put_entities(ColumnWriter& file, EntityKind kind, const EntityRecords& records, const Order& order) {
  const std::string group = "/entities/" + entity_kind_name(kind);
  Texts id, name, synonyms, xrefs;
  for (const auto row : order.rows) {
    const auto& record = records.rows[row];
    id.add(record.id);
    name.add(record.name.empty() ? record.id : record.name);
    synonyms.add(without_name(record.synonyms, record.name));
    xrefs.add(joined(record.xrefs));
  }
  id.put(file, group + "/id", "unique, sorted");
  name.put(file, group + "/name", "preferred name");
  synonyms.put(file, group + "/synonyms", "separated by |");
  xrefs.put(file, group + "/xrefs", "other ids, separated by |");
  std::vector<std::size_t> columns(records.column_names.size());
  std::iota(columns.begin(), columns.end(), std::size_t{0});
  std::sort(columns.begin(), columns.end(),
            [&](std::size_t a, std::size_t b) { return records.column_names[a] < records.column_names[b]; });
  for (const auto column : columns) {
    Texts values;
    bool any = false;
    for (const auto row : order.rows) {
      const auto& held = records.rows[row].columns;
      values.add(column < held.size() ? held[column] : std::string());
      any = any || (column < held.size() && !held[column].empty());
    }
    if (any) values.put(file, group + "/" + records.column_names[column], "");
  }
}

const char* strength_unit(LinkKind kind) {
  switch (kind) {
    case LinkKind::binds:
    case LinkKind::predicted_affinity:
      return "-log10(mol/L)";
    case LinkKind::docked:
      return "kcal/mol";
    case LinkKind::causes:
      return "share of patients";
    default:
      return "";
  }
}

std::vector<std::uint64_t> offsets_of(const std::vector<std::uint32_t>& ends, std::size_t rows) {
  std::vector<std::uint64_t> offsets(rows + 1, 0);
  for (const auto end : ends) ++offsets[end + 1];
  std::partial_sum(offsets.begin(), offsets.end(), offsets.begin());
  return offsets;
}

void put_links(ColumnWriter& file, LinkKind kind, const std::vector<LinkRecord>& links,
               const SharedTexts& texts, std::size_t from_rows, std::size_t to_rows) {
  const std::string group = "/links/" + link_kind_name(kind);
  std::vector<std::uint32_t> from, to, by_to(links.size());
  std::vector<float> strength;
  std::vector<std::int8_t> direction;
  std::vector<std::uint16_t> source;
  Texts reference, note;
  for (const auto& link : links) {
    from.push_back(link.from);
    to.push_back(link.to);
    strength.push_back(link.strength);
    direction.push_back(link.direction);
    source.push_back(link.source);
    reference.add(texts[link.reference]);
    note.add(texts[link.note]);
  }
  std::iota(by_to.begin(), by_to.end(), 0U);
  std::stable_sort(by_to.begin(), by_to.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return to[a] < to[b]; });
  const auto [from_kind, to_kind] = link_ends(kind);
  file.put(group + "/from", from, "", "row of /entities/" + entity_kind_name(from_kind));
  file.put(group + "/to", to, "", "row of /entities/" + entity_kind_name(to_kind));
  file.put(group + "/strength", strength, strength_unit(kind), "NaN when not known");
  file.put(group + "/direction", direction, "", "1 raises, -1 lowers, 0 not known");
  file.put(group + "/source", source, "", "row of /sources");
  reference.put(file, group + "/reference", "separated by |");
  note.put(file, group + "/note", "");
  file.put(group + "/from_offsets", offsets_of(from, from_rows), "", "links of first end i: [i] to [i + 1]");
  file.put(group + "/by_to", by_to, "", "link numbers sorted by (to, from)");
  file.put(group + "/to_offsets", offsets_of(to, to_rows), "", "of by_to, per second end");
}

struct IndexedName {
  std::string text;
  std::uint8_t kind;
  std::uint32_t entity;
  bool operator<(const IndexedName& other) const {
    return std::tie(text, kind, entity) < std::tie(other.text, other.kind, other.entity);
  }
  bool operator==(const IndexedName& other) const {
    return text == other.text && kind == other.kind && entity == other.entity;
  }
};

/// "CHEMBL25" of "CHEMBL:CHEMBL25", which people type; a bare number could be anything.
std::string bare_id(const std::string& xref) {
  const auto colon = xref.find(':');
  const std::string bare = colon == std::string::npos ? std::string() : xref.substr(colon + 1);
  const bool number = std::all_of(bare.begin(), bare.end(), [](unsigned char c) { return !std::isalpha(c); });
  return number ? std::string() : bare;
}

void index_names(std::vector<IndexedName>& names, EntityKind kind, const EntityRecords& records,
                 const Order& order) {
  for (std::uint32_t place = 0; place < order.rows.size(); ++place) {
    const auto& record = records.rows[order.rows[place]];
    const auto add = [&](const std::string& text) {
      std::string key = comparable_name(text);
      if (!key.empty()) names.push_back({std::move(key), static_cast<std::uint8_t>(kind), place});
    };
    add(record.id);
    add(record.name);
    for (const auto& synonym : record.synonyms) add(synonym);
    for (const auto& xref : record.xrefs) {
      add(xref);
      add(bare_id(xref));
    }
  }
}

void put_names(ColumnWriter& file, std::vector<IndexedName> names) {
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  Texts text;
  std::vector<std::uint8_t> kind;
  std::vector<std::uint32_t> entity;
  for (const auto& name : names) {
    text.add(name.text);
    kind.push_back(name.kind);
    entity.push_back(name.entity);
  }
  text.put(file, "/names/text", "ids, names, synonyms and cross-references as they are compared, sorted");
  file.put("/names/kind", kind, "",
           "0 drug, 1 target, 2 disease, 3 pathway, 4 process, 5 anatomy, 6 side_effect, 7 drug_class");
  file.put("/names/entity", entity, "", "row of /entities/<kind>");
}

/// Sources by name; where each went.
std::vector<std::uint16_t> put_sources(ColumnWriter& file, const std::vector<Source>& sources) {
  std::vector<std::uint16_t> order(sources.size()), rank(sources.size());
  std::iota(order.begin(), order.end(), static_cast<std::uint16_t>(0));
  std::sort(order.begin(), order.end(),
            [&](std::uint16_t a, std::uint16_t b) { return sources[a].name < sources[b].name; });
  Texts name, version, licence, url, file_name, digest;
  std::vector<std::uint8_t> licence_class;
  for (std::uint16_t place = 0; place < order.size(); ++place) {
    const auto& source = sources[order[place]];
    rank[order[place]] = place;
    name.add(source.name);
    version.add(source.version);
    licence.add(source.licence);
    licence_class.push_back(static_cast<std::uint8_t>(source.licence_class));
    url.add(source.url);
    file_name.add(source.file);
    digest.add(source.sha256);
  }
  name.put(file, "/sources/name", "unique, sorted");
  version.put(file, "/sources/version", "release or date of the data");
  licence.put(file, "/sources/licence", "as the source writes it");
  file.put("/sources/licence_class", licence_class, "",
           "0 permissive, 1 share_alike, 2 non_commercial, 3 unstated");
  url.put(file, "/sources/url", "");
  file_name.put(file, "/sources/file", "name of the imported file");
  digest.put(file, "/sources/sha256", "of the imported file");
  return rank;
}

/// Removes a temporary file unless it was published.
struct Temporary {
  std::string path;
  ~Temporary() { ::unlink(path.c_str()); }
};

}  // namespace

StoreBuilder::Counts StoreBuilder::write(const std::string& path, const std::string& created) {
  auto& all = *implementation_;
  Counts counts;
  const Temporary temporary{path + ".tmp"};
  ColumnWriter file(temporary.path);
  file.set_attribute("/", "format", "theriac knowledge store");
  file.set_attribute("/", "schema_version", store_schema_version);
  file.set_attribute("/", "created", created);
  const auto source_rank = put_sources(file, all.sources);
  std::array<Order, entity_kinds> orders;
  std::vector<IndexedName> names;
  for (std::size_t k = 0; k < orders.size(); ++k) {
    orders[k] = sorted_by_id(all.entities[k]);
    counts.entities[k] = orders[k].rows.size();
    if (!orders[k].rows.empty()) put_entities(file, static_cast<EntityKind>(k), all.entities[k], orders[k]);
    index_names(names, static_cast<EntityKind>(k), all.entities[k], orders[k]);
  }
  put_names(file, std::move(names));
  for (std::size_t k = 0; k < all.links.size(); ++k) {
    const auto kind = static_cast<LinkKind>(k);
    const auto [from_kind, to_kind] = link_ends(kind);
    const auto &from = orders[static_cast<std::size_t>(from_kind)],
               &to = orders[static_cast<std::size_t>(to_kind)];
    const auto links = united_links(all.links[k], kind, from.rank, to.rank, source_rank, all.texts);
    counts.links[k] = links.size();
    if (!links.empty()) put_links(file, kind, links, all.texts, from.rows.size(), to.rows.size());
  }
  file.close();
  publish_file(temporary.path, path);
  return counts;
}

}  // namespace theriac::datasets
