#include "datasets/import/drug_identity.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace theriac::datasets {
namespace {

/// comparable names that the store has for a DrugBank id.
bool has_name(const StoreBuilder& store, const std::string& id, const std::string& comparable) {
  const std::int64_t row = store.find(EntityKind::drug, id);
  if (row < 0) return false;
  const auto names = store.names(EntityKind::drug, static_cast<std::uint32_t>(row));
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& name) { return comparable_name(name) == comparable; });
}

/// 2: the same structure, 1: the same but for stereo or charge, 0: nothing to compare, -1: another one. The
/// first 14 letters of an InChIKey are the skeleton.
int structure_agreement(const StoreBuilder& store, const std::string& id, const std::string& inchikey) {
  constexpr std::size_t skeleton = 14;
  const std::int64_t row = store.find(EntityKind::drug, id);
  const std::string other =
      row < 0 ? std::string() : store.text(EntityKind::drug, static_cast<std::uint32_t>(row), "inchikey");
  if (other.size() < skeleton || inchikey.size() < skeleton) return 0;
  if (other == inchikey) return 2;
  return other.compare(0, skeleton, inchikey, 0, skeleton) == 0 ? 1 : -1;
}

/// Whether the store has a name for this id; a bare id is none.
bool is_named(const StoreBuilder& store, const std::string& id) {
  const std::int64_t row = store.find(EntityKind::drug, id);
  if (row < 0) return false;
  const std::string& name = store.name(EntityKind::drug, static_cast<std::uint32_t>(row));
  return !name.empty() && name != id;
}

}  // namespace

std::vector<std::string> drug_ids(const StoreBuilder& store, const std::vector<DrugRecord>& records,
                                  bool curated) {
  std::vector<std::string> ids(records.size());
  std::unordered_set<std::string> taken;
  const auto give = [&](std::size_t i, const std::string& id) {
    ids[i] = id;
    taken.insert(id);
  };
  const auto each_free = [&](auto fits) {
    for (std::size_t i = 0; i < records.size(); ++i)
      for (const auto& id : records[i].drugbank_ids)
        if (ids[i].empty() && taken.count(id) == 0 && fits(records[i], id)) give(i, id);
  };
  for (std::size_t i = 0; i < records.size(); ++i) {
    const std::int64_t row = store.find(EntityKind::drug, records[i].own_id);
    if (row >= 0)
      give(i, store.id(EntityKind::drug, static_cast<std::uint32_t>(row)));
    else if (!records[i].known_id.empty())
      give(i, records[i].known_id);
  }
  each_free([&](const DrugRecord& record, const std::string& id) {
    return has_name(store, id, comparable_name(record.name));
  });
  for (std::size_t i = 0; i < records.size();
       ++i) {  // a name that one drug of the store has, whatever its id
    const std::int64_t row = ids[i].empty() ? store.find_named(EntityKind::drug, records[i].name) : -1;
    const std::string id = row < 0 ? "" : store.id(EntityKind::drug, static_cast<std::uint32_t>(row));
    if (row >= 0 && taken.count(id) == 0) give(i, id);
  }
  each_free([&](const DrugRecord& record, const std::string& id) {
    return structure_agreement(store, id, record.inchikey) == 2;
  });
  each_free([&](const DrugRecord& record, const std::string& id) {
    const int agreement = structure_agreement(store, id, record.inchikey);
    return agreement == 1 || (agreement == 0 && (curated || !is_named(store, id)));
  });
  // an ester or prodrug that alone carries the id of its parent
  if (curated) each_free([](const DrugRecord&, const std::string&) { return true; });
  for (std::size_t i = 0; i < records.size(); ++i)
    if (ids[i].empty()) ids[i] = records[i].own_id;
  return ids;
}

std::int64_t drugcentral_drug(ImportRun& run, std::string_view number, const std::string& name) {
  const std::string id = "DRUGCENTRAL:" + std::string(number);
  std::int64_t row = run.store.find(EntityKind::drug, id);
  if (row < 0 && !number.empty() && !name.empty()) {
    row = run.store.find_named(EntityKind::drug, name);
    if (row >= 0) run.store.add_xref(EntityKind::drug, static_cast<std::uint32_t>(row), id);
  }
  return row >= 0 ? row : run.end(EntityKind::drug, id, name);
}

std::string plain_inchikey(std::string_view text) {
  constexpr std::string_view written_out = "InChIKey=";
  if (text.substr(0, written_out.size()) == written_out) text.remove_prefix(written_out.size());
  return std::string(text.substr(0, text.find('|')));
}

void give_structure(StoreBuilder& store, std::uint32_t row, std::string_view smiles,
                    std::string_view inchikey, const RejectedRow& place) {
  constexpr auto drug = EntityKind::drug;
  smiles = smiles.substr(0, smiles.find_first_of(" \t|"));
  if (smiles.empty() || !store.text(drug, row, "smiles").empty()) return;
  store.set_text(drug, row, "smiles", std::string(smiles));
  if (const std::string key = plain_inchikey(inchikey); !key.empty())
    store.set_text(drug, row, "inchikey", key);
  store.note_structure(row, place);
}

void give_structure(ImportRun& run, std::uint32_t row, std::string_view smiles, std::string_view inchikey) {
  give_structure(run.store, row, smiles, inchikey, run.place("structure"));
}

}  // namespace theriac::datasets
