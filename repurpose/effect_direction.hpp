// Does a drug push the disease's genes the way that would help? Binding alone does not treat: an agonist
// where an inhibitor is needed makes things worse.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "datasets/store.hpp"

namespace theriac::repurpose {

/// A gene that the drug binds and that is linked to the disease.
struct SharedTarget {
  std::uint32_t target = 0;
  std::uint32_t binding = 0;      ///< row of `binds`
  std::uint32_t association = 0;  ///< row of `associated`
  int drug_direction = 0;         ///< +1 raises the activity, -1 lowers it, 0 not known
  int needed_direction = 0;       ///< the change that would help
};

enum class EffectVerdict {
  unknown,  ///< no shared target, or directions not on record
  agrees,   ///< every known direction is the needed one
  opposes,  ///< every known direction is the wrong one
  mixed
};
std::string effect_verdict_name(EffectVerdict verdict);

/// Sorted by target; one entry per binding row and association row.
std::vector<SharedTarget> shared_targets(const datasets::Store& store, std::uint32_t drug,
                                         std::uint32_t disease);
EffectVerdict effect_verdict(const std::vector<SharedTarget>& shared);

}  // namespace theriac::repurpose
