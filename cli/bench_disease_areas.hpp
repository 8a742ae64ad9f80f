// theriac bench repurposing --areas: whole areas of medicine left out, after TxGNN's disease-area splits
// (K. Huang et al., Nat. Med. 30, 3601 (2024)).
//
// All treatments of all diseases of an area are hidden at once (and those of their ancestors and
// descendants): from weights, scales and penalty, from the features of the training diseases and from those
// of the area. A share of the other links of each judged disease is left out too. Then all candidate drugs
// are ranked for each disease of the area that has a known drug.
//
// Full rankings: AUROC, AUPR (average precision) and recall among the first 50 and 100, mean over the
// diseases of the area. And TxGNN's own figure, "balanced AUPR": the pairs of all diseases of the area in one
// list, with as many pairs drawn from those not known as there are known ones for each disease; chance is
// 0.5.
#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "cli/bench_repurposing.hpp"
#include "cli/disease_areas.hpp"
#include "cli/ranking_figures.hpp"

namespace theriac::cli {

/// One method in one area.
struct AreaMethod {
  MethodFigures figures;
  scoring::Interval balanced;  ///< average precision among as many unknown pairs as known ones
};

struct AreaFigures {
  std::string area;
  std::size_t listed = 0, in_store = 0, known_pairs = 0;  ///< diseases of the table, those the store has
  std::vector<std::string> diseases;                      ///< judged ones
  std::vector<AreaMethod> methods;
};

/// Average precision of pairs of all diseases together, unknown ones drawn by the seed. NaN without known
/// pairs.
scoring::Interval balanced_precision(const DrugRows& scores, const DrugRows& known, std::uint64_t seed);

/// Writes `areas.csv`, `area_diseases.csv` and `areas.md` to the folder and prints the last. Returns an exit
/// code.
int bench_disease_areas(const RepurposingBenchOptions& options, Session& session);

}  // namespace theriac::cli
