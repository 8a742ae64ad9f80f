// Work as a Slurm array: the script, handing it in, and whether it still waits or runs.
#pragma once
#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

namespace theriac::cli {

struct SlurmArrayOptions {
  std::string time = "04:00:00", memory = "8G", program, name;
  int cpus = 8, at_once = 0;
  int array_size = 1000;           ///< elements at most
  std::vector<std::string> slurm;  ///< further #SBATCH options
};

/// --cpus, --time, --memory, --at_once, --slurm, --program and --job_name, under a heading of the help.
void declare_slurm_array(CLI::App& app, SlurmArrayOptions& options, const std::string& heading = "Options");

struct SlurmArray {
  std::string title;       ///< "12 shards of DIR that are not finished. Made by theriac screen submit."
  std::string folder;      ///< logs go there, and the list of elements where one takes several parts
  std::string command;     ///< "screen run 'DIR' --shard", shell text; the element's parts follow
  std::string more;        ///< further options, " --as_planned"
  std::vector<int> parts;  ///< not empty, rising
};

/// The script. An element ends with the program's exit code; with 75 it is put back into the queue. Writes
/// FOLDER/elements-HASH.txt when an element takes several parts. Throws StorageError.
std::string slurm_array_script(const SlurmArrayOptions& options, const SlurmArray& array);

/// A word for the shell.
std::string shell_quoted(const std::string& text);

struct SlurmAnswer {
  enum class Outcome {
    taken,
    refused,  ///< there is no job
    unknown,  ///< sbatch was killed or Slurm did not answer in time: there may be a job
  };
  Outcome outcome = Outcome::taken;
  std::string said;  ///< by sbatch, without the line end
};
/// Writes `script` to `path` and gives it to sbatch. Throws before sbatch is run, or not at all: InputError
/// when there is none, StorageError.
SlurmAnswer hand_to_slurm(const std::string& script, const std::string& path);

/// The number in "Submitted batch job 123"; empty when there is none.
std::string slurm_job_number(const std::string& said);

enum class SlurmQueue { there, gone, unknown };
/// Whether any element of the job waits or runs; unknown when Slurm does not answer.
SlurmQueue slurm_queue(const std::string& job);

/// The number of the job of that name which waits or runs; empty when there is none, nothing when Slurm does
/// not answer.
std::optional<std::string> slurm_job_named(const std::string& name);

}  // namespace theriac::cli
