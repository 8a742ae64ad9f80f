// theriac campaign dock: tasks of a campaign whose docking is handed out.
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "chem/error.hpp"
#include "cli/campaign_docking.hpp"
#include "cli/command.hpp"
#include "cli/number_ranges.hpp"
#include "cli/result_object.hpp"
#include "cli/session.hpp"
#include "generative/docking_task.hpp"

namespace theriac::cli {
namespace {

namespace fs = std::filesystem;
using datasets::ShardOutcome;
using generative::DockingBatch;

struct TaskOptions {
  std::string folder, tasks;
  generative::DockingTaskOptions task;
};

/// As the campaign has it; refuses when a receptor, a setting, the program or a model that judges poses is
/// another than it had.
generative::DockingTier docking_tier(const DockingBatch& batch) {
  const std::string path =
      (fs::absolute(batch.folder()).lexically_normal().parent_path() / "campaign.toml").string();
  const CampaignFile file = read_campaign_file(path);
  std::vector<PreparedTarget> targets;
  for (const TargetChoice& choice : file.targets)
    targets.push_back(prepared_target(choice, file.settings.docking.ph));
  const std::string now = docking_identity(file, targets).json();
  if (now != batch.facts().docking)
    throw InputError(fmt::format("'{}' was handed out with other settings or receptors: {}", batch.folder(),
                                 datasets::identity_differences(batch.facts().docking, now)),
                     fmt::format("restore the files that '{}' names, or continue the campaign", path));
  require_same_judges(
      batch.facts().judges, judge_records(file.final_judges),
      {fmt::format("{} was handed out", batch.text()),
       "bring back the models that the campaign began with; nodes may look in other places for them "
       "(theriac model list)"});
  return generative::DockingTier(campaign_targets(file, targets), file.settings.docking.ph,
                                 file.settings.seed);
}

void say_outcome(Session& session, int task, const generative::DockingTaskReport& report) {
  auto& terminal = session.terminal();
  switch (report.outcome) {
    case ShardOutcome::finished:
      return terminal.note(
          fmt::format("task {}: {} molecules docked ({} failed){}", task, report.molecules, report.failed,
                      report.kept > 0 ? fmt::format(", {} of them earlier", report.kept) : ""));
    case ShardOutcome::complete:
      return terminal.note(fmt::format("task {} is complete: nothing to do", task));
    case ShardOutcome::busy:
      return terminal.note(fmt::format("task {} is being run by {}: left to it", task, report.holder));
    case ShardOutcome::stopped:
      return terminal.note(fmt::format("task {}: stopped after {} of {} molecules; they are safe", task,
                                       report.done, report.molecules));
  }
}

int run(TaskOptions& o, Session& session) {
  const DockingBatch batch(o.folder);
  std::vector<int> tasks =
      o.tasks.empty() ? batch.unfinished() : number_list(o.tasks, batch.facts().tasks, "task");
  if (session.options.dry_run) {
    session.terminal().note(fmt::format("tasks {} of {} would be run", number_ranges(tasks), batch.text()));
    return exit_done;
  }
  o.task.overwrite = session.options.overwrite;
  o.task.stop = session.stop();
  std::unique_ptr<generative::DockingTier> tier;
  std::int64_t molecules = 0, failed = 0, finished = 0, busy = 0;
  for (const int task : tasks) {
    if (session.stop().stop_requested()) break;
    generative::DockingTaskReport report;
    if (!batch.finished(task) || o.task.overwrite) {
      if (!tier) tier = std::make_unique<generative::DockingTier>(docking_tier(batch));
      ProgressState state;
      state.label = fmt::format("task {}", task);
      state.unit = "mol";
      state.total = static_cast<std::int64_t>(batch.requests(task).size());
      auto progress = session.progress(state);
      o.task.on_wait = [&](const datasets::LeaseHolder& holder) {
        session.terminal().note(
            fmt::format("task {} is held by {}: watching for {:.0f} s whether it is alive", task,
                        holder.text(), o.task.silence));
      };
      o.task.observe = [&](std::int64_t done, std::int64_t, std::int64_t bad) {
        progress->update(done, bad, "");
      };
      report = generative::run_docking_task(batch, task, *tier, o.task);
      progress->finish();
    }
    say_outcome(session, task, report);
    if (report.outcome == ShardOutcome::busy && tasks.size() == 1 && !o.tasks.empty())
      throw StorageError(fmt::format("task {} is being run by {}", task, report.holder),
                         "wait for it, or run another task");
    busy += report.outcome == ShardOutcome::busy;
    finished += report.outcome == ShardOutcome::finished;
    molecules += report.done;
    failed += report.failed;
  }
  const int code = session.exit_code({0, 0});
  return print_result(session, "campaign dock",
                      {{"folder", o.folder},
                       {"tasks", tasks.size()},
                       {"finished", finished},
                       {"busy", busy},
                       {"molecules", molecules},
                       {"failed", failed}},
                      code);
}

}  // namespace

Command campaign_dock_command() {
  Command command;
  command.name = "campaign dock";
  command.summary = "dock tasks of a campaign that hands out its docking; the same command again continues";
  command.examples = {"theriac campaign dock abl1/tasks/round-003 --task 4",
                      "theriac campaign dock abl1/tasks/round-003",
                      "theriac campaign dock abl1/tasks/final --task $SLURM_ARRAY_TASK_ID --max-time 3h50m"};
  command.declare = [](CLI::App& app, Session& session) -> std::function<int()> {
    auto o = std::make_shared<TaskOptions>();
    app.add_option("folder", o->folder, "of a round, below 'tasks' of a run folder")
        ->required()
        ->type_name("DIR");
    app.add_option("--task", o->tasks,
                   "numbers and ranges, 3 or 0-7,12; by default all that are not finished")
        ->type_name("LIST");
    app.add_option("--checkpoint", o->task.checkpoint, "seconds of work that a kill can cost")
        ->check(CLI::Range(0.0, 3600.0))
        ->type_name("S")
        ->capture_default_str();
    app.add_option("--silence", o->task.silence,
                   "a process on another host that gave no sign for so many seconds is taken for dead")
        ->check(CLI::Range(0.5, 86400.0))
        ->type_name("S")
        ->capture_default_str();
    add_run_options(app, session, Randomness::none);
    add_output_options(app, session);
    return [o, &session] { return run(*o, session); };
  };
  return command;
}

}  // namespace theriac::cli
