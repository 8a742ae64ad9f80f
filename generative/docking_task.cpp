#include "generative/docking_task.hpp"

#include <tbb/parallel_for.h>

#include <chrono>
#include <map>
#include <mutex>
#include <tuple>

#include "datasets/byte_stream.hpp"

namespace theriac::generative {
namespace {

using datasets::Journal;
using datasets::ShardLease;
using datasets::ShardOutcome;
using Clock = std::chrono::steady_clock;

void append(Journal& journal, const std::vector<DockedCandidate>& rows) {
  if (rows.empty()) return;
  datasets::ByteWriter out;
  put_docked(out, rows);
  journal.append(out.bytes(), static_cast<std::uint32_t>(rows.size()));
}

std::map<CandidateId, DockedCandidate> rows_in(const Journal& journal) {
  std::map<CandidateId, DockedCandidate> rows;
  journal.for_each([&](std::string_view payload, std::uint32_t) {
    datasets::ByteReader in(payload);
    for (DockedCandidate& row : get_docked(in)) {
      const CandidateId id{row.round, row.index};
      rows.insert_or_assign(id, std::move(row));
    }
  });
  return rows;
}

/// Docks what the journal does not hold.
void dock_open(const DockingBatch& batch, const std::vector<DockingRequest>& requests, Journal& journal,
               const DockingTier& tier, const ShardLease& lease, const DockingTaskOptions& options,
               DockingTaskReport& report) {
  std::vector<const DockingRequest*> open;
  const auto there = rows_in(journal);
  for (const DockingRequest& request : requests)
    if (const auto found = there.find(request.id); found == there.end())
      open.push_back(&request);
    else
      report.failed += found->second.message.empty() ? 0 : 1;
  report.kept = report.done = report.molecules - static_cast<std::int64_t>(open.size());
  std::mutex mutex;
  std::vector<DockedCandidate> pending;
  auto written = Clock::now();
  tbb::parallel_for(std::size_t{0}, open.size(), [&](std::size_t k) {
    if (options.stop.stop_requested() || lease.lost()) return;
    DockedCandidate row = tier.docked(tier.prepared(open[k]->smiles), batch.facts().final_tier);
    std::tie(row.round, row.index) = open[k]->id;
    const std::lock_guard<std::mutex> lock(mutex);
    ++report.done;
    report.failed += row.message.empty() ? 0 : 1;
    pending.push_back(std::move(row));
    if (std::chrono::duration<double>(Clock::now() - written).count() >= options.checkpoint) {
      append(journal, pending);
      pending.clear();
      written = Clock::now();
    }
    if (options.observe) options.observe(report.done, report.molecules, report.failed);
  });
  append(journal, pending);
}

/// In the order of the requests, the same bytes from every run.
void write_rows(const std::vector<DockingRequest>& requests, const Journal& journal, Journal& finished) {
  auto rows = rows_in(journal);
  std::vector<DockedCandidate> ordered;
  for (const DockingRequest& request : requests) ordered.push_back(std::move(rows.at(request.id)));
  append(finished, ordered);
}

}  // namespace

DockingTaskReport run_docking_task(const DockingBatch& batch, int task, const DockingTier& tier,
                                   const DockingTaskOptions& options) {
  DockingTaskReport report;
  const auto requests = batch.requests(task);
  const std::string stem = batch.task_stem(task);
  report.molecules = static_cast<std::int64_t>(requests.size());
  if (batch.finished(task) && !options.overwrite) return report;
  datasets::LeaseOptions lease_options;
  lease_options.silence = options.silence;
  lease_options.stop = options.stop;
  lease_options.on_wait = options.on_wait;
  datasets::LeaseHolder holder;
  auto lease = ShardLease::take(stem, lease_options, &holder);
  if (!lease) {
    report.outcome = options.stop.stop_requested() ? ShardOutcome::stopped : ShardOutcome::busy;
    report.holder = holder.text();
    return report;
  }
  if (options.overwrite) {
    datasets::forget_shard(stem);
  } else if (batch.finished(task)) {  // while the lease was waited for
    lease->remove();
    datasets::tidy_shard(stem);
    return report;
  }
  {
    Journal journal = datasets::leased_journal(stem, batch.task_identity(task), *lease);
    dock_open(batch, requests, journal, tier, *lease, options, report);
    if (report.done < report.molecules) {
      report.outcome = lease->lost() ? ShardOutcome::busy : ShardOutcome::stopped;
      report.holder = "another process, which took over";
      return report;
    }
    datasets::publish_shard_rows(stem, batch.task_identity(task), *lease,
                                 [&](Journal& finished) { write_rows(requests, journal, finished); });
  }
  lease->remove();
  datasets::tidy_shard(stem);
  report.outcome = ShardOutcome::finished;
  return report;
}

}  // namespace theriac::generative
