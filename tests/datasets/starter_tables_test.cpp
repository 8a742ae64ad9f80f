// The tables of the starter store hold together: identifiers are unique and well formed, every link resolves,
// structures parse, and there is as much as datasets/tables/README.md promises.
#include "tests/datasets/starter_tables.hpp"

#include <catch2/catch.hpp>
#include <regex>
#include <set>

#include "chem/molecule.hpp"

using namespace theriac::testing;

namespace {

/// The values of `column`; each must be there and stand in one row only.
std::set<std::string> keys(const std::vector<Row>& rows, const std::string& column) {
  std::set<std::string> seen;
  for (const auto& row : rows) {
    INFO(column << " " << row.at(column));
    CHECK_FALSE(row.at(column).empty());
    CHECK(seen.insert(row.at(column)).second);
  }
  return seen;
}

/// Identifiers that may be missing, but then look like `pattern` and name one row.
void check_identifiers(const std::vector<Row>& rows, const std::string& column, const std::string& pattern) {
  const std::regex form(pattern);
  std::set<std::string> seen;
  for (const auto& row : rows) {
    const std::string& id = row.at(column);
    if (id.empty()) continue;
    INFO(column << " " << id);
    CHECK(std::regex_match(id, form));
    CHECK(seen.insert(id).second);
  }
}

void check_resolves(const std::vector<Row>& rows, const std::string& column,
                    const std::set<std::string>& known) {
  for (const auto& row : rows) {
    INFO(column << " '" << row.at(column) << "'");
    CHECK(known.count(row.at(column)) == 1);
  }
}

void check_among(const std::vector<Row>& rows, const std::string& column,
                 const std::set<std::string>& allowed) {
  for (const auto& row : rows)
    for (const auto& value : split(row.at(column), '|')) {
      INFO(column << " '" << value << "'");
      CHECK(allowed.count(value) == 1);
    }
}

/// No two rows say the same of the same pair, and each names its source.
void check_pairs(const std::vector<Row>& rows, const std::vector<std::string>& columns) {
  std::set<std::string> seen;
  for (const auto& row : rows) {
    std::string key;
    for (const auto& column : columns) key += row.at(column) + "\t";
    INFO(key);
    CHECK(seen.insert(key).second);
    CHECK_FALSE(row.at("source").empty());
  }
}

std::size_t count(const std::vector<Row>& rows, const std::string& column, const std::string& value) {
  std::size_t n = 0;
  for (const auto& row : rows) n += row.at(column) == value;
  return n;
}

}  // namespace

TEST_CASE("drugs of the starter store are distinct, and their structures parse") {
  const auto drugs = read_table("drugs.csv");
  keys(drugs, "name");
  check_identifiers(drugs, "drugbank_id", "DB[0-9]{5}");
  check_identifiers(drugs, "chembl_id", "CHEMBL[0-9]+");
  check_among(drugs, "status", {"approved", "withdrawn", "discontinued"});
  check_among(drugs, "regions", {"US", "EU", "JP"});
  std::map<std::string, std::string> structures;
  std::set<char> atc_groups;
  std::size_t approved_with_structure = 0;
  for (const auto& drug : drugs) {
    INFO(drug.at("name"));
    CHECK_FALSE(drug.at("status").empty());
    CHECK_FALSE(drug.at("source").empty());
    CHECK_FALSE(drug.at("class").empty());
    REQUIRE_FALSE(drug.at("atc").empty());
    atc_groups.insert(drug.at("atc")[0]);
    if (drug.at("smiles").empty()) continue;
    const auto smiles = theriac::chem::Molecule::from_smiles(drug.at("smiles")).smiles();
    const auto inserted = structures.emplace(smiles, drug.at("name"));
    INFO("same structure: " << inserted.first->second);
    CHECK(inserted.second);
    approved_with_structure += drug.at("status") == "approved";
  }
  CHECK(approved_with_structure >= 750);
  CHECK(std::string(atc_groups.begin(), atc_groups.end()) == "ABCDGHJLMNPRSV");
}

TEST_CASE("a name or synonym of a drug of the starter store means one drug") {
  std::map<std::string, std::string> owner;
  for (const auto& drug : read_table("drugs.csv")) {
    auto names = split(drug.at("synonyms"), '|');
    names.push_back(drug.at("name"));
    for (const auto& name : names) {
      INFO(name << " of " << drug.at("name") << " and " << owner[name]);
      CHECK((owner[name].empty() || owner[name] == drug.at("name")));
      owner[name] = drug.at("name");
    }
  }
}

TEST_CASE("targets of the starter store are distinct and carry their accessions") {
  const auto targets = read_table("targets.csv");
  keys(targets, "gene");
  check_identifiers(targets, "uniprot", "[OPQ][0-9][A-Z0-9]{3}[0-9]|[A-NR-Z][0-9][A-Z][A-Z0-9]{2}[0-9]");
  check_identifiers(targets, "entrez", "[0-9]+");
  CHECK(targets.size() >= 1200);
  CHECK(count(targets, "uniprot", "") <= 1);  // TERC is an RNA
  CHECK(count(targets, "name", "") == 0);
  CHECK(count(targets, "family", "") == 0);
}

