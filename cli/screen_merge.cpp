// theriac screen merge: the finished shards of a screen as one result, in the order of the library.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <queue>

#include "chem/error.hpp"
#include "chem/receptor_file.hpp"
#include "cli/number_ranges.hpp"
#include "cli/result_object.hpp"
#include "cli/screen_command.hpp"
#include "cli/screen_folder.hpp"
#include "cli/screen_stages.hpp"
#include "cli/session.hpp"
#include "cli/text_table.hpp"
#include "datasets/journal.hpp"
#include "datasets/shard_lease.hpp"
#include "scoring/docking_results.hpp"

namespace theriac::cli {
namespace {

constexpr int rows_printed = 3;

struct MergeOptions {
  std::string folder, out;
  int best = 1000;
  bool only_best = false, as_planned = false;
  std::string rank_ligands_by;  ///< empty: as planned
};

/// Rows of one finished shard, one in memory at a time.
class ShardRows {
 public:
  ShardRows(const ScreenFolder& folder, int shard)
      : shard_(shard), expected_(folder.records().count(shard)), file_(opened(folder, shard)) {
    if (file_.identity() != folder.shard_identity(shard))
      throw StorageError(fmt::format("'{}' belongs to another plan", folder.rows_path(shard)), redo(folder));
    redo_ = redo(folder);
  }

  /// Throws StorageError: a damaged block, or too few records.
  bool next() {
    try {
      while (!rest_ || rest_->at_end()) {
        const auto block = file_.next();
        if (!block) {
          if (seen_ != expected_)
            throw StorageError(fmt::format("shard {} holds {} of its {} records", shard_, seen_, expected_));
          return false;
        }
        rest_.emplace(block->payload);
      }
      row_ = scoring::get_docked_row(*rest_);
    } catch (const StorageError& error) {
      throw StorageError(fmt::format("shard {} is damaged: {}", shard_, error.what()), redo_);
    }
    ++seen_;
    return true;
  }
  const scoring::DockedRow& row() const { return row_; }

 private:
  std::string redo(const ScreenFolder& folder) const {
    return fmt::format("theriac screen run {} --shard {} --overwrite makes it anew; the others are kept",
                       folder.path(), shard_);
  }
  static datasets::JournalFile opened(const ScreenFolder& folder, int shard) {
    try {
      return datasets::JournalFile(folder.rows_path(shard));
    } catch (const StorageError& error) {
      throw StorageError(
          fmt::format("shard {} cannot be read: {}", shard, error.what()),
          fmt::format("theriac screen run {} --shard {} --overwrite makes it anew; the others are kept",
                      folder.path(), shard));
    }
  }

