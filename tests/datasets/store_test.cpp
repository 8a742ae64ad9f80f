// The knowledge store: what is added is what is read, whatever the order and however often.
#include "datasets/store.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "chem/error.hpp"
#include "datasets/action_direction.hpp"
#include "datasets/durable_file.hpp"
#include "datasets/store_builder.hpp"
#include "datasets/store_check.hpp"
#include "tests/datasets/store_dump.hpp"
#include "tests/datasets/temporary_folder.hpp"

using namespace theriac;
using namespace theriac::datasets;
using Catch::Matchers::Contains;

namespace {

EntityFacts facts(EntityKind kind, const std::string& id, const std::string& name) {
  EntityFacts made;
  made.kind = kind;
  made.id = id;
  made.name = name;
  return made;
}

LinkFacts link(LinkKind kind, std::uint32_t from, std::uint32_t to, std::uint16_t source) {
  LinkFacts made;
  made.kind = kind;
  made.from = from;
  made.to = to;
  made.source = source;
  return made;
}

/// Two drugs, two targets, a disease with a parent.
StoreBuilder example() {
  StoreBuilder store;
  auto aspirin = facts(EntityKind::drug, "DB00945", "Acetylsalicylic acid");
  aspirin.synonyms = {"Aspirin"};
  aspirin.xrefs = {"CHEMBL:CHEMBL25"};
  aspirin.columns = {{"smiles", "CC(=O)Oc1ccccc1C(=O)O"}, {"regions", "US"}};
  const auto drug = store.add_entity(aspirin);
  const auto other = store.add_entity(facts(EntityKind::drug, "DB00619", "Imatinib"));
  const auto cox1 = store.add_entity(facts(EntityKind::target, "5742", "PTGS1"));
  const auto cox2 = store.add_entity(facts(EntityKind::target, "5743", "PTGS2"));
  const auto arthritis = store.add_entity(facts(EntityKind::disease, "DOID:7148", "rheumatoid arthritis"));
  const auto above = store.add_entity(facts(EntityKind::disease, "DOID:848", "arthritis"));
  const auto label = store.add_source({"labels", "2020", "CC0 1.0", LicenceClass::permissive, "u", "f", "s"});
  const auto assays =
      store.add_source({"assays", "1999", "CC BY-SA 3.0", LicenceClass::share_alike, "", "", ""});
  auto binds = link(LinkKind::binds, drug, cox1, assays);
  binds.strength = 5.5F;
  binds.direction = -1;
  binds.note = "inhibitor";
  binds.reference = "PMID:1";
  CHECK(store.add_link(binds).empty());
  CHECK(store.add_link(link(LinkKind::binds, drug, cox2, assays)).empty());
  CHECK(store.add_link(link(LinkKind::binds, drug, cox1, label)).empty());
  CHECK(store.add_link(link(LinkKind::palliates, drug, arthritis, label)).empty());
  CHECK(store.add_link(link(LinkKind::is_a, arthritis, above, label)).empty());
  CHECK(store.add_link(link(LinkKind::interacts, cox2, cox1, assays)).empty());
  CHECK(store.add_link(link(LinkKind::treats, other, arthritis, label)).empty());
  return store;
}

}  // namespace

