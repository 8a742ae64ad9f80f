// What a run keeps and says of the models that judge its poses: another model under the same name would give
// other rows.
#pragma once
#include <string>
#include <vector>

#include "cli/pose_judges.hpp"
#include "cli/terminal.hpp"

namespace theriac::cli {

struct JudgeRecord {
  std::string judge;   ///< "gnina network dense_1_3", "pose scorer pose-scorer"
  std::string sha256;  ///< of its weights (gnina, whatever file they are in), or of its file
};

/// The judges that the options ask for, as they are now. Throws InputError and ModelError when one cannot be
/// read.
std::vector<JudgeRecord> judge_records(const PoseJudgeOptions& options);

/// Throws ModelError that names the first judge which is not the one of `then`, and both digests.
void require_same_judges(const std::vector<JudgeRecord>& then, const std::vector<JudgeRecord>& now);

/// Who judges, what that decides, and what is odd about the receptor for them.
void say_judges(Terminal& terminal, const scoring::LigandDockingOptions& ligand);

}  // namespace theriac::cli
