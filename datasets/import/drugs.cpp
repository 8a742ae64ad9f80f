// Drug lists: DrugCentral, the list of approved drugs of Every Cure (MEDI), DrugBank's public vocabulary.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "datasets/import/drug_identity.hpp"
#include "datasets/import/importers.hpp"

namespace theriac::datasets {
namespace {

constexpr auto drug = EntityKind::drug;

void add_xrefs(EntityFacts& facts, std::string_view cell, const std::string& prefix) {
  for (const auto& id : list_in(cell))
    facts.xrefs.push_back(id.compare(0, prefix.size(), prefix) == 0 ? id : prefix + id);
}

/// "US|EU|JP" of three cells that say 1, TRUE or nothing.
std::string regions_of(std::string_view usa, std::string_view europe, std::string_view japan) {
  const auto yes = [](std::string_view cell) { return cell == "1" || cell == "TRUE" || cell == "True"; };
  std::string regions;
  if (yes(europe)) regions = united_list(regions, "EU");
  if (yes(japan)) regions = united_list(regions, "JP");
  if (yes(usa)) regions = united_list(regions, "US");
  return regions;
}

/// "DISCONTINUED|RX" of "RX| DISCONTINUED| RX".
std::string marketing_of(std::string_view cell) {
  std::string all;
  for (const auto& word : list_in(cell)) all = united_list(all, word);
  return all;
}

struct MasterRow {
  DrugRecord record;
  EntityFacts facts;
  std::string smiles, inchikey;
  RejectedRow place;
};

/// Adds rows that were read first, because their ids are given out together.
void add_rows(ImportRun& run, std::vector<MasterRow>& rows, bool curated) {
  std::vector<DrugRecord> records;
  for (auto& row : rows) {
    row.record.inchikey = row.inchikey;
    records.push_back(row.record);
  }
  const auto ids = drug_ids(run.store, records, curated);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EntityFacts facts = rows[i].facts;
    facts.id = ids[i];
    // one drug may stand in a list twice, under its base and its salt: then the id is no identity
    if (facts.id != rows[i].record.own_id) facts.xrefs.push_back(rows[i].record.own_id);
    const std::uint32_t row = run.entity(facts);
    give_structure(run.store, row, rows[i].smiles, rows[i].inchikey, rows[i].place);
  }
}

/// Identifiers of DrugCentral that the store keeps, and how it writes them.
std::string identifier_prefix(const std::string& type) {
  static const std::map<std::string, std::string> prefixes = {{"CHEBI", "CHEBI:"},
                                                              {"ChEMBL_ID", "CHEMBL:"},
                                                              {"INN_ID", "INN:"},
                                                              {"IUPHAR_LIGAND_ID", "IUPHAR:"},
                                                              {"KEGG_DRUG", "KEGG:"},
                                                              {"MESH_DESCRIPTOR_UI", "MESH:"},
                                                              {"MESH_SUPPLEMENTAL_RECORD_UI", "MESH:"},
                                                              {"PUBCHEM_CID", "PUBCHEM:"},
                                                              {"RXNORM", "RXNORM:"},
                                                              {"SNOMEDCT_US", "SNOMEDCT:"},
                                                              {"UMLSCUI", "UMLS:"},
                                                              {"UNII", "UNII:"},
                                                              {"PDB_CHEM_ID", "PDB:"},
                                                              {"SECONDARY_CAS_RN", "CAS:"}};
  const auto found = prefixes.find(type);
  return found == prefixes.end() ? std::string() : found->second;
}

}  // namespace

