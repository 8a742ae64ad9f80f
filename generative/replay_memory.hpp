// The best molecules found so far, kept for learning again and again, drawn by rank.
//
// Rank weights 1 / (coefficient n + rank) as in H. Kim, M. Kim, S. Choi, J. Park, "Genetic-guided GFlowNets
// for sample efficient molecular optimization", NeurIPS 37 (2024); a new random order of each molecule at
// each draw is the augmentation of J. Guo, P. Schwaller, "Augmented Memory", JACS Au 4, 2160 (2024).
#pragma once
#include <map>
#include <string>
#include <vector>

#include "chem/counter_random.hpp"
#include "generative/proposer.hpp"
#include "generative/unit_graph.hpp"

namespace theriac::generative {

struct Memory {
  std::string smiles;  ///< canonical
  double fitness = 0;
  std::string bucket;
  UnitGraph graph;
};

class ReplayMemory {
 public:
  /// Keeps the best `capacity`, of one bucket at most `per_bucket` (0: any number). The vocabulary must
  /// outlive it.
  ReplayMemory(const ActionVocabulary& vocabulary, std::size_t capacity, int per_bucket);

  /// Takes in what is worth something and has a place in the vocabulary; what is told again gets its new
  /// worth.
  void learn(const std::vector<Lesson>& lessons);
  /// Keeps the best `per_bucket` of each bucket only; molecules without a bucket count by themselves.
  void thin(int per_bucket);

  /// Best first; equal ones by SMILES.
  const std::vector<Memory>& entries() const { return entries_; }
  /// `n` entries by rank, with repetition.
  std::vector<const Memory*> draw(std::size_t n, double rank_coefficient, chem::CounterRandom& random) const;

 private:
  void keep_best(std::size_t capacity, int per_bucket);

  UnitGraphBuilder builder_;
  std::size_t capacity_;
  int per_bucket_;
  std::vector<Memory> entries_;
};

}  // namespace theriac::generative
