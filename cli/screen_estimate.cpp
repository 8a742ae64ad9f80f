#include "cli/screen_estimate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <nlohmann/json.hpp>

#include "scoring/docking_results.hpp"

namespace theriac::cli {
namespace {

double cpu_seconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

struct MeanAndError {
  double mean = 0, error = 0;
};

MeanAndError mean_and_error(const std::vector<double>& values) {
  if (values.empty()) return {};
  double sum = 0, squares = 0;
  for (const double v : values) sum += v;
  const double n = static_cast<double>(values.size()), mean = sum / n;
  for (const double v : values) squares += (v - mean) * (v - mean);
  return {mean, n > 1 ? std::sqrt(squares / (n - 1) / n) : mean};
}

}  // namespace

ScreenEstimate estimated(const datasets::ShardRecords& records, const std::vector<chem::RawRecord>& sample,
                         ScreenStages& stages, int most_docked, const chem::StopToken& stop) {
  ScreenEstimate estimate;
  estimate.records = records.count();
  estimate.shards = records.shards();
  const LigandSteps& steps = stages.steps();
  std::vector<scoring::LigandJob> jobs;
  std::vector<scoring::LigandJob*> open;
  if (!sample.empty()) steps.intake->identified(sample.front());  // loads tables
  const double start = cpu_seconds();
  for (const auto& raw : sample) jobs.push_back(steps.intake->identified(raw));
  for (auto& job : jobs)
    if (!job.done) open.push_back(&job);
  if (steps.predict && !open.empty()) steps.predict(open);
  estimate.tried = static_cast<int>(jobs.size());
  if (estimate.tried > 0) estimate.seconds_before = (cpu_seconds() - start) / estimate.tried;

  std::vector<double> seconds;
  std::vector<scoring::DockedRow> docked_rows, other_rows;
  bool warm = false;
  for (auto& job : jobs) {
    if (job.done || !steps.docking) {
      estimate.passed += !job.done;
      other_rows.push_back(job.row);
      continue;
    }
    ++estimate.passed;
    if (static_cast<int>(seconds.size()) >= most_docked || stop.stop_requested()) continue;
    if (!warm) {  // grids are made once
      scoring::LigandJob first = job;
      steps.docking->dock(first);
      warm = true;
    }
    const double before = cpu_seconds();
    steps.docking->dock(job);
    seconds.push_back(cpu_seconds() - before);
    docked_rows.push_back(job.row);
  }
  const auto docking = mean_and_error(seconds);
  estimate.docked = static_cast<int>(seconds.size());
  estimate.seconds_docking = docking.mean;
  estimate.seconds_docking_error = docking.error;
  const auto bytes_each = [](const std::vector<scoring::DockedRow>& rows) {
    return rows.empty()
               ? 0.0
               : static_cast<double>(scoring::docked_block(rows).size()) / static_cast<double>(rows.size());
  };
  const double docked_share = steps.docking ? estimate.share_passed() : 0;
  estimate.bytes_per_row =
      docked_share * bytes_each(docked_rows) + (1 - docked_share) * bytes_each(other_rows);
  return estimate;
}

double ScreenEstimate::core_hours(double errors) const {
  const double docking = std::max(0.0, seconds_docking + errors * seconds_docking_error);
  return static_cast<double>(records) * (seconds_before + share_passed() * docking) / 3600;
}

double ScreenEstimate::shard_hours(int cores) const {
  return core_hours() / shards / std::max(1, cores);
}

double ScreenEstimate::gigabytes() const {
  return (planned_bytes + bytes_per_row * static_cast<double>(records)) / 1e9;
}

nlohmann::ordered_json ScreenEstimate::json() const {
  return {{"sample", tried},
          {"passed", passed},
          {"docked", docked},
          {"cpu_seconds_before_docking", seconds_before},
          {"cpu_seconds_docking", seconds_docking},
          {"cpu_seconds_docking_standard_error", seconds_docking_error},
          {"bytes_per_row", bytes_per_row},
          {"core_hours", core_hours()},
          {"core_hours_low", core_hours(-2)},
          {"core_hours_high", core_hours(2)},
          {"gigabytes", gigabytes()}};
}

std::string ScreenEstimate::text(int cores) const {
  const double hours = core_hours(), each = shard_hours(cores);
  const auto span = [](double h) {
    return h < 1.0 / 60 ? fmt::format("{:.1f} s", h * 3600)
           : h < 1      ? fmt::format("{:.1f} min", h * 60)
           : h < 1e4    ? fmt::format("{:.1f} h", h)
                        : fmt::format("{:.3g} h", h);
  };
  std::string text =
      fmt::format("estimate  {} of {} sampled molecules pass the filters, {:.2f} ms of CPU each\n", passed,
                  tried, 1000 * seconds_before);
  if (docked > 0)
    text += fmt::format("          docking {:.2f} s of CPU a ligand ({:.2f} to {:.2f}, {} docked)\n",
                        seconds_docking, std::max(0.0, seconds_docking - 2 * seconds_docking_error),
                        seconds_docking + 2 * seconds_docking_error, docked);
  text += fmt::format("          {} of CPU for {} records ({} to {}); a shard {} on {} cores\n", span(hours),
                      records, span(core_hours(-2)), span(core_hours(2)), span(each), cores);
  return text + fmt::format("          disk about {:.3g} GB: {:.0f} bytes a row, plan {:.3g} GB\n",
                            gigabytes(), bytes_per_row, planned_bytes / 1e9);
}

}  // namespace theriac::cli
