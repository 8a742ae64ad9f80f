// Genes and proteins, and the pathways and processes they belong to.
#include <fmt/format.h>

#include <algorithm>

#include "datasets/import/importers.hpp"

namespace theriac::datasets {
namespace {

/// Links each of a list of genes to one pathway or process.
void link_genes(ImportRun& run, std::string_view genes, LinkKind kind, std::uint32_t to, std::uint16_t source,
                const std::string& note) {
  for (const auto& gene : list_in(genes)) {
    const auto from = run.end(EntityKind::target, gene);
    if (from < 0) continue;
    LinkFacts link;
    link.kind = kind;
    link.from = static_cast<std::uint32_t>(from);
    link.to = to;
    link.source = source;
    link.note = note;
    run.link(link);
  }
}

bool is_sequence(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

}  // namespace

void import_genes(ImportRun& run) {
  const auto gene = run.table.column("entrez_gene_id"), symbol = run.table.column("symbol"),
             uniprot = run.table.column("uniprot_ids");
  while (run.next()) {
    const std::string id = run.text(gene);
    if (!is_entity_id(EntityKind::target, id)) {
      run.reject(fmt::format("'{}' is no Entrez gene id", id));
      continue;
    }
    // pseudogenes and the like: only those that links speak of
    if (run[uniprot].empty() && run.store.find(EntityKind::target, id) < 0) {
      run.pass_over();
      continue;
    }
    EntityFacts facts;
    facts.kind = EntityKind::target;
    facts.id = id;
    facts.name = run.text(symbol);
    facts.columns = {{"symbol", run.text(symbol)}, {"uniprot", run.text(uniprot)}};
    for (const auto& accession : list_in(run[uniprot])) facts.xrefs.push_back("UNIPROT:" + accession);
    run.entity(facts);
  }
}

void import_sequences(ImportRun& run) {
  const auto uniprot = run.table.column("uniprot"), sequence = run.table.column("sequence");
  while (run.next()) {
    const std::int64_t row = run.store.find(EntityKind::target, "UNIPROT:" + run.text(uniprot));
    if (!is_sequence(run[sequence])) {
      run.reject("not a sequence of amino acids in one-letter code");
    } else if (row < 0) {
      run.pass_over();
    } else if (run.store.text(EntityKind::target, static_cast<std::uint32_t>(row), "sequence").empty()) {
      run.store.set_text(EntityKind::target, static_cast<std::uint32_t>(row), "sequence", run.text(sequence));
    }
  }
}

void import_pathways(ImportRun& run) {
  const auto id = run.table.column("identifier"), name = run.table.column("name"),
             database = run.table.column("source"), licence = run.table.column("license"),
             genes = run.table.column("coding_genes");
  while (run.next()) {
    const std::string stated = run.text(licence);
    if (!run.wants(stated)) continue;
    if (run[id].empty()) {
      run.reject("no identifier");
      continue;
    }
    EntityFacts facts;
    facts.kind = EntityKind::pathway;
    facts.id = run.text(id);
    facts.name = run.text(name);
    facts.columns = {{"database", run.text(database)}};
    const std::uint32_t row = run.entity(facts);
    link_genes(run, run[genes], LinkKind::takes_part, row, run.source_part(run.text(database), stated), "");
  }
}

void import_go(ImportRun& run) {
  const auto id = run.table.column("go_id"), name = run.table.column("go_name"),
             domain = run.table.column("go_domain"), genes = run.table.column("gene_ids");
  while (run.next()) {
    if (!is_entity_id(EntityKind::process, run.text(id))) {
      run.reject(fmt::format("'{}' is no id of the Gene Ontology", run[id]));
      continue;
    }
    EntityFacts facts;
    facts.kind = EntityKind::process;
    facts.id = run.text(id);
    facts.name = run.text(name);
    facts.columns = {{"domain", run.text(domain)}};
    const std::uint32_t row = run.entity(facts);
    link_genes(run, run[genes], LinkKind::process_of, row, run.source(), "");
  }
}

}  // namespace theriac::datasets