TEST_CASE("a store is read as it was written") {
  const TemporaryFolder folder;
  auto builder = example();
  const auto counts = builder.write(folder / "a.h5", builder.created());
  CHECK(counts.entities[0] == 2);
  CHECK(counts.links[static_cast<int>(LinkKind::binds)] == 3);
  CHECK_FALSE(std::filesystem::exists(folder / "a.h5.tmp"));

  const auto store = Store::open(folder / "a.h5");
  CHECK(store.schema_version() == store_schema_version);
  CHECK_THAT(store.created(), Contains("Theriac ") && Contains("data to 2020"));
  REQUIRE(store.sources().size() == 2);
  CHECK(store.sources()[0].name == "assays");
  CHECK(store.sources()[0].licence_class == LicenceClass::share_alike);
  CHECK(store.sources()[1].sha256 == "s");

  const auto& drugs = store.entities(EntityKind::drug);
  REQUIRE(drugs.size() == 2);
  CHECK(store.find(EntityKind::drug, "DB00945") == 1);
  CHECK(store.find(EntityKind::drug, "DB00944") == -1);
  CHECK(store.find(EntityKind::drug, "") == -1);
  CHECK(drugs.name[1] == "Acetylsalicylic acid");
  CHECK(drugs.synonyms[1] == "Aspirin");
  CHECK(drugs.xrefs[1] == "CHEMBL:CHEMBL25");
  CHECK(drugs.text("regions")[1] == "US");
  CHECK(drugs.text("smiles")[0].empty());
  CHECK(drugs.text("no such column").size() == 0);
  CHECK(store.entities(EntityKind::anatomy).size() == 0);

  const auto& binds = store.links(LinkKind::binds);
  REQUIRE(binds.size() == 3);
  CHECK(binds.from_offsets.size() == 3);
  CHECK(binds.from_offsets[0] == 0);
  CHECK(binds.from_offsets[1] == 0);  // imatinib has none
  CHECK(binds.from_offsets[2] == 3);
  CHECK(binds.to_offsets[1] == 2);
  CHECK(binds.by_to[2] == 2);
  CHECK(binds.strength[0] == 5.5F);
  CHECK(std::isnan(binds.strength[1]));
  CHECK(binds.direction[0] == -1);
  CHECK(binds.note[0] == "inhibitor");
  CHECK(binds.reference[0] == "PMID:1");
  CHECK(store.sources()[binds.source[1]].name == "labels");
}

TEST_CASE("kinds of links that are not there can be walked like the others") {
  const TemporaryFolder folder;
  example().write(folder / "a.h5", "");
  const auto store = Store::open(folder / "a.h5");
  const auto& none = store.links(LinkKind::causes);
  CHECK(none.empty());
  CHECK(none.from_offsets.size() == 3);
  CHECK(none.to_offsets.size() == 1);
  CHECK(none.from_offsets[2] == 0);
}

TEST_CASE("an undirected link is stored once, from the smaller row") {
  const TemporaryFolder folder;
  auto builder = example();
  const auto cox1 = static_cast<std::uint32_t>(builder.find(EntityKind::target, "5742")),
             cox2 = static_cast<std::uint32_t>(builder.find(EntityKind::target, "5743"));
  const auto assays =
      builder.add_source({"assays", "1999", "CC BY-SA 3.0", LicenceClass::share_alike, "", "", ""});
  CHECK(builder.add_link(link(LinkKind::interacts, cox1, cox2, assays)).empty());
  builder.write(folder / "a.h5", "");
  const auto store = Store::open(folder / "a.h5");
  const auto& interacts = store.links(LinkKind::interacts);
  REQUIRE(interacts.size() == 1);
  CHECK(interacts.from[0] == 0);
  CHECK(interacts.to[0] == 1);
}

TEST_CASE("the same facts give the same bytes, in any order and however often they are added") {
  const TemporaryFolder folder;
  example().write(folder / "a.h5", "c");
  example().write(folder / "b.h5", "c");
  CHECK(read_file(folder / "a.h5") == read_file(folder / "b.h5"));
  StoreBuilder again(Store::open(folder / "a.h5"));
  again.add_store(Store::open(folder / "a.h5"));
  again.write(folder / "b.h5", "c");
  CHECK(read_file(folder / "a.h5") == read_file(folder / "b.h5"));
  CHECK(check_store(folder / "b.h5").empty());
}

TEST_CASE("a link that is added again replaces what it says anew, within one import references are united") {
  const TemporaryFolder folder;
  StoreBuilder builder;
  const auto drug = builder.add_entity(facts(EntityKind::drug, "DB1", "a")),
             target = builder.add_entity(facts(EntityKind::target, "1", "b"));
  const auto source = builder.add_source({"s", "", "", LicenceClass::unstated, "", "", ""});
  auto first = link(LinkKind::binds, drug, target, source);
  first.reference = "PMID:2";
  first.note = "agonist";
  first.strength = 6;
  first.direction = 1;
  builder.add_link(first);
  first.reference = "PMID:1";
  first.note = "partial agonist";
  first.strength = 7;
  builder.add_link(first);
  builder.write(folder / "a.h5", "");
  {
    const auto store = Store::open(folder / "a.h5");
    const auto& binds = store.links(LinkKind::binds);
    REQUIRE(binds.size() == 1);
    CHECK(binds.reference[0] == "PMID:1|PMID:2");
    CHECK(binds.note[0] == "agonist; partial agonist");
    CHECK(binds.strength[0] == 7);
    CHECK(binds.direction[0] == 1);
  }
  builder.begin_import();
  auto later = link(LinkKind::binds, drug, target, source);
  later.note = "antagonist";
  later.direction = -1;
  builder.add_link(later);
  builder.write(folder / "a.h5", "");
  const auto store = Store::open(folder / "a.h5");
  const auto& binds = store.links(LinkKind::binds);
  REQUIRE(binds.size() == 1);
  CHECK(binds.note[0] == "antagonist");
  CHECK(binds.direction[0] == -1);
  CHECK(binds.reference[0] == "PMID:1|PMID:2");  // nothing new was said of it
  CHECK(binds.strength[0] == 7);
}

