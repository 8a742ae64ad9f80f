// Molecules of one round of a campaign, or of its final docking, cut into tasks that other processes dock.
//
// A batch is a folder:
//   batch            what it is and all molecules, framed and checksummed (datasets/journal.hpp)
//   task-00003.*     journal, lease and rows of a task (datasets/shard_files.hpp)
// Molecule i is docked by task i mod T. A task's files carry the hash of the batch: rows of another batch are
// not taken for its own.
#pragma once
#include <string>
#include <vector>

#include "generative/docking_elsewhere.hpp"
#include "scoring/judge_record.hpp"

namespace theriac::generative {

struct BatchFacts {
  std::string campaign;  ///< fingerprint of the campaign that hands it out
  std::string docking;   ///< JSON of a RunIdentity: receptors, boxes and settings that it is docked with
  std::vector<scoring::JudgeRecord> judges;  ///< models that judge the poses of the final docking
  int round = 0;
  bool final_tier = false;
  int tasks = 1;
  std::vector<DockingRequest> requests;
};

class DockingBatch {
 public:
  /// Writes a batch: all of it or nothing. Throws StorageError.
  static void write(const std::string& folder, const BatchFacts& facts);
  /// Whether there is one.
  static bool exists(const std::string& folder);

  /// Throws InputError when there is no batch, StorageError when it is damaged.
  explicit DockingBatch(std::string folder);

  const std::string& folder() const { return folder_; }
  const BatchFacts& facts() const { return facts_; }
  std::string text() const;  ///< "round 3" or "the final docking"

  std::vector<DockingRequest> requests(int task) const;
  std::string task_stem(int task) const;      ///< "FOLDER/task-00003"
  std::string task_identity(int task) const;  ///< in its files
  bool finished(int task) const;
  std::vector<int> unfinished() const;
  /// Of a finished task: one per request, in their order. Throws StorageError that says how to make it anew.
  std::vector<DockedCandidate> rows(int task) const;

 private:
  std::string folder_, hash_;
  BatchFacts facts_;
};

}  // namespace theriac::generative
