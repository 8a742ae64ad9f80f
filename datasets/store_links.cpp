// Sources and links of StoreBuilder.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <unordered_set>

#include "chem/error.hpp"
#include "datasets/store_records.hpp"

namespace theriac::datasets {
namespace {

constexpr std::size_t most_sources = 65535;

std::vector<std::string> parts_of(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const auto bar = std::min(text.find('|'), text.size());
    out.emplace_back(text.substr(0, bar));
    text.remove_prefix(std::min(bar + 1, text.size()));
  }
  return out;
}

/// Notes of equal links: "agonist" and "partial agonist" are "agonist; partial agonist".
std::string united_notes(const std::string& a, const std::string& b) {
  if (a.empty() || b.empty() || a == b) return a.empty() ? b : a;
  std::set<std::string> all;
  for (const auto* text : {&a, &b})
    for (std::size_t at = 0; at <= text->size();) {
      const auto end = std::min(text->find("; ", at), text->size());
      all.insert(text->substr(at, end - at));
      at = end + 2;
    }
  std::string out;
  for (const auto& part : all) out += (out.empty() ? "" : "; ") + part;
  return out;
}

/// A source of several files lists them all, sorted, each with its digest; a file of the same name is
/// replaced.
void unite_files(Source& source, const Source& before) {
  std::map<std::string, std::string> digests;
  for (const auto* from : {&before, static_cast<const Source*>(&source)}) {
    const auto files = parts_of(from->file), sums = parts_of(from->sha256);
    for (std::size_t i = 0; i < files.size(); ++i) digests[files[i]] = i < sums.size() ? sums[i] : "";
  }
  source.file.clear();
  source.sha256.clear();
  for (const auto& [file, digest] : digests) {
    source.file += (source.file.empty() ? "" : "|") + file;
    source.sha256 += (source.sha256.empty() ? "" : "|") + digest;
  }
}

auto key_of(const LinkRecord& link) {
  return std::make_tuple(link.from, link.to, link.source);
}

/// Two links of one import: everything that either says. Directions that contradict are not known.
void unite_within(LinkRecord& link, const LinkRecord& other, SharedTexts& texts) {
  if (std::isnan(link.strength) || other.strength > link.strength) link.strength = other.strength;
  if (link.direction != other.direction)
    link.direction = link.direction == 0    ? other.direction
                     : other.direction == 0 ? link.direction
                                            : static_cast<std::int8_t>(0);
  link.reference = texts.number(united_list(texts[link.reference], texts[other.reference]));
  link.note = texts.number(united_notes(texts[link.note], texts[other.note]));
}

/// A later import of the same source: what it says replaces, what it leaves open stays.
void replace(LinkRecord& link, const LinkRecord& later) {
  if (!std::isnan(later.strength)) link.strength = later.strength;
  if (later.direction != 0) link.direction = later.direction;
  if (later.reference != 0) link.reference = later.reference;
  if (later.note != 0) link.note = later.note;
}

}  // namespace

bool is_undirected(LinkKind kind) {
  return kind == LinkKind::interacts || kind == LinkKind::covaries || kind == LinkKind::resembles_drug ||
         kind == LinkKind::resembles_disease;
}

std::uint16_t StoreBuilder::add_source(const Source& source) {
  auto& sources = implementation_->sources;
  const auto known = std::find_if(sources.begin(), sources.end(),
                                  [&](const Source& each) { return each.name == source.name; });
  if (known != sources.end()) {
    const Source before = *known;
    *known = source;
    unite_files(*known, before);
    return static_cast<std::uint16_t>(known - sources.begin());
  }
  if (sources.size() >= most_sources)
    throw StorageError(fmt::format("more than {} sources in one store", most_sources));
  sources.push_back(source);
  return static_cast<std::uint16_t>(sources.size() - 1);
}

bool StoreBuilder::Implementation::reaches(std::uint32_t start, std::uint32_t goal) const {
  const auto& records = of(EntityKind::disease);
  std::vector<std::uint32_t> open = {start};
  std::unordered_set<std::uint32_t> seen;
  while (!open.empty()) {
    const std::uint32_t row = records.final_row(open.back());
    open.pop_back();
    if (row == goal) return true;
    if (!seen.insert(row).second) continue;
    if (const auto above = parents.find(row); above != parents.end())
      open.insert(open.end(), above->second.begin(), above->second.end());
  }
  return false;
}

void StoreBuilder::begin_import() {
  ++implementation_->import;
}

