#include "cli/shard_run.hpp"

#include <fmt/format.h>

#include <chrono>

#include "chem/error.hpp"
#include "datasets/shard_files.hpp"
#include "scoring/docking_results.hpp"

namespace theriac::cli {
namespace {

using datasets::Journal;
using datasets::ShardLease;

constexpr std::size_t rows_per_block = 256;  // of the finished file, so that its bytes are always the same

/// The finished file: the rows of the journal in blocks of one size, the same bytes from every run.
void publish_rows(const ScreenFolder& folder, int shard, const Journal& journal, const ShardLease& lease) {
  const auto write_rows = [&](Journal& finished) {
    std::vector<scoring::DockedRow> rows;
    const auto write = [&] {
      if (!rows.empty())
        finished.append(scoring::docked_block(rows), static_cast<std::uint32_t>(rows.size()));
      rows.clear();
    };
    scoring::rows_of(journal)([&](const scoring::DockedRow& row) {
      rows.push_back(row);
      if (rows.size() == rows_per_block) write();
    });
    write();
  };
  datasets::publish_shard_rows(folder.shard_stem(shard), folder.shard_identity(shard), lease, write_rows);
}

class ShardRun {
 public:
  ShardRun(const ScreenFolder& folder, int shard, ScreenStages& stages, const ShardRunOptions& options,
           Session& session)
      : folder_(folder), shard_(shard), stages_(stages), options_(options), session_(session) {}

  ShardReport run(ShardLease& lease);

 private:
  DockProgress work(Journal& journal, const ShardLease& lease);

  const ScreenFolder& folder_;
  int shard_;
  ScreenStages& stages_;
  const ShardRunOptions& options_;
  Session& session_;
};

DockProgress ShardRun::work(Journal& journal, const ShardLease& lease) {
  const auto records = folder_.records().count(shard_);
  const auto before = static_cast<std::int64_t>(journal.record_count());
  const auto progress =
      session_.progress({fmt::format("shard {}", shard_), "mol", records, before, 0, before, ""});
  DockPipelineOptions pipeline = told_pipeline(session_, *progress);
  const LigandSteps& steps = stages_.steps();
  pipeline.batch = steps.docking ? steps.docking->engine().device_batch() : 0;
  pipeline.dock_duplicates_once = stages_.dock_duplicates_once();
  pipeline.block_seconds = options_.checkpoint;
  auto records_of_shard = folder_.records().open(shard_);
  const auto supply = [&]() -> std::optional<chem::RawRecord> {
    if (lease.lost()) return {};
    return records_of_shard();
  };
  const auto done = run_dock_pipeline(supply, steps, journal, pipeline);
  progress->finish();
  return done;
}

ShardReport ShardRun::run(ShardLease& lease) {
  ShardReport report;
  report.records = folder_.records().count(shard_);
  const auto start = std::chrono::steady_clock::now();
  {
    Journal journal =
        datasets::leased_journal(folder_.shard_stem(shard_), folder_.shard_identity(shard_), lease);
    if (journal.torn_bytes() > 0)
      session_.terminal().note(
          fmt::format("shard {}: {} half-written bytes at the end of the journal were cut off", shard_,
                      journal.torn_bytes()));
    if (journal.record_count() > 0)
      session_.terminal().note(fmt::format("shard {}: {} of {} records are done: continuing", shard_,
                                           journal.record_count(), report.records));
    report.progress = work(journal, lease);
    report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (report.progress.done < report.records) {
      report.outcome = !lease.lost()              ? ShardOutcome::stopped
                       : folder_.finished(shard_) ? ShardOutcome::complete
                                                  : ShardOutcome::busy;
      report.holder = "another task, which took over";
      return report;
    }
    publish_rows(folder_, shard_, journal, lease);
  }
  lease.remove();
  datasets::tidy_shard(folder_.shard_stem(shard_));
  report.outcome = ShardOutcome::finished;
  return report;
}

}  // namespace

ShardReport run_shard(const ScreenFolder& folder, int shard, ScreenStages& stages,
                      const ShardRunOptions& options, Session& session) {
  ShardReport report;
  report.records = folder.records().count(shard);
  if (folder.finished(shard) && !options.overwrite) return report;
  datasets::LeaseOptions lease_options;
  lease_options.silence = options.silence;
  lease_options.stop = session.stop();
  lease_options.on_wait = [&](const datasets::LeaseHolder& holder) {
    session.terminal().note(fmt::format("shard {} is held by {}: watching for {:.0f} s whether it is alive",
                                        shard, holder.text(), options.silence));
  };
  datasets::LeaseHolder holder;
  auto lease = ShardLease::take(folder.shard_stem(shard), lease_options, &holder);
  if (!lease) {
    report.outcome = ShardOutcome::busy;
    report.holder = holder.text();
    return report;
  }
  if (options.overwrite) {
    datasets::forget_shard(folder.shard_stem(shard));
  } else if (folder.finished(shard)) {  // while the lease was waited for
    lease->remove();
    datasets::tidy_shard(folder.shard_stem(shard));
    return report;
  }
  return ShardRun(folder, shard, stages, options, session).run(*lease);
}

}  // namespace theriac::cli
