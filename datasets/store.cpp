#include "datasets/store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <mutex>

#include "chem/error.hpp"
#include "chem/library_versions.hpp"

namespace theriac::datasets {
namespace {

constexpr const char* store_format = "theriac knowledge store";
constexpr const char* build_hint =
    "theriac store build makes a new one; theriac store check says what is wrong";

const TextColumn& no_text() {
  static const std::uint64_t zero = 0;
  static const TextColumn none = {{}, {&zero, 1}};
  return none;
}

}  // namespace

const TextColumn& EntityTable::text(const std::string& column) const {
  for (const auto& [known, values] : columns)
    if (known == column) return values;
  return no_text();
}

struct Store::Implementation {
  explicit Implementation(MappedColumns mapped) : file(std::move(mapped)) {}

  MappedColumns file;
  std::int64_t version = 0;
  std::string created;
  std::vector<Source> sources;
  std::array<EntityTable, entity_kinds> tables;
  std::array<LinkTable, link_kinds> links;
  TextColumn name_texts;
  ColumnView<std::uint8_t> name_kinds;
  ColumnView<std::uint32_t> name_entities;
  std::vector<std::uint64_t> zeros;  ///< the offsets of kinds of links that are not there
  mutable std::array<std::once_flag, entity_kinds> tables_checked;
  mutable std::array<std::once_flag, link_kinds> links_checked;
  mutable std::once_flag names_checked;

  [[noreturn]] void damaged(const std::string& where, const std::string& what) const {
    throw StorageError(fmt::format("'{}' is damaged at {}: {}", file.path(), where, what), build_hint);
  }

  /// The place is put together only when it has to be named: these checks run over every link.
  void require(bool good, const std::string& group, const char* column, const char* what) const {
    if (!good) damaged(group + column, what);
  }

