#include "cli/explanation.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "chem/error.hpp"
#include "cli/predictors.hpp"
#include "scoring/endpoint_model.hpp"

namespace theriac::cli {
namespace {

/// What a chemist looks at first, where nothing else tells endpoints apart.
constexpr std::array<const char*, 6> first_wanted = {
    "herg", "ames", "dili", "solubility_aqsoldb", "cyp3a4_veith", "bbb_martins"};

std::size_t rank_of(const std::string& name) {
  const auto found = std::find(first_wanted.begin(), first_wanted.end(), name);
  return static_cast<std::size_t>(found - first_wanted.begin());
}

bool is_own(const std::string& name) {
  const auto& known = scoring::known_endpoints();
  return std::none_of(known.begin(), known.end(),
                      [&](const auto& endpoint) { return endpoint.name == name; });
}

/// How far from the middle, 0 to 50; below all of them when nobody knows.
double deviation(const Prediction& row, std::size_t k) {
  return row.percentiles[k] ? std::abs(*row.percentiles[k] - 50) : -1;
}

}  // namespace

Explainer::Explainer(const Predictors& predictors, const std::vector<std::string>& columns,
                     const std::vector<std::string>& models)
    : predictors_(predictors) {
  const auto& kinds = predictors.kinds();
  const auto named = [&](std::size_t k) {
    return !columns.empty() || is_own(kinds[k]->name) ||
           std::find(models.begin(), models.end(), kinds[k]->name) != models.end();
  };
  for (std::size_t k = 0; k < kinds.size(); ++k)
    if (predictors.trained(k)) (named(k) ? asked_ : others_).push_back(k);
  if (asked_.empty() && others_.empty())
    throw UsageError(columns.empty()
                         ? "there is no trained endpoint to explain"
                         : "none of the columns is a trained endpoint: there is nothing to explain",
                     "name endpoints with --columns, or files of theriac train properties with --models; "
                     "'theriac predict --list' shows what is here");
  chooses_ = !others_.empty() &&
             (asked_.empty() || std::find(models.begin(), models.end(), "default") != models.end());
  std::stable_sort(others_.begin(), others_.end(), [&](std::size_t a, std::size_t b) {
    return rank_of(kinds[a]->name) < rank_of(kinds[b]->name);
  });
}

std::vector<std::size_t> Explainer::chosen(const Prediction& row) const {
  auto out = asked_;
  if (!chooses_) return out;
  auto others = others_;
  std::stable_sort(others.begin(), others.end(),
                   [&](std::size_t a, std::size_t b) { return deviation(row, a) > deviation(row, b); });
  others.resize(std::min(others.size(), most_by_itself));
  out.insert(out.end(), others.begin(), others.end());
  return out;
}

MoleculeExplanation Explainer::explain(const Prediction& row) const {
  MoleculeExplanation out;
  out.prediction = row;
  if (row.failed()) return out;
  out.alerts = chem::structural_alerts(*row.molecule);
  const auto kinds = chosen(row);
  auto contributions = predictors_.atom_contributions(*row.molecule, kinds);
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    const scoring::EndpointModel& model = *predictors_.trained(kinds[i]);
    out.endpoints.push_back({model.endpoint, row.scores[kinds[i]], row.percentiles[kinds[i]],
                             model.training.size(), model.network_weight, std::move(contributions[i])});
  }
  return out;
}

std::vector<MoleculeExplanation> Explainer::explain(const std::vector<Prediction>& rows) const {
  std::vector<MoleculeExplanation> out(rows.size());
  tbb::parallel_for(std::size_t{0}, rows.size(), [&](std::size_t i) { out[i] = explain(rows[i]); });
  return out;
}

}  // namespace theriac::cli