std::string StoreBuilder::add_link(const LinkFacts& link) {
  auto& all = *implementation_;
  const auto [from_kind, to_kind] = link_ends(link.kind);
  const std::uint32_t from = all.of(from_kind).final_row(link.from), to = all.of(to_kind).final_row(link.to);
  if (link.kind == LinkKind::is_a || link.kind == LinkKind::resembles_drug ||
      link.kind == LinkKind::resembles_disease)
    if (from == to) return fmt::format("'{}' is linked to itself", id(from_kind, from));
  if (link.kind == LinkKind::is_a) {
    if (all.reaches(to, from))
      return fmt::format("the hierarchy is cyclic: '{}' is already below '{}', so it cannot be its parent",
                         id(to_kind, to), id(from_kind, from));
    all.parents[from].push_back(to);
  }
  LinkRecord record{};
  record.from = from;
  record.to = to;
  record.strength = std::isfinite(link.strength) ? link.strength : std::numeric_limits<float>::quiet_NaN();
  record.reference = all.texts.number(link.reference);
  record.note = all.texts.number(link.note);
  record.import = all.import;
  record.source = link.source;
  record.direction = static_cast<std::int8_t>((link.direction > 0) - (link.direction < 0));
  all.links.at(static_cast<std::size_t>(link.kind)).push_back(record);
  return {};
}

std::size_t StoreBuilder::link_count() const {
  std::size_t count = 0;
  for (const auto& links : implementation_->links) count += links.size();
  return count;
}

std::vector<LinkRecord> united_links(const std::vector<LinkRecord>& links, LinkKind kind,
                                     const std::vector<std::uint32_t>& from_rank,
                                     const std::vector<std::uint32_t>& to_rank,
                                     const std::vector<std::uint16_t>& source_rank, SharedTexts& texts) {
  std::vector<LinkRecord> sorted = links;
  for (auto& link : sorted) {
    link.from = from_rank[link.from];
    link.to = to_rank[link.to];
    link.source = source_rank[link.source];
    if (is_undirected(kind) && link.to < link.from) std::swap(link.from, link.to);
  }
  std::stable_sort(sorted.begin(), sorted.end(), [](const LinkRecord& a, const LinkRecord& b) {
    return std::make_tuple(key_of(a), a.import) < std::make_tuple(key_of(b), b.import);
  });
  std::vector<LinkRecord> out;
  std::vector<LinkRecord> pending;  // of one key, one per import
  const auto flush = [&] {
    if (pending.empty()) return;
    LinkRecord link = pending.front();
    for (std::size_t i = 1; i < pending.size(); ++i) replace(link, pending[i]);
    out.push_back(link);
    pending.clear();
  };
  for (const auto& link : sorted) {
    if (!pending.empty() && key_of(pending.back()) != key_of(link)) flush();
    if (!pending.empty() && pending.back().import == link.import)
      unite_within(pending.back(), link, texts);
    else
      pending.push_back(link);
  }
  flush();
  return out;
}

std::vector<std::uint32_t> StoreBuilder::add_table(const EntityTable& table) {
  auto& records = implementation_->of(table.kind);
  std::vector<std::uint32_t> rows;
  for (std::size_t i = 0; i < table.size();
       ++i) {  // first as things stood, so that the order does not matter
    std::int64_t row = find(table.kind, std::string(table.id[i]));
    if (row < 0 && table.kind == EntityKind::drug && !records.rows.empty())
      for (const auto& xref : parts_of(table.xrefs[i]))
        if (const auto at = records.by_id.find(xref); row < 0 && at != records.by_id.end()) row = at->second;
    rows.push_back(row < 0 ? no_row : static_cast<std::uint32_t>(row));
  }
  for (std::size_t i = 0; i < table.size(); ++i) {
    EntityFacts facts;
    facts.kind = table.kind;
    facts.id = table.id[i];
    facts.name = table.name[i];
    facts.synonyms = parts_of(table.synonyms[i]);
    facts.xrefs = parts_of(table.xrefs[i]);
    for (const auto& [name, column] : table.columns) facts.columns.emplace_back(name, column[i]);
    if (rows[i] == no_row) rows[i] = implementation_->row_of_new(records, facts);
    implementation_->prefer_id(table.kind, rows[i], facts.id);
    if (facts.id != records.rows[rows[i]].id) facts.xrefs.push_back(facts.id);
    implementation_->take(table.kind, rows[i], facts);
  }
  return rows;
}

void StoreBuilder::add_store(const Store& store) {
  begin_import();
  std::array<std::vector<std::uint32_t>, entity_kinds> rows;
  for (int k = 0; k < entity_kinds; ++k)
    rows[static_cast<std::size_t>(k)] = add_table(store.entities(static_cast<EntityKind>(k)));
  std::vector<std::uint16_t> sources;
  for (const auto& source : store.sources()) sources.push_back(add_source(source));
  for (int k = 0; k < link_kinds; ++k) {
    const auto& table = store.links(static_cast<LinkKind>(k));
    const auto [from_kind, to_kind] = link_ends(table.kind);
    const auto &from = rows[static_cast<std::size_t>(from_kind)],
               &to = rows[static_cast<std::size_t>(to_kind)];
    for (std::size_t i = 0; i < table.size(); ++i) {
      const std::string reason = add_link({table.kind, from[table.from[i]], to[table.to[i]],
                                           sources[table.source[i]], table.direction[i], table.strength[i],
                                           std::string(table.reference[i]), std::string(table.note[i])});
      if (!reason.empty()) reject({store.path(), 0, reason, link_kind_name(table.kind)});
    }
  }
}

}  // namespace theriac::datasets