TEST_CASE("entities are merged by id and by cross-reference, names and cross-references united") {
  StoreBuilder store;
  auto one = facts(EntityKind::drug, "DRUGCENTRAL:74", "acetylsalicylic acid");
  one.xrefs = {"CHEMBL:CHEMBL25"};
  const auto row = store.add_entity(one);
  auto two = facts(EntityKind::drug, "DB00945", "Aspirin");
  two.also = {"DRUGCENTRAL:74"};
  CHECK(store.add_entity(two) == row);
  CHECK(store.id(EntityKind::drug, row) == "DB00945");  // the id that all know
  CHECK(store.find(EntityKind::drug, "DRUGCENTRAL:74") == row);
  CHECK(store.add_entity(facts(EntityKind::drug, "CHEMBL:CHEMBL25", "ASS")) == row);
  CHECK(store.names(EntityKind::drug, row) ==
        std::vector<std::string>{"acetylsalicylic acid", "ASS", "Aspirin"});
  CHECK(store.find_named(EntityKind::drug, "ASPIRIN") == row);

  auto rival = facts(EntityKind::drug, "DB99999", "another");
  rival.xrefs = {"CHEMBL:CHEMBL25"};
  store.add_entity(rival);
  CHECK(store.find(EntityKind::drug, "CHEMBL:CHEMBL25") == -1);  // two have it: nobody is meant
}

TEST_CASE("two rows that turn out to be one are united with their links") {
  const TemporaryFolder folder;
  StoreBuilder store;
  const auto a = store.add_entity(facts(EntityKind::drug, "DRUGCENTRAL:1", "a")),
             b = store.add_entity(facts(EntityKind::drug, "DB00001", "b")),
             target = store.add_entity(facts(EntityKind::target, "1", "t"));
  const auto source = store.add_source({"s", "", "", LicenceClass::unstated, "", "", ""});
  store.add_link(link(LinkKind::binds, a, target, source));
  store.add_link(link(LinkKind::binds, b, target, source));
  auto same = facts(EntityKind::drug, "DB00001", "");
  same.also = {"DRUGCENTRAL:1"};
  CHECK(store.add_entity(same) == b);
  store.write(folder / "a.h5", "");
  const auto opened = Store::open(folder / "a.h5");
  CHECK(opened.entities(EntityKind::drug).size() == 1);
  CHECK(opened.entities(EntityKind::drug).synonyms[0] == "a");
  CHECK(opened.links(LinkKind::binds).size() == 1);
}

TEST_CASE("an edge that would close a cycle in the hierarchy is refused") {
  StoreBuilder store;
  std::vector<std::uint32_t> rows;
  for (const char* id : {"DOID:1", "DOID:2", "DOID:3"})
    rows.push_back(store.add_entity(facts(EntityKind::disease, id, id)));
  CHECK(store.add_link(link(LinkKind::is_a, rows[0], rows[1], 0)).empty());
  CHECK(store.add_link(link(LinkKind::is_a, rows[1], rows[2], 0)).empty());
  CHECK(store.add_link(link(LinkKind::is_a, rows[0], rows[2], 0)).empty());
  CHECK(store.add_link(link(LinkKind::is_a, rows[2], rows[0], 0)) ==
        "the hierarchy is cyclic: 'DOID:1' is already below 'DOID:3', so it cannot be its parent");
  CHECK_FALSE(store.add_link(link(LinkKind::is_a, rows[0], rows[0], 0)).empty());
}

