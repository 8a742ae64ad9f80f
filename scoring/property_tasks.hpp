// The measured properties that ship with Theriac are trained on: where each stands in a folder of tables, and
// how it is learned.
//
// The 22 tasks of the ADMET group of the Therapeutics Data Commons (K. Huang et al., NeurIPS Datasets 2021)
// and sets beside them that teach a network more chemistry. Values that spread over decades (volume of
// distribution, half-life, clearances) are learned as log10.
#pragma once
#include <string>
#include <vector>

#include "scoring/masked_loss.hpp"

namespace theriac::scoring {

struct PropertyTask {
  std::string name;    ///< "caco2_wang"
  std::string file;    ///< below the folder of tables, "tdc/caco2_wang.csv.gz"
  std::string column;  ///< of the values
  TaskKind kind = TaskKind::classification;
  std::string unit;
  bool logarithmic = false;
  std::string metric;      ///< the benchmark's: "MAE", "Spearman", "AUROC", "AUPRC"; empty: no benchmark
  bool benchmark = false;  ///< has a column `split` with train_val and test; test rows are never learned
};

const std::vector<PropertyTask>& property_tasks();

}  // namespace theriac::scoring