TEST_CASE("diseases of the starter store form a hierarchy without cycles under one root") {
  const auto diseases = read_table("diseases.csv");
  const auto known = keys(diseases, "doid");
  keys(diseases, "name");
  check_identifiers(diseases, "doid", "(DOID|THD):[0-9]+");
  check_identifiers(diseases, "mondo", "MONDO:[0-9]{7}");
  check_identifiers(diseases, "umls", "C[0-9]{7}");
  check_identifiers(diseases, "mesh", "D[0-9]{6,9}");
  CHECK(diseases.size() >= 150);
  std::map<std::string, std::vector<std::string>> parents;
  for (const auto& disease : diseases) {
    parents[disease.at("doid")] = split(disease.at("parent"), '|');
    for (const auto& parent : parents[disease.at("doid")]) CHECK(known.count(parent) == 1);
  }
  for (const auto& [doid, unused] : parents) {
    INFO(doid);
    std::set<std::string> above = {doid};
    std::vector<std::string> frontier = {doid};
    while (!frontier.empty()) {
      const std::string at = frontier.back();
      frontier.pop_back();
      for (const auto& parent : parents[at]) {
        CHECK(parent != doid);
        if (above.insert(parent).second) frontier.push_back(parent);
      }
    }
    CHECK(above.count("DOID:4") == 1);
  }
}

TEST_CASE("links between drugs and targets of the starter store resolve") {
  const auto links = read_table("drug_targets.csv");
  check_resolves(links, "drug", keys(read_table("drugs.csv"), "name"));
  check_resolves(links, "gene", keys(read_table("targets.csv"), "gene"));
  check_among(links, "direction", {"-1", "0", "1"});
  check_pairs(links, {"drug", "gene"});
  CHECK(links.size() >= 1200);
  const std::map<std::string, std::string> direction_of = {{"inhibitor", "-1"},
                                                           {"agonist", "1"},
                                                           {"antagonist", "-1"},
                                                           {"blocker", "-1"},
                                                           {"activator", "1"},
                                                           {"partial agonist", "0"},
                                                           {"inverse agonist", "-1"},
                                                           {"opener", "1"},
                                                           {"degrader", "-1"},
                                                           {"releaser", "-1"},
                                                           {"functional antagonist", "-1"},
                                                           {"modulator", "0"},
                                                           {"positive modulator", "1"}};
  for (const auto& link : links) {
    INFO(link.at("drug") << " " << link.at("gene") << " " << link.at("action"));
    REQUIRE(direction_of.count(link.at("action")) == 1);
    CHECK(direction_of.at(link.at("action")) == link.at("direction"));
    if (link.at("strength").empty()) continue;
    CHECK(std::stod(link.at("strength")) >= 2);
    CHECK(std::stod(link.at("strength")) <= 12);
  }
}

TEST_CASE("links between drugs and diseases of the starter store resolve and do not contradict") {
  const auto links = read_table("drug_diseases.csv");
  check_resolves(links, "drug", keys(read_table("drugs.csv"), "name"));
  check_resolves(links, "doid", keys(read_table("diseases.csv"), "doid"));
  check_among(links, "relation",
              {"indication", "off_label", "in_trial", "failed", "contraindication", "withdrawn_for"});
  check_pairs(links, {"drug", "doid", "relation"});
  CHECK(count(links, "relation", "indication") >= 1400);
  CHECK(count(links, "relation", "contraindication") >= 800);
  CHECK(count(links, "relation", "failed") >= 240);
  std::set<std::string> used;
  for (const auto& link : links)
    if (link.at("relation") == "indication" || link.at("relation") == "off_label")
      used.insert(link.at("drug") + link.at("doid"));
  for (const auto& link : links) {
    INFO(link.at("drug") << " " << link.at("doid") << " " << link.at("relation"));
    const bool against = link.at("relation") == "contraindication" || link.at("relation") == "failed";
    CHECK_FALSE((against && used.count(link.at("drug") + link.at("doid")) == 1));
  }
}

TEST_CASE("links between diseases and targets of the starter store resolve") {
  const auto links = read_table("disease_targets.csv");
  check_resolves(links, "doid", keys(read_table("diseases.csv"), "doid"));
  check_resolves(links, "gene", keys(read_table("targets.csv"), "gene"));
  check_among(links, "direction", {"-1", "0", "1"});
  check_among(links, "kind", {"genetic", "mechanistic", "drug target", "biomarker"});
  check_pairs(links, {"doid", "gene"});
  CHECK(links.size() >= 2400);
}

TEST_CASE("pathways and interactions of the starter store resolve") {
  const auto genes = keys(read_table("targets.csv"), "gene");
  const auto pathways = read_table("pathways.csv");
  check_identifiers(pathways, "pathway", "hsa[0-9]{5}|THP:[0-9]{3}");
  const auto members = read_table("target_pathways.csv");
  check_resolves(members, "gene", genes);
  check_resolves(members, "pathway", keys(pathways, "pathway"));
  check_pairs(members, {"gene", "pathway"});
  CHECK(pathways.size() >= 100);
  CHECK(members.size() >= 2400);
  const auto interactions = read_table("target_interactions.csv");
  check_resolves(interactions, "gene_a", genes);
  check_resolves(interactions, "gene_b", genes);
  check_among(interactions, "kind", {"ligand-receptor", "complex", "phosphorylation", "signalling"});
  CHECK(interactions.size() >= 700);
  std::set<std::set<std::string>> pairs;
  for (const auto& interaction : interactions) {
    const std::set<std::string> pair = {interaction.at("gene_a"), interaction.at("gene_b")};
    INFO(interaction.at("gene_a") << " " << interaction.at("gene_b"));
    CHECK(pair.size() == 2);
    CHECK(pairs.insert(pair).second);
    CHECK_FALSE(interaction.at("source").empty());
  }
}
