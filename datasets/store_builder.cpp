#include "datasets/store_builder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "chem/error.hpp"
#include "chem/library_versions.hpp"
#include "datasets/durable_file.hpp"
#include "datasets/results_table.hpp"
#include "datasets/store_records.hpp"

namespace theriac::datasets {
namespace {

constexpr std::size_t longest_rejected_row = 1000;

std::vector<std::string> parts_of(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const auto bar = std::min(text.find('|'), text.size());
    if (bar > 0) parts.emplace_back(text.substr(0, bar));
    text.remove_prefix(std::min(bar + 1, text.size()));
  }
  return parts;
}

/// '|' separates texts in the file, so it cannot be part of one.
std::string without_bars(std::string text) {
  std::replace(text.begin(), text.end(), '|', '/');
  return text;
}

bool insert_sorted(std::vector<std::string>& sorted, const std::string& text) {
  const auto at = std::lower_bound(sorted.begin(), sorted.end(), text);
  if (at != sorted.end() && *at == text) return false;
  sorted.insert(at, text);
  return true;
}

void remember(std::unordered_map<std::string, std::uint32_t>& index, const std::string& key,
              std::uint32_t row) {
  if (key.empty()) return;
  const auto [at, fresh] = index.emplace(key, row);
  if (!fresh && at->second != row) at->second = no_row;
}

bool is_list_column(const std::string& name) {
  static const std::set<std::string> lists = {"atc",     "regions",    "route",
                                              "uniprot", "structures", "marketing"};
  return lists.count(name) > 0;
}

/// The id that this kind of entity is known by wherever it has one.
bool is_preferred_id(EntityKind kind, const std::string& id) {
  const auto digits = [&](std::size_t start) {
    return id.size() > start && std::all_of(id.begin() + static_cast<std::ptrdiff_t>(start), id.end(),
                                            [](unsigned char c) { return c >= '0' && c <= '9'; });
  };
  if (kind == EntityKind::drug) return id.compare(0, 2, "DB") == 0 && digits(2);
  if (kind == EntityKind::target) return digits(0);
  if (kind == EntityKind::disease) return id.compare(0, 5, "DOID:") == 0;
  return true;
}

/// Of two words about the status of a drug, the one that says more.
std::string stronger_status(const std::string& a, const std::string& b) {
  const std::vector<std::string> order = {"", "preclinical", "clinical", "approved", "withdrawn"};
  const auto rank = [&](const std::string& word) { return std::find(order.begin(), order.end(), word); };
  if (rank(b) == order.end()) return a;
  return rank(a) == order.end() || rank(a) < rank(b) ? b : a;
}

}  // namespace

std::string united_list(const std::string& a, const std::string& b) {
  if (a.empty() || b.empty() || a == b) return a.empty() ? b : a;
  std::set<std::string> all;
  for (const auto* text : {&a, &b})
    for (auto& part : parts_of(*text)) all.insert(std::move(part));
  std::string out;
  for (const auto& part : all) out += (out.empty() ? "" : "|") + part;
  return out;
}

std::size_t EntityRecords::column(const std::string& column_name) {
  const auto at = std::find(column_names.begin(), column_names.end(), column_name);
  if (at != column_names.end()) return static_cast<std::size_t>(at - column_names.begin());
  column_names.push_back(column_name);
  return column_names.size() - 1;
}

std::uint32_t EntityRecords::final_row(std::uint32_t row) const {
  while (rows[row].became != no_row) row = rows[row].became;
  return row;
}

std::uint32_t SharedTexts::number(const std::string& text) {
  const auto [at, fresh] = numbers_.emplace(text, static_cast<std::uint32_t>(texts_.size()));
  if (fresh) texts_.push_back(text);
  return at->second;
}

StoreBuilder::StoreBuilder() : implementation_(std::make_unique<Implementation>()) {}
StoreBuilder::StoreBuilder(const Store& store) : StoreBuilder() {
  add_store(store);
}
StoreBuilder::StoreBuilder(StoreBuilder&&) noexcept = default;
StoreBuilder& StoreBuilder::operator=(StoreBuilder&&) noexcept = default;
StoreBuilder::~StoreBuilder() = default;

// Entities
// ---------------------------------------------------------------------------------------------------

std::uint32_t StoreBuilder::Implementation::row_of_new(EntityRecords& records, const EntityFacts& facts) {
  const auto row = static_cast<std::uint32_t>(records.rows.size());
  records.rows.emplace_back();
  records.rows.back().id = facts.id;
  records.by_id[facts.id] = row;
  return row;
}

