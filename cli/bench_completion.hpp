// theriac bench completion: how well missing drug-disease associations are found again in the published sets,
// beside popularity, nearest neighbours and chance.
//
// Cross-validation over known associations: a tenth is removed, the rest is learned from, and the removed
// pairs are ranked among all pairs not known, every one of which counts as a negative. Similarities stay as
// they are. Settings are chosen inside the training associations. Leaving out drugs removes all associations
// of a tenth of the drugs instead, and ranks within those drugs (the "de novo" case).
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "repurpose/association_data.hpp"

namespace theriac::cli {

class Session;

enum class LeftOut { pairs, drugs };

struct CompletionBenchOptions {
  std::string data, out;
  std::vector<std::string> sets;     ///< empty: all known ones
  std::vector<std::string> methods;  ///< empty: all of completion_methods()
  int folds = 10, repeats = 1;
  LeftOut left_out = LeftOut::pairs;
};

/// random, popularity, neighbours, bnnr (the published settings, slow), bnnr-short, kernel, consensus.
std::vector<std::string> completion_methods();

/// Fold of every known pair, -1 of the others: equally many in each to one pair (of `pairs`) or one drug.
std::vector<int> association_folds(const repurpose::RealMatrix& associations, int folds, LeftOut left_out,
                                   std::uint64_t seed);

struct CompletionFigures {
  std::string method;
  double auroc = 0, average_precision = 0;
  double seconds = 0;  ///< of processor time; kernel and consensus with the choice of their settings
  std::string choice;  ///< settings found inside the training associations
};

/// One fold of one set. The consensus shares what `kernel` and `bnnr-short` computed.
std::vector<CompletionFigures> run_completion_fold(const repurpose::AssociationData& data,
                                                   const std::vector<int>& fold_of, int fold,
                                                   LeftOut left_out, const std::vector<std::string>& methods,
                                                   std::uint64_t seed);

/// Adds what is missing to `completion.csv` (a row per set, repeat, fold and method), writes the table
/// `completion.md` and prints it. Folds run beside each other on all threads. Returns an exit code.
int bench_completion(const CompletionBenchOptions& options, Session& session);

}  // namespace theriac::cli
