#include "cli/predictors.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <map>

#include "chem/error.hpp"
#include "chem/nearest_name.hpp"
#include "cli/model_choice.hpp"
#include "scoring/endpoint_set.hpp"
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

constexpr const char* shipped = "admet";

bool is_here(const std::string& name) {
  for (const auto& model : shipped_models())
    if (model.name == name) return true;
  return false;
}

/// Endpoints of one file.
struct ChosenEndpoints {
  std::shared_ptr<const scoring::EndpointSet> set;
  std::vector<std::string> names;
};

ChosenEndpoints all_of(const std::string& file) {
  ChosenEndpoints out{std::make_shared<const scoring::EndpointSet>(scoring::EndpointSet::load(file)), {}};
  for (const auto& model : out.set->models()) out.names.push_back(model.endpoint.name);
  return out;
}

/// Throws UsageError for a name that the set lacks.
ChosenEndpoints some_of(const std::string& file, const std::vector<std::string>& wanted) {
  ChosenEndpoints out = all_of(file);
  for (const std::string& name : wanted)
    if (std::find(out.names.begin(), out.names.end(), name) == out.names.end())
      scoring::EndpointScorer(out.set, {name});
  out.names = wanted;
  return out;
}

bool names_a_file(const std::string& model) {
  return model.find('/') != std::string::npos || std::filesystem::path(model).has_extension();
}

/// Those of each file; single endpoints of the shipped one together.
std::vector<ChosenEndpoints> chosen_endpoints(const std::vector<std::string>& models) {
  std::vector<ChosenEndpoints> out;
  std::vector<std::string> single;
  for (const std::string& model : models) {
    if (model == "none") continue;
    if (model == "default" || names_a_file(model))
      out.push_back(all_of(model_file(model, shipped)));
    else
      single.push_back(model);
  }
  if (!single.empty()) out.push_back(some_of(model_file("default", shipped), single));
  return out;
}

/// Of these names those that are asked for.
std::vector<std::string> asked_of(const std::vector<std::string>& names,
                                  const std::vector<std::string>& asked) {
  std::vector<std::string> out;
  std::copy_if(names.begin(), names.end(), std::back_inserter(out), [&](const std::string& name) {
    return std::find(asked.begin(), asked.end(), name) != asked.end();
  });
  return out;
}

/// An estimate outside its model's domain says nothing but that.
void withhold_outside_domain(scoring::Score& score) {
  if (!score.kind->estimated || score.domain != scoring::Domain::out) return;
  score.value = score.low = score.high = std::numeric_limits<double>::quiet_NaN();
  score.classes.clear();
}

}  // namespace

Predictors::Predictors(const std::vector<std::string>& wanted, const std::vector<std::string>& models,
                       const std::string& device) {
  std::vector<std::string> names, properties;
  for (const auto& kind : scoring::PropertyScorer::all_kinds()) names.push_back(kind->name);
  const auto is_property = [&](const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  const bool trained = wanted.empty() || !std::all_of(wanted.begin(), wanted.end(), is_property);
  std::vector<ChosenEndpoints> endpoints;
  if (trained && (!models.empty() || is_here(shipped)))
    endpoints = chosen_endpoints(models.empty() ? std::vector<std::string>{"default"} : models);
  for (const auto& file : endpoints)
    for (const std::string& name : file.names) {
      if (is_property(name))
        throw UsageError(fmt::format("there are two columns '{}'", name),
                         "leave out one of the models, or train it with another --name");
      names.push_back(name);
    }
  require_known(wanted, names);
  const auto& asked = wanted.empty() ? names : wanted;
  for (const auto& kind : scoring::PropertyScorer::all_kinds()) properties.push_back(kind->name);
  properties = asked_of(properties, asked);
  if (!properties.empty()) scorers_.push_back(std::make_unique<scoring::PropertyScorer>(properties));
  for (const auto& file : endpoints)
    if (const auto some = asked_of(file.names, asked); !some.empty())
      scorers_.push_back(std::make_unique<scoring::EndpointScorer>(
          file.set, some, scoring::network_on_device(*file.set, device)));

  ScoreKinds computed;
  std::vector<Origin> origins;
  for (const auto& scorer : scorers_) {
    const auto* trained_scorer = dynamic_cast<const scoring::EndpointScorer*>(scorer.get());
    for (std::size_t k = 0; k < scorer->kinds().size(); ++k) {
      computed.push_back(scorer->kinds()[k]);
      origins.push_back({trained_scorer, k});
    }
  }
  for (const std::string& name : asked) {
    if (std::any_of(kinds_.begin(), kinds_.end(), [&](const auto& kind) { return kind->name == name; }))
      continue;  // asked for twice
    const auto found =
        std::find_if(computed.begin(), computed.end(), [&](const auto& kind) { return kind->name == name; });
    places_.push_back(static_cast<std::size_t>(found - computed.begin()));
    kinds_.push_back(*found);
    origins_.push_back(origins[places_.back()]);
  }
}

void Predictors::add(std::unique_ptr<scoring::Scorer> scorer) {
  std::size_t first = 0;
  for (const auto& before : scorers_) first += before->kinds().size();
  for (std::size_t k = 0; k < scorer->kinds().size(); ++k) {
    const auto& kind = scorer->kinds()[k];
    if (std::any_of(kinds_.begin(), kinds_.end(),
                    [&](const auto& other) { return other->name == kind->name; }))
      throw UsageError(fmt::format("there are two columns '{}'", kind->name));
    places_.push_back(first + k);
    kinds_.push_back(kind);
    origins_.push_back({nullptr, k});
  }
  scorers_.push_back(std::move(scorer));
}

const scoring::EndpointModel* Predictors::trained(std::size_t k) const {
  const Origin& origin = origins_.at(k);
  return origin.scorer ? &origin.scorer->model(origin.place) : nullptr;
}

std::vector<std::vector<double>> Predictors::atom_contributions(const chem::Molecule& molecule,
                                                                const std::vector<std::size_t>& kinds) const {
  std::map<const scoring::EndpointScorer*, std::vector<std::size_t>> by_scorer;  // places among `kinds`
  for (std::size_t i = 0; i < kinds.size(); ++i) by_scorer[origins_.at(kinds[i]).scorer].push_back(i);
  std::vector<std::vector<double>> out(kinds.size());
  for (const auto& [scorer, members] : by_scorer) {
    if (!scorer) throw UsageError(fmt::format("'{}' is not learned", kinds_[kinds[members.front()]]->name));
    std::vector<std::size_t> places;
    for (const std::size_t i : members) places.push_back(origins_[kinds[i]].place);
    auto found = scorer->atom_contributions(molecule, places);
    for (std::size_t i = 0; i < members.size(); ++i) out[members[i]] = std::move(found[i]);
  }
  return out;
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
      scoring::Score& score = all[place];
      if (!outside_shown_) withhold_outside_domain(score);
      row.percentiles.push_back(compared_ ? compared_->percentile(*score.kind, score.value) : std::nullopt);
      row.scores.push_back(std::move(score));  // every place is asked for once
    }
  }
}

}  // namespace theriac::cli
