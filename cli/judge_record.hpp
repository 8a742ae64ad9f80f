// The models that judge the poses of a run: noted when work is planned or handed out, compared where it is
// done.
#pragma once
#include <string>
#include <vector>

#include "cli/pose_judges.hpp"
#include "cli/terminal.hpp"
#include "scoring/judge_record.hpp"

namespace theriac::cli {

using scoring::JudgeRecord;

/// The judges that the options ask for, as they are now. Throws InputError and ModelError when one cannot be
/// read.
std::vector<JudgeRecord> judge_records(const PoseJudgeOptions& options);

/// When judges were noted, in the words of an error.
struct JudgesNoted {
  std::string event;   ///< "the screen was planned"
  std::string remedy;  ///< what to do when they are others now
};

/// Throws ModelError that names the first judge which is not the one of `then`, and both digests.
void require_same_judges(const std::vector<JudgeRecord>& then, const std::vector<JudgeRecord>& now,
                         const JudgesNoted& noted);

/// Who judges, what that decides, and what is odd about the receptor for them.
void say_judges(Terminal& terminal, const scoring::LigandDockingOptions& ligand);

}  // namespace theriac::cli
