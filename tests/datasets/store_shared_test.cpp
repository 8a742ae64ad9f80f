// The full store of ../shared/data/repurposing: counts as published, soundness, time to build and to open.
#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <map>

#include "datasets/sha256.hpp"
#include "datasets/store_check.hpp"
#include "datasets/store_import.hpp"
#include "tests/datasets/temporary_folder.hpp"

using namespace theriac::datasets;

namespace {

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

std::map<std::string, std::size_t> links_by_source(const Store& store, LinkKind kind) {
  std::map<std::string, std::size_t> counts;
  for (const auto source : store.links(kind).source) ++counts[store.sources()[source].name];
  return counts;
}

}  // namespace

TEST_CASE("the full store has what its sources publish, and opens in a moment") {
  const std::string data = std::string(THERIAC_SHARED_DATA) + "/data/repurposing";
  if (!std::filesystem::exists(data)) {
    WARN("skipped: needs ../shared/data/repurposing");
    return;
  }
  const TemporaryFolder folder;
  BuildOptions options;
  options.folders = {data};
  auto start = std::chrono::steady_clock::now();
  StoreBuilder builder;
  const auto report = import_folders(builder, options);
  builder.write(folder / "full.h5", builder.created());
  CHECK(seconds_since(start) < 60);
  for (const auto& tally : report.tallies) {
    INFO(tally.file);
    const bool free_text =
        tally.file.find("drugcentral2016_indications") == 0;  // 22 % of its rows name no concept
    CHECK(tally.rejected <= (free_text ? tally.rows / 4 : 30));
    CHECK(tally.file.find("proximity") == std::string::npos);
  }
  StoreBuilder second;
  import_folders(second, options);
  second.write(folder / "again.h5", second.created());
  CHECK(sha256_of_file(folder / "full.h5") == sha256_of_file(folder / "again.h5"));

  for (const std::string format : {"repodb:kg/repodb_2017", "medi:library/medi_approved_drugs",
                                   "drug-hub:noncommercial/broad_hub_drugs_20200324"}) {
    INFO(format);
    const auto colon = format.find(':');
    StoreBuilder third(Store::open(folder / "full.h5"));
    import_file(third, import_format(format.substr(0, colon)),
                data + "/" + format.substr(colon + 1) + ".tsv.gz");
    third.write(folder / "again.h5", third.created());
    CHECK(sha256_of_file(folder / "full.h5") == sha256_of_file(folder / "again.h5"));
  }

  start = std::chrono::steady_clock::now();
  const auto store = Store::open(folder / "full.h5");
  CHECK(store.find(EntityKind::disease, "DOID:7148") >= 0);
  CHECK(store.links(LinkKind::treats).size() > 15000);
  CHECK(store.name_count() > 300000);
  const double opening = seconds_since(start);
  WARN("opened, with the links that treat and all names checked, in " << opening << " s");
  CHECK(opening < 0.3);

  std::size_t slim = 0;
  for (std::size_t i = 0; i < store.entities(EntityKind::disease).size(); ++i)
    slim += store.entities(EntityKind::disease).text("slim")[i] == "1";
  CHECK(slim == 137);
  CHECK(links_by_source(store, LinkKind::treats)["Hetionet v1.0, CtD"] == 590);
  CHECK(links_by_source(store, LinkKind::palliates)["Hetionet v1.0, CpD"] == 351);
  CHECK(links_by_source(store, LinkKind::not_indicated)["PharmacotherapyDB"] == 200);
  CHECK(links_by_source(store, LinkKind::binds)["Hetionet v1.0, CbG"] == 11571);
  CHECK(links_by_source(store, LinkKind::interacts)["Hetionet v1.0, GiG"] == 147164);
  CHECK(links_by_source(store, LinkKind::regulates)["Hetionet v1.0, Gr>G"] == 265672);
  CHECK(links_by_source(store, LinkKind::causes)["SIDER 4.1"] == 124776);
  CHECK(links_by_source(store, LinkKind::associated).size() == 3);
  CHECK(store.entities(EntityKind::anatomy).size() == 402);

  // the 1,552 compounds of Hetionet keep their ids, and nearly all have a structure
  const auto& binds = store.links(LinkKind::changes_expression);
  CHECK(binds.size() == 21102 + 18756);
  const auto nodes = data + "/kg/hetionet_nodes.tsv.gz";
  ImportTable table(nodes);
  const auto id = table.column("id");
  std::size_t compounds = 0, structures = 0;
  while (table.next()) {
    const std::string text(table.cell(id));
    if (text.compare(0, 10, "Compound::") != 0) continue;
    const auto row = store.find(EntityKind::drug, text.substr(10));
    compounds += row >= 0;
    structures +=
        row >= 0 && !store.entities(EntityKind::drug).text("key")[static_cast<std::size_t>(row)].empty();
  }
  CHECK(compounds == 1552);
  CHECK(structures >= 1464);
  const auto faults = check_store(folder / "full.h5");
  for (const auto& fault : faults) INFO(fault.place << ": " << fault.what);
  CHECK(faults.empty());
}

TEST_CASE("a permissive store has permissive sources only") {
  const std::string data = std::string(THERIAC_SHARED_DATA) + "/data/repurposing";
  if (!std::filesystem::exists(data)) {
    WARN("skipped: needs ../shared/data/repurposing");
    return;
  }
  const TemporaryFolder folder;
  BuildOptions options;
  options.folders = {data};
  options.licence = LicenceChoice::permissive;
  StoreBuilder builder;
  import_folders(builder, options);
  builder.write(folder / "open.h5", builder.created());
  const auto store = Store::open(folder / "open.h5");
  for (const auto& source : store.sources()) {
    INFO(source.name);
    CHECK(source.licence_class == LicenceClass::permissive);
  }
  CHECK(store.links(LinkKind::causes).empty());
  CHECK(store.links(LinkKind::treats).size() > 9000);
  CHECK(store.entities(EntityKind::drug).size() > 3000);
}
