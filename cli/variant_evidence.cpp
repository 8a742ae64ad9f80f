#include "cli/variant_evidence.hpp"

#include <fmt/format.h>

#include "chem/homolog_search.hpp"
#include "cli/bench_conditions.hpp"
#include "cli/protein_model_choice.hpp"
#include "cli/session.hpp"

namespace theriac::cli {

std::optional<chem::SequenceDatabase> variant_database(const VariantEvidenceOptions& options,
                                                       Session& session) {
  if (options.database.empty()) return std::nullopt;
  const Stopwatch watch;
  auto database = chem::SequenceDatabase::read(options.database);
  session.terminal().note(fmt::format("database  {} sequences, {} residues, read in {:.1f} s",
                                      database.size(), database.residue_count(), watch.wall_seconds()));
  return database;
}

chem::Homologs found_homologs(const chem::SequenceDatabase& database, const std::string& name,
                              const std::string& residues, const VariantEvidenceOptions& options,
                              Session& session) {
  const Stopwatch watch;
  chem::HomologSearchOptions search;
  search.rounds = options.rounds;
  search.e_value = options.e_value;
  auto homologs = chem::find_homologs(database, residues, search);
  session.terminal().note(
      fmt::format("homologs  {}: {} relatives, {:.1f} a position, {} round{} in {:.1f} s ({:.1f} s "
                  "of processor time)",
                  name, homologs.rows.size(), homologs.mean_coverage(), options.rounds,
                  options.rounds == 1 ? "" : "s", watch.wall_seconds(), watch.cpu_seconds()));
  return homologs;
}

std::optional<scoring::ProteinLanguageModel> variant_language_model(const VariantEvidenceOptions& options,
                                                                    Session& session) {
  if (options.language_model.empty()) return std::nullopt;
  auto model = scoring::read_protein_model(protein_model_path(options.language_model), options.device);
  for (const auto& warning : model.warnings()) session.terminal().warn("model", warning);
  return model;
}

}  // namespace theriac::cli