void StoreBuilder::Implementation::take(EntityKind kind, std::uint32_t row, const EntityFacts& facts) {
  auto& records = of(kind);
  auto& record = records.rows[row];
  const auto add_synonym = [&](const std::string& given) {
    const std::string text = without_bars(given);
    if (text.empty() || text == record.name || text == record.id) return;
    if (insert_sorted(record.synonyms, text)) remember(records.by_synonym, comparable_name(text), row);
  };
  if (record.name.empty() && !facts.name.empty()) {
    record.name = without_bars(facts.name);
    remember(records.by_name, comparable_name(record.name), row);
    const auto same = std::lower_bound(record.synonyms.begin(), record.synonyms.end(), record.name);
    if (same != record.synonyms.end() && *same == record.name) record.synonyms.erase(same);
  }
  add_synonym(facts.name);
  for (const auto& synonym : facts.synonyms) add_synonym(synonym);
  for (const auto& given : facts.xrefs) {
    const std::string xref = without_bars(given);
    if (!xref.empty() && xref != record.id && insert_sorted(record.xrefs, xref))
      remember(records.by_xref, xref, row);
  }
  for (const auto& [name, value] : facts.columns) {
    if (value.empty()) continue;
    const std::size_t at = records.column(name);
    if (record.columns.size() <= at) record.columns.resize(at + 1);
    auto& held = record.columns[at];
    if (is_list_column(name))
      held = united_list(held, value);
    else if (name == "status")
      held = stronger_status(held, value);
    else if (held.empty())
      held = value;
  }
}

void StoreBuilder::Implementation::unite(EntityKind kind, std::uint32_t keep, std::uint32_t gone) {
  auto& records = of(kind);
  const EntityRecord other = records.rows[gone];
  records.rows[gone] = {};
  records.rows[gone].became = keep;
  records.by_id[other.id] = keep;
  EntityFacts facts = {kind, other.id, {}, other.name, other.synonyms, other.xrefs, {}};
  for (std::size_t i = 0; i < other.columns.size(); ++i)
    facts.columns.emplace_back(records.column_names[i], other.columns[i]);
  if (other.id != records.rows[keep].id) facts.xrefs.push_back(other.id);
  for (auto* index : {&records.by_name, &records.by_synonym, &records.by_xref})
    for (auto& [text, row] : *index)
      if (row == gone) row = keep;
  take(kind, keep, facts);
}

/// An id that all know takes the place of one of a single source.
void StoreBuilder::Implementation::prefer_id(EntityKind kind, std::uint32_t row, const std::string& id) {
  auto& records = of(kind);
  auto& record = records.rows[row];
  if (record.id == id || !is_preferred_id(kind, id) || is_preferred_id(kind, record.id)) return;
  const std::string old = record.id;
  records.by_id.erase(old);
  records.by_id[id] = row;
  record.id = id;
  const auto as_xref = std::lower_bound(record.xrefs.begin(), record.xrefs.end(), id);
  if (as_xref != record.xrefs.end() && *as_xref == id) record.xrefs.erase(as_xref);
  insert_sorted(record.xrefs, old);
  remember(records.by_xref, old, row);
}

std::uint32_t StoreBuilder::add_entity(const EntityFacts& given) {
  if (given.id.empty()) throw StorageError("an entity without an id");
  auto& records = implementation_->of(given.kind);
  EntityFacts facts = given;
  facts.id = without_bars(facts.id);
  std::int64_t row = find(given.kind, facts.id);
  if (row < 0)
    if (const auto alias = records.aliases.find(facts.id); alias != records.aliases.end()) {
      facts.id = alias->second;
      row = find(given.kind, facts.id);
    }
  for (const auto& same : facts.also) {
    const std::int64_t other = find(given.kind, same);
    if (other >= 0 && row >= 0 && other != row)
      implementation_->unite(given.kind, static_cast<std::uint32_t>(row), static_cast<std::uint32_t>(other));
    if (row < 0) row = other;
  }
  const bool fresh = row < 0;
  if (fresh) row = implementation_->row_of_new(records, facts);
  const auto at = static_cast<std::uint32_t>(row);
  if (const auto known = records.expected.find(facts.id); fresh && known != records.expected.end())
    for (const auto& xref : known->second) add_xref(given.kind, at, xref);
  implementation_->prefer_id(given.kind, at, facts.id);
  facts.xrefs.insert(facts.xrefs.end(), facts.also.begin(), facts.also.end());
  if (facts.id != records.rows[at].id) facts.xrefs.push_back(facts.id);
  implementation_->take(given.kind, at, facts);
  return at;
}

void StoreBuilder::unite(EntityKind kind, std::uint32_t keep, std::uint32_t gone) {
  const auto& records = implementation_->of(kind);
  keep = records.final_row(keep);
  gone = records.final_row(gone);
  if (keep != gone) implementation_->unite(kind, keep, gone);
}

std::int64_t StoreBuilder::find(EntityKind kind, const std::string& id) const {
  const auto& records = implementation_->of(kind);
  if (const auto at = records.by_id.find(id); at != records.by_id.end()) return at->second;
  const auto at = records.by_xref.find(id);
  if (at == records.by_xref.end() || at->second == no_row) return -1;
  return records.final_row(at->second);
}

