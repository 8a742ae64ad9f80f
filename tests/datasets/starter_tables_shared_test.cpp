// The starter store against public references: how many structures equal those of DrugCentral 2023, how many
// equal but for stereo marks and tautomers, and whether the genes carry the ids of NCBI Gene and UniProt.
#include <catch2/catch.hpp>
#include <filesystem>
#include <sstream>

#include "chem/error.hpp"
#include "chem/molecule.hpp"
#include "chem/standardise.hpp"
#include "chem/tautomer_skeleton.hpp"
#include "datasets/gzip.hpp"
#include "tests/datasets/starter_tables.hpp"

using namespace theriac::testing;
using theriac::chem::Molecule;

namespace {

const std::string library = THERIAC_SHARED_DATA "/data/repurposing/library/drugs_master.tsv.gz";
const std::string genes = THERIAC_SHARED_DATA "/data/repurposing/kg/genes_entrez_symbol_uniprot.tsv.gz";

std::vector<std::vector<std::string>> tab_lines(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  std::istringstream text(theriac::datasets::gunzip(bytes.str()));
  std::vector<std::vector<std::string>> lines;
  for (std::string line; std::getline(text, line);) lines.push_back(split(line, '\t'));
  return lines;
}

/// The reference structure by lower-case name.
std::map<std::string, std::string> reference_structures() {
  std::map<std::string, std::string> structures;
  for (const auto& fields : tab_lines(library))
    if (fields.size() > 3) structures[fields[1]] = fields[3];
  return structures;
}

std::string parent(const std::string& smiles) {
  return theriac::chem::standardised(Molecule::from_smiles(smiles)).smiles();
}

}  // namespace

TEST_CASE("structures of the starter store equal the reference") {
  if (!std::filesystem::exists(library)) {
    WARN("skipped: needs ../shared/data/repurposing/library");
    return;
  }
  const auto reference = reference_structures();
  std::size_t compared = 0, equal = 0, skeleton_equal = 0;
  std::string others;
  for (const auto& drug : read_table("drugs.csv")) {
    const auto found = reference.find(drug.at("name"));
    if (drug.at("smiles").empty() || found == reference.end()) continue;
    const auto ours = parent(drug.at("smiles")), theirs = parent(found->second);
    ++compared;
    equal += ours == theirs;
    const bool same_skeleton = theriac::chem::tautomer_skeleton(Molecule::from_smiles(ours)) ==
                               theriac::chem::tautomer_skeleton(Molecule::from_smiles(theirs));
    skeleton_equal += same_skeleton;
    if (!same_skeleton) others += " " + drug.at("name");
  }
  WARN(equal << " of " << compared << " structures equal the reference, " << skeleton_equal
             << " but for stereo marks and tautomers; not:" << others);
  CHECK(compared >= 650);
  CHECK(equal * 100 >= compared * 92);
  CHECK(skeleton_equal + 5 >= compared);
}

TEST_CASE("genes of the starter store carry the accessions of NCBI Gene and UniProt") {
  if (!std::filesystem::exists(genes)) {
    WARN("skipped: needs ../shared/data/repurposing/kg");
    return;
  }
  std::map<std::string, std::pair<std::string, std::string>> reference;  // by NCBI id: symbol, accessions
  for (const auto& fields : tab_lines(genes))
    if (fields.size() == 3) reference[fields[0]] = {fields[1], "|" + fields[2] + "|"};
  std::size_t compared = 0, symbols = 0, accessions = 0;
  for (const auto& target : read_table("targets.csv")) {
    const auto found = reference.find(target.at("entrez"));
    if (found == reference.end() || target.at("uniprot").empty()) continue;
    ++compared;
    symbols += found->second.first == target.at("gene");
    accessions += found->second.second.find("|" + target.at("uniprot") + "|") != std::string::npos;
  }
  WARN(accessions << " of " << compared << " genes have the accession of the reference, " << symbols
                  << " its symbol");
  CHECK(compared >= 1200);
  CHECK(accessions + 5 >= compared);
  CHECK(symbols + 25 >= compared);  // symbols renamed since 2016
}
