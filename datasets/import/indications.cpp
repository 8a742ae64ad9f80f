// Which drug is used for which disease, and which was tried and failed.
#include <fmt/format.h>

#include <algorithm>

#include "datasets/import/drug_identity.hpp"
#include "datasets/import/importers.hpp"

namespace theriac::datasets {
namespace {

constexpr auto drug = EntityKind::drug;
constexpr auto disease = EntityKind::disease;

/// "NCT00000305" of a cell that holds a link to ClinicalTrials.gov.
std::string trial_number(std::string_view cell) {
  const auto at = cell.find("NCT");
  if (at == std::string_view::npos || at + 11 > cell.size()) return {};
  const std::string_view number = cell.substr(at, 11);
  const bool good =
      std::all_of(number.begin() + 3, number.end(), [](char c) { return c >= '0' && c <= '9'; });
  return good ? std::string(number) : std::string();
}

/// ';' separates notes of united links, so it cannot be part of one.
std::string one_note(std::string text) {
  std::replace(text.begin(), text.end(), ';', ',');
  return text;
}

}  // namespace

void import_curated_indications(ImportRun& run) {
  const auto doid = run.table.column("doid_id"), drugbank = run.table.column("drugbank_id"),
             category = run.table.column("category");
  const auto disease_name = run.table.optional_column({"disease"}),
             drug_name = run.table.optional_column({"drug"});
  while (run.next()) {
    const std::string word = run.text(category);
    const auto from = run.end(drug, run.text(drugbank), run.text(drug_name));
    const auto to = from < 0 ? -1 : run.end(disease, run.text(doid), run.text(disease_name));
    if (to < 0) continue;
    LinkFacts link;
    if (word == "DM" || word.empty()) {
      link.kind = LinkKind::treats;
    } else if (word == "SYM") {
      link.kind = LinkKind::palliates;
    } else if (word == "NOT") {
      link.kind = LinkKind::not_indicated;
    } else {
      run.reject(fmt::format("unknown category '{}', known: DM, SYM, NOT", word));
      continue;
    }
    link.from = static_cast<std::uint32_t>(from);
    link.to = static_cast<std::uint32_t>(to);
    if (word.empty()) link.note = "not yet judged by curators";
    link.source = run.source();
    run.link(link);
  }
}

void import_repodb(ImportRun& run) {
  const auto drugbank = run.table.column({"drug_id", "drugbank_id"}),
             concept_id = run.table.column({"ind_id", "umls_cui"}), status = run.table.column("status");
  const auto drug_name = run.table.optional_column({"drug_name"}),
             disease_name = run.table.optional_column({"ind_name"}),
             phase = run.table.optional_column({"phase"}),
             detail = run.table.optional_column({"DetailedStatus"}),
             trial = run.table.optional_column({"TrialStatus", "NCT"});
  while (run.next()) {
    const std::string word = run.text(status);
    const bool approved = word == "Approved";
    if (!approved && word != "Terminated" && word != "Withdrawn" && word != "Suspended") {
      run.reject(fmt::format("unknown status '{}', known: Approved, Terminated, Withdrawn, Suspended", word));
      continue;
    }
    const auto from = run.end(drug, run.text(drugbank), run.text(drug_name));
    const auto to = from < 0 ? -1 : run.end(disease, "UMLS:" + run.text(concept_id), run.text(disease_name));
    if (to < 0) continue;
    LinkFacts link;
    link.kind = approved ? LinkKind::treats : LinkKind::failed;
    link.from = static_cast<std::uint32_t>(from);
    link.to = static_cast<std::uint32_t>(to);
    link.reference = trial_number(run[trial]);
    link.note = approved ? run.text(disease_name) : word;
    if (!approved && !run[phase].empty()) link.note += ", " + run.text(phase);
    if (!approved && !run[detail].empty()) link.note += ": " + run.text(detail);
    link.note = one_note(link.note);
    link.source = run.source();
    run.link(link);
  }
}

void import_drugcentral_indications(ImportRun& run) {
  const auto id = run.table.column("DRUG_ID"), name = run.table.column("DRUG_NAME"),
             indication = run.table.column("INDICATION_FDB"), umls = run.table.column("UMLS_CUI"),
             doid = run.table.column("DOID");
  while (run.next()) {
    std::string disease_id = run.text(doid);
    if (disease_id.empty() && !run[umls].empty()) disease_id = "UMLS:" + run.text(umls);
    const auto from = drugcentral_drug(run, run[id], run.text(name));
    if (from < 0) continue;
    const auto to = disease_id.empty() ? run.store.find_named(disease, run.text(indication))
                                       : run.end(disease, disease_id, run.text(indication));
    if (to < 0) {
      if (disease_id.empty()) run.reject(fmt::format("'{}' has no UMLS concept or DOID", run[indication]));
      continue;
    }
    LinkFacts link;
    link.kind = LinkKind::treats;
    link.from = static_cast<std::uint32_t>(from);
    link.to = static_cast<std::uint32_t>(to);
    link.note = one_note(run.text(indication));
    link.source = run.source();
    run.link(link);
  }
}

}  // namespace theriac::datasets
