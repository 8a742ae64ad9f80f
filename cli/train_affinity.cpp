#include "cli/train_affinity.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "chem/error.hpp"
#include "chem/library_versions.hpp"
#include "cli/bench_conditions.hpp"
#include "cli/result_object.hpp"
#include "cli/session.hpp"
#include "datasets/affinity_table.hpp"
#include "datasets/provenance.hpp"
#include "scoring/affinity_model.hpp"

namespace theriac::cli {

void declare_affinity_training(CLI::App& app, AffinityTrainingOptions& o) {
  const char* group = "Affinity";
  app.add_option("--set", o.set,
                 "set of the folder --data: NAME_drugs.tsv.gz, NAME_proteins.tsv.gz, NAME_affinity.tsv.gz; "
                 "without it "
                 "--data is a table with columns smiles, sequence and --target")
      ->type_name("NAME")
      ->group(group);
  app.add_option("--family", o.family, "what the targets are, for the card and the verdict on other proteins")
      ->type_name("TEXT")
      ->capture_default_str()
      ->group(group);
  app.add_option("--folds", o.folds, "in which pairs are held out to learn from them")
      ->check(CLI::Range(2, 20))
      ->type_name("N")
      ->capture_default_str()
      ->group(group);
}

int train_affinity(const std::string& data, const std::string& out, const AffinityTrainingOptions& options,
                   Session& session) {
  if (std::filesystem::path(out).extension() != ".safetensors")
    throw UsageError(fmt::format("an affinity model is one file, and '{}' does not end in .safetensors", out),
                     "-o affinity.safetensors");
  if (std::filesystem::is_directory(data) && options.set.empty())
    throw UsageError(fmt::format("'{}' is a folder", data), "--set names the set in it, e.g. davis");
  const Stopwatch watch;
  const auto table = options.set.empty() ? datasets::read_affinity_rows(data, options.column)
                                         : datasets::read_affinity_set(data, options.set);
  session.terminal().note(fmt::format("data      {} affinities of {} drugs and {} targets",
                                      table.entries.size(), table.smiles.size(), table.sequences.size()));
  if (session.options.dry_run) {
    session.terminal().note(fmt::format("plan      weights would go to {}", out));
    return exit_done;
  }
  const auto drugs = scoring::drug_similarities(scoring::drug_fingerprints(table.smiles));
  const auto targets = scoring::target_similarities(table.sequences);
  session.terminal().note(
      fmt::format("alike     drugs and targets compared, {:.1f} s", watch.wall_seconds()));
  scoring::AffinityFitOptions fit;
  fit.folds = options.folds;
  fit.trees.trees = options.trees;
  fit.seed = session.seed();
  auto model = scoring::AffinityModel::fit(table, drugs, targets, fit);
  model.name = !options.name.empty() ? options.name
                                     : "affinity-" + (options.set.empty() ? std::string("own") : options.set);
  model.unit = options.unit;
  model.family = options.family;
  model.licence = options.licence;
  model.save(out, {{"description", options.about},
                   {"date", datasets::utc_now().substr(0, 10)},
                   {"seed", std::to_string(session.seed())},
                   {"theriac_version", chem::theriac_version()}});
  session.terminal().note(fmt::format("wrote     {}: {} bytes, {:.1f} s", out,
                                      std::filesystem::file_size(out), watch.wall_seconds()));
  return print_result(session, "train",
                      {{"task", "affinity"},
                       {"affinities", table.entries.size()},
                       {"drugs", table.smiles.size()},
                       {"targets", table.sequences.size()},
                       {"out", out}},
                      exit_done);
}

}  // namespace theriac::cli
