// theriac screen submit: a Slurm array for the shards that are not finished, printed or handed in.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "chem/error.hpp"
#include "cli/child_process.hpp"
#include "cli/result_object.hpp"
#include "cli/screen_command.hpp"
#include "cli/screen_folder.hpp"
#include "cli/session.hpp"
#include "datasets/durable_file.hpp"

namespace theriac::cli {
namespace {

namespace fs = std::filesystem;

struct SubmitOptions {
  std::string folder, time = "04:00:00", memory = "8G", program, name;
  int cpus = 8, array_size = 1000, at_once = 0;
  std::vector<std::string> slurm;
  bool now = false, as_planned = false;
};

/// One line per array element: the shards it takes. Elements that take one shard each are named by it.
struct Elements {
  std::string array;           ///< "0-3,17"
  std::string shard_argument;  ///< shell text that gives the element's shards
};

Elements elements(const SubmitOptions& o, const std::vector<int>& shards) {
  const auto size = static_cast<std::size_t>(o.array_size);
  if (shards.size() <= size && shards.back() < 100000)
    return {shard_ranges(shards), "\"$SLURM_ARRAY_TASK_ID\""};
  std::string lines;
  const std::size_t count = std::min(size, shards.size());
  for (std::size_t element = 0; element < count; ++element) {
    std::vector<int> part;
    for (std::size_t i = element; i < shards.size(); i += count) part.push_back(shards[i]);
    lines += shard_ranges(part) + '\n';
  }
  const std::string path = o.folder + "/elements.txt";
  datasets::DurableFile file(path);
  file.write(lines);
  file.publish();
  return {fmt::format("0-{}", count - 1),
          fmt::format("\"$(sed -n \"$((SLURM_ARRAY_TASK_ID + 1))p\" '{}')\"", fs::absolute(path).string())};
}

std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + '\'';
}

std::string script(const SubmitOptions& o, const std::vector<int>& shards) {
  const Elements parts = elements(o, shards);
  const std::string folder = fs::absolute(o.folder).lexically_normal().string();
  std::string extra;
  for (const auto& line : o.slurm)
    extra += (line.rfind("--", 0) == 0 ? "#SBATCH " : "#SBATCH --") + line + '\n';
  return fmt::format(
      R"(#!/bin/bash
# {count} shards of {folder} that are not finished. Made by theriac screen submit.
#SBATCH --job-name={name}
#SBATCH --array={array}{at_once}
#SBATCH --cpus-per-task={cpus}
#SBATCH --mem={memory}
#SBATCH --time={time}
#SBATCH --signal=B:TERM@60
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output={folder}/slurm-%a.log
{extra}
# The batch shell gets SIGTERM 60 s before the end of its time (or when it is preempted) and passes it on;
# theriac writes what is done and ends with 75: then the element is put back into the queue and continues.
{program} screen run {quoted} --shard {shards} --cpu "${{SLURM_CPUS_PER_TASK:-1}}"{as_planned} &
child=$!
trap 'kill -TERM "$child" 2>/dev/null' TERM
wait "$child"
code=$?
while kill -0 "$child" 2>/dev/null; do
  wait "$child"
  code=$?
done
if [ "$code" -eq 75 ]; then
  scontrol requeue "${{SLURM_ARRAY_JOB_ID}}_${{SLURM_ARRAY_TASK_ID}}"
fi
exit "$code"
)",
      fmt::arg("count", shards.size()), fmt::arg("folder", folder), fmt::arg("name", o.name),
      fmt::arg("array", parts.array), fmt::arg("at_once", o.at_once > 0 ? fmt::format("%{}", o.at_once) : ""),
      fmt::arg("cpus", o.cpus), fmt::arg("memory", o.memory), fmt::arg("time", o.time),
      fmt::arg("extra", extra), fmt::arg("program", quoted(o.program)), fmt::arg("quoted", quoted(folder)),
      fmt::arg("shards", parts.shard_argument), fmt::arg("as_planned", o.as_planned ? " --as_planned" : ""));
}

int submit(SubmitOptions o, Session& session) {
  const ScreenFolder folder(o.folder);
  if (!o.as_planned) folder.check_library();
  const auto shards = folder.unfinished();
  if (shards.empty()) {
    session.terminal().note(
        fmt::format("all shards of '{0}' are finished: theriac screen merge {0}", o.folder));
    return print_result(session, "screen submit", {{"folder", o.folder}, {"shards", shards}}, exit_done);
  }
  if (o.name.empty()) o.name = fs::path(folder.path()).lexically_normal().filename().string();
  if (o.name.empty()) o.name = "theriac";
  if (o.program.empty()) {
    std::error_code ignored;
    o.program = fs::read_symlink("/proc/self/exe", ignored).string();
  }
  const std::string text = script(o, shards);
  if (!o.now) {
    if (!session.options.json) std::fputs(text.c_str(), stdout);
    return print_result(session, "screen submit",
                        {{"folder", o.folder}, {"shards", shards}, {"script", text}}, exit_done);
  }
  const std::string sbatch = find_program("sbatch");
  if (sbatch.empty())
    throw InputError("there is no sbatch on this machine",
                     "leave --now out, and hand the printed script in where Slurm is");
  const std::string path = o.folder + "/array.sbatch";
  {
    datasets::DurableFile file(path);
    file.write(text);
    file.publish();
  }
  const auto result = run_child({sbatch, path});
  session.terminal().note(result.output.substr(0, result.output.find_last_not_of('\n') + 1));
  if (result.exit_code != 0)
    throw InputError(fmt::format("sbatch refused the script '{}'", path), "its reason stands above");
  return print_result(session, "screen submit",
                      {{"folder", o.folder}, {"shards", shards}, {"submitted", result.output}}, exit_done);
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
    app.add_option("--cpus", o->cpus, "cores of each array element")
        ->check(CLI::Range(1, 4096))
        ->type_name("N")
        ->capture_default_str();
    app.add_option("--time", o->time, "limit of each element, as Slurm writes it")
        ->type_name("TIME")
        ->capture_default_str();
    app.add_option("--memory", o->memory, "of each element")->type_name("SIZE")->capture_default_str();
    app.add_option(
           "--array_size", o->array_size,
           "elements of the array at most (Slurm's MaxArraySize); beyond it an element takes several shards")
        ->check(CLI::Range(1, 100000))
        ->type_name("N")
        ->capture_default_str();
    app.add_option("--at_once", o->at_once, "elements that run at one time; 0: as many as the cluster allows")
        ->check(CLI::Range(0, 100000))
        ->type_name("N")
        ->capture_default_str();
    app.add_option("--slurm", o->slurm, "a further #SBATCH option, such as partition=short; may be repeated")
        ->type_name("TEXT")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    app.add_option("--program", o->program, "what the script calls; this program by default")
        ->type_name("PATH");
    app.add_option("--job_name", o->name, "name of the job; that of the folder by default")
        ->type_name("NAME");
    app.add_flag("--now", o->now, "hand it to sbatch instead of printing it");
    app.add_flag("--as_planned", o->as_planned, "although the library was changed since it was planned");
    add_output_options(app, session);
    return [o, &session] { return submit(*o, session); };
  };
  return command;
}

}  // namespace theriac::cli
