#include "cli/affinity_agreement.hpp"

#include <fmt/format.h>

#include <cmath>
#include <map>
#include <utility>

#include "scoring/property_metrics.hpp"

namespace theriac::cli {
namespace {

using Values = std::vector<double>;

constexpr int resamples = 2000;

/// start and slope of y over x.
std::pair<double, double> line(const Values& x, const Values& y) {
  const double n = static_cast<double>(x.size()), mx = scoring::mean(x), my = scoring::mean(y);
  double xx = 0, xy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xx += (x[i] - mx) * (x[i] - mx);
    xy += (x[i] - mx) * (y[i] - my);
  }
  const double slope = xx > 1e-12 * n ? xy / xx : 0;
  return {my - slope * mx, slope};
}

Values beside_line(const Values& x, Values y) {
  const auto [start, slope] = line(x, y);
  for (std::size_t i = 0; i < y.size(); ++i) y[i] -= start + slope * x[i];
  return y;
}

/// Each value by a line that was fitted on the other folds.
Values by_line(const Values& said, const std::vector<MeasuredPose>& cases) {
  Values out;
  std::map<int, std::pair<double, double>> of_fold;
  for (std::size_t i = 0; i < said.size(); ++i) {
    const int fold = cases[i].fold;
    if (!of_fold.count(fold)) {
      Values x, y;
      for (std::size_t j = 0; j < said.size(); ++j) {
        if (cases[j].fold == fold) continue;
        x.push_back(said[j]);
        y.push_back(cases[j].affinity);
      }
      of_fold[fold] = line(x, y);
    }
    out.push_back(of_fold[fold].first + of_fold[fold].second * said[i]);
  }
  return out;
}

double root_mean_square(const Values& a, const Values& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return std::sqrt(sum / static_cast<double>(a.size()));
}

std::string text(const scoring::Interval& of) {
  return fmt::format("{:.2f} [{:.2f}, {:.2f}]", of.value, of.low, of.high);
}

}  // namespace

double correlation(const Values& a, const Values& b) {
  return scoring::property_metric(scoring::PropertyMetric::pearson, a, b);
}

std::vector<AffinityAgreement> affinity_agreements(const std::vector<MeasuredPose>& cases,
                                                   const std::vector<RankedAffinity>& methods) {
  std::map<std::string, scoring::Sample> by_group;
  for (std::size_t i = 0; i < cases.size(); ++i) by_group[cases[i].group].push_back(i);
  std::vector<const scoring::Sample*> groups;
  for (const auto& [name, members] : by_group) groups.push_back(&members);
  std::vector<AffinityAgreement> out;
  for (const auto& method : methods) {
    const Values fitted = by_line(method.values, cases);
    Values all_known;
    for (const auto& each : cases) all_known.push_back(each.affinity);
    const auto figures = [&](const scoring::Sample& sample) {
      Values known, said, size, lined;
      for (const auto g : sample)
        for (const auto i : *groups[g]) {
          known.push_back(cases[i].affinity);
          said.push_back(method.values[i]);
          size.push_back(cases[i].heavy_atoms);
          lined.push_back(fitted[i]);
        }
      return Values{correlation(known, said),
                    scoring::property_metric(scoring::PropertyMetric::spearman, known, said),
                    method.values == size ? std::nan("")
                                          : correlation(beside_line(size, known), beside_line(size, said)),
                    root_mean_square(known, lined)};
    };
    scoring::Sample everyone;
    for (std::size_t g = 0; g < groups.size(); ++g) everyone.push_back(g);
    scoring::BootstrapOptions options;
    options.resamples = resamples;
    const auto intervals = scoring::bootstrap_all({everyone}, figures, options);
    AffinityAgreement row{method.name, cases.size(), intervals[0], intervals[1], intervals[2], intervals[3]};
    row.plain_rmse = method.in_pk ? root_mean_square(all_known, method.values) : std::nan("");
    out.push_back(std::move(row));
  }
  return out;
}

std::string agreement_table(const std::vector<AffinityAgreement>& rows) {
  std::string out =
      "| by | ligands | Pearson | Spearman | Pearson beyond size | RMSE by a line | RMSE as it is |\n"
      "|---|---:|---:|---:|---:|---:|---:|\n";
  for (const auto& row : rows)
    out += fmt::format("| {} | {} | {} | {} | {} | {} | {} |\n", row.name, row.ligands, text(row.pearson),
                       text(row.spearman), std::isfinite(row.beyond_size.value) ? text(row.beyond_size) : "",
                       text(row.rmse),
                       std::isfinite(row.plain_rmse) ? fmt::format("{:.2f}", row.plain_rmse) : "");
  return out;
}

nlohmann::ordered_json json_of(const AffinityAgreement& row) {
  const auto interval = [](const scoring::Interval& of) {
    return nlohmann::ordered_json{{"value", of.value}, {"low", of.low}, {"high", of.high}};
  };
  return {{"by", row.name},
          {"ligands", row.ligands},
          {"pearson", interval(row.pearson)},
          {"spearman", interval(row.spearman)},
          {"pearson_beyond_size", interval(row.beyond_size)},
          {"rmse_by_line", interval(row.rmse)},
          {"rmse", row.plain_rmse}};
}

}  // namespace theriac::cli
