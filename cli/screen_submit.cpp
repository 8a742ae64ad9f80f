// theriac screen submit: a Slurm array for the shards that are not finished, printed or handed in.
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "chem/error.hpp"
#include "cli/result_object.hpp"
#include "cli/screen_command.hpp"
#include "cli/screen_folder.hpp"
#include "cli/session.hpp"
#include "cli/slurm_array.hpp"
#include "cli/slurm_submission.hpp"

namespace theriac::cli {
namespace {

namespace fs = std::filesystem;

struct SubmitOptions {
  std::string folder;
  SlurmArrayOptions array;
  bool now = false, as_planned = false;
};

SlurmArray array_of(const SubmitOptions& o, const std::vector<int>& shards) {
  const std::string folder = fs::absolute(o.folder).lexically_normal().string();
  SlurmArray array;
  array.title = fmt::format("{} shards of {} that are not finished. Made by theriac screen submit.",
                            shards.size(), folder);
  array.folder = o.folder;
  array.command = fmt::format("screen run {} --shard", shell_quoted(folder));
  array.more = o.as_planned ? " --as_planned" : "";
  array.parts = shards;
  return array;
}

/// Hands the shards to sbatch, unless a job that was handed in before is still in the queue.
int hand_in(const SubmitOptions& o, const std::vector<int>& shards, Session& session) {
  const SlurmSubmission submission(o.folder + "/job.json");
  auto& terminal = session.terminal();
  std::optional<SlurmSubmission::Job> gone;
  if (const auto job = submission.waiting_or_running(&gone)) {
    terminal.note(fmt::format(
        "job {0} of this screen waits or runs: nothing is handed in (scancel {0} ends it)", job->number));
    return print_result(session, "screen submit",
                        {{"folder", o.folder}, {"shards", shards}, {"job", job->number}, {"submitted", ""}},
                        exit_done);
  }
  if (gone)
    terminal.note(fmt::format("job {} is no longer in the queue: the shards that it left are handed in again",
                              gone->number));
  SlurmArrayOptions options = o.array;
  if (options.name.empty())
    options.name = fs::path(fs::absolute(o.folder).lexically_normal() / "").parent_path().filename().string();
  const std::string said = submission.hand_in(options, array_of(o, shards), o.folder + "/array.sbatch");
  terminal.note(said);
  return print_result(
      session, "screen submit",
      {{"folder", o.folder}, {"shards", shards}, {"job", slurm_job_number(said)}, {"submitted", said}},
      exit_done);
}

int submit(const SubmitOptions& o, Session& session) {
  const ScreenFolder folder(o.folder);
  if (!o.as_planned) folder.check_library();
  const auto shards = folder.unfinished();
  if (shards.empty()) {
    session.terminal().note(
        fmt::format("all shards of '{0}' are finished: theriac screen merge {0}", o.folder));
    return print_result(session, "screen submit", {{"folder", o.folder}, {"shards", shards}}, exit_done);
  }
  if (o.now) return hand_in(o, shards, session);
  const std::string text = slurm_array_script(o.array, array_of(o, shards));
  if (!session.options.json) std::fputs(text.c_str(), stdout);
  return print_result(session, "screen submit", {{"folder", o.folder}, {"shards", shards}, {"script", text}},
                      exit_done);
}

}  // namespace

Command screen_submit_command() {
  Command command;
  command.name = "screen submit";
  command.summary = "print, or with --now submit, a Slurm array for the shards that are not finished";
  command.examples = {"theriac screen submit abl1 --cpus 16 --time 04:00:00 > abl1.sbatch",
                      "theriac screen submit abl1 --slurm partition=short --slurm account=chem --now"};
  command.declare = [](CLI::App& app, Session& session) -> std::function<int()> {
    auto o = std::make_shared<SubmitOptions>();
    app.add_option("folder", o->folder, "made by theriac screen plan")->required()->type_name("DIR");
    declare_slurm_array(app, o->array);
    app.add_option(
           "--array_size", o->array.array_size,
           "elements of the array at most (Slurm's MaxArraySize); beyond it an element takes several shards")
        ->check(CLI::Range(1, 100000))
        ->type_name("N")
        ->capture_default_str();
    app.add_flag(
        "--now", o->now,
        "hand it to sbatch instead of printing it; a job of this screen that still waits or runs is left "
        "alone, and nothing is handed in");
    app.add_flag("--as_planned", o->as_planned, "although the library was changed since it was planned");
    add_output_options(app, session);
    return [o, &session] { return submit(*o, session); };
  };
  return command;
}

}  // namespace theriac::cli
