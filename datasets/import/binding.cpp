// Drugs and the targets that they bind: DrugCentral, the evidence behind Hetionet's CbG, BindingDB, ChEMBL.
#include <fmt/format.h>

#include <cmath>

#include "chem/error.hpp"
#include "datasets/action_direction.hpp"
#include "datasets/import/drug_identity.hpp"
#include "datasets/import/importers.hpp"

namespace theriac::datasets {
namespace {

constexpr auto drug = EntityKind::drug;
constexpr auto target = EntityKind::target;

/// Row of a protein: by accession, else (human) by gene symbol, else made under its accession.
std::int64_t protein(ImportRun& run, const std::string& accession, const std::string& symbol,
                     const std::string& name, const std::string& organism) {
  const std::string id = "UNIPROT:" + accession;
  std::int64_t row = run.store.find(target, id);
  if (row < 0 && !symbol.empty() && organism == "HUMAN") row = run.store.find_named(target, symbol);
  if (row >= 0) return row;
  if (accession.empty()) {
    run.reject("no UniProt accession");
    return -1;
  }
  EntityFacts facts;
  facts.kind = target;
  facts.id = id;
  facts.name = name.empty() ? accession : name;
  facts.columns = {{"uniprot", accession}, {"organism", organism}};
  return run.entity(facts);
}

LinkFacts binding(std::int64_t from, std::int64_t to, const std::string& action) {
  LinkFacts link;
  link.kind = LinkKind::binds;
  link.from = static_cast<std::uint32_t>(from);
  link.to = static_cast<std::uint32_t>(to);
  link.direction = action_direction(action);
  link.note = action;
  return link;
}

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

/// "HUMAN" of "KIT_HUMAN".
std::string organism_of(const std::string& entry) {
  const auto at = entry.rfind('_');
  return at == std::string::npos ? std::string() : entry.substr(at + 1);
}

/// An affinity cell of BindingDB: "12.5", ">10000", " 3.2". Bounds say that nothing was measured.
float exact_affinity(ImportRun& run, std::size_t column) {
  const auto value = run.number(column);
  return value ? affinity_from_nanomolar(*value) : std::numeric_limits<float>::quiet_NaN();
}

/// What a protein is to the drug, as DrugBank sorts them: the target it is meant for, an enzyme, a
/// transporter or a carrier that handles it; else only an affinity was measured.
std::string role_in(std::string_view resources) {
  for (const char* role : {"target", "enzyme", "transporter", "carrier"})
    if (resources.find("DrugBank (" + std::string(role) + ")") != std::string_view::npos) return role;
  return resources.find("DrugCentral") != std::string_view::npos ? "target" : "affinity";
}

}  // namespace

void import_drugcentral_targets(ImportRun& run) {
  const auto id = run.table.column("DRUG_ID"), name = run.table.column("DRUG_NAME"),
             uniprot = run.table.column("UNIPROT"), action = run.table.column("ACTION_TYPE"),
             target_name = run.table.column("TARGET_NAME");
  const auto gene = run.table.optional_column({"GENE"}), entry = run.table.optional_column({"SWISSPROT"}),
             reference = run.table.optional_column({"REFERENCE"}),
             family = run.table.optional_column({"TARGET_FAMILY", "TARGET_CLASS"});
  while (run.next()) {
    const auto from = drugcentral_drug(run, run[id], run.text(name));
    if (from < 0) continue;
    const auto accessions = list_in(run[uniprot]), genes = list_in(run[gene]), entries = list_in(run[entry]);
    if (accessions.empty()) run.reject("no UniProt accession");
    for (std::size_t i = 0; i < accessions.size(); ++i) {
      const auto to = protein(run, accessions[i], i < genes.size() ? genes[i] : "", run.text(target_name),
                              i < entries.size() ? organism_of(entries[i]) : "");
      if (to < 0) continue;
      if (!run[family].empty() && run.store.text(target, static_cast<std::uint32_t>(to), "family").empty())
        run.store.set_text(target, static_cast<std::uint32_t>(to), "family", run.text(family));
      LinkFacts link = binding(from, to, lower(run.text(action)));
      link.reference = run.text(reference);
      link.source = run.source();
      run.link(link);
    }
  }
}

void import_drugcentral_target_list(ImportRun& run) {
  const auto uniprot = run.table.column("uniprot_accession"), id = run.table.column("struct_id");
  const auto target_name = run.table.optional_column({"target_name"}),
             name = run.table.optional_column({"drug_name"});
  while (run.next()) {
    const auto from = drugcentral_drug(run, run[id], run.text(name));
    const auto to = from < 0 ? -1 : protein(run, run.text(uniprot), "", run.text(target_name), "");
    if (to < 0) continue;
    LinkFacts link = binding(from, to, "");
    link.source = run.source();
    run.link(link);
  }
}

void import_binding_evidence(ImportRun& run) {
  const auto drugbank = run.table.column("drugbank_id"), gene = run.table.column("entrez_gene_id"),
             sources = run.table.column("sources"), licence = run.table.column("license");
  const auto pubmed = run.table.optional_column({"pubmed_ids"}),
             actions = run.table.optional_column({"actions"}),
             affinity = run.table.optional_column({"affinity_nM"}),
             urls = run.table.optional_column({"urls"});
  while (run.next()) {
    const std::string stated = run.text(licence);
    if (!run.wants(stated)) continue;
    const auto from = run.end(drug, run.text(drugbank));
    const auto to = from < 0 ? -1 : run.end(target, run.text(gene));
    if (to < 0) continue;
    std::string action;
    for (const auto& word : list_in(run[actions])) action += (action.empty() ? "" : "; ") + lower(word);
    LinkFacts link = binding(from, to, action);
    link.strength = exact_affinity(run, affinity);
    link.reference = pubmed_references(run[pubmed]);
    if (link.reference.empty()) link.reference = run.text(urls);
    link.source = run.source_part(
        role_in(run[sources]) + ", " + (stated.empty() ? "licence not stated" : stated), stated);
    run.link(link);
  }
}

void import_bindingdb_genes(ImportRun& run) {
  const auto drugbank = run.table.column("drugbank_id"), gene = run.table.column("entrez_gene"),
             affinity = run.table.column("affinity_nM"), sources = run.table.column("sources");
  const auto pubmed = run.table.optional_column({"pubmeds"}),
             name = run.table.optional_column({"drugbank_name"}),
             symbol = run.table.optional_column({"gene_symbol"});
  while (run.next()) {
    const bool chembl = run[sources].find("ChEMBL") != std::string_view::npos;
    const std::string stated = chembl ? "CC BY-SA 3.0" : "CC BY 3.0";
    if (!run.wants(stated)) continue;
    const float strength = exact_affinity(run, affinity);
    if (std::isnan(strength)) {
      run.reject(fmt::format("affinity '{}' is no number above zero", run[affinity]));
      continue;
    }
    const auto from = run.end(drug, run.text(drugbank), run.text(name));
    const auto to = from < 0 ? -1 : run.end(target, run.text(gene), run.text(symbol));
    if (to < 0) continue;
    LinkFacts link = binding(from, to, "");
    link.strength = strength;
    link.reference = pubmed_references(run[pubmed]);
    link.source = run.source_part(chembl ? "with ChEMBL" : "BindingDB alone", stated);
    run.link(link);
  }
}

void import_bindingdb(ImportRun& run) {
  auto& t = run.table;
  const auto smiles = t.column("Ligand SMILES"),
             uniprot = t.column({"UniProt (SwissProt) Primary ID of Target Chain",
                                 "UniProt (SwissProt) Primary ID of Target Chain 1"}),
             ki = t.column("Ki (nM)");
  const auto kd = t.optional_column({"Kd (nM)"}), ic50 = t.optional_column({"IC50 (nM)"}),
             inchikey = t.optional_column({"Ligand InChI Key"}),
             monomer = t.optional_column({"BindingDB MonomerID"}),
             name = t.optional_column({"BindingDB Ligand Name"}),
             target_name =
                 t.optional_column({"Target Name", "Target Name Assigned by Curator or DataSource"}),
             organism = t.optional_column({"Target Source Organism According to Curator or DataSource"}),
             pubmed = t.optional_column({"PMID"}), drugbank = t.optional_column({"DrugBank ID of Ligand"}),
             chembl = t.optional_column({"ChEMBL ID of Ligand"});
  while (run.next()) {
    float strength = exact_affinity(run, kd);  // Kd and Ki are constants; an IC50 depends on the assay
    if (std::isnan(strength)) strength = exact_affinity(run, ki);
    if (std::isnan(strength)) strength = exact_affinity(run, ic50);
    if (std::isnan(strength) || run[uniprot].empty()) {
      run.pass_over();  // rates, EC50 and bounds
      continue;
    }
    EntityFacts facts;
    if (!run[drugbank].empty()) facts.xrefs.push_back(run.text(drugbank));
    if (!run[chembl].empty()) facts.xrefs.push_back("CHEMBL:" + run.text(chembl));
    facts.id = facts.xrefs.empty() ? "BINDINGDB:" + run.text(monomer) : facts.xrefs.front();
    facts.name = run.text(name).substr(0, run.text(name).find("::"));
    if (facts.id == "BINDINGDB:") {
      run.reject("the ligand has no DrugBank, ChEMBL or BindingDB id");
      continue;
    }
    const std::uint32_t from = run.entity(facts);
    give_structure(run, from, run[smiles], run[inchikey]);
    const auto to = protein(run, run.text(uniprot), "", run.text(target_name), run.text(organism));
    if (to < 0) continue;
    LinkFacts link = binding(from, to, "");
    link.strength = strength;
    link.reference = pubmed_references(run[pubmed]);
    link.source = run.source();
    run.link(link);
  }
}

void import_chembl_activities(ImportRun& run) {
  auto& t = run.table;
  const auto molecule = t.column("Molecule ChEMBL ID"), type = t.column("Standard Type"),
             value = t.column("Standard Value"), units = t.column("Standard Units"),
             target_id = t.column("Target ChEMBL ID");
  const auto smiles = t.optional_column({"Smiles"}), name = t.optional_column({"Molecule Name"}),
             relation = t.optional_column({"Standard Relation"}),
             target_name = t.optional_column({"Target Name"}),
             organism = t.optional_column({"Target Organism"}),
             document = t.optional_column({"Document ChEMBL ID"});
  while (run.next()) {
    const std::string kind = run.text(type), unit = run.text(units);
    const std::string sign = run.text(relation);
    const bool exact = sign.empty() || sign == "=" || sign == "'='" || sign == "~" || sign == "'~'";
    const bool potency = kind == "Ki" || kind == "Kd" || kind == "IC50";
    const double nanomolar = unit == "nM"                          ? 1
                             : unit == "uM" || unit == "\xc2\xb5M" ? 1e3
                             : unit == "M"                         ? 1e9
                                                                   : 0;
    if (!potency || !exact || nanomolar == 0) {
      run.pass_over();
      continue;
    }
    const auto amount = run.number(value);
    if (!amount || *amount <= 0 || run[molecule].empty() || run[target_id].empty()) {
      run.reject(run[molecule].empty() || run[target_id].empty()
                     ? "no ChEMBL id of the molecule or the target"
                     : fmt::format("value '{}' is no number above zero", run[value]));
      continue;
    }
    EntityFacts facts;
    facts.id = "CHEMBL:" + run.text(molecule);
    facts.name = run.text(name);
    const std::uint32_t from = run.entity(facts);
    give_structure(run, from, run[smiles], "");
    EntityFacts protein_facts;
    protein_facts.kind = target;
    protein_facts.id = "CHEMBL:" + run.text(target_id);
    protein_facts.name = run.text(target_name);
    protein_facts.columns = {{"organism", run.text(organism)}};
    LinkFacts link = binding(from, run.entity(protein_facts), "");
    link.strength = affinity_from_nanomolar(*amount * nanomolar);
    link.source = run.source();
    if (!run[document].empty()) link.reference = "CHEMBL:" + run.text(document);
    run.link(link);
  }
}

}  // namespace theriac::datasets
