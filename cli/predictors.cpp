#include "cli/predictors.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "chem/error.hpp"
#include "chem/nearest_name.hpp"
#include "scoring/property_scorer.hpp"

namespace theriac::cli {
namespace {

void require_known(const std::vector<std::string>& wanted, const std::vector<std::string>& names) {
  for (const std::string& name : wanted) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    const std::string near = chem::nearest_name(name, names);
    throw UsageError(fmt::format("there is no column '{}'{}", name,
                                 near.empty() ? "" : fmt::format(", did you mean '{}'?", near)),
                     fmt::format("known: {}", fmt::join(names, ", ")));
  }
}

}  // namespace

Predictors::Predictors(const std::vector<std::string>& wanted) {
  std::vector<std::string> names, properties;
  for (const auto& kind : scoring::PropertyScorer::all_kinds()) names.push_back(kind->name);
  require_known(wanted, names);
  const auto& asked = wanted.empty() ? names : wanted;
  for (const auto& kind : scoring::PropertyScorer::all_kinds())
    if (std::find(asked.begin(), asked.end(), kind->name) != asked.end()) properties.push_back(kind->name);
  if (!properties.empty()) scorers_.push_back(std::make_unique<scoring::PropertyScorer>(properties));

  ScoreKinds computed;
  for (const auto& scorer : scorers_)
    computed.insert(computed.end(), scorer->kinds().begin(), scorer->kinds().end());
  for (const std::string& name : asked) {
    if (std::any_of(kinds_.begin(), kinds_.end(), [&](const auto& kind) { return kind->name == name; }))
      continue;  // asked for twice
    const auto found =
        std::find_if(computed.begin(), computed.end(), [&](const auto& kind) { return kind->name == name; });
    places_.push_back(static_cast<std::size_t>(found - computed.begin()));
    kinds_.push_back(*found);
  }
}

void Predictors::predict(std::vector<Prediction>& rows) const {
  std::vector<chem::Molecule> good;
  std::vector<Prediction*> owners;
  for (Prediction& row : rows)
    if (row.molecule && !row.failed()) {
      good.push_back(*row.molecule);
      owners.push_back(&row);
    }
  std::vector<std::vector<scoring::ScoreRow>> found;
  for (const auto& scorer : scorers_) found.push_back(scorer->score(good));
  for (std::size_t m = 0; m < good.size(); ++m) {
    Prediction& row = *owners[m];
    std::vector<scoring::Score> all;
    for (auto& table : found) {
      if (table[m].failed()) row.message = table[m].message;
      for (auto& score : table[m].scores) all.push_back(std::move(score));
    }
    if (row.failed()) continue;
    for (const std::size_t place : places_) {
      row.scores.push_back(all[place]);
      row.percentiles.push_back(compared_ ? compared_->percentile(*all[place].kind, all[place].value)
                                          : std::nullopt);
    }
  }
}

}  // namespace theriac::cli