  int shard_;
  std::int64_t expected_, seen_ = 0;
  datasets::JournalFile file_;
  std::string redo_;
  std::optional<datasets::ByteReader> rest_;
  scoring::DockedRow row_;
};

/// The rows of all shards by their place in the library.
void visit_rows(const ScreenFolder& folder, const std::function<void(const scoring::DockedRow&)>& visit) {
  std::vector<std::unique_ptr<ShardRows>> shards;
  using Next = std::pair<std::int64_t, std::size_t>;
  std::priority_queue<Next, std::vector<Next>, std::greater<>> order;
  const auto advance = [&](std::size_t k) {
    if (shards[k]->next()) order.emplace(shards[k]->row().input_index, k);
  };
  for (int k = 0; k < folder.facts().shards; ++k) {
    shards.push_back(std::make_unique<ShardRows>(folder, k));
    advance(shards.size() - 1);
  }
  while (!order.empty()) {
    const std::size_t k = order.top().second;
    order.pop();
    visit(shards[k]->row());
    advance(k);
  }
}

/// Two merges on different hosts see each other by a lease, on the same by the folder's lock too.
datasets::ShardLease merge_lease(const ScreenFolder& folder, Session& session) {
  datasets::LeaseHolder holder;
  const auto say = [&session](const datasets::LeaseHolder& other) {
    session.terminal().note(
        fmt::format("a merge is held by {}: watching for up to 60 s whether it is alive", other.text()));
  };
  auto lease =
      datasets::ShardLease::take(folder.path() + "/shards/merge", {60, session.stop(), say}, &holder);
  if (!lease)
    throw StorageError(fmt::format("'{}' is being merged by {}", folder.path(), holder.text()),
                       "wait for it");
  return std::move(*lease);
}

datasets::RunIdentity merge_identity(const ScreenFolder& folder, const MergeOptions& o) {
  datasets::RunIdentity identity;
  identity.command = "screen merge";
  identity.version = folder.facts().version;
  identity.seed = folder.facts().seed;
  identity.settings = {{"screen", folder.facts().identity},
                       {"best", fmt::format("{}", o.best)},
                       {"only_best", o.only_best ? "true" : "false"}};
  if (!o.rank_ligands_by.empty()) identity.settings.emplace_back("rank_ligands_by", o.rank_ligands_by);
  return identity;
}

int refuse_incomplete(const ScreenFolder& folder, const std::vector<int>& missing, Session& session) {
  session.terminal().error(
      fmt::format("{} of {} shards are not finished: {}", missing.size(), folder.facts().shards,
                  number_ranges(missing)),
      fmt::format("theriac screen submit {0}, or theriac screen run {0}, does them; then merge again",
                  folder.path()));
  return print_result(session, "screen merge",
                      {{"folder", folder.path()}, {"unfinished", missing}, {"finished", false}},
                      exit_stopped);
}

void print_top(const scoring::DockingSummary& summary, const Session& session) {
  if (summary.best.empty() || session.options.json || session.options.quiet) return;
  std::vector<std::vector<std::string>> rows;
  for (std::size_t i = 0; i < summary.best.size() && i < rows_printed; ++i) {
    const auto& row = summary.best[i];
    rows.push_back({fmt::format("{}", i + 1), row.name, fmt::format("{:.2f}", row.score()),
                    fmt::format("{:.2f}", row.ligand_efficiency()), row.contact_residues()});
  }
  std::fputs(
      text_table({{"rank", true}, {"name"}, {"kcal/mol", true}, {"LE", true}, {"contacts"}}, rows).c_str(),
      stdout);
}

int report(const MergeOptions& o, const scoring::DockingSummary& summary, Session& session) {
  auto& terminal = session.terminal();
  terminal.note(fmt::format("merged    {} records: {} ok, {} failed, {} skipped, {} duplicates",
                            summary.records, summary.ok, summary.failed, summary.skipped,
                            summary.duplicates));
  print_top(summary, session);
  terminal.note(fmt::format("results   {}", o.out));
  const int code = session.exit_code({summary.records, summary.failed});
  nlohmann::ordered_json top = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < summary.best.size() && i < 10; ++i)
    top.push_back({{"name", summary.best[i].name},
                   {"smiles", summary.best[i].smiles},
                   {"score_kcal_mol", summary.best[i].score()},
                   {"input_index", summary.best[i].input_index}});
  return print_result(session, "screen merge",
                      {{"folder", o.folder},
                       {"output", o.out},
                       {"finished", true},
                       {"records", summary.records},
                       {"ok", summary.ok},
                       {"failed", summary.failed},
                       {"skipped", summary.skipped},
                       {"duplicates", summary.duplicates},
                       {"top", top}},
                      code);
}

int merge(MergeOptions o, Session& session) {
  const ScreenFolder folder(o.folder);
  if (o.out.empty()) o.out = folder.path() + "/merged";
  if (!o.as_planned) folder.check_library();
  const auto missing = folder.unfinished();
  if (!missing.empty()) return refuse_incomplete(folder, missing, session);
  if (session.options.dry_run) {
    session.terminal().note(fmt::format("plan      all {} shards are there; they would be merged into '{}'",
                                        folder.facts().shards, o.out));
    return exit_done;
  }
  auto lease = merge_lease(folder, session);
  datasets::RunFolder results(o.out, merge_identity(folder, o), session.options.overwrite);
  if (results.finished()) {
    session.terminal().note(fmt::format("'{}' holds this very result: nothing to do", o.out));
    lease.remove();
    return exit_done;
  }
  const auto options = planned_options(folder);
  const ScreenStages stages(options, folder.seed());
  auto files = stages.result_files();
  if (!o.rank_ligands_by.empty()) files.order = ligand_order(o.rank_ligands_by, options.dock.judges);
  files.best = files.docked ? o.best : 0;
  files.best_pdbqt = files.pdbqt;
  if (o.only_best) files.csv = files.hdf5 = files.poses = files.pdbqt = files.side_chains = false;
  const auto rows = [&](const std::function<void(const scoring::DockedRow&)>& visit) {
    visit_rows(folder, visit);
  };
  const auto summary =
      scoring::publish_docking_results(results, rows, stages.target(), files, folder.facts().seed, 10);
  if (const auto* site = stages.site(); site && site->without_waters)
    results.publish("receptor_without_waters.pdb", chem::receptor_pdb(*site->without_waters));
  results.publish("screen.toml", datasets::read_file(folder.path() + "/screen.toml"));
  results.finish(session.provenance());
  folder.tidy_all();
  lease.remove();
  return report(o, summary, session);
}

}  // namespace

Command screen_merge_command() {
  Command command;
  command.name = "screen merge";
  command.summary = "check the finished shards and write their rows as one result, and the best of them";
  command.examples = {"theriac screen merge abl1 --best 1000",
                      "theriac screen merge abl1 --only_best -o top"};
  command.declare = [](CLI::App& app, Session& session) -> std::function<int()> {
    auto o = std::make_shared<MergeOptions>();
    app.add_option("folder", o->folder, "made by theriac screen plan")->required()->type_name("DIR");
    app.add_option("-o,--out", o->out, "folder of the result; DIR/merged by default")->type_name("FOLDER");
    app.add_option(
           "--best", o->best,
           "so many of the best also as best.csv and best_poses.sdf.gz, and best_poses.pdbqt.gz where the "
           "screen has PDBQT")
        ->check(CLI::Range(0, 10000000))
        ->type_name("N")
        ->capture_default_str();
    declare_ligand_order(app, o->rank_ligands_by);
    app.add_flag("--only_best", o->only_best, "only those, and the failures: no table of all rows");
    app.add_flag("--as_planned", o->as_planned, "although the library was changed since it was planned");
    add_run_options(app, session, Randomness::none);
    add_output_options(app, session);
    return [o, &session] { return merge(*o, session); };
  };
  return command;
}

}  // namespace theriac::cli