std::int64_t StoreBuilder::find_named(EntityKind kind, const std::string& name) const {
  const auto& records = implementation_->of(kind);
  const std::string key = comparable_name(name);
  for (const auto* index : {&records.by_name, &records.by_synonym}) {
    const auto at = index->find(key);
    if (at == index->end()) continue;
    if (at->second == no_row) return -1;
    return records.final_row(at->second);
  }
  return -1;
}

void StoreBuilder::add_alias(EntityKind kind, const std::string& other, const std::string& id) {
  auto& records = implementation_->of(kind);
  if (records.aliases.emplace(other, id).second) records.expected[id].push_back(other);
}

bool StoreBuilder::add_xref(EntityKind kind, std::uint32_t row, const std::string& given) {
  auto& records = implementation_->of(kind);
  const std::string xref = without_bars(given);
  auto& record = records.rows[row];
  if (xref.empty() || xref == record.id) return true;
  if (std::binary_search(record.xrefs.begin(), record.xrefs.end(), xref)) return true;
  if (records.by_id.count(xref) > 0 || records.by_xref.count(xref) > 0) return false;
  insert_sorted(record.xrefs, xref);
  remember(records.by_xref, xref, row);
  return true;
}

std::size_t StoreBuilder::size(EntityKind kind) const {
  return implementation_->of(kind).rows.size();
}

const std::string& StoreBuilder::id(EntityKind kind, std::uint32_t row) const {
  return implementation_->of(kind).rows.at(row).id;
}

const std::string& StoreBuilder::name(EntityKind kind, std::uint32_t row) const {
  return implementation_->of(kind).rows.at(row).name;
}

std::vector<std::string> StoreBuilder::names(EntityKind kind, std::uint32_t row) const {
  const auto& record = implementation_->of(kind).rows.at(row);
  std::vector<std::string> all = {record.name};
  all.insert(all.end(), record.synonyms.begin(), record.synonyms.end());
  return all;
}

std::string StoreBuilder::text(EntityKind kind, std::uint32_t row, const std::string& column) const {
  const auto& records = implementation_->of(kind);
  const auto at = std::find(records.column_names.begin(), records.column_names.end(), column);
  const auto index = static_cast<std::size_t>(at - records.column_names.begin());
  const auto& held = records.rows.at(row).columns;
  return at == records.column_names.end() || index >= held.size() ? std::string() : held[index];
}

void StoreBuilder::set_text(EntityKind kind, std::uint32_t row, const std::string& column,
                            const std::string& value) {
  auto& records = implementation_->of(kind);
  const std::size_t at = records.column(column);
  auto& held = records.rows.at(row).columns;
  if (held.size() <= at) held.resize(at + 1);
  held[at] = value;
}

void StoreBuilder::note_structure(std::uint32_t drug, RejectedRow place) {
  implementation_->structures[drug] = std::move(place);
}

std::vector<std::pair<std::uint32_t, RejectedRow>> StoreBuilder::structures_without_key() const {
  std::vector<std::pair<std::uint32_t, RejectedRow>> found;
  for (std::uint32_t row = 0; row < size(EntityKind::drug); ++row) {
    if (text(EntityKind::drug, row, "smiles").empty() || !text(EntityKind::drug, row, "key").empty())
      continue;
    const auto place = implementation_->structures.find(row);
    found.emplace_back(row, place == implementation_->structures.end() ? RejectedRow{} : place->second);
  }
  return found;
}

// Rejects
// ----------------------------------------------------------------------------------------------------

void StoreBuilder::reject(RejectedRow row) {
  if (row.row.size() > longest_rejected_row) row.row.resize(longest_rejected_row);
  implementation_->rejected.push_back(std::move(row));
}

const std::vector<RejectedRow>& StoreBuilder::rejected() const {
  return implementation_->rejected;
}

void StoreBuilder::forget_rejected(std::size_t keep) {
  auto& rows = implementation_->rejected;
  if (rows.size() > keep) rows.resize(keep);
}

std::string rejects_path(const std::string& store_path, const std::string& part) {
  std::filesystem::path path(store_path);
  return path.replace_extension((part.empty() ? "" : "." + part) + ".rejects.csv").string();
}

void write_rejects(const std::string& path, const std::vector<RejectedRow>& rows) {
  if (rows.empty()) {
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
    return;
  }
  DurableFile file(path);
  file.write("file,line,reason,row\n");
  for (const auto& row : rows)
    file.write(fmt::format("{},{},{},{}\n", csv_field(row.file), row.line, csv_field(row.reason),
                           csv_field(row.row)));
  file.publish();
}

std::string StoreBuilder::created() const {
  std::string newest;
  for (const auto& source : implementation_->sources) {
    const std::string start = source.version.substr(0, source.version.find(','));
    if (start.size() >= 4 &&
        std::all_of(start.begin(), start.begin() + 4, [](unsigned char c) { return c >= '0' && c <= '9'; }))
      newest = std::max(newest, start);
  }
  return fmt::format("Theriac {}{}", chem::theriac_version(), newest.empty() ? "" : "; data to " + newest);
}

}  // namespace theriac::datasets
