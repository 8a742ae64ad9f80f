// Graph evolution: molecules breed by crossover and mutation of their graphs, and the fitter ones breed more.
//
// The graph-based genetic algorithm of J. H. Jensen, Chem. Sci. 10, 3567 (2019), which is hard to beat for
// its cost (N. Brown et al., GuacaMol, J. Chem. Inf. Model. 59, 1096 (2019)), with growth by fragments,
// plausibility rules on every child, and a limit on how many members of one scaffold breed.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "chem/molecule.hpp"
#include "generative/plausibility.hpp"
#include "generative/proposer.hpp"

namespace theriac::generative {

enum class ChildRules {
  plausible,  ///< what a medicinal chemist would take seriously (plausibility.hpp)
  valid       ///< every valence holds, up to the limit of heavy atoms: what benchmarks ask for
};

struct EvolutionOptions {
  int population = 80;           ///< breeders kept, best first
  int per_bucket = 8;            ///< breeders that may share a bucket (scaffold); 0: no limit
  double crossover_share = 0.5;  ///< children with two parents
  double mutation_share = 0.5;   ///< of those, the share that is mutated as well; other children always are
  double selection_pressure =
      2.0;  ///< expected children of the best over those of the median breeder, 1 to 4
  ChildRules rules = ChildRules::plausible;
  PlausibilityLimits plausibility;
  std::uint64_t seed = 1;
};

class GraphEvolution : public Proposer {
 public:
  /// Seeds that no graph can express (radicals, rare elements) still are proposed in round 0 but do not
  /// breed. Throws InputError when there is no seed.
  GraphEvolution(std::vector<chem::Molecule> seeds, EvolutionOptions options);
  ~GraphEvolution() override;

  /// Children are made in parallel (oneTBB); child i of a round draws from the stream (seed, "evolve", round,
  /// i). Before anything is learnt all seeds breed alike.
  std::vector<Candidate> propose(int n, int round) override;
  void recall(const std::vector<std::string>& smiles) override;
  void forget(const std::vector<std::string>& smiles) override;
  void learn(const std::vector<Lesson>& lessons) override;

  /// SMILES of the breeders, best first.
  std::vector<std::string> breeders() const;

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace theriac::generative
