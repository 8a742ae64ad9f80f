#include "generative/objective_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "chem/error.hpp"
#include "chem/nearest_name.hpp"

namespace theriac::generative {

std::vector<ObjectiveSource> objective_sources(const std::vector<scoring::ObjectiveTerm>& terms,
                                               const std::vector<std::string>& cheap,
                                               const std::vector<std::string>& targets) {
  std::vector<std::string> names = cheap;
  for (const std::string& target : targets) names.push_back("dock:" + target);
  std::vector<ObjectiveSource> out;
  for (const auto& term : terms) {
    const std::string wanted = term.source == "dock" ? "dock:" + targets.front() : term.source;
    const auto found = std::find(names.begin(), names.end(), wanted);
    if (found == names.end()) {
      const std::string near = chem::nearest_name(wanted, names);
      throw UsageError(fmt::format("unknown source '{}' of objective '{}'; available: {}", term.source,
                                   term.name, fmt::join(names, ", ")),
                       near.empty() ? "" : fmt::format("did you mean '{}'?", near));
    }
    const auto at = static_cast<std::size_t>(found - names.begin());
    out.push_back(at < cheap.size() ? ObjectiveSource{false, at} : ObjectiveSource{true, at - cheap.size()});
  }
  return out;
}

std::vector<double> raw_values(const std::vector<ObjectiveSource>& sources, const std::vector<double>& cheap,
                               const std::vector<double>& affinities) {
  std::vector<double> raw;
  for (const ObjectiveSource& source : sources) {
    const auto& values = source.docking ? affinities : cheap;
    raw.push_back(source.column < values.size() ? values[source.column]
                                                : std::numeric_limits<double>::quiet_NaN());
  }
  return raw;
}

}  // namespace theriac::generative
