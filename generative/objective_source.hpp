// Where the objectives of a campaign find their numbers: among the cheap scores of a candidate, or its
// docking scores.
#pragma once
#include <string>
#include <vector>

#include "scoring/objective.hpp"

namespace theriac::generative {

struct ObjectiveSource {
  bool docking = false;
  std::size_t column = 0;  ///< of the cheap scores, or of the targets
};

/// One per term; "dock" is the first target, "dock:NAME" any. Throws UsageError for a source that does not
/// exist (the nearest is suggested).
std::vector<ObjectiveSource> objective_sources(const std::vector<scoring::ObjectiveTerm>& terms,
                                               const std::vector<std::string>& cheap,
                                               const std::vector<std::string>& targets);

/// One number per source, not-a-number where there is none.
std::vector<double> raw_values(const std::vector<ObjectiveSource>& sources, const std::vector<double>& cheap,
                               const std::vector<double>& affinities);

}  // namespace theriac::generative
