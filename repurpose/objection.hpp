// What is on record against a drug in a disease, beside the score and never part of it: contraindications,
// trials that failed or were stopped, curators who judged it no indication, an action against the change that
// would help, a withdrawal.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "datasets/store.hpp"
#include "repurpose/effect_direction.hpp"
#include "repurpose/known_use.hpp"

namespace theriac::repurpose {

enum class ObjectionKind { contraindicated, failed_trial, not_indicated, wrong_direction, withdrawn };
std::string objection_name(ObjectionKind kind);  ///< "failed_trial"

struct Objection {
  ObjectionKind kind = ObjectionKind::failed_trial;
  std::size_t count = 1;               ///< records in the store, or targets
  std::vector<std::uint32_t> targets;  ///< acted on the wrong way, sorted; of wrong_direction alone
};

/// In the order of the kinds; one per kind. `uses` are those of the drug in the disease and its sub-terms.
std::vector<Objection> objections(const std::vector<KnownUse>& uses, const std::vector<SharedTarget>& shared,
                                  bool withdrawn);

/// "2 trials failed or stopped", "wrong direction at TNF, IL6": a trial may have been stopped for other
/// reasons than lack of effect, the record tells which.
std::string objection_words(const datasets::Store& store, const Objection& objection);

}  // namespace theriac::repurpose
