// Which pairs are held out together, so that what is learned from the rest is asked something new.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "scoring/pair_process.hpp"

namespace theriac::scoring {

/// What of a pair has been met before.
enum class PairCase {
  known,       ///< drug and target, but not this pair
  new_drug,    ///< the target alone
  new_target,  ///< the drug alone
  both_new
};
constexpr std::size_t pair_cases = 4;
/// "known", "new drug", "new target", "both new"
const char* to_text(PairCase which);

/// The pairs of one fold, and those that are known while they are asked.
struct HeldOutPairs {
  std::vector<PairValue> known, asked;
  std::vector<std::size_t> places;  ///< of the asked among all
};

/// Members of a group stay together. Of `known`, pairs are dealt one by one; of `new_drug` whole drug groups;
/// of `new_target` whole target groups; of `both_new` an asked pair shares neither its drug group nor its
/// target group with any known pair, and fold f asks drugs of fold f about targets of fold f. Throws
/// UsageError when there are fewer groups than folds.
std::vector<HeldOutPairs> held_out_pairs(const std::vector<PairValue>& pairs, PairCase which, int folds,
                                         const std::vector<std::size_t>& drug_groups,
                                         const std::vector<std::size_t>& target_groups, std::uint64_t seed);

/// Members linked by a similarity of at least `from`, directly or through others, share a number; numbered
/// from 0 in the order of the members.
std::vector<std::size_t> similarity_groups(const FloatMatrix& similarity, double from);

}  // namespace theriac::scoring
