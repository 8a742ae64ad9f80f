// Drug Repurposing Hub of the Broad Institute (S. M. Corsello et al., Nat. Med. 23, 405 (2017)): its drug
// table and its table of samples. Compounds are known by the Hub's name, "BROAD:baclofen".
#include <fmt/format.h>

#include <unordered_map>

#include "datasets/action_direction.hpp"
#include "datasets/import/drug_identity.hpp"
#include "datasets/import/importers.hpp"

namespace theriac::datasets {
namespace {

constexpr auto drug = EntityKind::drug;

/// Row of a compound: of its name, else `same` (of its structure; racemates are often drawn as one
/// enantiomer, so names go first), else made.
std::uint32_t compound(ImportRun& run, const std::string& name, std::int64_t same) {
  EntityFacts facts;
  facts.id = "BROAD:" + name;
  facts.name = name;
  std::int64_t row = run.store.find(drug, facts.id);
  if (row < 0) row = run.store.find_named(drug, name);
  if (row < 0) row = same;
  if (row >= 0) {
    facts.xrefs.push_back(facts.id);
    facts.id = run.store.id(drug, static_cast<std::uint32_t>(row));
  }
  return run.entity(facts);
}

/// Drugs by InChIKey; those that several share are left out.
std::unordered_map<std::string, std::int64_t> by_inchikey(const StoreBuilder& store) {
  std::unordered_map<std::string, std::int64_t> rows;
  for (std::uint32_t row = 0; row < store.size(drug); ++row) {
    const std::string key = store.text(drug, row, "inchikey");
    if (key.empty()) continue;
    const auto [at, fresh] = rows.emplace(key, row);
    if (!fresh) at->second = -1;
  }
  return rows;
}

/// "approved" of "Launched" ...; a drug that is on the market somewhere is not called withdrawn.
std::string status_of(const std::string& phase, const std::string& marketing) {
  const bool sold = marketing.find("RX") != std::string::npos || marketing.find("OTC") != std::string::npos;
  if (phase == "Launched") return "approved";
  if (phase == "Withdrawn") return sold ? "approved" : "withdrawn";
  if (phase.compare(0, 5, "Phase") == 0) return "clinical";
  return phase == "Preclinical" ? "preclinical" : "";
}

void link_targets(ImportRun& run, std::uint32_t from, std::string_view genes, const std::string& mechanism) {
  const int direction = mechanism.find('|') == std::string::npos ? action_direction(mechanism) : 0;
  for (const auto& symbol : list_in(genes)) {
    const std::int64_t to = run.store.find_named(EntityKind::target, symbol);
    if (to < 0) {
      run.reject(fmt::format("'{}' is the symbol of no gene in the store, or of several", symbol));
      continue;
    }
    LinkFacts link;
    link.kind = LinkKind::binds;
    link.from = from;
    link.to = static_cast<std::uint32_t>(to);
    link.direction = direction;
    link.note = mechanism;
    link.source = run.source();
    run.link(link);
  }
}

}  // namespace

void import_drug_hub_samples(ImportRun& run) {
  const auto broad = run.table.column("broad_id"), name = run.table.column("pert_iname"),
             smiles = run.table.column("smiles"), inchikey = run.table.column("InChIKey");
  const auto pubchem = run.table.optional_column({"pubchem_cid"});
  const auto known = by_inchikey(run.store);
  while (run.next()) {
    if (run[name].empty()) {
      run.reject("no pert_iname");
      continue;
    }
    const auto same = known.find(run.text(inchikey));
    const std::uint32_t row = compound(run, run.text(name), same == known.end() ? -1 : same->second);
    if (!run[broad].empty()) run.store.add_xref(drug, row, run.text(broad).substr(0, 13));
    if (!run[pubchem].empty()) run.store.add_xref(drug, row, "PUBCHEM:" + run.text(pubchem));
    give_structure(run, row, run[smiles], run[inchikey]);
  }
}

void import_drug_hub(ImportRun& run) {
  const auto name = run.table.column("pert_iname"), phase = run.table.column("clinical_phase"),
             moa = run.table.column("moa"), target = run.table.column("target");
  const auto indication = run.table.optional_column({"indication"});
  while (run.next()) {
    if (run[name].empty()) {
      run.reject("no pert_iname");
      continue;
    }
    const std::uint32_t row = compound(run, run.text(name), -1);
    EntityFacts facts;
    facts.id = run.store.id(drug, row);
    facts.columns = {{"status", status_of(run.text(phase), run.store.text(drug, row, "marketing"))},
                     {"phase", run.text(phase)},
                     {"mechanism", run.text(moa)}};
    run.entity(facts);
    link_targets(run, row, run[target], run.text(moa));
    if (run[phase] != "Launched") continue;
    for (const auto& disease : list_in(run[indication])) {
      const std::int64_t to = run.store.find_named(EntityKind::disease, disease);
      if (to < 0) continue;
      LinkFacts link;
      link.kind = LinkKind::treats;
      link.from = row;
      link.to = static_cast<std::uint32_t>(to);
      link.source = run.source();
      run.link(link);
    }
  }
}

}  // namespace theriac::datasets
