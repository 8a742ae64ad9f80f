#include "cli/run_standing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <thread>

#include "chem/error.hpp"
#include "cli/campaign_docking.hpp"
#include "cli/campaign_file.hpp"
#include "cli/number_ranges.hpp"
#include "cli/slurm_submission.hpp"
#include "datasets/durable_file.hpp"
#include "datasets/results_table.hpp"
#include "datasets/shard_files.hpp"

namespace theriac::cli {
namespace {

namespace fs = std::filesystem;
using datasets::ShardState;
using generative::DockingBatch;
using generative::RoundStanding;
using Json = nlohmann::ordered_json;

BatchStanding standing_of(const DockingBatch& batch) {
  BatchStanding out;
  out.folder = batch.folder();
  out.text = batch.text();
  out.molecules = static_cast<std::int64_t>(batch.facts().requests.size());
  for (int task = 0; task < batch.facts().tasks; ++task) {
    const auto shard = datasets::shard_standing(batch.task_stem(task));
    out.done += static_cast<std::int64_t>(shard.done);
    switch (shard.state) {
      case ShardState::finished: {
        out.finished.push_back(task);
        const auto rows = batch.rows(task);
        out.done += static_cast<std::int64_t>(rows.size());
        out.failed +=
            std::count_if(rows.begin(), rows.end(), [](const auto& row) { return !row.message.empty(); });
        break;
      }
      case ShardState::running:
      case ShardState::held:
        out.running.push_back(task);
        out.holders.push_back(shard.holder);
        break;
      case ShardState::stopped:
        out.stopped.push_back(task);
        break;
      case ShardState::waiting:
        out.waiting.push_back(task);
        break;
    }
  }
  const auto job = SlurmSubmission(job_path(out.folder)).noted();
  if (job && !job->number.empty()) {
    out.job = job->number;
    out.queue = slurm_queue(out.job);
  }
  return out;
}

/// The round that is handed out; the final docking comes last.
std::optional<BatchStanding> batch_in(const std::string& run) {
  std::vector<std::string> folders;
  std::error_code error;
  for (fs::directory_iterator entry(run + "/tasks", error), end; !error && entry != end;
       entry.increment(error))
    if (DockingBatch::exists(entry->path().string())) folders.push_back(entry->path().filename().string());
  if (folders.empty()) return {};
  std::sort(folders.begin(), folders.end());  // "final" before "round-000"
  const std::string latest = folders.front() == "final" ? "final" : folders.back();
  return standing_of(DockingBatch(run + "/tasks/" + latest));
}

double real(const std::string& cell) {
  return cell.empty() ? generative::not_known : std::stod(cell);
}

/// A finished campaign has no journal any more; its tables say the same.
void read_finished(RunStanding& out) {
  datasets::verify_published(out.folder, "rounds.csv");
  const Json summary = Json::parse(datasets::read_file(out.folder + "/summary.json"), nullptr, false);
  if (summary.is_object()) {
    out.ending = summary.value("ending", "");
    out.name = summary.value("name", "");
  }
  const auto table = [&](const char* file) {
    return datasets::read_csv(datasets::read_file(out.folder + file));
  };
  const auto cells = [](const std::vector<std::vector<std::string>>& rows, std::size_t row) {
    return [&rows, row](const char* column) {
      const auto at = std::find(rows[0].begin(), rows[0].end(), column) - rows[0].begin();
      return at < static_cast<std::ptrdiff_t>(rows[row].size()) ? rows[row][static_cast<std::size_t>(at)]
                                                                : std::string();
    };
  };
  const auto rounds = table("/rounds.csv");
  for (std::size_t i = 1; i < rounds.size(); ++i) {
    const auto cell = cells(rounds, i);
    RoundStanding round;
    round.round = std::stoi(cell("round"));
    round.stage = cell("stage");
    round.candidates = std::stoi(cell("candidates"));
    round.filtered = std::stoi(cell("filtered"));
    round.docked = std::stoi(cell("docked"));
    round.failed = std::stoi(cell("failed"));
    round.to_dock = round.docked + round.failed;
    round.best = {real(cell("best_total")), real(cell("best_kcal_mol")), "", ""};
    out.rounds.docked += round.docked;
    out.rounds.failed += round.failed;
    out.rounds.rounds.push_back(std::move(round));
  }
  const auto results = table("/results.csv");
  for (std::size_t i = 1; i < results.size(); ++i) {
    const auto cell = cells(results, i);
    if (cell("rank") != "1") continue;
    out.rounds.best = {real(cell("total")), real(cell("score_kcal_mol")), cell("name"), cell("smiles")};
    break;
  }
}

void read_unfinished(RunStanding& out) {
  const std::string path = out.folder + "/journal";
  const auto identity = datasets::Journal::identity_of(path);
  const Json facts = identity ? Json::parse(*identity, nullptr, false) : Json();
  if (!facts.is_object() || facts.value("command", "") != "campaign")
    throw InputError(fmt::format("the run in '{}' is no campaign", out.folder));
  const CampaignFile file = campaign_file_of(*identity, path);
  out.name = file.settings.name;
  out.rounds_planned = file.settings.stages.empty() ? file.settings.stop.rounds : 0;
  out.final_tier = file.settings.docking.final_exhaustiveness > 0;
  std::vector<std::string> targets;
  for (const auto& target : file.targets) targets.push_back(target.name);
  const auto contents = generative::CampaignJournal::read(path, out.journal_cut);
  out.rounds = generative::campaign_standing(contents, file.settings, targets);
  out.batch = batch_in(out.folder);
  if (datasets::RunFolder::in_use(out.folder))
    out.state = RunStanding::State::running;
  else if (out.batch && !out.batch->complete())
    out.state = RunStanding::State::waiting;
}

RunStanding standing_now(const std::string& folder) {
  RunStanding out;
  out.folder = folder;
  if (fs::exists(folder + "/journal")) {
    read_unfinished(out);
  } else {
    read_finished(out);
    out.state = RunStanding::State::finished;
  }
  return out;
}

}  // namespace

RunStanding read_run_standing(const std::string& folder) {
  if (fs::is_regular_file(folder))
    throw InputError(fmt::format("'{}' is a file", folder),
                     "give the run folder, 'out' in the campaign file");
  std::string path = folder;
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  for (int look = 1;; ++look) {
    try {
      return standing_now(path);
    } catch (const Error&) {
      // the coordinator may just have taken a round and removed its folder, or finished
      if (look == 3) throw;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

std::vector<int> BatchStanding::left() const {
  std::vector<int> out;
  if (job.empty() || queue != SlurmQueue::gone) return out;
  out = stopped;
  out.insert(out.end(), waiting.begin(), waiting.end());
  std::sort(out.begin(), out.end());
  return out;
}

const char* name(RunStanding::State state) {
  switch (state) {
    case RunStanding::State::running:
      return "running";
    case RunStanding::State::waiting:
      return "waiting";
    case RunStanding::State::stopped:
      return "stopped";
    case RunStanding::State::finished:
      return "finished";
  }
  return "";
}

std::string next_step(const RunStanding& s) {
  if (s.state == RunStanding::State::finished) return "nothing: the campaign is finished";
  const bool runs = s.state == RunStanding::State::running;
  const std::string how = runs ? "" : "the same theriac campaign command ";
  const auto does = [&](const std::string& it) { return how + it; };
  if (s.batch && !s.batch->complete()) {
    const auto& b = *s.batch;
    const auto left = b.left();
    if (!left.empty())
      return does(fmt::format(
          "{}; with --now {} in again the tasks {} of {}, which job {} left ('{}/slurm-{}.log' may "
          "say why)",
          runs ? "stops" : "takes what is finished", runs ? "it hands" : "hands", number_ranges(left), b.text,
          b.job, b.folder, left.front()));
    const std::string whose =
        b.job.empty()
            ? fmt::format("'theriac campaign dock {}' or sbatch '{}/array.sbatch'", b.folder, b.folder)
            : fmt::format("job {}", b.job);
    return runs ? fmt::format("waits for the tasks of {} ({})", b.text, whose)
                : fmt::format(
                      "{} finishes the tasks of {}; then the same theriac campaign command takes their rows",
                      whose, b.text);
  }
  if (s.batch) return does(fmt::format("takes the rows of {} and goes on", s.batch->text));
  if (s.rounds.rounds.empty())
    return does(s.rounds.reference_known ? "judges the starting molecules"
                                         : "begins: reference ligand, starting molecules");
  if (const auto open = s.rounds.open_round()) {
    const auto& round = s.rounds.rounds[*open];
    return does(fmt::format("docks {} of the {} molecules of round {}",
                            round.to_dock - round.docked - round.failed, round.to_dock, round.round));
  }
  const int last = s.rounds.rounds.back().round;
  if (s.rounds.final_docked > 0 || (s.rounds_planned > 0 && last >= s.rounds_planned && s.final_tier))
    return does("docks the best again with more effort");
  return does(fmt::format("learns from round {} and proposes the next", last));
}

}  // namespace theriac::cli
