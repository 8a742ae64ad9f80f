// Theriac's own tables (datasets/tables): the drugs, targets, diseases and links of the starter store.
#include <fmt/format.h>

#include <map>

#include "datasets/import/drug_identity.hpp"
#include "datasets/import/importers.hpp"

namespace theriac::datasets {
namespace {

constexpr auto drug = EntityKind::drug;
constexpr auto target = EntityKind::target;
constexpr auto disease = EntityKind::disease;

/// Row of something that an earlier table names; else -1 and the row is rejected.
std::int64_t named(ImportRun& run, EntityKind kind, std::size_t column) {
  const std::string name = run.text(column);
  std::int64_t row = run.store.find(kind, name);
  if (row < 0) row = run.store.find_named(kind, name);
  if (row < 0) run.reject(fmt::format("'{}' is no {} of the store", name, entity_kind_name(kind)));
  return row;
}

LinkFacts link_of(ImportRun& run, LinkKind kind, std::int64_t from, std::int64_t to) {
  LinkFacts link;
  link.kind = kind;
  link.from = static_cast<std::uint32_t>(from);
  link.to = static_cast<std::uint32_t>(to);
  link.source = run.source();
  return link;
}

int direction_in(ImportRun& run, std::size_t column) {
  return run[column] == "1" ? 1 : run[column] == "-1" ? -1 : 0;
}

}  // namespace

void import_starter_diseases(ImportRun& run) {
  auto& t = run.table;
  const auto doid = t.column("doid"), name = t.column("name"), synonyms = t.column("synonyms"),
             mondo = t.column("mondo"), umls = t.column("umls"), mesh = t.column("mesh"),
             parent = t.column("parent");
  while (run.next()) {
    if (run[doid].empty()) {
      run.reject("no id of the disease");
      continue;
    }
    EntityFacts facts;
    facts.kind = disease;
    facts.id = run.text(doid);
    facts.name = run.text(name);
    facts.synonyms = list_in(run[synonyms]);
    const std::uint32_t row = run.entity(facts);
    for (const auto& id : list_in(run[mondo])) run.store.add_xref(disease, row, id);
    for (const auto& id : list_in(run[umls])) run.store.add_xref(disease, row, "UMLS:" + id);
    for (const auto& id : list_in(run[mesh])) run.store.add_xref(disease, row, "MESH:" + id);
    for (const auto& above : list_in(run[parent])) {
      const std::uint32_t to = run.entity({disease, above, {}, "", {}, {}, {}});
      run.link(link_of(run, LinkKind::is_a, row, to));
    }
  }
}

void import_starter_targets(ImportRun& run) {
  auto& t = run.table;
  const auto gene = t.column("gene"), uniprot = t.column("uniprot"), entrez = t.column("entrez"),
             name = t.column("name"), family = t.column("family");
  while (run.next()) {
    if (!is_entity_id(target, run.text(entrez)) || run[gene].empty()) {
      run.reject("needs a gene symbol and an Entrez gene id");
      continue;
    }
    EntityFacts facts;
    facts.kind = target;
    facts.id = run.text(entrez);
    facts.name = run.text(gene);
    facts.synonyms = {run.text(name)};
    for (const auto& accession : list_in(run[uniprot])) facts.xrefs.push_back("UNIPROT:" + accession);
    facts.columns = {
        {"symbol", run.text(gene)}, {"uniprot", run.text(uniprot)}, {"family", run.text(family)}};
    run.entity(facts);
  }
}

void import_starter_drugs(ImportRun& run) {
  auto& t = run.table;
  const auto name = t.column("name"), synonyms = t.column("synonyms"), smiles = t.column("smiles"),
             drugbank = t.column("drugbank_id"), chembl = t.column("chembl_id"), atc = t.column("atc"),
             status = t.column("status"), regions = t.column("regions"), route = t.column("route"),
             drug_class = t.column("class"), mechanism = t.column("mechanism"), source = t.column("source");
  while (run.next()) {
    if (run[name].empty()) {
      run.reject("no name");
      continue;
    }
    const std::int64_t known = run.store.find_named(drug, run.text(name));
    EntityFacts facts;
    facts.name = run.text(name);
    facts.synonyms = list_in(run[synonyms]);
    for (const auto& id : list_in(run[chembl])) facts.xrefs.push_back("CHEMBL:" + id);
    facts.id = !run[drugbank].empty() ? run.text(drugbank)
               : known >= 0           ? run.store.id(drug, static_cast<std::uint32_t>(known))
               : !facts.xrefs.empty() ? facts.xrefs.front()
                                      : "THERIAC:" + run.text(name);
    const bool discontinued = run[status] == "discontinued";  // no longer sold, not for a fault
    facts.columns = {{"atc", run.text(atc)},
                     {"status", discontinued ? "approved" : run.text(status)},
                     {"marketing", discontinued ? "DISCONTINUED" : ""},
                     {"regions", run.text(regions)},
                     {"route", run.text(route)},
                     {"mechanism", run.text(mechanism)},
                     {"drug_type", run[smiles].empty() ? "biologic" : "small molecule"}};
    const std::uint32_t row = run.entity(facts);
    give_structure(run, row, run[smiles], "");
    if (run[drug_class].empty()) continue;
    const std::uint32_t to = run.entity(
        {EntityKind::drug_class, "THERIAC:" + run.text(drug_class), {}, run.text(drug_class), {}, {}, {}});
    LinkFacts link = link_of(run, LinkKind::member_of, row, to);
    link.reference = run.text(source);
    run.link(link);
  }
}

void import_starter_drug_targets(ImportRun& run) {
  auto& t = run.table;
  const auto from_name = t.column("drug"), gene = t.column("gene"), action = t.column("action"),
             direction = t.column("direction"), strength = t.column("strength"), source = t.column("source");
  while (run.next()) {
    const auto from = named(run, drug, from_name);
    const auto to = from < 0 ? -1 : named(run, target, gene);
    if (to < 0) continue;
    LinkFacts link = link_of(run, LinkKind::binds, from, to);
    link.direction = direction_in(run, direction);
    if (const auto value = run.number(strength)) link.strength = static_cast<float>(*value);
    link.note = run.text(action);
    link.reference = run.text(source);
    run.link(link);
  }
}

void import_starter_drug_diseases(ImportRun& run) {
  static const std::map<std::string, LinkKind> relations = {
      {"indication", LinkKind::treats},    {"palliates", LinkKind::palliates},
      {"off_label", LinkKind::off_label},  {"in_trial", LinkKind::in_trial},
      {"failed", LinkKind::failed},        {"contraindication", LinkKind::contraindicated},
      {"withdrawn_for", LinkKind::failed}, {"not_indicated", LinkKind::not_indicated}};
  auto& t = run.table;
  const auto from_name = t.column("drug"), doid = t.column("doid"), relation = t.column("relation"),
             source = t.column("source"), note = t.column("note");
  while (run.next()) {
    const auto kind = relations.find(run.text(relation));
    if (kind == relations.end()) {
      run.reject(fmt::format("unknown relation '{}'", run[relation]));
      continue;
    }
    const auto from = named(run, drug, from_name);
    const auto to = from < 0 ? -1 : named(run, disease, doid);
    if (to < 0) continue;
    LinkFacts link = link_of(run, kind->second, from, to);
    link.note = run.text(note);
    if (run[relation] == "withdrawn_for")
      link.note = "withdrawn" + (link.note.empty() ? "" : ": " + link.note);
    link.reference = run.text(source);
    run.link(link);
  }
}

void import_starter_disease_targets(ImportRun& run) {
  auto& t = run.table;
  const auto doid = t.column("doid"), gene = t.column("gene"), direction = t.column("direction"),
             kind = t.column("kind"), source = t.column("source");
  while (run.next()) {
    const auto from = named(run, disease, doid);
    const auto to = from < 0 ? -1 : named(run, target, gene);
    if (to < 0) continue;
    LinkFacts link = link_of(run, LinkKind::associated, from, to);
    link.direction = direction_in(run, direction);
    link.note = run.text(kind);
    link.reference = run.text(source);
    run.link(link);
  }
}

void import_starter_pathways(ImportRun& run) {
  const auto pathway = run.table.column("pathway"), name = run.table.column("name"),
             source = run.table.column("source");
  while (run.next()) {
    if (run[pathway].empty())
      run.reject("no id of the pathway");
    else
      run.entity({EntityKind::pathway,
                  run.text(pathway),
                  {},
                  run.text(name),
                  {},
                  {},
                  {{"database", run.text(source)}}});
  }
}

void import_starter_target_pathways(ImportRun& run) {
  const auto gene = run.table.column("gene"), pathway = run.table.column("pathway"),
             source = run.table.column("source");
  while (run.next()) {
    const auto from = named(run, target, gene);
    const auto to = from < 0 ? -1 : named(run, EntityKind::pathway, pathway);
    if (to < 0) continue;
    LinkFacts link = link_of(run, LinkKind::takes_part, from, to);
    link.reference = run.text(source);
    run.link(link);
  }
}

void import_starter_interactions(ImportRun& run) {
  const auto a = run.table.column("gene_a"), b = run.table.column("gene_b"), kind = run.table.column("kind"),
             source = run.table.column("source");
  while (run.next()) {
    const auto from = named(run, target, a);
    const auto to = from < 0 ? -1 : named(run, target, b);
    if (to < 0) continue;
    LinkFacts link = link_of(run, LinkKind::interacts, from, to);
    link.note = run.text(kind);
    link.reference = run.text(source);
    run.link(link);
  }
}

}  // namespace theriac::datasets