  void read_header();
  void read_sources();
  void read_tables();
  void read_links();
  TextColumn read_text(const std::string& group) const;
  void check_text(const TextColumn& column, std::size_t rows, const std::string& where) const;
  void check_offsets(const ColumnView<std::uint64_t>& offsets, std::size_t rows, std::size_t end,
                     const std::string& where) const;
  void check_table(const EntityTable& table) const;
  void check_links(const LinkTable& table) const;
  void check_ends(const LinkTable& table, const std::string& where, std::size_t from_rows,
                  std::size_t to_rows) const;
  void check_by_to(const LinkTable& table, const std::string& where, std::size_t to_rows) const;
  void check_names() const;
};

void Store::Implementation::read_header() {
  std::string format;
  file.root_attribute("format", format);
  if (format != store_format)
    throw StorageError(fmt::format("'{}' is an HDF5 file but no Theriac store", file.path()),
                       "stores are made by theriac store build; theriac show opens results");
  if (!file.root_attribute("schema_version", version) || version < 1)
    damaged("schema_version", "no whole number from 1");
  if (version > store_schema_version)
    throw StorageError(fmt::format("'{}' has schema version {}, this program (Theriac {}) reads up to {}",
                                   file.path(), version, chem::theriac_version(), store_schema_version),
                       "use the Theriac that made it, or build the store again with this one");
  file.root_attribute("created", created);
}

TextColumn Store::Implementation::read_text(const std::string& group) const {
  TextColumn column = {file.view<char>(group + "/bytes"), file.view<std::uint64_t>(group + "/offsets")};
  require(!column.offsets.empty(), group, "/offsets", "it is empty");
  return column;
}

void Store::Implementation::read_sources() {
  const std::string group = "/sources/";
  const TextColumn name = read_text(group + "name"), version_text = read_text(group + "version"),
                   licence = read_text(group + "licence"), url = read_text(group + "url"),
                   file_name = read_text(group + "file"), digest = read_text(group + "sha256");
  for (const auto* column : {&name, &version_text, &licence, &url, &file_name, &digest})
    check_text(*column, name.size(), "/sources");
  const auto classes = file.view<std::uint8_t>(group + "licence_class");
  require(classes.size() == name.size(), group, "licence_class", "wrong length");
  for (std::size_t i = 0; i < name.size(); ++i) {
    require(classes[i] <= static_cast<int>(LicenceClass::unstated), group, "licence_class", "unknown class");
    sources.push_back({std::string(name[i]), std::string(version_text[i]), std::string(licence[i]),
                       static_cast<LicenceClass>(classes[i]), std::string(url[i]), std::string(file_name[i]),
                       std::string(digest[i])});
  }
}

void Store::Implementation::read_tables() {
  for (int k = 0; k < entity_kinds; ++k) {
    auto& table = tables[static_cast<std::size_t>(k)];
    table.kind = static_cast<EntityKind>(k);
    table.id = table.name = table.synonyms = table.xrefs = no_text();
    const std::string group = "/entities/" + entity_kind_name(table.kind);
    for (const auto& column : file.members(group)) {
      const TextColumn values = read_text(group + "/" + column);
      if (column == "id")
        table.id = values;
      else if (column == "name")
        table.name = values;
      else if (column == "synonyms")
        table.synonyms = values;
      else if (column == "xrefs")
        table.xrefs = values;
      else
        table.columns.emplace_back(column, values);
    }
  }
}

void Store::Implementation::read_links() {
  std::size_t most_rows = 0;
  for (const auto& table : tables) most_rows = std::max(most_rows, table.size());
  zeros.assign(most_rows + 1, 0);
  for (int k = 0; k < link_kinds; ++k) {
    auto& table = links[static_cast<std::size_t>(k)];
    table.kind = static_cast<LinkKind>(k);
    const std::string group = "/links/" + link_kind_name(table.kind) + "/";
    if (file.members("/links/" + link_kind_name(table.kind)).empty()) {
      const auto [from, to] = link_ends(table.kind);
      table.from_offsets = {zeros.data(), tables[static_cast<std::size_t>(from)].size() + 1};
      table.to_offsets = {zeros.data(), tables[static_cast<std::size_t>(to)].size() + 1};
      table.reference = table.note = no_text();
      continue;
    }
    table.from = file.view<std::uint32_t>(group + "from");
    table.to = file.view<std::uint32_t>(group + "to");
    table.strength = file.view<float>(group + "strength");
    table.direction = file.view<std::int8_t>(group + "direction");
    table.source = file.view<std::uint16_t>(group + "source");
    table.reference = read_text(group + "reference");
    table.note = read_text(group + "note");
    table.from_offsets = file.view<std::uint64_t>(group + "from_offsets");
    table.by_to = file.view<std::uint32_t>(group + "by_to");
    table.to_offsets = file.view<std::uint64_t>(group + "to_offsets");
  }
}

// Checks, once per table
// ---------------------------------------------------------------------------------------

void Store::Implementation::check_offsets(const ColumnView<std::uint64_t>& offsets, std::size_t rows,
                                          std::size_t end, const std::string& where) const {
  require(offsets.size() == rows + 1, where, "", "it has not one entry more than rows");
  require(offsets[0] == 0 && offsets[rows] == end, where, "", "it does not span its array");
  for (std::size_t i = 0; i < rows; ++i) require(offsets[i] <= offsets[i + 1], where, "", "not in order");
}

void Store::Implementation::check_text(const TextColumn& column, std::size_t rows,
                                       const std::string& where) const {
  check_offsets(column.offsets, rows, column.bytes.size(), where + " (text offsets)");
}

void Store::Implementation::check_table(const EntityTable& table) const {
  const std::string where = "/entities/" + entity_kind_name(table.kind);
  const std::size_t rows = table.size();
  for (const auto* column : {&table.id, &table.name, &table.synonyms, &table.xrefs})
    check_text(*column, rows, where);
  for (const auto& [name, column] : table.columns) check_text(column, rows, where + "/" + name);
  for (std::size_t i = 1; i < rows; ++i)
    require(table.id[i - 1] < table.id[i], where, "/id", "not sorted, or an id is there twice");
}

void Store::Implementation::check_ends(const LinkTable& table, const std::string& where,
                                       std::size_t from_rows, std::size_t to_rows) const {
  const std::size_t n = table.size();
  check_offsets(table.from_offsets, from_rows, n, where + "/from_offsets");
  check_offsets(table.to_offsets, to_rows, n, where + "/to_offsets");
  std::uint32_t previous = 0;
  for (std::size_t row = 0; row < from_rows; ++row, previous = 0)
    for (std::size_t i = table.from_offsets[row]; i < table.from_offsets[row + 1]; ++i) {
      require(table.from[i] == row, where, "/from", "does not agree with from_offsets");
      require(table.to[i] < to_rows && table.to[i] >= previous, where, "/to", "not sorted, or out of range");
      previous = table.to[i];
    }
}

void Store::Implementation::check_by_to(const LinkTable& table, const std::string& where,
                                        std::size_t to_rows) const {
  // link numbers rise within an end, and every one lies in the block of its end: so none is there twice
  for (std::size_t row = 0; row < to_rows; ++row)
    for (std::size_t i = table.to_offsets[row]; i < table.to_offsets[row + 1]; ++i) {
      const std::uint32_t link = table.by_to[i];
      const bool good = link < table.size() && table.to[link] == row &&
                        (i == table.to_offsets[row] || table.by_to[i - 1] < link);
      require(good, where, "/by_to", "does not agree with to");
    }
}

void Store::Implementation::check_links(const LinkTable& table) const {
  const std::string where = "/links/" + link_kind_name(table.kind);
  const std::size_t n = table.size();
  for (const std::size_t size : {table.to.size(), table.strength.size(), table.direction.size(),
                                 table.source.size(), table.by_to.size()})
    require(size == n, where, "", "its columns differ in length");
  check_text(table.reference, n, where + "/reference");
  check_text(table.note, n, where + "/note");
  const auto [from, to] = link_ends(table.kind);
  const std::size_t from_rows = tables[static_cast<std::size_t>(from)].size(),
                    to_rows = tables[static_cast<std::size_t>(to)].size();
  check_ends(table, where, from_rows, to_rows);
  check_by_to(table, where, to_rows);
  for (std::size_t i = 0; i < n; ++i) {
    require(table.source[i] < sources.size(), where, "/source", "names a source that is not there");
    require(table.direction[i] >= -1 && table.direction[i] <= 1, where, "/direction", "not -1, 0 or 1");
  }
}

void Store::Implementation::check_names() const {
  const std::size_t n = name_texts.size();
  require(name_kinds.size() == n && name_entities.size() == n, "/names", "", "its columns differ in length");
  check_text(name_texts, n, "/names/text");
  for (std::size_t i = 0; i < n; ++i) {
    require(name_kinds[i] < entity_kinds && name_entities[i] < tables[name_kinds[i]].size(), "/names", "",
            "names an entity that is not there");
    require(i == 0 || name_texts[i - 1] <= name_texts[i], "/names", "/text", "not sorted");
  }
}

// The public face
// ------------------------------------------------------------------------------------------------

Store::Store(std::unique_ptr<Implementation> implementation) : implementation_(std::move(implementation)) {}
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;
Store::~Store() = default;

Store Store::open(const std::string& path) {
  auto store = std::make_unique<Implementation>(MappedColumns::open(path, build_hint));
  store->read_header();
  store->read_sources();
  store->read_tables();
  store->read_links();
  store->name_texts = store->read_text("/names/text");
  store->name_kinds = store->file.view<std::uint8_t>("/names/kind");
  store->name_entities = store->file.view<std::uint32_t>("/names/entity");
  return Store(std::move(store));
}

const std::string& Store::path() const {
  return implementation_->file.path();
}

std::int64_t Store::schema_version() const {
  return implementation_->version;
}

const std::string& Store::created() const {
  return implementation_->created;
}

const std::vector<Source>& Store::sources() const {
  return implementation_->sources;
}

const EntityTable& Store::entities(EntityKind kind) const {
  const auto k = static_cast<std::size_t>(kind);
  const auto& store = *implementation_;
  const auto& table = store.tables.at(k);
  std::call_once(store.tables_checked[k], [&] { store.check_table(table); });
  return table;
}

const LinkTable& Store::links(LinkKind kind) const {
  const auto k = static_cast<std::size_t>(kind);
  const auto& store = *implementation_;
  const auto& table = store.links.at(k);
  std::call_once(store.links_checked[k], [&] { store.check_links(table); });
  return table;
}

std::int64_t Store::find(EntityKind kind, std::string_view id) const {
  const auto& ids = entities(kind).id;
  std::size_t low = 0, high = ids.size();
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    if (ids[middle] < id)
      low = middle + 1;
    else
      high = middle;
  }
  return low < ids.size() && ids[low] == id ? static_cast<std::int64_t>(low) : -1;
}

std::size_t Store::name_count() const {
  const auto& store = *implementation_;
  std::call_once(store.names_checked, [&] { store.check_names(); });
  return store.name_texts.size();
}

Store::Name Store::name(std::size_t i) const {
  const auto& store = *implementation_;
  std::call_once(store.names_checked, [&] { store.check_names(); });
  return {store.name_texts[i], static_cast<EntityKind>(store.name_kinds[i]), store.name_entities[i]};
}

}  // namespace theriac::datasets
