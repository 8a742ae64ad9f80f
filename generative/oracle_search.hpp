// A proposer chasing one number with a limited number of looks at it: what goal-directed benchmarks measure.
//
// Every distinct molecule (by canonical SMILES) costs one call; what was scored before is answered from
// memory and is free. Benchmarks count this way: W. Gao et al., NeurIPS 35, 21342 (2022).
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "chem/molecule.hpp"
#include "chem/stop_token.hpp"
#include "generative/proposer.hpp"

namespace theriac::generative {

/// Larger is better, 0 is worthless. Called from many threads at once.
using Oracle = std::function<double(const chem::Molecule&)>;

struct Evaluation {
  std::string smiles;  ///< canonical
  double score = 0;
  std::string origin;  ///< as the proposer says: "start", "crossover"
};

struct SearchOptions {
  int calls = 10000;  ///< budget
  int batch = 100;    ///< molecules asked of the proposer at a time
  /// Ends the search early: the best `satisfied_count` molecules score 1, which nothing can improve. 0:
  /// never.
  int satisfied_count = 0;
  chem::StopToken stop;
  std::function<void(int calls, double best)> progress;  ///< after every batch; may be empty
};

enum class SearchEnd {
  budget_spent,
  satisfied,
  ran_dry,  ///< the proposer had no new molecule
  stopped   ///< by the token: the result is cut short
};

/// "budget spent", ...
const char* to_text(SearchEnd end);

struct SearchResult {
  std::vector<Evaluation> evaluations;  ///< distinct, in the order of the calls
  SearchEnd end = SearchEnd::budget_spent;
  std::vector<std::string> remarks;  ///< of the proposer: "after 2400 calls: ..."

  std::vector<double> scores() const;
};

/// The result depends on the proposer, the oracle and the options, not on the number of threads. Throws what
/// the oracle throws, and UsageError when calls or batch are not positive.
SearchResult search(Proposer& proposer, const Oracle& oracle, const SearchOptions& options);

}  // namespace theriac::generative
