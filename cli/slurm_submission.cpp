#include "cli/slurm_submission.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "chem/error.hpp"
#include "cli/child_process.hpp"
#include "datasets/durable_file.hpp"
#include "datasets/provenance.hpp"
#include "datasets/sha256.hpp"

namespace theriac::cli {
namespace {

using Json = nlohmann::ordered_json;

/// A name that no other submission has; only characters that squeue does not take for a list.
std::string unique_name(const std::string& begin) {
  std::string name;
  for (const char c : begin)
    name += std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.' ? c : '_';
  const auto now = std::chrono::system_clock::now().time_since_epoch().count();
  const std::string seed = fmt::format("{} {} {} {}", begin, datasets::host_name(), getpid(), now);
  return name + '-' + datasets::sha256(seed).substr(0, 8);
}

}  // namespace

std::optional<SlurmSubmission::Job> SlurmSubmission::noted() const {
  if (!std::filesystem::exists(path_)) return {};
  const Json json = Json::parse(datasets::read_file(path_), nullptr, false);
  if (!json.is_object() || !json.contains("name"))
    throw StorageError(fmt::format("'{}' is damaged", path_),
                       "see in squeue whether its job waits or runs, then remove the file");
  return Job{json.value("name", ""), json.value("number", "")};
}

void SlurmSubmission::note(const Job& job) const {
  const Json json = {{"name", job.name}, {"number", job.number}};
  datasets::DurableFile file(path_);
  file.write(json.dump() + '\n');
  file.publish();
}

void SlurmSubmission::take_back() const {
  std::error_code ignored;  // a note that stays is looked for in the queue
  std::filesystem::remove(path_, ignored);
}

std::optional<SlurmSubmission::Job> SlurmSubmission::waiting_or_running(std::optional<Job>* gone) const {
  auto job = noted();
  if (!job) return {};
  if (job->number.empty()) {
    const auto found = slurm_job_named(job->name);
    if (!found)
      throw StorageError(
          fmt::format("whether job '{}' was handed in is not known, and squeue does not answer", job->name),
          fmt::format("the same command again when it does; where there is no such job, remove '{}'", path_));
    if (found->empty()) return {};
    job->number = *found;
    note(*job);
    return job;
  }
  if (slurm_queue(job->number) != SlurmQueue::gone) return job;
  if (gone) *gone = job;
  return {};
}

std::string SlurmSubmission::hand_in(SlurmArrayOptions options, const SlurmArray& array,
                                     const std::string& script_path) const {
  options.name = unique_name(options.name);
  const std::string script = slurm_array_script(options, array);
  // a machine without Slurm hands nothing in; whatever else sbatch says, the job may have come through
  if (!find_program("sbatch").empty()) note({options.name, ""});
  SlurmAnswer answer;
  try {
    answer = hand_to_slurm(script, script_path);
  } catch (const Error&) {  // sbatch was not run
    take_back();
    throw;
  }
  if (answer.outcome == SlurmAnswer::Outcome::refused) {
    take_back();
    throw InputError(fmt::format("sbatch refused the script '{}'", script_path), answer.said);
  }
  if (answer.outcome == SlurmAnswer::Outcome::unknown)
    throw InputError(fmt::format("sbatch failed with the script '{}', and job '{}' may have come through all "
                                 "the same: the same command again looks for it",
                                 script_path, options.name),
                     answer.said);
  note({options.name, slurm_job_number(answer.said)});
  return answer.said;
}

}  // namespace theriac::cli
