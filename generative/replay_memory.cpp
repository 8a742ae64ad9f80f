#include "generative/replay_memory.hpp"

#include <algorithm>

#include "chem/counter_random.hpp"

namespace theriac::generative {

ReplayMemory::ReplayMemory(const ActionVocabulary& vocabulary, std::size_t capacity, int per_bucket)
    : builder_(vocabulary), capacity_(capacity), per_bucket_(per_bucket) {}

void ReplayMemory::learn(const std::vector<Lesson>& lessons) {
  std::map<std::string, const Lesson*> told;
  for (const Lesson& lesson : lessons) told[lesson.smiles] = &lesson;
  std::vector<Memory> next;
  for (Memory& memory : entries_) {
    const auto again = told.find(memory.smiles);
    if (again == told.end()) {
      next.push_back(std::move(memory));
      continue;
    }
    if (again->second->fitness > 0)
      next.push_back({memory.smiles, again->second->fitness, again->second->bucket, std::move(memory.graph)});
    told.erase(again);
  }
  for (const auto& [smiles, lesson] : told) {
    if (!(lesson->fitness > 0)) continue;
    try {
      next.push_back({smiles, lesson->fitness, lesson->bucket, builder_.build(chem::flat_graph(smiles))});
    } catch (const MoleculeError&) {  // no place in the vocabulary: evolution alone works with it
    }
  }
  entries_ = std::move(next);
  keep_best(capacity_, per_bucket_);
}

void ReplayMemory::thin(int per_bucket) {
  keep_best(capacity_, per_bucket);
}

void ReplayMemory::keep_best(std::size_t capacity, int per_bucket) {
  std::sort(entries_.begin(), entries_.end(), [](const Memory& a, const Memory& b) {
    return a.fitness != b.fitness ? a.fitness > b.fitness : a.smiles < b.smiles;
  });
  std::map<std::string, int> taken;
  std::vector<Memory> kept;
  for (Memory& memory : entries_) {
    if (kept.size() == capacity) break;
    if (per_bucket > 0 && !memory.bucket.empty() && ++taken[memory.bucket] > per_bucket) continue;
    kept.push_back(std::move(memory));
  }
  entries_ = std::move(kept);
}

std::vector<const Memory*> ReplayMemory::draw(std::size_t n, double rank_coefficient,
                                              chem::CounterRandom& random) const {
  std::vector<const Memory*> out;
  if (entries_.empty()) return out;
  std::vector<double> sums;
  double sum = 0;
  for (std::size_t rank = 0; rank < entries_.size(); ++rank)
    sums.push_back(
        sum += 1 / (rank_coefficient * static_cast<double>(entries_.size()) + static_cast<double>(rank) + 1));
  for (std::size_t i = 0; i < n; ++i) {
    const auto at = std::upper_bound(sums.begin(), sums.end(), random.uniform() * sum) - sums.begin();
    out.push_back(&entries_[std::min(static_cast<std::size_t>(at), entries_.size() - 1)]);
  }
  return out;
}

}  // namespace theriac::generative
