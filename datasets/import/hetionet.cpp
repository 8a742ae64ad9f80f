// Hetionet v1.0: nodes and edges as dhimmel/hetionet publishes them, or one file per metaedge.
#include <fmt/format.h>

#include <map>

#include "chem/error.hpp"
#include "datasets/import/importers.hpp"

namespace theriac::datasets {
namespace {

struct NodeKind {
  EntityKind kind;
  const char* domain;  ///< of GO
};

const std::map<std::string, NodeKind>& node_kinds() {
  static const std::map<std::string, NodeKind> kinds = {
      {"Compound", {EntityKind::drug, ""}},
      {"Gene", {EntityKind::target, ""}},
      {"Disease", {EntityKind::disease, ""}},
      {"Pathway", {EntityKind::pathway, ""}},
      {"Biological Process", {EntityKind::process, "biological_process"}},
      {"Cellular Component", {EntityKind::process, "cellular_component"}},
      {"Molecular Function", {EntityKind::process, "molecular_function"}},
      {"Anatomy", {EntityKind::anatomy, ""}},
      {"Side Effect", {EntityKind::side_effect, ""}},
      {"Pharmacologic Class", {EntityKind::drug_class, ""}},
  };
  return kinds;
}

/// What a metaedge is here: its kind of link, direction, and whether the ends are the other way round.
struct Metaedge {
  LinkKind kind;
  int direction = 0;
  bool reversed = false;
};

const std::map<std::string, Metaedge>& metaedges() {
  static const std::map<std::string, Metaedge> all = {
      {"CtD", {LinkKind::treats}},
      {"CpD", {LinkKind::palliates}},
      {"CbG", {LinkKind::binds}},
      {"CuG", {LinkKind::changes_expression, 1}},
      {"CdG", {LinkKind::changes_expression, -1}},
      {"CrC", {LinkKind::resembles_drug}},
      {"CcSE", {LinkKind::causes}},
      {"PCiC", {LinkKind::member_of, 0, true}},
      {"DaG", {LinkKind::associated}},
      {"DuG", {LinkKind::expression_in, 1}},
      {"DdG", {LinkKind::expression_in, -1}},
      {"DrD", {LinkKind::resembles_disease}},
      {"DlA", {LinkKind::localizes}},
      {"AeG", {LinkKind::expressed, 0}},
      {"AuG", {LinkKind::expressed, 1}},
      {"AdG", {LinkKind::expressed, -1}},
      {"GiG", {LinkKind::interacts}},
      {"GcG", {LinkKind::covaries}},
      {"Gr>G", {LinkKind::regulates}},
      {"Gr_G", {LinkKind::regulates}},
      {"GpPW", {LinkKind::takes_part}},
      {"GpBP", {LinkKind::process_of}},
      {"GpCC", {LinkKind::process_of}},
      {"GpMF", {LinkKind::process_of}},
  };
  return all;
}

/// Licence behind the edges of a metaedge, as dhimmel/integrate lists the resources.
std::string edge_licence(const std::string& metaedge) {
  if (metaedge == "CbG") return "mixed, CC BY-NC 4.0 (DrugBank) among them";
  if (metaedge == "DaG") return "mixed, ODbL 1.0 (DisGeNET) among them";
  if (metaedge == "CcSE") return "CC BY-NC-SA 4.0 (SIDER)";
  if (metaedge == "GiG") return "no licence stated (Human Interactome Database, Incomplete Interactome)";
  if (metaedge == "GcG") return "no licence stated (evolutionary rate covariation)";
  if (metaedge == "DuG" || metaedge == "DdG") return "no licence stated (STARGEO)";
  if (metaedge == "AuG" || metaedge == "AdG" || metaedge == "AeG") return "no licence stated (Bgee)";
  return "CC0 1.0";
}

/// "DB00945" of "Compound::DB00945"; bare ids stay.
std::string bare(std::string_view id) {
  const auto at = id.find("::");
  return std::string(at == std::string_view::npos ? id : id.substr(at + 2));
}

std::string metaedge_of_file(const ImportRun& run) {
  const auto at = run.stem().rfind('_');
  for (const auto& [name, edge] : metaedges()) {
    const std::string ending = "_" + name;
    if (run.stem() == name) return name;
    if (run.stem().size() > ending.size() &&
        run.stem().compare(run.stem().size() - ending.size(), ending.size(), ending) == 0)
      return name;
  }
  throw InputError(
      fmt::format("'{}': no column 'metaedge', and '{}' is no metaedge of Hetionet", run.table.path(),
                  at == std::string::npos ? run.stem() : run.stem().substr(at + 1)),
      "name the file after its metaedge, hetionet_CbG.tsv, or give it a column 'metaedge'");
}

}  // namespace

void import_hetionet_nodes(ImportRun& run) {
  const auto id = run.table.column("id"), name = run.table.column("name"), kind = run.table.column("kind");
  while (run.next()) {
    const std::string kind_text = run.text(kind);
    if (kind_text == "Symptom") {
      run.pass_over();
      continue;
    }
    const auto known = node_kinds().find(kind_text);
    if (known == node_kinds().end() || run[id].empty()) {
      run.reject(run[id].empty() ? "no id" : fmt::format("unknown kind of node '{}'", kind_text));
      continue;
    }
    EntityFacts facts;
    facts.kind = known->second.kind;
    facts.id = bare(run[id]);
    facts.name = run.text(name);
    if (facts.kind == EntityKind::disease) facts.columns.emplace_back("slim", "1");
    if (*known->second.domain) facts.columns.emplace_back("domain", known->second.domain);
    run.entity(facts);
  }
}

void import_hetionet_edges(ImportRun& run) {
  const auto source = run.table.column("source"), target = run.table.column("target");
  const auto column = run.table.optional_column({"metaedge"});
  const std::string of_file = column == ImportTable::npos ? metaedge_of_file(run) : std::string();
  if (!of_file.empty()) run.set_licence(edge_licence(of_file));
  while (run.next()) {
    std::string name = of_file.empty() ? run.text(column) : of_file;
    if (name == "Gr_G") name = "Gr>G";
    const auto edge = metaedges().find(name);
    if (edge == metaedges().end()) {
      if (name == "DpS")
        run.pass_over();
      else
        run.reject(fmt::format("unknown metaedge '{}'", name));
      continue;
    }
    const std::string licence = edge_licence(name);
    if (!run.wants(licence)) continue;
    const auto [from_kind, to_kind] = link_ends(edge->second.kind);
    const bool reversed = edge->second.reversed;
    const auto from = run.end(from_kind, bare(run[reversed ? target : source]));
    const auto to = from < 0 ? -1 : run.end(to_kind, bare(run[reversed ? source : target]));
    if (to < 0) continue;
    LinkFacts link;
    link.kind = edge->second.kind;
    link.from = static_cast<std::uint32_t>(from);
    link.to = static_cast<std::uint32_t>(to);
    link.direction = edge->second.direction;
    link.source = run.source_part(name, licence);
    run.link(link);
  }
}

void import_disease_genes(ImportRun& run) {
  const auto disease = run.table.column("doid_id"), gene = run.table.column("entrez_gene_id"),
             sources = run.table.column("sources"), licence = run.table.column("license");
  const auto disease_name = run.table.optional_column({"doid_name"}),
             symbol = run.table.optional_column({"gene_symbol"});
  while (run.next()) {
    const std::string stated = run.text(licence);
    if (!run.wants(stated)) continue;
    const auto from = run.end(EntityKind::disease, run.text(disease), run.text(disease_name));
    const auto to = from < 0 ? -1 : run.end(EntityKind::target, run.text(gene), run.text(symbol));
    if (to < 0) continue;
    LinkFacts link;
    link.kind = LinkKind::associated;
    link.from = static_cast<std::uint32_t>(from);
    link.to = static_cast<std::uint32_t>(to);
    link.note = run.text(sources);
    link.source = run.source_part(stated.empty() ? "licence not stated" : stated, stated);
    run.link(link);
  }
}

}  // namespace theriac::datasets