void import_drugs_master(ImportRun& run) {
  auto& t = run.table;
  const auto id = t.column("drugcentral_id"), name = t.column("name"), smiles = t.column("smiles"),
             inchikey = t.column("inchikey"), drugbank = t.column("drugbank_ids");
  const auto cas = t.optional_column({"cas"}), chembl = t.optional_column({"chembl_ids"}),
             usa = t.optional_column({"approved_usa"}),
             marketing = t.optional_column({"marketing_status_usa"}),
             europe = t.optional_column({"approved_europe"}), japan = t.optional_column({"approved_japan"}),
             fda = t.optional_column({"drugcentral_fda_list"}), atc = t.optional_column({"atc_main"}),
             classes = t.optional_column({"moa_or_epc_classes"});
  std::vector<MasterRow> rows;
  while (run.next()) {
    if (run[id].empty() || run[name].empty()) {
      run.reject("no id or no name");
      continue;
    }
    MasterRow row;
    row.record = {"DRUGCENTRAL:" + run.text(id), run.text(name), list_in(run[drugbank]), {}, {}};
    row.facts.name = run.text(name);
    add_xrefs(row.facts, run[cas], "CAS:");
    add_xrefs(row.facts, run[chembl], "CHEMBL:");
    const std::string regions =
        regions_of(run[usa] == "1" || run[fda] == "1" ? "1" : "", run[europe], run[japan]);
    row.facts.columns = {{"regions", regions},
                         {"marketing", marketing_of(run[marketing])},
                         {"atc", run.text(atc)},
                         {"mechanism", run.text(classes)},
                         {"status", regions.empty() ? "" : "approved"}};
    if (!run[smiles].empty()) row.facts.columns.emplace_back("drug_type", "small molecule");
    row.smiles = run.text(smiles);
    row.inchikey = run.text(inchikey);
    row.place = run.place("structure");
    rows.push_back(std::move(row));
  }
  add_rows(run, rows, true);
}

void import_drugcentral_structures(ImportRun& run) {
  auto& t = run.table;
  const auto id = t.column("ID"), name = t.column("INN"), smiles = t.column("SMILES"),
             inchikey = t.column("InChIKey");
  const auto cas = t.optional_column({"CAS_RN"});
  std::vector<MasterRow> rows;
  while (run.next()) {
    if (run[id].empty()) {
      run.reject("no ID");
      continue;
    }
    MasterRow row;
    row.record = {"DRUGCENTRAL:" + run.text(id), run.text(name), {}, {}, {}};
    row.facts.name = run.text(name);
    row.facts.columns = {{"drug_type", "small molecule"}};
    add_xrefs(row.facts, run[cas], "CAS:");
    row.smiles = run.text(smiles);
    row.inchikey = run.text(inchikey);
    row.place = run.place("structure");
    rows.push_back(std::move(row));
  }
  add_rows(run, rows, true);
}

void import_drugcentral_identifiers(ImportRun& run) {
  auto& t = run.table;
  const auto id = t.column("DRUG_ID"), name = t.column("DRUG_NAME"), type = t.column("ID_TYPE"),
             identifier = t.column("IDENTIFIER");
  std::vector<MasterRow> rows;
  std::map<std::string, std::size_t> place;
  while (run.next()) {
    const std::string own = "DRUGCENTRAL:" + run.text(id);
    if (run[id].empty() || run[identifier].empty()) {
      run.reject("no DRUG_ID or no IDENTIFIER");
      continue;
    }
    const auto [at, fresh] = place.emplace(own, rows.size());
    if (fresh) {
      rows.emplace_back();
      rows.back().record = {own, run.text(name), {}, {}, {}};
      rows.back().facts.name = run.text(name);
    }
    const std::string prefix = identifier_prefix(run.text(type));
    if (run[type] == "DRUGBANK_ID")
      rows[at->second].record.drugbank_ids.push_back(run.text(identifier));
    else if (!prefix.empty())
      add_xrefs(rows[at->second].facts, run[identifier], prefix);
    else
      run.pass_over();
  }
  add_rows(run, rows, true);
}

void import_drugcentral_approved(ImportRun& run) {
  const auto id = run.table.column("struct_id"), name = run.table.column("drug_name");
  while (run.next()) {
    const auto row = drugcentral_drug(run, run[id], run.text(name));
    if (row < 0) continue;
    EntityFacts facts;
    facts.id = run.store.id(drug, static_cast<std::uint32_t>(row));
    facts.name = run.text(name);
    facts.columns = {{"regions", "US"}, {"status", "approved"}};
    run.entity(facts);
  }
}

