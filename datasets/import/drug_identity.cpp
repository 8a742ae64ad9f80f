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

/// Whether the store says that a DrugBank id is another record of the same kind of list.
bool belongs_to_other(const StoreBuilder& store, const std::string& id, const std::string& own_id) {
  const std::int64_t by_id = store.find(EntityKind::drug, id), own = store.find(EntityKind::drug, own_id);
  return own >= 0 && by_id != own;
}

}  // namespace

std::vector<std::string> drug_ids(const StoreBuilder& store, const std::vector<DrugRecord>& records) {
  std::vector<std::string> ids(records.size());
  std::unordered_set<std::string> taken;
  for (std::size_t i = 0; i < records.size(); ++i) {  // by what the store knows
    const std::int64_t row = store.find(EntityKind::drug, records[i].own_id);
    if (row >= 0) ids[i] = store.id(EntityKind::drug, static_cast<std::uint32_t>(row));
    if (row < 0) ids[i] = records[i].known_id;
    if (!ids[i].empty()) taken.insert(ids[i]);
  }
  for (std::size_t i = 0; i < records.size(); ++i) {  // by name
    const std::string name = comparable_name(records[i].name);
    for (const auto& id : records[i].drugbank_ids)
      if (ids[i].empty() && taken.count(id) == 0 && has_name(store, id, name)) taken.insert(ids[i] = id);
  }
  for (std::size_t i = 0; i < records.size(); ++i) {  // what is left
    for (const auto& id : records[i].drugbank_ids)
      if (ids[i].empty() && taken.count(id) == 0 && !belongs_to_other(store, id, records[i].own_id))
        taken.insert(ids[i] = id);
    if (ids[i].empty()) ids[i] = records[i].own_id;
  }
  return ids;
}

void give_structure(ImportRun& run, std::uint32_t row, std::string_view smiles, std::string_view inchikey) {
  constexpr auto drug = EntityKind::drug;
  smiles = smiles.substr(0, smiles.find_first_of(" \t"));
  if (smiles.empty() || !run.store.text(drug, row, "smiles").empty()) return;
  run.store.set_text(drug, row, "smiles", std::string(smiles));
  constexpr std::string_view written_out = "InChIKey=";
  if (inchikey.substr(0, written_out.size()) == written_out) inchikey.remove_prefix(written_out.size());
  run.store.set_text(drug, row, "inchikey", std::string(inchikey.substr(0, inchikey.find('|'))));
  run.store.note_structure(row, run.place("structure"));
}

}  // namespace theriac::datasets
