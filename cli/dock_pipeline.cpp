#include "cli/dock_pipeline.hpp"

#include <tbb/parallel_for.h>
#include <tbb/parallel_pipeline.h>

#include <chrono>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "scoring/docking_results.hpp"

namespace theriac::cli {
namespace {

using scoring::DockedRow;
using scoring::LigandJob;
using scoring::RowStatus;
using Clock = std::chrono::steady_clock;

constexpr std::size_t rows_per_block = 256;
constexpr int jobs_per_thread = 8;    // in flight: enough to even out slow molecules
constexpr int batches_in_flight = 3;  // one being prepared, one on the device, one being finished

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

/// Everything the stages of a run share.
struct Stages {
  chem::RecordReader& reader;
  const scoring::LigandDocking& docking;
  const DockPipelineOptions& options;
  FirstRecords& first;
  BlockWriter& writer;
};

void dock_one_by_one(Stages run) {
  using Job = std::shared_ptr<LigandJob>;
  using Raw = std::shared_ptr<chem::RawRecord>;
  tbb::parallel_pipeline(
      static_cast<std::size_t>(run.options.threads * jobs_per_thread),
      tbb::make_filter<void, Raw>(tbb::filter_mode::serial_in_order, [&](tbb::flow_control& control) -> Raw {
        auto raw = run.options.stop.stop_requested() ? std::nullopt : run.reader.next_raw();
        if (raw) return std::make_shared<chem::RawRecord>(std::move(*raw));
        control.stop();
        return nullptr;
      }) & tbb::make_filter<Raw, Job>(tbb::filter_mode::parallel, [&](const Raw& raw) {
        return std::make_shared<LigandJob>(run.docking.identified(*raw));
      }) & tbb::make_filter<Job, Job>(tbb::filter_mode::serial_in_order, [&](const Job& job) {
        if (run.options.dock_duplicates_once) mark_duplicate(*job, run.first);
        return job;
      }) & tbb::make_filter<Job, Job>(tbb::filter_mode::parallel, [&](const Job& job) {
        run.docking.dock(*job);
        return job;
      }) & tbb::make_filter<Job, void>(tbb::filter_mode::serial_in_order, [&](const Job& job) {
        run.writer.add(std::move(job->row));
      }));
}

std::vector<chem::RawRecord> next_batch(const Stages& run) {
  std::vector<chem::RawRecord> batch;
  while (static_cast<int>(batch.size()) < run.options.batch && !run.options.stop.stop_requested()) {
    auto raw = run.reader.next_raw();
    if (!raw) break;
    batch.push_back(std::move(*raw));
  }
  return batch;
}

void dock_in_batches(Stages run) {
  using Raws = std::shared_ptr<std::vector<chem::RawRecord>>;
  using Jobs = std::shared_ptr<std::vector<LigandJob>>;
  tbb::parallel_pipeline(
      batches_in_flight,
      tbb::make_filter<void,
                       Raws>(tbb::filter_mode::serial_in_order, [&](tbb::flow_control& control) -> Raws {
        auto batch = std::make_shared<std::vector<chem::RawRecord>>(next_batch(run));
        if (batch->empty()) control.stop();
        return batch;
      }) & tbb::make_filter<Raws, Jobs>(tbb::filter_mode::parallel, [&](const Raws& raws) {
        auto jobs = std::make_shared<std::vector<LigandJob>>(raws->size());
        tbb::parallel_for(std::size_t{0}, raws->size(),
                          [&](std::size_t i) { (*jobs)[i] = run.docking.identified((*raws)[i]); });
        return jobs;
      }) & tbb::make_filter<Jobs, Jobs>(tbb::filter_mode::serial_in_order, [&](const Jobs& jobs) {
        if (run.options.dock_duplicates_once)
          for (LigandJob& job : *jobs) mark_duplicate(job, run.first);
        return jobs;
      }) & tbb::make_filter<Jobs, Jobs>(tbb::filter_mode::parallel, [&](const Jobs& jobs) {
        run.docking.dock(*jobs);
        return jobs;
      }) & tbb::make_filter<Jobs, void>(tbb::filter_mode::serial_in_order, [&](const Jobs& jobs) {
        for (LigandJob& job : *jobs) run.writer.add(std::move(job.row));
      }));
}

}  // namespace

DockProgress run_dock_pipeline(chem::RecordReader reader, const scoring::LigandDocking& docking,
                               datasets::Journal& journal, const DockPipelineOptions& options) {
  FirstRecords first;
  BlockWriter writer(journal, options);
  journal.for_each([&](std::string_view payload, std::uint32_t) {
    for (const auto& row : scoring::docked_rows(payload)) {
      if (row.status == RowStatus::ok || row.status == RowStatus::failed) first.find_or_add(row);
      writer.take_back(row);
    }
  });
  for (std::uint64_t i = 0; i < journal.record_count(); ++i) reader.next_raw();
  const Stages stages = {reader, docking, options, first, writer};
  options.batch > 0 ? dock_in_batches(stages) : dock_one_by_one(stages);
  writer.write();
  return writer.progress();
}

}  // namespace theriac::cli
