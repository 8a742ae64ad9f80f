// Importers: every public format on small files of our own (tests/data/store), whatever the order of columns
// and however often; bad rows end in the rejects with line and reason.
#include "datasets/store_import.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "chem/error.hpp"
#include "datasets/drug_structures.hpp"
#include "datasets/durable_file.hpp"
#include "datasets/gzip.hpp"
#include "datasets/import/import_table.hpp"
#include "datasets/store_check.hpp"
#include "tests/datasets/store_dump.hpp"
#include "tests/datasets/temporary_folder.hpp"

using namespace theriac;
using namespace theriac::datasets;
using Catch::Matchers::Contains;
namespace fs = std::filesystem;

namespace {

const std::string tables = std::string(THERIAC_TEST_DATA) + "/store";

void write(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

/// The small files, imported, written and opened again.
struct Built {
  TemporaryFolder folder;
  BuildReport report;
  std::vector<RejectedRow> rejected;
  Store store;

  explicit Built(const std::string& from = tables, LicenceChoice licence = LicenceChoice::any)
      : store(build(from, licence)) {}

  Store build(const std::string& from, LicenceChoice licence) {
    StoreBuilder builder;
    BuildOptions options;
    options.folders = {from};
    options.licence = licence;
    report = import_folders(builder, options);
    rejected = builder.rejected();
    builder.write(folder / "small.h5", builder.created());
    return Store::open(folder / "small.h5");
  }

  std::string drug(const std::string& id, const std::string& column) const {
    const auto row = store.find(EntityKind::drug, id);
    REQUIRE(row >= 0);
    const auto& text = store.entities(EntityKind::drug).text(column);
    return text.size() == 0 ? "" : std::string(text[static_cast<std::size_t>(row)]);
  }

  /// "strength direction reference note", one per link of the two ends and the source.
  std::string link(LinkKind kind, const std::string& from, const std::string& to,
                   const std::string& source) const {
    return link_of(store, kind, from, to, source);
  }

  static std::string link_of(const Store& opened, LinkKind kind, const std::string& from,
                             const std::string& to, const std::string& source) {
    const auto& table = opened.links(kind);
    const auto [from_kind, to_kind] = link_ends(kind);
    const auto a = opened.find(from_kind, from), b = opened.find(to_kind, to);
    std::string found;
    for (std::size_t i = 0; i < table.size(); ++i) {
      if (table.from[i] != a || table.to[i] != b || opened.sources()[table.source[i]].name != source)
        continue;
      const std::string strength =
          std::isnan(table.strength[i]) ? "-" : std::to_string(table.strength[i]).substr(0, 5);
      found += strength + " " + std::to_string(table.direction[i]) + " " + std::string(table.reference[i]) +
               " " + std::string(table.note[i]);
    }
    return found;
  }
};

const Built& built() {
  static const Built once;
  return once;
}

/// A copy of `from` with its columns the other way round.
void reverse_columns(const std::string& from, const std::string& to) {
  const char separator = from.find(".csv") != std::string::npos ? ',' : '\t';
  std::istringstream in(read_file(from));
  std::string out;
  for (std::string line; std::getline(in, line);) {
    if (line[0] == '!') {
      out += line + "\n";
      continue;
    }
    std::vector<std::string> cells;
    std::size_t at = 0;
    for (std::size_t end; (end = line.find(separator, at)) != std::string::npos; at = end + 1)
      cells.push_back(line.substr(at, end - at));
    cells.push_back(line.substr(at));
    for (std::size_t i = cells.size(); i-- > 0;) out += cells[i] + (i ? std::string(1, separator) : "\n");
  }
  write(to, out);
}

}  // namespace

TEST_CASE("drugs of several lists are one row, prodrugs and neighbours keep their own") {
  const auto& b = built();
  CHECK(b.drug("DB00945", "smiles") == "CC(=O)OC1=CC=CC=C1C(O)=O");
  CHECK(b.drug("DB00945", "key") == "CC(=O)Oc1ccccc1C(=O)O");
  CHECK(b.drug("DB00945", "inchikey") == "BSYNRYMUTXBXSQ-UHFFFAOYSA-N");
  CHECK(b.drug("DB00945", "regions") == "EU|JP|US");
  CHECK(b.drug("DB00945", "marketing") == "OTC|RX");
  CHECK(b.drug("DB00945", "atc") == "B01AC06|N02BA01");
  CHECK(b.drug("DB00945", "status") == "approved");
  CHECK(b.drug("DB00936", "regions") == "US");  // salicylic acid, which aspirin's row names too
  CHECK(b.drug("DB00051", "drug_type") == "biologic");
  CHECK(b.drug("RXCUI:1", "drug_type") == "combination");
  CHECK(b.drug("BROAD:examplinib", "phase") == "Phase 2");
  CHECK(b.drug("BROAD:examplinib", "status") == "clinical");
  const auto& drugs = b.store.entities(EntityKind::drug);
  const auto aspirin = static_cast<std::size_t>(b.store.find(EntityKind::drug, "DB00945"));
  CHECK_THAT(std::string(drugs.xrefs[aspirin]),
             Contains("BROAD:aspirin|BRD") || Contains("BRD-K11433652|BROAD:aspirin"));
  CHECK_THAT(std::string(drugs.xrefs[aspirin]),
             Contains("CHEMBL:CHEMBL25") && Contains("DRUGCENTRAL:74") && Contains("UNII:R16CO5Y76E"));
  // the Hub's methotrexatum has another name and no InChIKey of ours, but the key of methotrexate
  CHECK(b.store.find(EntityKind::drug, "BROAD:methotrexatum") == -1);
  const auto methotrexate = static_cast<std::size_t>(b.store.find(EntityKind::drug, "DB00563"));
  CHECK_THAT(std::string(drugs.xrefs[methotrexate]),
             Contains("BROAD:methotrexatum") && Contains("DRUGCENTRAL:9999"));
}

TEST_CASE("a drug whose structure cannot be read stays, without it") {
  const auto& b = built();
  CHECK(b.report.rejected_structures == 1);
  CHECK(b.drug("DRUGCENTRAL:9001", "smiles").empty());
  CHECK(b.drug("DRUGCENTRAL:9001", "key").empty());
  const auto& last = b.rejected.back();
  CHECK(last.file == "drugs_master.tsv");
  CHECK(last.line == 5);
  CHECK_THAT(last.reason, Contains("cannot read SMILES 'C1CC('"));
}

TEST_CASE("indications and failed trials find their diseases by UMLS") {
  const auto& b = built();
  CHECK(b.link(LinkKind::treats, "DB00563", "DOID:7148", "Hetionet v1.0, CtD") == "- 0  ");
  CHECK(b.link(LinkKind::treats, "DB00563", "DOID:7148", "PharmacotherapyDB") == "- 0  ");
  CHECK(b.link(LinkKind::palliates, "DB00945", "DOID:7148", "PharmacotherapyDB") == "- 0  ");
  CHECK(b.link(LinkKind::not_indicated, "DB00945", "DOID:8552", "PharmacotherapyDB") == "- 0  ");
  CHECK(b.link(LinkKind::treats, "DB00563", "DOID:8552", "DrugCentral indications (Rephetio)") ==
        "- 0  not yet judged by curators");
  CHECK(b.link(LinkKind::treats, "DB00563", "DOID:7148", "repoDB 2017") == "- 0  Rheumatoid Arthritis");
  // of the narrower term, by MONDO; two trials of one pair are one link
  CHECK(b.link(LinkKind::failed, "DB00619", "DOID:676", "repoDB 2017") ==
        "- 0 NCT00154336|NCT00154337 Terminated, Phase 2: low accrual, sponsor left; Withdrawn, Phase 1");
  CHECK(b.link(LinkKind::treats, "DB00945", "DOID:9256", "repoDB 2017") == "- 0  Malignant tumour of colon");
  CHECK(b.link(LinkKind::treats, "DB00945", "UMLS:C9999999", "repoDB 2017") == "- 0  Unheard disease");
  CHECK(b.link(LinkKind::treats, "DB00619", "DOID:8552", "DrugCentral 2016 indications") ==
        "- 0  Chronic Myeloid Leukemia");  // by its name
  CHECK(b.link(LinkKind::treats, "DB00945", "DOID:7148", "Drug Repurposing Hub") == "- 0  ");
  CHECK(b.link(LinkKind::is_a, "DOID:676", "DOID:7148", "Disease Ontology slim") == "1.000 0  ");
  const auto& diseases = b.store.entities(EntityKind::disease);
  CHECK(diseases.text("slim")[static_cast<std::size_t>(b.store.find(EntityKind::disease, "DOID:7148"))] ==
        "1");
  CHECK(
      diseases.text("slim")[static_cast<std::size_t>(b.store.find(EntityKind::disease, "DOID:676"))].empty());
}

TEST_CASE("targets come with action, affinity, reference and licence") {
  const auto& b = built();
  CHECK(b.link(LinkKind::binds, "DB00945", "5743", "DrugCentral 2016 targets") ==
        "- -1 https://example.org/label inhibitor");
  CHECK(b.link(LinkKind::binds, "DB00945", "UNIPROT:P0ABQ4", "DrugCentral 2016 targets") == "- 1  agonist");
  CHECK(b.link(LinkKind::binds, "DB00619", "25", "DrugCentral 2023 targets") == "- 0  ");
  CHECK(b.link(LinkKind::binds, "DB00619", "25", "BindingDB 2015, with ChEMBL") ==
        "8.000 0 PMID:1|PMID:15084136 ");
  CHECK(b.link(LinkKind::binds, "DB00945", "5742", "BindingDB 2015, BindingDB alone") == "6.000 0  ");
  CHECK(b.link(LinkKind::binds, "DB00945", "5743", "CbG evidence, target, CC BY-NC 4.0") ==
        "- -1 PMID:10505536|PMID:2 inhibitor");
  CHECK(b.link(LinkKind::binds, "DB00563", "1719", "CbG evidence, target, CC BY-SA 3.0") ==
        "9.301 0 https://example.org/a ");
  CHECK(b.link(LinkKind::binds, "DB00563", "5743", "CbG evidence, enzyme, CC BY-NC 4.0") == "- 0  substrate");
  CHECK(b.link(LinkKind::binds, "DB00945", "5742", "Drug Repurposing Hub") ==
        "- -1  cyclooxygenase inhibitor");
  const auto row = static_cast<std::size_t>(b.store.find(EntityKind::target, "7124"));
  CHECK(b.store.entities(EntityKind::target).text("sequence")[row] == "MSTESMIRDVELAEEALPKK");
  CHECK(b.store.entities(EntityKind::target).text("uniprot")[row] == "P01375");
  CHECK(b.store.find(EntityKind::target, "3") == -1);  // no protein and no link
}

TEST_CASE("the other links of Hetionet, SIDER, pathways and GO") {
  const auto& b = built();
  CHECK(b.store.links(LinkKind::interacts).size() == 2);  // one of the three is there both ways round
  CHECK(b.store.links(LinkKind::regulates).size() == 2);
  CHECK(b.link(LinkKind::expressed, "UBERON:0002107", "1719", "Hetionet v1.0, AuG") == "- 1  ");
  CHECK(b.link(LinkKind::expression_in, "DOID:7148", "1719", "Hetionet v1.0, DdG") == "- -1  ");
  CHECK(b.link(LinkKind::changes_expression, "DB00945", "1719", "Hetionet v1.0, CuG") == "- 1  ");
  CHECK(b.link(LinkKind::member_of, "DB00945", "N0000175722", "Hetionet v1.0, PCiC") == "- 0  ");
  CHECK(b.link(LinkKind::associated, "DOID:7148", "5743", "Hetionet v1.0 DaG, CC BY 4.0") == "- 0  DISEASES");
  CHECK(b.link(LinkKind::associated, "DOID:8552", "25", "Hetionet v1.0 DaG, licence not stated") ==
        "- 0  DISEASES|DisGeNET");
  CHECK(b.link(LinkKind::causes, "DB00945", "C0017181", "SIDER 4.1") ==
        "0.040 0  ");  // the mean of 2 % and 6 %
  CHECK(b.link(LinkKind::causes, "DB00945", "C0017181", "SIDER 4.1 labels") == "- 0  ");
  CHECK(b.link(LinkKind::takes_part, "25", "WP254", "Pathways, wikipathways") == "- 0  ");
  CHECK(b.link(LinkKind::process_of, "5743", "GO:0006954", "Gene Ontology, direct experimental") == "- 0  ");
  CHECK(b.link(LinkKind::resembles_disease, "DOID:7148", "DOID:8552", "MEDLINE co-mentions") ==
        "2.500 0  20 articles mention both");
  CHECK(check_store(b.folder / "small.h5").empty());
}

TEST_CASE("every row is taken, passed over or rejected with its line and reason") {
  const auto& b = built();
  std::int64_t rejected = 0;
  for (const auto& tally : b.report.tallies) rejected += tally.rejected;
  CHECK(rejected + 1 == static_cast<std::int64_t>(b.rejected.size()));  // and one structure
  std::map<std::string, std::string> reasons;
  for (const auto& row : b.rejected) reasons[row.file + ":" + std::to_string(row.line)] = row.reason;
  CHECK(reasons["hetionet_nodes.tsv:18"] == "unknown kind of node 'Planet'");
  CHECK(reasons["hetionet_nodes.tsv:19"] == "2 cells, the header has 3");
  CHECK(reasons["hetionet_CbG.tsv:4"] == "'no gene' is no id of a target");
  CHECK(reasons["repodb_2017.tsv:7"] ==
        "unknown status 'Completed', known: Approved, Terminated, Withdrawn, Suspended");
  CHECK(reasons["sider41_frequencies.tsv:4"] == "'1' to '5' is no share of patients");
  CHECK(reasons["meddra_all_se.tsv:4"] == "'STITCH' and 'x' are no STITCH ids");
  CHECK(reasons["meddra_all_se.tsv:5"] == "1 cells, the header has 6");
  CHECK(reasons["broad_hub_drugs_20200324.txt:4"] ==
        "'NOGENE' is the symbol of no gene in the store, or of several");

  const TemporaryFolder folder;
  write_rejects(folder / "r.csv", b.rejected);
  CHECK_THAT(
      read_file(folder / "r.csv"),
      Contains("file,line,reason,row\n") && Contains("hetionet_nodes.tsv,18,unknown kind of node 'Planet',"));
  write_rejects(folder / "r.csv", {});
  CHECK_FALSE(fs::exists(folder / "r.csv"));
  CHECK(rejects_path("x/full.h5") == "x/full.rejects.csv");
  CHECK(rejects_path("x/full.h5", "triples") == "x/full.triples.rejects.csv");
}

TEST_CASE("the order of columns does not matter, nor does compression") {
  const TemporaryFolder reversed;
  for (const auto& entry : fs::directory_iterator(tables)) {
    if (!entry.is_regular_file()) continue;
    const std::string name = entry.path().filename().string();
    if (name == "meddra_all_se.tsv") {  // its columns have no names
      fs::copy_file(entry.path(), reversed / name);
      continue;
    }
    reverse_columns(entry.path().string(), reversed / name);
    if (name < "h") continue;
    const std::string packed = gzip(read_file(reversed / name));
    fs::remove(reversed / name);
    write(reversed / name, packed);
  }
  const Built other(reversed.path());
  CHECK(store_dump(other.store) == store_dump(built().store));
  CHECK(other.rejected.size() == built().rejected.size());
}

TEST_CASE("importing any file again changes no byte") {
  const TemporaryFolder folder;
  StoreBuilder first(built().store);
  first.write(folder / "0.h5", "c");
  int imported = 0;
  for (const auto& tally : built().report.tallies) {
    const std::string path = tables + "/" + tally.file;
    for (const auto& format : import_formats()) {
      // the format that the build chose is the one whose source it names
      if (format.source.name != tally.source && tally.file != "drugcentral_indications_rephetio.tsv")
        continue;
      if (format.source.name != tally.source && format.name != "curated-indications") continue;
      ImportSource source;
      if (format.source.name != tally.source)
        source = {"DrugCentral indications (Rephetio)", "2016, commit 0e085ddb6aa4", "CC BY 4.0",
                  "https://github.com/dhimmel/drugcentral"};
      INFO(tally.file);
      StoreBuilder again(built().store);
      try {
        import_file(again, format, path, source);
      } catch (const InputError&) {
        continue;  // two formats of one source
      }
      complete_structures(again);
      again.write(folder / "1.h5", "c");
      const auto a = Store::open(folder / "0.h5"), b = Store::open(folder / "1.h5");
      CHECK(store_dump(a) == store_dump(b));
      ++imported;
      break;
    }
  }
  CHECK(imported >= 38);
}

TEST_CASE("only what a licence allows") {
  const Built open(tables, LicenceChoice::permissive);
  std::map<std::string, bool> left_out;
  for (const auto& tally : open.report.tallies) left_out[tally.file] = tally.left_out;
  CHECK(left_out["sider41_CcSE.tsv"]);
  CHECK(left_out["drugs_master.tsv"]);
  CHECK(left_out["broad_hub_drugs_20200324.txt"]);
  CHECK_FALSE(left_out["medi_approved_drugs.tsv"]);
  for (const auto& source : open.store.sources()) {
    INFO(source.name << ": " << source.licence);
    CHECK(source.licence_class == LicenceClass::permissive);
  }
  CHECK(open.store.links(LinkKind::causes).empty());
  CHECK(open.store.links(LinkKind::interacts).empty());
  CHECK(open.store.links(LinkKind::treats).size() > 0);
  CHECK(open.drug("DB00945", "smiles") == "CC(=O)OC1=CC=CC=C1C(=O)O");  // MEDI's, which is CC0
  const Built shared(tables, LicenceChoice::share_alike);
  for (const auto& source : shared.store.sources()) CHECK(source.licence_class <= LicenceClass::share_alike);
  CHECK(shared.store.sources().size() > open.store.sources().size());
}

TEST_CASE("BindingDB, ChEMBL, Open Targets, triples and hierarchies are added to a store, twice the same") {
  const TemporaryFolder folder;
  const std::vector<std::pair<std::string, std::string>> files = {{"bindingdb", "bindingdb.tsv"},
                                                                  {"chembl-activities", "chembl.csv"},
                                                                  {"open-targets", "open_targets.jsonl"},
                                                                  {"open-targets", "open_targets.tsv"},
                                                                  {"triples", "triples.tsv"},
                                                                  {"disease-hierarchy", "hierarchy.tsv"}};
  StoreBuilder builder(built().store);
  for (int time = 0; time < 2; ++time) {
    for (const auto& [format, file] : files)
      import_file(builder, import_format(format), tables + "/more/" + file);
    complete_structures(builder);
    builder.write(folder / std::to_string(time), "c");
    builder = StoreBuilder(Store::open(folder / std::to_string(time)));
  }
  CHECK(read_file(folder / "0") == read_file(folder / "1"));
  const auto store = Store::open(folder / "0");
  CHECK(Built::link_of(store, LinkKind::binds, "DB00945", "5742", "BindingDB") == "5.777 0 PMID:8978838 ");
  CHECK(Built::link_of(store, LinkKind::binds, "BINDINGDB:77", "UNIPROT:P21397", "BindingDB") == "8.000 0  ");
  CHECK(Built::link_of(store, LinkKind::binds, "DB00945", "CHEMBL:CHEMBL221", "ChEMBL activities") ==
        "5.301 0 CHEMBL:CHEMBL1 ");
  CHECK(store.find(EntityKind::target, "CHEMBL:CHEMBL230") == -1);  // a bound is no affinity
  CHECK(Built::link_of(store, LinkKind::associated, "DOID:7148", "7124", "Open Targets associations") ==
        "0.750 0  ");
  CHECK(Built::link_of(store, LinkKind::associated, "EFO:0000002", "ENSEMBL:ENSG00000000002",
                       "Open Targets associations") == "0.250 0  ");
  CHECK(Built::link_of(store, LinkKind::in_trial, "DB00945", "DOID:9256", "triples") ==
        "- 0 NCT02467582 phase 3");
  CHECK(Built::link_of(store, LinkKind::contraindicated, "DB00945", "MY:1", "triples") == "- 0  ");
  CHECK(Built::link_of(store, LinkKind::binds, "MY:drug", "25", "triples") == "7.500 -1  antagonist");
  CHECK(store.links(LinkKind::is_a).size() == built().store.links(LinkKind::is_a).size() + 2);
  CHECK(check_store(folder / "0").empty());
}

TEST_CASE("a cyclic hierarchy is cut where it closes, with a row in the rejects") {
  StoreBuilder builder;
  const auto tally = import_file(builder, import_format("disease-hierarchy"), tables + "/more/hierarchy.tsv");
  CHECK(tally.rows == 4);
  CHECK(tally.links == 2);
  REQUIRE(builder.rejected().size() == 2);
  CHECK(builder.rejected()[0].line == 4);
  CHECK(builder.rejected()[0].reason ==
        "the hierarchy is cyclic: 'DOID:676' is already below 'DOID:848', so it cannot be its parent");
}

TEST_CASE("what is missing from a file is said with file, line and the columns found") {
  const TemporaryFolder folder;
  StoreBuilder builder;
  const auto import = [&](const std::string& text) {
    write(folder / "x.tsv", text);
    return import_file(builder, import_format("repodb"), folder / "x.tsv");
  };
  CHECK_THROWS_WITH(import("drug_name\tdrug_id\tphase\nA\tDB00001\t2\n"),
                    Contains("x.tsv', line 1: no column 'ind_id'"));
  try {
    import("drug_name\tdrug_id\tphase\nA\tDB00001\t2\n");
  } catch (const InputError& error) {
    CHECK(error.hint() == "the columns are: drug_name, drug_id, phase");
  }
  CHECK_THROWS_WITH(import(""), Contains("no header line"));
  CHECK_THROWS_AS(import_file(builder, import_format("repodb"), folder / "none.tsv"), InputError);
  CHECK_THROWS_WITH(import_format("repdob"), Contains("did you mean 'repodb'?"));
  write(folder / "edges.tsv", "source\ttarget\nDB00001\tDOID:1\n");
  CHECK_THROWS_WITH(import_file(builder, import_format("hetionet-edges"), folder / "edges.tsv"),
                    Contains("no column 'metaedge'"));
  const std::string packed =
      gzip("drug_id\tind_id\tstatus\nDB00001\tC0000001\tApproved\nDB00001\tC0000002\tApproved\n");
  write(folder / "cut.tsv.gz", packed.substr(0, packed.size() - 9));
  CHECK_THROWS_WITH(import_file(builder, import_format("repodb"), folder / "cut.tsv.gz"),
                    Contains("incomplete"));
  BuildOptions options;
  options.folders = {folder.path()};
  CHECK_THROWS_WITH(import_folders(builder, options), Contains("has a known name"));
  options.folders = {folder / "nowhere"};
  CHECK_THROWS_WITH(import_folders(builder, options), Contains("folder not found"));
}

TEST_CASE("hostile rows are rejected one by one") {
  const TemporaryFolder folder;
  StoreBuilder builder;
  std::string text =
      "\xef\xbb\xbf"
      "drug_id\tind_id\tstatus\r\n";
  text += "DB00001\tC0000001\tApproved\r\n";
  text += "DB00001\tC\xff\tApproved\n";
  text += std::string("DB00001\tC\0\tApproved\n", 21);
  text += "DB00001\tC0000001\tApproved\textra\n";
  text += std::string(2 << 20, 'x') + "\n";
  text += "'; DROP TABLE drugs\tC0000002\tApproved\n\n";
  text += "DB00002\tC0000002\tApproved";
  write(folder / "x.tsv", text);
  const auto tally = import_file(builder, import_format("repodb"), folder / "x.tsv");
  CHECK(tally.rows == 7);
  CHECK(tally.links == 2);
  REQUIRE(builder.rejected().size() == 5);
  CHECK(builder.rejected()[0].reason == "not UTF-8 text");
  CHECK(builder.rejected()[2].reason == "4 cells, the header has 3");
  CHECK_THAT(builder.rejected()[3].reason, Contains("longer than"));
  CHECK(builder.rejected()[3].row.size() == 1000);
  CHECK(builder.rejected()[4].reason == "''; DROP TABLE drugs' is no id of a drug");
}

TEST_CASE("quoted cells may hold separators, quotes and line ends") {
  const TemporaryFolder folder;
  write(folder / "x.csv", "a;b,c;\"d\"\n1;\"two; \"\"2\"\"\";\"three\nlines\"\n\"open;2;3\n");
  ImportTable table(folder / "x.csv");
  const auto a = table.column("a"), b = table.column("b,c"), d = table.column("D");
  REQUIRE(table.next());
  CHECK(table.trouble().empty());
  CHECK(table.cell(a) == "1");
  CHECK(table.cell(b) == "two; \"2\"");
  CHECK(table.cell(d) == "three\nlines");
  REQUIRE(table.next());
  CHECK(table.trouble() == "a quote is never closed");
  CHECK_FALSE(table.next());
}

TEST_CASE("a failed import leaves nothing half done in the file") {
  const TemporaryFolder folder;
  StoreBuilder builder(built().store);
  builder.write(folder / "a.h5", "c");
  const std::string before = read_file(folder / "a.h5");
  StoreBuilder other(Store::open(folder / "a.h5"));
  write(folder / "bad.tsv", "nothing\tof\tuse\n");
  CHECK_THROWS_AS(import_file(other, import_format("triples"), folder / "bad.tsv"), InputError);
  CHECK(read_file(folder / "a.h5") == before);
}

TEST_CASE("docking scores become links with their run, whatever a molecule is called") {
  Built built;
  const auto of = [&](const std::string& csv, const std::string& target = "INS") {
    write(built.folder / "scores.csv", csv);
    StoreBuilder builder(Store::open(built.folder / "small.h5"));
    const auto tally = import_file(builder, import_format("docking"), built.folder / "scores.csv", {},
                                   LicenceChoice::any, target);
    builder.write(built.folder / "docked.h5", builder.created());
    std::string reasons;
    for (const auto& row : builder.rejected()) reasons += row.reason + "\n";
    return std::make_pair(tally, reasons);
  };
  const auto& drugs = built.store.entities(EntityKind::drug);
  std::size_t with_key = 0;
  while (drugs.text("inchikey")[with_key].empty()) ++with_key;
  const std::string key(drugs.text("inchikey")[with_key]), id(drugs.id[with_key]);
  const std::string target(built.store.entities(EntityKind::target).id[0]);

  const auto [tally, reasons] =
      of("name,status,inchikey,score_kcal_mol,failed_checks\n"
         "ligand-7,ok," +
             key + ",-8.25,\n" + id + ",duplicate,,-9.5,protein_clash\n" +
             "ligand-8,failed,,,\nligand-9,ok,QZQZQZQZQZQZQZ-UHFFFAOYSA-N,-7,\n" + id + ",ok,,low,\n" + id +
             ",ok,QZQZQZQZQZQZQZ-UHFFFAOYSA-N,-11,\n",
         target);
  CHECK(tally.rows == 6);
  CHECK(tally.links == 1);
  CHECK(tally.passed_over == 1);
  CHECK_THAT(reasons, Contains("no drug of the store is 'ligand-9'") &&
                          Contains("'low' is no docking score in kcal/mol") &&
                          Contains("has another structure than the drug of that name"));
  const auto docked = Store::open(built.folder / "docked.h5");
  CHECK(Built::link_of(docked, LinkKind::docked, id, target, "docking scores") ==
        "-9.50 0  pose fails protein_clash");
  CHECK(check_store(built.folder / "docked.h5").empty());

  CHECK_THAT(of("name,score_kcal_mol\n" + id + ",-7\n", "NOGENE").second,
             Contains("no target of the store is 'NOGENE'"));
  CHECK(of("drug_id,target,affinity\n" + id + "," + target + ",-7\n", "").first.links == 1);
  CHECK_THROWS_WITH(of("name,score_kcal_mol\nx,-7\n", ""), Contains("into which target"));
  CHECK_THROWS_WITH(of("name,target\nx,y\n"), Contains("score_kcal_mol"));
  TemporaryFolder empty;
  StoreBuilder builder;
  CHECK_THROWS_AS(import_file(builder, import_format("docking"), empty.path(), {}, LicenceChoice::any, "INS"),
                  InputError);
}