void import_medi(ImportRun& run) {
  auto& t = run.table;
  const auto curie = t.column("curie"), name = t.column("name"), smiles = t.column("smiles"),
             drugbank = t.column("drugbank_ids"), usa = t.column("approved_usa"),
             europe = t.column("approved_europe"), japan = t.column("approved_japan"),
             combination = t.column("is_combination_therapy");
  const auto drugcentral = t.optional_column({"drugcentral_ids"}),
             inchikeys = t.optional_column({"inchikeys"}), chembl = t.optional_column({"chembl_ids"}),
             pubchem = t.optional_column({"pubchem_cids"}), unii = t.optional_column({"unii"}),
             umls = t.optional_column({"umls"}), mesh = t.optional_column({"mesh"}),
             cas = t.optional_column({"cas"}), marketing = t.optional_column({"marketing_status_usa"}),
             atc = t.optional_column({"atc_main"});
  std::vector<MasterRow> rows;
  while (run.next()) {
    if (run[curie].empty() || run[name].empty()) {
      run.reject("no curie or no name");
      continue;
    }
    const bool mixture = run[combination] == "TRUE" || run[combination] == "True" || run[combination] == "1";
    MasterRow row;
    row.record = {run.text(curie),
                  run.text(name),
                  mixture ? std::vector<std::string>() : list_in(run[drugbank]),
                  {},
                  {}};
    if (!mixture && run.store.find(drug, row.record.own_id) < 0) {
      const auto central = list_in(run[drugcentral]);
      const std::int64_t same = central.size() == 1 ? run.store.find(drug, "DRUGCENTRAL:" + central[0]) : -1;
      const std::int64_t named = run.store.find_named(drug, run.text(name));
      const std::int64_t known = named >= 0 ? named : same;
      if (known >= 0) row.record.known_id = run.store.id(drug, static_cast<std::uint32_t>(known));
    }
    row.facts.name = run.text(name);
    if (!mixture) {
      add_xrefs(row.facts, run[chembl], "CHEMBL:");
      add_xrefs(row.facts, run[pubchem], "PUBCHEM:");
      add_xrefs(row.facts, run[unii], "UNII:");
      add_xrefs(row.facts, run[umls], "UMLS:");
      add_xrefs(row.facts, run[mesh], "MESH:");
      add_xrefs(row.facts, run[cas], "CAS:");
    }
    const std::string regions = regions_of(run[usa], run[europe], run[japan]);
    row.facts.columns = {{"regions", regions},
                         {"marketing", marketing_of(run[marketing])},
                         {"atc", run.text(atc)},
                         {"status", regions.empty() ? "" : "approved"},
                         {"drug_type", mixture               ? "combination"
                                       : run[smiles].empty() ? "biologic"
                                                             : "small molecule"}};
    row.smiles = mixture ? std::string() : run.text(smiles);
    row.inchikey = run.text(inchikeys).substr(0, run.text(inchikeys).find('|'));
    row.place = run.place("structure");
    rows.push_back(std::move(row));
  }
  add_rows(run, rows, false);
}

void import_drug_structures(ImportRun& run) {
  const auto id = run.table.column("drugbank_id"), smiles = run.table.column("smiles");
  while (run.next()) {
    const std::int64_t row = run.store.find(drug, run.text(id));
    if (row < 0)
      run.pass_over();  // structures alone make no drug
    else
      give_structure(run, static_cast<std::uint32_t>(row), run[smiles], "");
  }
}

void import_drugbank_slim(ImportRun& run) {
  auto& t = run.table;
  const auto id = t.column("drugbank_id"), name = t.column("name"), groups = t.column("groups");
  const auto type = t.optional_column({"type"}), atc = t.optional_column({"atc_codes"}),
             inchikey = t.optional_column({"inchikey"});
  while (run.next()) {
    if (!is_entity_id(drug, run.text(id))) {
      run.reject(fmt::format("'{}' is no DrugBank id", run[id]));
      continue;
    }
    const auto words = list_in(run[groups]);
    const auto has = [&](const char* word) {
      return std::find(words.begin(), words.end(), word) != words.end();
    };
    EntityFacts facts;
    facts.id = run.text(id);
    facts.name = run.text(name);
    facts.columns = {{"drug_type", run.text(type)},
                     {"inchikey", plain_inchikey(run[inchikey])},
                     {"atc", run.text(atc)},
                     {"status", has("approved")          ? "approved"
                                : has("investigational") ? "clinical"
                                                         : ""}};
    run.entity(facts);
  }
}

}  // namespace theriac::datasets
