// What is known of a drug in a disease apart from any ranking: indicated, off label, on trial, failed,
// contraindicated. Flags of this kind stand beside a score and are never part of it.
//
// A use in a sub-term counts for the disease ("juvenile arthritis" for "arthritis"), not the other way round.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "datasets/store.hpp"

namespace theriac::repurpose {

/// In order of what a reader has to know first.
enum class UseStatus {
  contraindicated,  ///< should not be given
  indicated,        ///< approved or in standard use
  symptomatic,      ///< indicated for symptoms
  off_label,        ///< used without approval
  in_trial,         ///< trial not ended
  failed,           ///< a trial was stopped or negative
  not_indicated,    ///< judged by curators to be no indication
  none              ///< nothing on record: new
};
std::string use_status_name(UseStatus status);  ///< "in trial"

/// One recorded use.
struct KnownUse {
  UseStatus status = UseStatus::none;
  datasets::LinkKind kind = datasets::LinkKind::treats;
  std::uint32_t row = 0;      ///< of the store's link table
  std::uint32_t drug = 0;     ///< the first end
  std::uint32_t disease = 0;  ///< the second end: the disease or one of its sub-terms
};

/// The disease and everything below it in the hierarchy, sorted. A cycle ends where it closes.
std::vector<std::uint32_t> with_sub_terms(const datasets::Store& store, std::uint32_t disease);

/// All uses on record in these diseases, sorted by drug, then status.
std::vector<KnownUse> known_uses(const datasets::Store& store, const std::vector<std::uint32_t>& diseases);

/// Of one drug, in any disease; sorted by status, then disease.
std::vector<KnownUse> uses_of_drug(const datasets::Store& store, std::uint32_t drug);

/// The uses of one drug within the sorted list of `known_uses`.
std::vector<KnownUse> uses_of(const std::vector<KnownUse>& sorted_by_drug, std::uint32_t drug);

/// What to print: the first status on record; a drug that was indicated and failed elsewhere is indicated.
UseStatus leading_status(const std::vector<KnownUse>& uses);

}  // namespace theriac::repurpose
