// Which drugs may appear in an answer: by status, region, route, class, type and mechanism.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "datasets/store.hpp"

namespace theriac::repurpose {

/// Empty lists ask for nothing. Within a list one match is enough, the lists must all match. Words are
/// compared without case; a class or mechanism matches when the word is part of its name.
struct DrugFilter {
  std::vector<std::string> status;      ///< "approved", "clinical", "withdrawn", "discontinued"
  std::vector<std::string> region;      ///< "US", "EU", "JP": where it is approved
  std::vector<std::string> route;       ///< "oral"
  std::vector<std::string> drug_class;  ///< pharmacological class or ATC code from its beginning: "L04"
  std::vector<std::string> exclude_mechanism;  ///< genes that it must not bind, or classes it must not be of
  std::vector<std::uint32_t> exclude;          ///< drugs by row
  bool small_molecules_only = false;           ///< those with a structure

  bool asks_anything() const;
};

/// One entry per drug of the store. Throws UsageError when a word of status or region fits no drug of the
/// store (the message lists those there are), or an excluded mechanism is neither a gene nor a class.
std::vector<bool> passing_drugs(const datasets::Store& store, const DrugFilter& filter);

}  // namespace theriac::repurpose
