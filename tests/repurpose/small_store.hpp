// A store of four drugs, five genes and five diseases, written for the tests of repurposing.
//
//   arthritis  <- rheumatoid arthritis <- juvenile arthritis       asthma    hay fever
//   tofacitinib -| JAK1, JAK3     baricitinib -| JAK1, JAK2     propranolol -| ADRB2     salbutamol -> ADRB2
#pragma once
#include <limits>
#include <string>
#include <vector>

#include "datasets/store.hpp"
#include "datasets/store_builder.hpp"
#include "tests/datasets/temporary_folder.hpp"

namespace theriac::tests {

class SmallStoreBuilder {
 public:
  SmallStoreBuilder() {
    free_ = builder_.add_source(
        {"Tables of the tests", "2026", "CC0 1.0", datasets::LicenceClass::permissive, "", "", ""});
    closed_ = builder_.add_source(
        {"Closed tables", "2026", "CC BY-NC 4.0", datasets::LicenceClass::non_commercial, "", "", ""});
    add_drugs();
    add_targets();
    add_diseases();
  }

  void link(datasets::LinkKind kind, const std::string& from, const std::string& to, int direction = 0,
            const std::string& reference = "", const std::string& note = "", bool closed = false) {
    const auto [from_kind, to_kind] = datasets::link_ends(kind);
    datasets::LinkFacts facts;
    facts.kind = kind;
    facts.from = static_cast<std::uint32_t>(builder_.find(from_kind, from));
    facts.to = static_cast<std::uint32_t>(builder_.find(to_kind, to));
    facts.source = closed ? closed_ : free_;
    facts.direction = direction;
    facts.reference = reference;
    facts.note = note;
    builder_.add_link(facts);
  }

  datasets::StoreBuilder& builder() { return builder_; }

 private:
  void add(datasets::EntityKind kind, const std::string& id, const std::string& name,
           const std::vector<std::string>& synonyms,
           const std::vector<std::pair<std::string, std::string>>& columns = {}) {
    datasets::EntityFacts facts;
    facts.kind = kind;
    facts.id = id;
    facts.name = name;
    facts.synonyms = synonyms;
    facts.columns = columns;
    for (const auto& [column, value] : columns)
      if (column == "uniprot") facts.xrefs.push_back("UNIPROT:" + value);
    builder_.add_entity(facts);
  }

  void add_drugs() {
    const auto kind = datasets::EntityKind::drug;
    add(kind, "DB08895", "Tofacitinib", {"Xeljanz"},
        {{"status", "approved"},
         {"regions", "US|EU"},
         {"route", "oral"},
         {"atc", "L04AF01"},
         {"smiles", "CC1CCN(CC1N(C)c1ncnc2[nH]ccc12)C(=O)CC#N"}});
    add(kind, "DB11817", "Baricitinib", {"Olumiant"},
        {{"status", "approved"}, {"regions", "US|EU|JP"}, {"route", "oral"}, {"atc", "L04AF02"}});
    add(kind, "DB00571", "Propranolol", {"Inderal"},
        {{"status", "withdrawn"},
         {"regions", "US"},
         {"route", "oral|intravenous"},
         {"atc", "C07AA05"},
         {"smiles", "CC(C)NCC(O)COc1cccc2ccccc12"}});
    add(kind, "DB01001", "Salbutamol", {"Albuterol", "beta agonist"},
        {{"status", "approved"},
         {"regions", "US|EU|JP"},
         {"route", "inhaled"},
         {"atc", "R03AC02"},
         {"smiles", "CC(C)(C)NCC(O)c1ccc(O)c(CO)c1"}});
    add(datasets::EntityKind::drug_class, "N1", "Janus Kinase Inhibitors", {});
  }

