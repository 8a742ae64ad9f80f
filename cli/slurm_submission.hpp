// A Slurm job that is handed in once, though the one who hands it in may be killed at any moment.
//
// A small file holds the job's name, which no other job has and which is written before sbatch is called, and
// its number, written when sbatch has said it. A name without a number is looked for in the queue.
#pragma once
#include <optional>
#include <string>

#include "cli/slurm_array.hpp"

namespace theriac::cli {

class SlurmSubmission {
 public:
  /// The submission noted in `path`; nothing is read or asked yet.
  explicit SlurmSubmission(std::string path) : path_(std::move(path)) {}

  struct Job {
    std::string name, number;  ///< no number: it is not known whether sbatch got it
  };
  /// What the file says; nothing without one. Throws StorageError for a file that is something else.
  std::optional<Job> noted() const;

  /// The job that was handed in, its number found by its name where it was not noted; nothing when there is
  /// no such job in the queue any more (`gone` says what was), or never was one. A queue that does not answer
  /// is taken to hold a job whose number is known; without a number StorageError is thrown.
  std::optional<Job> waiting_or_running(std::optional<Job>* gone = nullptr) const;

  /// Writes the script and gives it to sbatch under a new name that begins with options.name. Returns what
  /// sbatch said. Throws as hand_to_slurm, and InputError when sbatch refuses, which leaves nothing noted, or
  /// fails so that there may be a job all the same, whose name stays noted.
  std::string hand_in(SlurmArrayOptions options, const SlurmArray& array,
                      const std::string& script_path) const;

 private:
  void note(const Job& job) const;
  void take_back() const;

  std::string path_;
};

}  // namespace theriac::cli
