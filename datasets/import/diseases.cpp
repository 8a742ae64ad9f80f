// Diseases: their terms, other ids, hierarchy, and what they are mentioned or found with.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include "chem/error.hpp"
#include "chem/text_file.hpp"
#include "datasets/import/importers.hpp"

namespace theriac::datasets {
namespace {

/// Resources of the Disease Ontology and MONDO under the names that the store uses; others are left out.
std::string xref_prefix(std::string_view resource) {
  static const std::map<std::string, std::string, std::less<>> names = {
      {"UMLS", "UMLS"},     {"UMLS_CUI", "UMLS"}, {"MSH", "MESH"},          {"MESH", "MESH"},
      {"OMIM", "OMIM"},     {"EFO", "EFO"},       {"ORDO", "ORPHANET"},     {"Orphanet", "ORPHANET"},
      {"ICD10", "ICD10"},   {"ICD10CM", "ICD10"}, {"ICD9", "ICD9"},         {"NCI", "NCI"},
      {"NCIT", "NCI"},      {"HP", "HP"},         {"SNOMEDCT", "SNOMEDCT"}, {"SCTID", "SNOMEDCT"},
      {"MEDDRA", "MEDDRA"}, {"MedDRA", "MEDDRA"}, {"KEGG", "KEGG"},         {"DOID", "DOID"}};
  const auto found = names.find(resource);
  return found == names.end() ? std::string() : found->second;
}

/// "MONDO:0008383" of "MONDO_0008383"; "ORPHANET:33" of "Orphanet_33".
std::string ontology_id(std::string_view text) {
  std::string id(text);
  const auto join = id.find_first_of("_:");
  if (join == std::string::npos) return id;
  id[join] = ':';
  for (std::size_t i = 0; i < join; ++i)
    id[i] = static_cast<char>(std::toupper(static_cast<unsigned char>(id[i])));
  return id;
}

struct MondoRow {
  std::string xref;
  std::int64_t line;
};

}  // namespace

void import_disease_slim(ImportRun& run) {
  const auto slim = run.table.column("slim_id"), slim_name = run.table.column("slim_name"),
             term = run.table.column("subsumed_id"), term_name = run.table.column("subsumed_name"),
             distance = run.table.column("min_distance");
  while (run.next()) {
    const bool good = is_entity_id(EntityKind::disease, run.text(slim)) &&
                      is_entity_id(EntityKind::disease, run.text(term)) && run.number(distance);
    if (!good) {
      run.reject("needs two ids of diseases and a distance");
      continue;
    }
    EntityFacts above;
    above.kind = EntityKind::disease;
    above.id = run.text(slim);
    above.name = run.text(slim_name);
    above.columns = {{"slim", "1"}};
    const std::uint32_t to = run.entity(above);
    if (run[slim] == run[term]) continue;
    EntityFacts below;
    below.kind = EntityKind::disease;
    below.id = run.text(term);
    below.name = run.text(term_name);
    LinkFacts link;
    link.kind = LinkKind::is_a;
    link.from = run.entity(below);
    link.to = to;
    link.strength = static_cast<float>(*run.number(distance));
    link.source = run.source();
    run.link(link);
  }
}

void import_disease_hierarchy(ImportRun& run) {
  const auto child = run.table.column("child"), parent = run.table.column("parent");
  const auto child_name = run.table.optional_column({"child_name"}),
             parent_name = run.table.optional_column({"parent_name"});
  while (run.next()) {
    const auto from = run.end(EntityKind::disease, run.text(child), run.text(child_name));
    const auto to = from < 0 ? -1 : run.end(EntityKind::disease, run.text(parent), run.text(parent_name));
    if (to < 0) continue;
    LinkFacts link;
    link.kind = LinkKind::is_a;
    link.from = static_cast<std::uint32_t>(from);
    link.to = static_cast<std::uint32_t>(to);
    link.source = run.source();
    run.link(link);
  }
}

void import_disease_xrefs(ImportRun& run) {
  const auto disease = run.table.column("doid_code"), name = run.table.column("doid_name"),
             resource = run.table.column("resource"), other = run.table.column("resource_id");
  while (run.next()) {
    const std::string prefix = xref_prefix(run[resource]);
    if (prefix.empty() || run[other].empty()) {
      run.pass_over();
      continue;
    }
    const auto row = run.end(EntityKind::disease, run.text(disease), run.text(name));
    // an id that a narrower term has is not also that of the broader one
    if (row >= 0 && !run.store.add_xref(EntityKind::disease, static_cast<std::uint32_t>(row),
                                        prefix + ":" + run.text(other)))
      run.pass_over();
  }
}

void import_mondo_references(ImportRun& run) {
  const auto id = run.table.column("ontology_id"), ontology = run.table.column("ontology"),
             mondo = run.table.column("mondo_id");
  std::map<std::string, std::vector<std::string>> of_mondo;
  std::map<std::string, int> claims;  // of each outer id, by how many MONDO terms
  while (run.next()) {
    const std::string prefix = xref_prefix(run[ontology]);
    if (prefix.empty() || run[id].empty() || run[mondo].empty()) {
      run.pass_over();
      continue;
    }
    const std::string xref = prefix + ":" + run.text(id);
    of_mondo["MONDO:" + run.text(mondo)].push_back(xref);
    ++claims[xref];
  }
  for (const auto& [term, xrefs] : of_mondo) {
    std::string disease_ontology;
    int terms = 0;
    for (const auto& xref : xrefs)
      if (xref.compare(0, 5, "DOID:") == 0) disease_ontology = xref, ++terms;
    if (terms != 1 || claims[disease_ontology] != 1) continue;
    const std::int64_t row = run.store.find(EntityKind::disease, disease_ontology);
    if (row >= 0)
      run.store.add_xref(EntityKind::disease, static_cast<std::uint32_t>(row), term);
    else
      run.store.add_alias(EntityKind::disease, term, disease_ontology);
    for (const auto& xref : xrefs) {
      if (claims[xref] != 1 || xref == disease_ontology) continue;
      if (row >= 0)
        run.store.add_xref(EntityKind::disease, static_cast<std::uint32_t>(row), xref);
      else
        run.store.add_alias(EntityKind::disease, xref, disease_ontology);
    }
  }
}

void import_disease_comentions(ImportRun& run) {
  const auto first = run.table.column("doid_code_0"), second = run.table.column("doid_code_1"),
             count = run.table.column("cooccurrence"), enrichment = run.table.column("enrichment");
  while (run.next()) {
    const auto ratio = run.number(enrichment);
    if (!ratio) {
      run.reject(fmt::format("enrichment '{}' is no number", run[enrichment]));
      continue;
    }
    if (*ratio <= 0 || run[first] == run[second]) {
      run.pass_over();
      continue;
    }
    const auto from = run.end(EntityKind::disease, run.text(first));
    const auto to = from < 0 ? -1 : run.end(EntityKind::disease, run.text(second));
    if (to < 0) continue;
    LinkFacts link;
    link.kind = LinkKind::resembles_disease;
    link.from = static_cast<std::uint32_t>(from);
    link.to = static_cast<std::uint32_t>(to);
    link.strength = static_cast<float>(*ratio);
    link.note = fmt::format("{} articles mention both", run[count]);
    link.source = run.source();
    run.link(link);
  }
}

void import_open_targets(ImportRun& run) {
  const auto disease = run.table.column("diseaseId"), target = run.table.column("targetId"),
             score = run.table.column({"score", "overallScore", "associationScore"});
  const auto disease_name = run.table.optional_column({"diseaseName", "disease.name"}),
             symbol = run.table.optional_column({"targetSymbol", "approvedSymbol", "symbol"});
  while (run.next()) {
    const auto value = run.number(score);
    if (!value || *value < 0 || *value > 1) {
      run.reject(fmt::format("score '{}' is no number from 0 to 1", run[score]));
      continue;
    }
    std::string gene = run.text(target);
    if (gene.compare(0, 4, "ENSG") == 0) gene = "ENSEMBL:" + gene;
    if (run.store.find(EntityKind::target, gene) < 0 && symbol != ImportTable::npos) {
      const std::int64_t named = run.store.find_named(EntityKind::target, run.text(symbol));
      if (named >= 0) run.store.add_xref(EntityKind::target, static_cast<std::uint32_t>(named), gene);
    }
    const auto from = run.end(EntityKind::disease, ontology_id(run[disease]), run.text(disease_name));
    const auto to = from < 0 ? -1 : run.end(EntityKind::target, gene, run.text(symbol));
    if (to < 0) continue;
    LinkFacts link;
    link.kind = LinkKind::associated;
    link.from = static_cast<std::uint32_t>(from);
    link.to = static_cast<std::uint32_t>(to);
    link.strength = static_cast<float>(*value);
    link.source = run.source();
    run.link(link);
  }
}

}  // namespace theriac::datasets
