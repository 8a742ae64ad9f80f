#include "datasets/import/import_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>

#include "chem/error.hpp"
#include "datasets/sha256.hpp"

namespace theriac::datasets {
namespace {

bool is_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_prefix_and_digits(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix &&
         is_digits(text.substr(std::min(prefix.size(), text.size())));
}

}  // namespace

bool allows(LicenceChoice choice, LicenceClass licence) {
  if (choice == LicenceChoice::any) return true;
  return licence == LicenceClass::permissive ||
         (choice == LicenceChoice::share_alike && licence == LicenceClass::share_alike);
}

bool is_entity_id(EntityKind kind, const std::string& id) {
  const auto is = [&](const char* prefix) { return is_prefix_and_digits(id, prefix); };
  switch (kind) {
    case EntityKind::drug:
      return is("DB") || is("DRUGCENTRAL:") || is("CHEMBL:CHEMBL") || is("PUBCHEM:");
    case EntityKind::target:
      return is_digits(id) || id.compare(0, 8, "UNIPROT:") == 0 || is("ENSEMBL:ENSG") || is("CHEMBL:CHEMBL");
    case EntityKind::disease:
      return is("DOID:") || is("UMLS:C") || is("MONDO:") || is("EFO:") || is("ORPHANET:") || is("HP:") ||
             is("MESH:D") || is("OMIM:");
    case EntityKind::pathway:
      return is("PC7_") || is("WP") || id.compare(0, 2, "WP") == 0 || id.compare(0, 2, "R-") == 0;
    case EntityKind::process:
      return is("GO:");
    case EntityKind::anatomy:
      return is("UBERON:");
    case EntityKind::side_effect:
      return is("C");
    case EntityKind::drug_class:
      return is("N") || is("D") || is("CHEBI:");
  }
  return false;
}

std::string file_stem(const std::string& path) {
  std::string stem = std::filesystem::path(path).filename().string();
  for (const std::string extension : {".gz", ".tsv", ".csv", ".txt", ".jsonl", ".json", ".sif", ".tab"})
    if (stem.size() > extension.size() &&
        stem.compare(stem.size() - extension.size(), extension.size(), extension) == 0)
      stem.resize(stem.size() - extension.size());
  return stem;
}

float affinity_from_nanomolar(double nanomolar) {
  return nanomolar > 0 ? static_cast<float>(9 - std::log10(nanomolar))
                       : std::numeric_limits<float>::quiet_NaN();
}

std::string pubmed_references(std::string_view list, char separator) {
  std::string out;
  for (const auto& id : list_in(list, separator))
    if (is_digits(id)) out = united_list(out, "PMID:" + id);
  return out;
}

ImportRun::ImportRun(StoreBuilder& builder, const std::string& path, ImportSource source_facts,
                     LicenceChoice choice, const std::vector<std::string>& columns)
    : store(builder),
      table(path, columns),
      stem_(file_stem(path)),
      facts_(std::move(source_facts)),
      choice_(choice) {
  tally.file = std::filesystem::path(path).filename().string();
  tally.source = facts_.name;
  tally.licence = facts_.licence;
  tally.licence_class = licence_class(facts_.licence);
  digest_ = sha256_of_file(path);
  store.begin_import();
}

bool ImportRun::next() {
  while (table.next()) {
    ++tally.rows;
    if (table.trouble().empty()) return true;
    reject(table.trouble());
  }
  return false;
}

std::optional<double> ImportRun::number(std::size_t column) const {
  const std::string_view text = table.cell(column);
  double value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc() || end != text.data() + text.size() || !std::isfinite(value))
    return std::nullopt;
  return value;
}

RejectedRow ImportRun::place(const std::string& reason) const {
  return {tally.file, table.line(), reason, table.row()};
}

void ImportRun::reject(const std::string& reason) {
  ++tally.rejected;
  store.reject(place(reason));
}

std::uint16_t ImportRun::source() {
  return source_part("", facts_.licence);
}

std::uint16_t ImportRun::source_part(const std::string& part, const std::string& licence) {
  const std::string name = part.empty() ? facts_.name : facts_.name + ", " + part;
  const auto known = sources_.find(name);
  if (known != sources_.end()) return known->second;
  const std::uint16_t number = store.add_source(
      {name, facts_.version, licence, licence_class(licence), facts_.url, tally.file, digest_});
  sources_.emplace(name, number);
  return number;
}

void ImportRun::set_licence(const std::string& licence) {
  tally.licence = licence;
  tally.licence_class = licence_class(licence);
}

bool ImportRun::wants(const std::string& licence) {
  const bool wanted = allows(choice_, licence_class(licence));
  tally.licence_left_out += !wanted;
  return wanted;
}

std::uint32_t ImportRun::entity(const EntityFacts& facts) {
  const std::size_t before = store.size(facts.kind);
  const std::uint32_t row = store.add_entity(facts);
  tally.entities += store.size(facts.kind) > before;
  return row;
}

std::int64_t ImportRun::end(EntityKind kind, const std::string& id, const std::string& name) {
  const std::int64_t row = store.find(kind, id);
  if (row >= 0) return row;
  if (is_entity_id(kind, id)) return entity({kind, id, {}, name, {}, {}, {}});
  reject(fmt::format("'{}' is no id of a {}", id, entity_kind_name(kind)));
  return -1;
}

void ImportRun::link(const LinkFacts& facts) {
  const std::string reason = store.add_link(facts);
  if (reason.empty())
    ++tally.links;
  else
    reject(reason);
}

}  // namespace theriac::datasets
