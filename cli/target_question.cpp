#include "cli/target_question.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "chem/data_file.hpp"
#include "chem/error.hpp"
#include "chem/sequence.hpp"
#include "chem/text_file.hpp"
#include "cli/library_likeness.hpp"
#include "cli/target_drugs.hpp"
#include "repurpose/entity_name.hpp"
#include "repurpose/sequence_search.hpp"
#include "repurpose/target_variant.hpp"

namespace theriac::cli {
namespace {

using datasets::EntityKind;
using datasets::LinkKind;
using datasets::Store;
using repurpose::NamedEntity;

/// A target and what is asked of it, with one line that says how it was found.
struct AskedTarget {
  NamedEntity entity;
  repurpose::TargetVariant variant;
  std::string found_by;
};

AskedTarget target_by_name(const Store& store, const std::string& text) {
  AskedTarget out;
  out.variant = repurpose::parse_target_variant(text);
  out.entity = repurpose::find_entity(store, EntityKind::target, out.variant.gene);
  return out;
}

/// A FASTA file of one sequence, or the sequence itself.
AskedTarget target_by_sequence(const Store& store, const std::string& text) {
  const auto sequences = std::filesystem::exists(text) ? chem::read_sequences(text)
                                                       : chem::sequences_from_text(text, "--sequence");
  if (sequences.size() > 1)
    throw UsageError(fmt::format("'{}' holds {} sequences", text, sequences.size()), "ask for one at a time");
  const auto similar = repurpose::similar_targets(store, sequences.front().residues, 1);
  if (similar.empty())
    throw InputError(fmt::format("no target of '{}' is like this sequence", store.path()),
                     "the store must hold sequences: theriac store info tells");
  const auto& best = similar.front();
  const auto& table = store.entities(EntityKind::target);
  AskedTarget out;
  out.entity = {EntityKind::target, best.target, std::string(table.id[best.target]),
                std::string(table.name[best.target]), ""};
  out.variant.gene = out.entity.name;
  out.found_by = fmt::format("{:.1f} % identical over {} columns, {:.0f} % of the sequence",
                             100 * best.alignment.identity(), best.alignment.length, 100 * best.coverage);
  return out;
}

int show(const Store& store, const AskedTarget& asked, const RepurposeOptions& options, Session& session) {
  auto found = drugs_of_target(store, asked.entity.entity, options.filter, allowed_licences(options.licence));
  found.variant = asked.variant.variant;
  if (!found.variant.empty())
    found.variant_facts =
        repurpose::facts_of(repurpose::read_variant_facts(chem::data_file("tables/target_variants.csv")),
                            {asked.entity.name, found.variant});
  predict_affinities(store, found, static_cast<std::size_t>(options.top));
  const std::string json = target_drugs_json(store, found, static_cast<std::size_t>(options.top));
  for (const auto& path : options.out) {
    chem::write_text_file(path, json + "\n");
    session.terminal().note(fmt::format("wrote     {}", path));
  }
  if (session.options.json) {
    std::puts(json.c_str());
    return exit_done;
  }
  const auto& family = store.entities(EntityKind::target).text("family");
  std::string head = fmt::format("{} ({})", asked.entity.name, asked.entity.id);
  if (asked.entity.entity < family.size() && !family[asked.entity.entity].empty())
    head += fmt::format(", {}", family[asked.entity.entity]);
  if (!asked.found_by.empty()) head += fmt::format("; {}", asked.found_by);
  std::fputs(
      fmt::format("{}\n\n{}", head, target_drugs_text(store, found, static_cast<std::size_t>(options.top)))
          .c_str(),
      stdout);
  return exit_done;
}

/// Genes of the question that a library is compared with.
std::vector<std::uint32_t> library_targets(const Store& store, const RepurposeOptions& options) {
  if (!options.target.empty()) return {target_by_name(store, options.target).entity.entity};
  const auto disease = repurpose::find_entity(store, EntityKind::disease, options.disease);
  const auto& associated = store.links(LinkKind::associated);
  std::vector<std::uint32_t> targets(associated.to.begin() + associated.from_offsets[disease.entity],
                                     associated.to.begin() + associated.from_offsets[disease.entity + 1]);
  targets.erase(std::unique(targets.begin(), targets.end()), targets.end());
  if (targets.empty())
    throw InputError(fmt::format("no gene is linked to {} in '{}'", disease.name, store.path()),
                     "ask for a target instead: --target GENE");
  return targets;
}

}  // namespace

int show_target(const RepurposeOptions& options, Session& session) {
  const Store store = Store::open(store_path(options));
  return show(store, target_by_name(store, options.target), options, session);
}

int show_sequence_target(const RepurposeOptions& options, Session& session) {
  const Store store = Store::open(store_path(options));
  return show(store, target_by_sequence(store, options.sequence), options, session);
}

int show_library(const RepurposeOptions& options, Session& session) {
  if (options.disease.empty() == options.target.empty())
    throw UsageError("a library is compared with a disease's genes or with one target",
                     "theriac repurpose --library mine.smi --target JAK1");
  const Store store = Store::open(store_path(options));
  const auto targets = library_targets(store, options);
  chem::RecordReader reader({options.library});
  const repurpose::LigandEnsembles ensembles(store, allowed_licences(options.licence));
  const auto rows = compare_library(store, ensembles, targets, reader, session.stop());
  RecordCounts counts;
  counts.total = static_cast<std::int64_t>(rows.size());
  for (const auto& row : rows) {
    if (row.message.empty()) continue;
    ++counts.failed;
    session.terminal().warn("molecule", row.message);
  }
  session.terminal().end_warnings();
  for (const auto& path : options.out) {
    if (std::filesystem::path(path).extension() != ".csv")
      throw UsageError(fmt::format("a library's rows go to a .csv file, not to '{}'", path));
    write_likeness(store, rows, path);
    session.terminal().note(fmt::format("wrote     {}", path));
  }
  std::fputs(likeness_text(store, rows, static_cast<std::size_t>(options.top)).c_str(), stdout);
  return session.exit_code(counts);
}

}  // namespace theriac::cli
