// A learned proposer: the neural generator chases the objective, graph evolution shows it where to look.
//
// Genetic GFN: the policy is trained by trajectory balance, (log Z + log P - beta R)^2, on molecules replayed
// by rank; each round most candidates come from the policy and some from crossover and mutation of the best.
// H. Kim, M. Kim, S. Choi, J. Park, NeurIPS 37 (2024). On graph actions instead of SMILES, so that every
// candidate is valid.
//
// The policy is held back from losing what it knew by its divergence from the prior. When what it is told
// about grows alike without growing better, it has collapsed: it starts over from the prior, with the memory
// thinned to a few of each bucket.
#pragma once
#include <memory>

#include "generative/graph_evolution.hpp"
#include "generative/graph_policy.hpp"
#include "generative/proposer.hpp"

namespace theriac::generative {

struct GeneticGfnOptions {
  double learned_share = 0.8;  ///< of candidates drawn from the policy; the others by evolution
  double reward_scale = 50;    ///< beta: fitness 1 is worth e^beta times fitness 0
  double rate = 1e-3;          ///< of learning
  double log_z = 5, log_z_rate = 0.1;
  int memory = 1024;          ///< molecules kept
  int replay = 64;            ///< molecules a step
  double replays_each = 1.6;  ///< replayed molecules per molecule told
  double rank_coefficient = 0.01;
  double prior_weight = 0.1;  ///< of the divergence from the prior
  double temperature = 1;     ///< of sampling
  // Collapse.
  double least_diversity = 0.35;  ///< mean Tanimoto distance of what a round tells
  int patience = 12;              ///< rounds without gain of the ten best that make it a collapse
  int kept_per_bucket = 3;        ///< then
  /// Evolution, and the rules that candidates of either kind obey. Its seed is the proposer's.
  EvolutionOptions evolution;
};

class GeneticGfn : public Proposer {
 public:
  /// `start` may be empty: then round 0 is drawn from the prior.
  GeneticGfn(std::vector<chem::Molecule> start, std::shared_ptr<const GraphPolicy> prior,
             const GeneticGfnOptions& options);
  ~GeneticGfn() override;

  std::vector<Candidate> propose(int n, int round) override;
  void recall(const std::vector<std::string>& smiles) override;
  void forget(const std::vector<std::string>& smiles) override;
  void learn(const std::vector<Lesson>& lessons) override;
  void objectives_changed() override;
  std::vector<std::string> remarks() override;

  /// As learned so far.
  const GraphPolicy& policy() const;

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace theriac::generative
