#include "scoring/held_out_pairs.hpp"

#include <algorithm>
#include <numeric>

#include "chem/counter_random.hpp"
#include "datasets/data_split.hpp"

namespace theriac::scoring {

const char* to_text(PairCase which) {
  switch (which) {
    case PairCase::known:
      return "known";
    case PairCase::new_drug:
      return "new drug";
    case PairCase::new_target:
      return "new target";
    default:
      return "both new";
  }
}

std::vector<std::size_t> similarity_groups(const FloatMatrix& similarity, double from) {
  constexpr auto unseen = static_cast<std::size_t>(-1);
  std::vector<std::size_t> group(similarity.rows, unseen), waiting;
  std::size_t next = 0;
  for (std::size_t i = 0; i < similarity.rows; ++i) {
    if (group[i] != unseen) continue;
    waiting = {i};
    group[i] = next;
    while (!waiting.empty()) {
      const std::size_t a = waiting.back();
      waiting.pop_back();
      for (std::size_t b = 0; b < similarity.rows; ++b)
        if (group[b] == unseen && similarity(a, b) >= from) {
          group[b] = next;
          waiting.push_back(b);
        }
    }
    ++next;
  }
  return group;
}

std::vector<HeldOutPairs> held_out_pairs(const std::vector<PairValue>& pairs, PairCase which, int folds,
                                         const std::vector<std::size_t>& drug_groups,
                                         const std::vector<std::size_t>& target_groups, std::uint64_t seed) {
  std::vector<int> drug_fold(drug_groups.size(), 0), target_fold(target_groups.size(), 0);
  if (which == PairCase::new_drug || which == PairCase::both_new)
    drug_fold = datasets::group_folds(drug_groups, folds, seed);
  if (which == PairCase::new_target || which == PairCase::both_new)
    target_fold = datasets::group_folds(target_groups, folds, seed + 1);
  std::vector<int> pair_fold(pairs.size(), 0);
  if (which == PairCase::known) {
    chem::CounterRandom random(seed, "", "pairs held out");
    for (int& fold : pair_fold) fold = static_cast<int>(random.below(static_cast<std::uint32_t>(folds)));
  }
  std::vector<HeldOutPairs> out(static_cast<std::size_t>(folds));
  for (int f = 0; f < folds; ++f) {
    auto& fold = out[static_cast<std::size_t>(f)];
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      const bool drug = drug_fold[pairs[i].drug] == f, target = target_fold[pairs[i].target] == f;
      bool asked = false, known = false;
      if (which == PairCase::known) asked = pair_fold[i] == f, known = !asked;
      if (which == PairCase::new_drug) asked = drug, known = !drug;
      if (which == PairCase::new_target) asked = target, known = !target;
      if (which == PairCase::both_new) asked = drug && target, known = !drug && !target;
      if (known) fold.known.push_back(pairs[i]);
      if (asked) {
        fold.asked.push_back(pairs[i]);
        fold.places.push_back(i);
      }
    }
  }
  return out;
}

}  // namespace theriac::scoring
