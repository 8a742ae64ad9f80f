// theriac screen run: shards of a planned screen, on one node.
#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "chem/error.hpp"
#include "cli/number_ranges.hpp"
#include "cli/result_object.hpp"
#include "cli/screen_command.hpp"
#include "cli/shard_run.hpp"

namespace theriac::cli {
namespace {

struct RunOptions {
  std::string folder, shards;
  bool as_planned = false;
  ShardRunOptions shard;
};

void say_outcome(Session& session, int shard, const ShardReport& report) {
  auto& terminal = session.terminal();
  switch (report.outcome) {
    case ShardOutcome::finished:
      return terminal.note(fmt::format("shard {}: {} records done in {:.1f} s ({} failed)", shard,
                                       report.records, report.seconds, report.progress.failed));
    case ShardOutcome::complete:
      return terminal.note(fmt::format("shard {} is complete: nothing to do", shard));
    case ShardOutcome::busy:
      return terminal.note(fmt::format("shard {} is being run by {}: left to it", shard, report.holder));
    case ShardOutcome::stopped:
      return terminal.note(fmt::format("shard {}: stopped after {} of {} records; they are safe", shard,
                                       report.progress.done, report.records));
  }
}

int run(const RunOptions& o, Session& session) {
  const ScreenFolder folder(o.folder);
  const std::vector<int> shards =
      o.shards.empty() ? folder.unfinished() : number_list(o.shards, folder.facts().shards, "shard");
  if (!o.as_planned)
    for (const auto& file : folder.check_library())
      session.terminal().detail(fmt::format("'{}' is not here; the plan holds its records", file));
  if (session.options.dry_run) {
    session.terminal().note(
        fmt::format("plan      shards {} of '{}' would be run", number_ranges(shards), o.folder));
    return exit_done;
  }
  ScreenStages stages(planned_options(folder), folder.seed());
  require_same_judges(folder.facts().judges, stages.judges(),
                      {"the screen was planned",
                       "bring back the models that it was planned with, or plan again into another folder"});
  stages.say_what_docks(session.terminal());
  std::int64_t records = 0, failed = 0, finished = 0, busy = 0;
  double seconds = 0;
  for (const int shard : shards) {
    if (session.stop().stop_requested()) break;
    const auto report = run_shard(folder, shard, stages, o.shard, session);
    say_outcome(session, shard, report);
    if (report.outcome == ShardOutcome::busy && shards.size() == 1 && !o.shards.empty())
      throw StorageError(fmt::format("shard {} is being run by {}", shard, report.holder),
                         "wait for it, or run another shard");
    busy += report.outcome == ShardOutcome::busy;
    finished += report.outcome == ShardOutcome::finished;
    records += report.progress.done;
    failed += report.progress.failed;
    seconds += report.seconds;
  }
  const int code = session.exit_code({0, 0});
  return print_result(session, "screen run",
                      {{"folder", o.folder},
                       {"shards", shards.size()},
                       {"finished", finished},
                       {"busy", busy},
                       {"records", records},
                       {"failed", failed},
                       {"seconds", seconds}},
                      code);
}

}  // namespace

Command screen_run_command() {
  Command command;
  command.name = "screen run";
  command.summary = "run shards of a planned screen; the same command again continues";
  command.examples = {"theriac screen run abl1 --shard 17", "theriac screen run abl1",
                      "theriac screen run abl1 --shard $SLURM_ARRAY_TASK_ID --max-time 3h50m"};
  command.declare = [](CLI::App& app, Session& session) -> std::function<int()> {
    auto o = std::make_shared<RunOptions>();
    app.add_option("folder", o->folder, "made by theriac screen plan")->required()->type_name("DIR");
    app.add_option("--shard", o->shards,
                   "numbers and ranges, 3 or 0-7,12; by default all that are not finished")
        ->type_name("LIST");
    app.add_flag("--as_planned", o->as_planned,
                 "go on with the records as they were planned, although the library was changed");
    app.add_option("--checkpoint", o->shard.checkpoint, "seconds of work that a kill can cost")
        ->check(CLI::Range(0.0, 3600.0))
        ->type_name("S")
        ->capture_default_str();
    app.add_option("--silence", o->shard.silence,
                   "a task on another host that gave no sign for so many seconds is taken for dead")
        ->check(CLI::Range(0.5, 86400.0))
        ->type_name("S")
        ->capture_default_str();
    add_run_options(app, session, Randomness::none);
    add_output_options(app, session);
    return [o, &session] {
      o->shard.overwrite = session.options.overwrite;
      return run(*o, session);
    };
  };
  return command;
}

}  // namespace theriac::cli
