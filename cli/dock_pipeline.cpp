#include "cli/dock_pipeline.hpp"

#include <fmt/format.h>
#include <tbb/parallel_for.h>
#include <tbb/parallel_pipeline.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "cli/progress.hpp"
#include "cli/session.hpp"
#include "scoring/docking_results.hpp"

namespace theriac::cli {
namespace {

using scoring::DockedRow;
using scoring::LigandJob;
using scoring::RowStatus;
using Clock = std::chrono::steady_clock;

constexpr std::size_t rows_per_block = 256;
constexpr int jobs_per_thread = 8;            // in flight: enough to even out slow molecules
constexpr int batches_in_flight = 3;          // one being prepared, one on the device, one being finished
constexpr std::size_t predicted_ahead = 512;  // predictors work on many molecules at once

/// The first record of every molecule.
class FirstRecords {
 public:
  /// input_index of an earlier record that gives the same result, or -1 and this one is remembered.
  std::int64_t find_or_add(const DockedRow& row) {
    if (row.key_high == 0 && row.key_low == 0) return -1;
    const auto [entry, added] = first_.try_emplace({row.key_high, row.key_low}, row.input_index);
    return added ? -1 : entry->second;
  }

 private:
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::int64_t> first_;
};

/// Collects finished rows and gives them to the journal in blocks.
class BlockWriter {
 public:
  BlockWriter(datasets::Journal& journal, const DockPipelineOptions& options)
      : journal_(journal), options_(options) {}

  void take_back(const DockedRow& row) { count(row); }  ///< from the journal of an earlier process

  void add(DockedRow row) {
    count(row);
    if (row.status == RowStatus::failed && options_.on_failure) options_.on_failure(row);
    rows_.push_back(std::move(row));
    if (options_.on_row) options_.on_row(progress_);
    if (rows_.size() >= rows_per_block ||
        std::chrono::duration<double>(Clock::now() - written_).count() >= options_.block_seconds)
      write();
  }

  void write() {
    written_ = Clock::now();
    if (rows_.empty()) return;
    journal_.append(scoring::docked_block(rows_), static_cast<std::uint32_t>(rows_.size()));
    rows_.clear();
  }

  const DockProgress& progress() const { return progress_; }

 private:
  void count(const DockedRow& row) {
    ++progress_.done;
    progress_.failed += row.status == RowStatus::failed;
    if (row.poses.empty()) return;
    if (!progress_.best_name.empty() && row.score() >= progress_.best_score) return;
    progress_.best_score = row.score();
    progress_.best_name = row.name;
  }

  datasets::Journal& journal_;
  const DockPipelineOptions& options_;
  std::vector<DockedRow> rows_;
  DockProgress progress_;
  Clock::time_point written_ = Clock::now();
};

void mark_duplicate(LigandJob& job, FirstRecords& first) {
  if (job.done) return;
  const std::int64_t original = first.find_or_add(job.row);
  if (original < 0) return;
  job.row.status = RowStatus::duplicate;
  job.row.duplicate_of = original;
  job.done = true;
}

/// Jobs in input order, ready for docking. They are read and identified some at a time, by all threads, while
/// other threads dock.
class JobQueue {
 public:
  using Job = std::shared_ptr<LigandJob>;

  JobQueue(const datasets::RecordSupply& supply, const LigandSteps& steps, const DockPipelineOptions& options,
           FirstRecords& first)
      : supply_(supply), steps_(steps), options_(options), first_(first) {}

  /// Empty at the end, or when asked to stop.
  Job next() {
    if (options_.stop.stop_requested()) return nullptr;
    if (ready_.empty()) refill();
    if (ready_.empty()) return nullptr;
    Job job = std::move(ready_.front());
    ready_.pop_front();
    return job;
  }

 private:
  void refill() {
    std::vector<chem::RawRecord> raw;
    const auto few = static_cast<std::size_t>(std::max(options_.batch, options_.threads * jobs_per_thread));
    const std::size_t most = steps_.predict ? std::max(few, predicted_ahead) : few;
    while (raw.size() < most) {
      auto record = supply_();
      if (!record) break;
      raw.push_back(std::move(*record));
    }
    std::vector<Job> jobs(raw.size());
    // isolated: while it waits here, this thread must not start to dock
    tbb::this_task_arena::isolate([&] {
      tbb::parallel_for(std::size_t{0}, raw.size(), [&](std::size_t i) {
        jobs[i] = std::make_shared<LigandJob>(steps_.intake->identified(raw[i]));
      });
    });
    if (options_.dock_duplicates_once)
      for (const auto& job : jobs) mark_duplicate(*job, first_);
    if (steps_.predict) predict(jobs);
    for (auto& job : jobs) ready_.push_back(std::move(job));
  }

