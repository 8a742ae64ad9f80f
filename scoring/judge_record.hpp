// What a run keeps of a model that judges poses: another one under the same name would give other rows.
#pragma once
#include <string>

namespace theriac::scoring {

struct JudgeRecord {
  std::string judge;   ///< "gnina network dense_1_3", "pose scorer pose-scorer"
  std::string sha256;  ///< of its weights (gnina, whatever file they are in), or of its file
};

}  // namespace theriac::scoring