  void add_targets() {
    const auto kind = datasets::EntityKind::target;
    add(kind, "3716", "JAK1", {"Janus kinase 1"}, {{"uniprot", "P23458"}});
    add(kind, "3717", "JAK2", {}, {{"uniprot", "O60674"}});
    add(kind, "3718", "JAK3", {}, {{"uniprot", "P52333"}});
    add(kind, "154", "ADRB2", {"beta agonist"},
        {{"uniprot", "P07550"},
         {"sequence",
          "MGQPGNGSAFLLAPNGSHAPDHDVTQERDEVWVVGMGIVMSLIVLAIVFGNVLVITAIAKFERLQTVTNYFITSLACADLVMG"}});
    add(kind, "153", "ADRB1", {},
        {{"uniprot", "P08588"},
         {"sequence",
          "MGAGVLVLGASEPGNLSSAAPLPDGAATAARLLVPASPPASLLPPASESPEPLSQQWTAGMGLLMALIVLLIVAGNVLVIVAIAKTPRLQT"}});
  }

  void add_diseases() {
    const auto kind = datasets::EntityKind::disease;
    add(kind, "DOID:848", "arthritis", {"inflammation of joints"});
    add(kind, "DOID:7148", "rheumatoid arthritis", {"RA", "rheumatic joint disease"});
    add(kind, "DOID:676", "juvenile rheumatoid arthritis", {"rheumatic joint disease"});
    add(kind, "DOID:2841", "asthma", {"bronchial asthma"});
    add(kind, "DOID:4481", "allergic rhinitis", {"hay fever"});
  }

  datasets::StoreBuilder builder_;
  std::uint16_t free_ = 0, closed_ = 0;
};

/// The links of the picture above, and what is on record.
inline void add_usual_links(SmallStoreBuilder& store) {
  using datasets::LinkKind;
  store.link(LinkKind::is_a, "DOID:7148", "DOID:848");
  store.link(LinkKind::is_a, "DOID:676", "DOID:7148");
  store.link(LinkKind::binds, "DB08895", "3716", -1, "PMID:20363976", "inhibitor");
  store.link(LinkKind::binds, "DB08895", "3718", -1, "PMID:20363976", "inhibitor");
  store.link(LinkKind::binds, "DB11817", "3716", -1, "", "inhibitor");
  store.link(LinkKind::binds, "DB11817", "3717", -1, "", "inhibitor");
  store.link(LinkKind::binds, "DB00571", "154", -1, "", "antagonist");
  store.link(LinkKind::binds, "DB00571", "153", -1, "", "antagonist", true);
  store.link(LinkKind::binds, "DB01001", "154", +1, "", "agonist");
  store.link(LinkKind::associated, "DOID:7148", "3716", -1);
  store.link(LinkKind::associated, "DOID:2841", "154", +1);
  store.link(LinkKind::member_of, "DB08895", "N1");
  store.link(LinkKind::member_of, "DB11817", "N1");
  store.link(LinkKind::treats, "DB08895", "DOID:7148", 0, "FDA label");
  store.link(LinkKind::failed, "DB08895", "DOID:7148", 0, "", "one arm stopped");
  store.link(LinkKind::in_trial, "DB11817", "DOID:676");
  store.link(LinkKind::treats, "DB01001", "DOID:2841");
  store.link(LinkKind::contraindicated, "DB00571", "DOID:2841", 0, "FDA label");
}

/// Written to a folder of its own and opened.
struct SmallStore {
  TemporaryFolder folder;
  datasets::Store store;

  SmallStore() : store(open(folder)) {}
  std::uint32_t drug(const std::string& id) const { return row(datasets::EntityKind::drug, id); }
  std::uint32_t disease(const std::string& id) const { return row(datasets::EntityKind::disease, id); }
  std::uint32_t target(const std::string& id) const { return row(datasets::EntityKind::target, id); }

 private:
  static datasets::Store open(const TemporaryFolder& folder) {
    SmallStoreBuilder small;
    add_usual_links(small);
    small.builder().write(folder / "small.h5", "tests");
    return datasets::Store::open(folder / "small.h5");
  }
  std::uint32_t row(datasets::EntityKind kind, const std::string& id) const {
    return static_cast<std::uint32_t>(store.find(kind, id));
  }
};

}  // namespace theriac::tests
