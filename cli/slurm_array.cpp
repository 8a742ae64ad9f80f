#include "cli/slurm_array.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>

#include "chem/error.hpp"
#include "cli/child_process.hpp"
#include "cli/number_ranges.hpp"
#include "datasets/durable_file.hpp"
#include "datasets/sha256.hpp"

namespace theriac::cli {
namespace {

namespace fs = std::filesystem;

void write_file(const std::string& path, const std::string& text) {
  datasets::DurableFile file(path);
  file.write(text);
  file.publish();
}

constexpr int killed = 128;  // exit codes from here on are signals

/// Messages of Slurm (slurm_errno) and of the network after which a job may be there.
bool speaks_of_the_connection(const std::string& said) {
  std::string low = said;
  std::transform(low.begin(), low.end(), low.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const auto has = [&](const char* words) { return low.find(words) != std::string::npos; };
  return has("timed out") || has("timeout") || has("zero bytes") || has("connection") ||
         has("communication") || has("unable to contact") || has("message send failure") ||
         has("message receive failure") || has("unexpected message");
}

/// One line per array element: the parts it takes. Elements that take one part each are named by it.
struct Elements {
  std::string array;     ///< "0-3,17"
  std::string argument;  ///< shell text that gives the element's parts
};

Elements elements(const SlurmArrayOptions& options, const SlurmArray& array) {
  const auto size = static_cast<std::size_t>(options.array_size);
  if (array.parts.size() <= size && array.parts.back() < 100000)
    return {number_ranges(array.parts), "\"$SLURM_ARRAY_TASK_ID\""};
  std::string lines;
  const std::size_t count = std::min(size, array.parts.size());
  for (std::size_t element = 0; element < count; ++element) {
    std::vector<int> some;
    for (std::size_t i = element; i < array.parts.size(); i += count) some.push_back(array.parts[i]);
    lines += number_ranges(some) + '\n';
  }
  // an array that waits reads the list that it was submitted with, whatever is printed later
  const std::string path =
      fmt::format("{}/elements-{}.txt", array.folder, datasets::sha256(lines).substr(0, 8));
  write_file(path, lines);
  return {fmt::format("0-{}", count - 1),
          fmt::format("\"$(sed -n \"$((SLURM_ARRAY_TASK_ID + 1))p\" '{}')\"", fs::absolute(path).string())};
}

}  // namespace

void declare_slurm_array(CLI::App& app, SlurmArrayOptions& o, const std::string& heading) {
  app.add_option("--cpus", o.cpus, "cores of each array element")
      ->check(CLI::Range(1, 4096))
      ->type_name("N")
      ->capture_default_str()
      ->group(heading);
  app.add_option("--time", o.time, "limit of each element, as Slurm writes it")
      ->type_name("TIME")
      ->capture_default_str()
      ->group(heading);
  app.add_option("--memory", o.memory, "of each element")
      ->type_name("SIZE")
      ->capture_default_str()
      ->group(heading);
  app.add_option("--at_once", o.at_once, "elements that run at one time; 0: as many as the cluster allows")
      ->check(CLI::Range(0, 100000))
      ->type_name("N")
      ->capture_default_str()
      ->group(heading);
  app.add_option("--slurm", o.slurm, "a further #SBATCH option, such as partition=short; may be repeated")
      ->type_name("TEXT")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->group(heading);
  app.add_option("--program", o.program, "what the script calls; this program by default")
      ->type_name("PATH")
      ->group(heading);
  app.add_option("--job_name", o.name, "name of the job; that of the folder by default")
      ->type_name("NAME")
      ->group(heading);
}

std::string shell_quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + '\'';
}

std::string slurm_array_script(const SlurmArrayOptions& o, const SlurmArray& array) {
  const Elements parts = elements(o, array);
  const std::string folder = fs::absolute(array.folder).lexically_normal().string();
  std::error_code ignored;
  const std::string program =
      o.program.empty() ? fs::read_symlink("/proc/self/exe", ignored).string() : o.program;
  std::string name = o.name;
  if (name.empty()) name = fs::path(folder).filename().string();
  if (name.empty()) name = "theriac";
  std::string extra;
  for (const auto& line : o.slurm)
    extra += (line.rfind("--", 0) == 0 ? "#SBATCH " : "#SBATCH --") + line + '\n';
  return fmt::format(
      R"(#!/bin/bash
# {title}
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
{program} {command} {parts} --cpu "${{SLURM_CPUS_PER_TASK:-1}}"{more} &
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
      fmt::arg("title", array.title), fmt::arg("folder", folder), fmt::arg("name", name),
      fmt::arg("array", parts.array), fmt::arg("at_once", o.at_once > 0 ? fmt::format("%{}", o.at_once) : ""),
      fmt::arg("cpus", o.cpus), fmt::arg("memory", o.memory), fmt::arg("time", o.time),
      fmt::arg("extra", extra), fmt::arg("program", shell_quoted(program)),
      fmt::arg("command", array.command), fmt::arg("parts", parts.argument), fmt::arg("more", array.more));
}

SlurmAnswer hand_to_slurm(const std::string& script, const std::string& path) {
  write_file(path, script);
  const std::string sbatch = find_program("sbatch");
  if (sbatch.empty())
    throw InputError("there is no sbatch on this machine",
                     fmt::format("leave --now out, and hand '{}' in where Slurm is", path));
  const auto result = run_child({sbatch, path});
  SlurmAnswer answer;
  answer.said = result.output.substr(0, result.output.find_last_not_of('\n') + 1);
  if (result.exit_code != 0)
    answer.outcome = result.exit_code >= killed || speaks_of_the_connection(answer.said)
                         ? SlurmAnswer::Outcome::unknown
                         : SlurmAnswer::Outcome::refused;
  return answer;
}

std::string slurm_job_number(const std::string& said) {
  const std::string before = "Submitted batch job ";
  const auto at = said.find(before);
  if (at == std::string::npos) return {};
  const auto begin = at + before.size();
  return said.substr(begin, said.find_first_not_of("0123456789", begin) - begin);
}

SlurmQueue slurm_queue(const std::string& job) {
  const std::string squeue = find_program("squeue");
  if (squeue.empty()) return SlurmQueue::unknown;
  const auto result = run_child({squeue, "-h", "-j", job, "-o", "%i"});
  if (result.exit_code != 0)
    return result.output.find("Invalid job id") != std::string::npos ? SlurmQueue::gone : SlurmQueue::unknown;
  const bool empty = result.output.find_first_not_of(" \n") == std::string::npos;
  return empty ? SlurmQueue::gone : SlurmQueue::there;
}

std::optional<std::string> slurm_job_named(const std::string& name) {
  const std::string squeue = find_program("squeue");
  if (squeue.empty()) return {};
  const auto result = run_child({squeue, "-h", "-n", name, "-o", "%F"});
  if (result.exit_code != 0) return {};
  const auto begin = result.output.find_first_of("0123456789");
  if (begin == std::string::npos) return std::string();
  return result.output.substr(begin, result.output.find_first_not_of("0123456789", begin) - begin);
}

}  // namespace theriac::cli