  void predict(const std::vector<Job>& jobs) const {
    std::vector<LigandJob*> open;
    for (const auto& job : jobs)
      if (!job->done) open.push_back(job.get());
    tbb::this_task_arena::isolate([&] { steps_.predict(open); });
  }

  const datasets::RecordSupply& supply_;
  const LigandSteps& steps_;
  const DockPipelineOptions& options_;
  FirstRecords& first_;
  std::deque<Job> ready_;
};

/// A row that later duplicates may point at: what a filter on descriptors skipped is skipped each time.
bool is_original(const DockedRow& row) {
  return row.status == RowStatus::ok || row.status == RowStatus::failed ||
         (row.status == RowStatus::skipped && !row.predicted.empty());
}

/// Everything the stages of a run share.
struct Stages {
  JobQueue& queue;
  const scoring::LigandDocking* docking;
  const DockPipelineOptions& options;
  BlockWriter& writer;
};

void dock_one_by_one(Stages run) {
  using Job = JobQueue::Job;
  tbb::parallel_pipeline(
      static_cast<std::size_t>(run.options.threads * jobs_per_thread),
      tbb::make_filter<void, Job>(tbb::filter_mode::serial_in_order, [&](tbb::flow_control& control) -> Job {
        auto job = run.queue.next();
        if (!job) control.stop();
        return job;
      }) & tbb::make_filter<Job, Job>(tbb::filter_mode::parallel, [&](const Job& job) {
        if (run.docking) run.docking->dock(*job);
        return job;
      }) & tbb::make_filter<Job, void>(tbb::filter_mode::serial_in_order, [&](const Job& job) {
        run.writer.add(std::move(job->row));
      }));
}

void dock_in_batches(Stages run) {
  using Jobs = std::shared_ptr<std::vector<LigandJob>>;
  tbb::parallel_pipeline(
      batches_in_flight,
      tbb::make_filter<void, Jobs>(tbb::filter_mode::serial_in_order,
                                   [&](tbb::flow_control& control) -> Jobs {
                                     auto jobs = std::make_shared<std::vector<LigandJob>>();
                                     while (static_cast<int>(jobs->size()) < run.options.batch) {
                                       auto job = run.queue.next();
                                       if (!job) break;
                                       jobs->push_back(std::move(*job));
                                     }
                                     if (jobs->empty()) control.stop();
                                     return jobs;
                                   }) &
          tbb::make_filter<Jobs, Jobs>(tbb::filter_mode::parallel,
                                       [&](const Jobs& jobs) {
                                         run.docking->dock(*jobs);
                                         return jobs;
                                       }) &
          tbb::make_filter<Jobs, void>(tbb::filter_mode::serial_in_order, [&](const Jobs& jobs) {
            for (LigandJob& job : *jobs) run.writer.add(std::move(job.row));
          }));
}

}  // namespace

DockPipelineOptions told_pipeline(Session& session, Progress& progress) {
  DockPipelineOptions pipeline;
  pipeline.threads = session.threads();
  pipeline.stop = session.stop();
  pipeline.on_row = [&progress](const DockProgress& state) {
    progress.update(
        state.done, state.failed,
        state.best_name.empty() ? "" : fmt::format("best {:.1f} {}", state.best_score, state.best_name));
  };
  pipeline.on_failure = [&session](const DockedRow& row) {
    session.terminal().warn("records that failed", fmt::format("{}: {}", row.name, row.message));
  };
  return pipeline;
}

DockProgress run_dock_pipeline(const datasets::RecordSupply& supply, const LigandSteps& steps,
                               datasets::Journal& journal, const DockPipelineOptions& options) {
  FirstRecords first;
  BlockWriter writer(journal, options);
  journal.for_each([&](std::string_view payload, std::uint32_t) {
    for (const auto& row : scoring::docked_rows(payload)) {
      if (is_original(row)) first.find_or_add(row);
      writer.take_back(row);
    }
  });
  for (std::uint64_t i = 0; i < journal.record_count(); ++i) supply();
  JobQueue queue(supply, steps, options, first);
  const Stages stages = {queue, steps.docking, options, writer};
  options.batch > 0 && steps.docking ? dock_in_batches(stages) : dock_one_by_one(stages);
  writer.write();
  return writer.progress();
}

}  // namespace theriac::cli
