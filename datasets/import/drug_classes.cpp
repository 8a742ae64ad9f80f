// Pharmacological classes and their members, from DrugCentral (FDA, MeSH and ChEBI classes).
#include <fmt/format.h>

#include "datasets/import/drug_identity.hpp"
#include "datasets/import/importers.hpp"

namespace theriac::datasets {
namespace {

void link_member(ImportRun& run, std::int64_t from, std::int64_t to) {
  if (from < 0 || to < 0) return;
  LinkFacts link;
  link.kind = LinkKind::member_of;
  link.from = static_cast<std::uint32_t>(from);
  link.to = static_cast<std::uint32_t>(to);
  link.source = run.source();
  run.link(link);
}

/// The names that the tables of 2015 and of 2016 give to one type of class.
std::string class_type(const std::string& type) {
  if (type == "EPC") return "FDA Established Pharmacologic Class";
  if (type == "MoA") return "Mechanism of Action";
  if (type == "PA") return "Pharmacological Action";
  if (type == "PE") return "Physiologic Effect";
  return type == "has role" ? "Application" : type;
}

}  // namespace

void import_drugcentral_classes(ImportRun& run) {
  const auto id = run.table.column("class_id"), name = run.table.column("class_name"),
             type = run.table.column("class_type");
  while (run.next()) {
    if (run[id].empty()) {
      run.reject("no class_id");
      continue;
    }
    run.entity(
        {EntityKind::drug_class, run.text(id), {}, run.text(name), {}, {}, {{"type", run.text(type)}}});
  }
}

void import_drugcentral_members(ImportRun& run) {
  const auto drugbank = run.table.column("drugbank_id"), id = run.table.column("class_id"),
             name = run.table.column("class_name");
  const auto drug_name = run.table.optional_column({"drugbank_name"});
  while (run.next()) {
    const auto from = run.end(EntityKind::drug, run.text(drugbank), run.text(drug_name));
    link_member(run, from, from < 0 ? -1 : run.end(EntityKind::drug_class, run.text(id), run.text(name)));
  }
}

void import_drugcentral_pharm_class(ImportRun& run) {
  const auto id = run.table.column("DRUG_ID"), name = run.table.column("DRUG_NAME"),
             type = run.table.column("TYPE"), class_id = run.table.column("CLASS_SOURCE_ID"),
             class_name = run.table.column("CLASS");
  while (run.next()) {
    const auto from = drugcentral_drug(run, run[id], run.text(name));
    if (from < 0) continue;
    if (run[class_id].empty()) {
      run.reject("no CLASS_SOURCE_ID");
      continue;
    }
    const std::uint32_t to = run.entity({EntityKind::drug_class,
                                         run.text(class_id),
                                         {},
                                         run.text(class_name),
                                         {},
                                         {},
                                         {{"type", class_type(run.text(type))}}});
    link_member(run, from, to);
  }
}

}  // namespace theriac::datasets
