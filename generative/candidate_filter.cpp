#include "generative/candidate_filter.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "chem/descriptors.hpp"
#include "chem/error.hpp"
#include "chem/nearest_name.hpp"

namespace theriac::generative {
namespace {

const std::vector<std::string> alert_sets{"pains", "brenk", "nih"};

std::size_t column(const std::vector<std::string>& names, const std::string& wanted) {
  return static_cast<std::size_t>(std::find(names.begin(), names.end(), wanted) - names.begin());
}

}  // namespace

const char* name(CandidateStatus status) {
  switch (status) {
    case CandidateStatus::docked:
      return "docked";
    case CandidateStatus::not_docked:
      return "not_docked";
    case CandidateStatus::filtered:
      return "filtered";
    case CandidateStatus::failed:
      return "failed";
    case CandidateStatus::selected:
      return "selected";
    case CandidateStatus::scored:
      return "scored";
  }
  return "";
}

CandidateFilter::CandidateFilter(const FilterSettings& settings,
                                 std::shared_ptr<const scoring::Scorer> predictor, OutsideDomain outside)
    : predictor_(std::move(predictor)),
      outside_(outside),
      kinds_(scorer_.kinds()),
      rules_(settings.rules),
      groups_(settings.forbid, settings.require),
      sa_max_(settings.sa_max) {
  for (const auto& kind : scorer_.kinds()) names_.push_back(kind->name);
  if (predictor_)
    for (const auto& kind : predictor_->kinds()) {
      names_.push_back("predict:" + kind->name);
      kinds_.push_back(kind);
    }
  sa_column_ = column(names_, "sa");
  for (const std::string& set : settings.alerts) {
    if (std::find(alert_sets.begin(), alert_sets.end(), set) == alert_sets.end()) {
      const std::string near = chem::nearest_name(set, alert_sets);
      throw UsageError(fmt::format("unknown alert set '{}'; known: pains, brenk, nih", set),
                       near.empty() ? "" : fmt::format("did you mean '{}'?", near));
    }
    alert_columns_.push_back(column(names_, set));
  }
}

std::string CandidateFilter::violation(const chem::Molecule& molecule) const {
  const std::string rule = rules_.first_violation(chem::descriptors(molecule));
  return rule.empty() ? groups_.first_violation(molecule) : rule;
}

std::vector<double> CandidateFilter::properties(const chem::Molecule& molecule) const {
  std::vector<double> values(names_.size(), not_known);
  const auto scores = scorer_.score({molecule}).front();
  for (std::size_t i = 0; i < scores.scores.size(); ++i) values[i] = scores.scores[i].value;
  predict(molecule, values);
  return values;
}

std::string CandidateFilter::predict(const chem::Molecule& molecule, std::vector<double>& values) const {
  std::string unknown;
  if (!predictor_) return unknown;
  const auto scores = predictor_->score({molecule}).front();
  const std::size_t first = scorer_.kinds().size();
  for (std::size_t i = 0; i < scores.scores.size(); ++i) {
    const auto& score = scores.scores[i];
    const bool out = score.domain == scoring::Domain::out;
    if (out && unknown.empty())
      unknown = fmt::format("{} knows no such molecule: nearest similarity {:.2f}", score.name(),
                            score.neighbour_similarity);
    values[first + i] = out && outside_ == OutsideDomain::ignore ? not_known : score.value;
  }
  return unknown;
}

void CandidateFilter::judge(const chem::Molecule& molecule, CampaignRow& row) const {
  row.heavy_atoms = molecule.heavy_atom_count();
  row.properties.assign(names_.size(), not_known);
  row.status = CandidateStatus::filtered;
  row.message = violation(molecule);
  if (!row.message.empty()) return;
  const auto scores = scorer_.score({molecule}).front();
  if (scores.failed()) {
    row.status = CandidateStatus::failed;
    row.message = scores.message;
    return;
  }
  for (std::size_t i = 0; i < scores.scores.size(); ++i) row.properties[i] = scores.scores[i].value;
  for (const std::size_t i : alert_columns_) {
    if (!(row.properties[i] > 0)) continue;
    if (!row.alerts.empty()) row.alerts += "; ";
    row.alerts += scores.scores[i].detail;
  }
  if (!row.alerts.empty()) {
    row.message = "alert: " + row.alerts;
  } else if (row.properties[sa_column_] > sa_max_) {
    row.message = fmt::format("hard to make: sa {:.2f} > {:.4g}", row.properties[sa_column_], sa_max_);
  } else {
    const std::string unknown = predict(molecule, row.properties);
    if (!unknown.empty() && outside_ == OutsideDomain::reject)
      row.message = unknown;
    else
      row.status = CandidateStatus::not_docked;
  }
}

}  // namespace theriac::generative