TEST_CASE("names are found as people write them") {
  CHECK(comparable_name("  Crohn's  disease (adult)") == "crohns disease adult");
  CHECK(comparable_name("UMLS:C0003873") == "umls:c0003873");
  CHECK(comparable_name("note: this") == "note this");
  CHECK(comparable_name("alpha-Tocopherol") == "alpha tocopherol");
  CHECK(comparable_name("Sj\xc3\xb6gren") == "sj\xc3\xb6gren");
  CHECK(comparable_name("...").empty());

  const TemporaryFolder folder;
  example().write(folder / "a.h5", "");
  const auto store = Store::open(folder / "a.h5");
  std::vector<std::string> names;
  for (std::size_t i = 0; i < store.name_count(); ++i) {
    const auto name = store.name(i);
    if (name.kind == EntityKind::drug && name.entity == 1) names.emplace_back(name.text);
    if (i > 0) CHECK(store.name(i - 1).text <= name.text);
  }
  CHECK(names == std::vector<std::string>{"acetylsalicylic acid", "aspirin", "chembl25", "chembl:chembl25",
                                          "db00945"});
}

TEST_CASE("licences are sorted into classes") {
  CHECK(licence_class("CC BY 4.0") == LicenceClass::permissive);
  CHECK(licence_class("CC0 1.0") == LicenceClass::permissive);
  CHECK(licence_class("Apache-2.0") == LicenceClass::permissive);
  CHECK(licence_class("CC BY-SA 3.0") == LicenceClass::share_alike);
  CHECK(licence_class("ODbL 1.0") == LicenceClass::share_alike);
  CHECK(licence_class("CC BY-NC-SA 4.0 (SIDER)") == LicenceClass::non_commercial);
  CHECK(licence_class("non-commercial use (Broad Institute)") == LicenceClass::non_commercial);
  CHECK(licence_class("") == LicenceClass::unstated);
  CHECK(licence_class("submitted to the journal") == LicenceClass::unstated);
  CHECK(licence_class_from_name("share_alike") == LicenceClass::share_alike);
  CHECK_THROWS_WITH(licence_class_from_name("permisive"), Contains("did you mean 'permissive'?"));
  for (int k = 0; k < link_kinds; ++k)
    CHECK(link_kind_from_name(link_kind_name(static_cast<LinkKind>(k))) == static_cast<LinkKind>(k));
  CHECK_THROWS_AS(link_kind_from_name("treat"), UsageError);
  CHECK(link_ends(LinkKind::expressed) == std::make_pair(EntityKind::anatomy, EntityKind::target));
}

TEST_CASE("words for actions have a direction") {
  CHECK(action_direction("agonist") == 1);
  CHECK(action_direction("INVERSE AGONIST") == -1);
  CHECK(action_direction("antagonist") == -1);
  CHECK(action_direction("negative allosteric modulator") == -1);
  CHECK(action_direction("positive allosteric modulator") == 1);
  CHECK(action_direction("allosteric modulator") == 0);
  CHECK(action_direction("inhibitor; substrate") == -1);
  CHECK(action_direction("agonist|antagonist") == 0);
  CHECK(action_direction("binder") == 0);
  CHECK(action_direction("") == 0);
  CHECK(action_direction("cyclooxygenase inhibitor") == -1);
}

TEST_CASE("a store that cannot be written leaves the old one as it was") {
  const TemporaryFolder folder;
  example().write(folder / "a.h5", "");
  const std::string before = read_file(folder / "a.h5");
  std::filesystem::create_directory(folder / "a.h5.tmp");  // where the new one would grow
  auto builder = example();
  builder.add_entity(facts(EntityKind::drug, "DB00001", "new"));
  CHECK_THROWS_AS(builder.write(folder / "a.h5", ""), StorageError);
  CHECK(read_file(folder / "a.h5") == before);
  CHECK_THROWS_AS(builder.write(folder / "no/such/folder/a.h5", ""), StorageError);
}

TEST_CASE("a store opens in h5py as docs/store.md says") {
  const TemporaryFolder folder;
  example().write(folder / "a.h5", "");
  const std::string command = "cd '" + folder.path() +
                              "' && sed -n '/^```python/,/^```/p' '" THERIAC_SOURCE_DIR
                              "/docs/store.md' | grep -v '^```' > example.py && '" THERIAC_PYTHON
                              "' example.py a.h5 > out.txt 2>&1";
  const int status = std::system(command.c_str());
  const std::string out = read_file(folder / "out.txt");
  INFO(out);
  CHECK(status == 0);
  CHECK_THAT(out, Contains("Acetylsalicylic acid binds PTGS1 (inhibitor, 5.5, assays)"));
}
