#include "scoring/variant_training.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "chem/error.hpp"
#include "chem/substitution_matrix.hpp"

namespace theriac::scoring {
namespace {

constexpr int width = variant_term_count;
using Square = Eigen::Matrix<double, width, width>;
using Column = Eigen::Matrix<double, width, 1>;

/// Covariances of an assay: of the terms, and of the terms with the ranks.
struct Moments {
  Square terms = Square::Zero();
  Column ranks = Column::Zero();
};

Column terms_of(const VariantTerms& terms, const chem::Substitution& s) {
  const float* const values = terms.standardised(s.position - 1, chem::residue_code(s.to));
  Column out;
  for (int t = 0; t < width; ++t) out[t] = static_cast<double>(values[t]);
  return out;
}

Moments moments_of(const VariantTerms& terms, const VariantAssay& assay) {
  const auto ranks = standard_ranks(assay.scores);
  Column mean = Column::Zero();
  for (const auto& s : assay.substitutions) mean += terms_of(terms, s);
  const double count = static_cast<double>(assay.substitutions.size());
  mean /= count;
  Moments out;
  for (std::size_t i = 0; i < ranks.size(); ++i) {
    const Column centred = terms_of(terms, assay.substitutions[i]) - mean;
    out.terms += centred * centred.transpose() / count;
    out.ranks += centred * ranks[i] / count;
  }
  return out;
}

VariantWeights solve(const std::vector<Moments>& moments, const std::vector<VariantAssay>& assays,
                     int left_out, const VariantFitOptions& options) {
  std::map<std::size_t, double> assays_of;
  for (const auto& assay : assays)
    if (static_cast<int>(assay.protein) != left_out) ++assays_of[assay.protein];
  if (assays_of.empty()) throw UsageError("no assay is left to fit weights to");
  Moments sum;
  for (std::size_t a = 0; a < assays.size(); ++a) {
    if (static_cast<int>(assays[a].protein) == left_out) continue;
    const double weight = 1 / (assays_of[assays[a].protein] * static_cast<double>(assays_of.size()));
    sum.terms += weight * moments[a].terms;
    sum.ranks += weight * moments[a].ranks;
  }
  if (!options.with_language_model) {
    sum.terms.row(width - 1).setZero();
    sum.terms.col(width - 1).setZero();
    sum.ranks[width - 1] = 0;
  }
  sum.terms += options.ridge * Square::Identity();
  const Column solution = sum.terms.ldlt().solve(sum.ranks);
  VariantWeights out{};
  for (int t = 0; t < width; ++t) out[static_cast<std::size_t>(t)] = solution[t];
  return out;
}

std::vector<Moments> all_moments(const std::vector<VariantTerms>& proteins,
                                 const std::vector<VariantAssay>& assays) {
  std::vector<Moments> moments;
  for (const auto& assay : assays) moments.push_back(moments_of(proteins.at(assay.protein), assay));
  return moments;
}

}  // namespace

std::vector<double> standard_ranks(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](auto a, auto b) { return values[a] < values[b]; });
  std::vector<double> ranks(values.size());
  for (std::size_t first = 0; first < order.size();) {
    std::size_t last = first;
    while (last < order.size() && values[order[last]] == values[order[first]]) ++last;
    for (std::size_t i = first; i < last; ++i) ranks[order[i]] = 0.5 * static_cast<double>(first + last - 1);
    first = last;
  }
  const double count = static_cast<double>(values.size());
  const double mean = std::accumulate(ranks.begin(), ranks.end(), 0.0) / count;
  double squares = 0;
  for (const double r : ranks) squares += (r - mean) * (r - mean) / count;
  for (double& r : ranks) r = squares > 0 ? (r - mean) / std::sqrt(squares) : 0;
  return ranks;
}

VariantWeights fit_variant_weights(const std::vector<VariantTerms>& proteins,
                                   const std::vector<VariantAssay>& assays, int left_out,
                                   const VariantFitOptions& options) {
  return solve(all_moments(proteins, assays), assays, left_out, options);
}

std::vector<double> variant_predictions(const VariantTerms& terms, const VariantAssay& assay,
                                        const VariantWeights& weights) {
  std::vector<double> out;
  for (const auto& s : assay.substitutions) {
    const Column values = terms_of(terms, s);
    double sum = 0;
    for (int t = 0; t < width; ++t) sum += weights[static_cast<std::size_t>(t)] * values[t];
    out.push_back(sum);
  }
  return out;
}

std::vector<std::vector<double>> left_out_predictions(const std::vector<VariantTerms>& proteins,
                                                      const std::vector<VariantAssay>& assays,
                                                      const VariantFitOptions& options) {
  const auto moments = all_moments(proteins, assays);
  std::vector<std::vector<double>> out;
  for (const auto& assay : assays)
    out.push_back(variant_predictions(proteins[assay.protein], assay,
                                      solve(moments, assays, static_cast<int>(assay.protein), options)));
  return out;
}

}  // namespace theriac::scoring
