#include "cli/binder_composition.hpp"

#include <algorithm>
#include <cmath>

#include "chem/counter_random.hpp"
#include "chem/error.hpp"

namespace theriac::cli {
namespace {

constexpr int others_of_each = 10;
constexpr double penalty = 100;  // per standard deviation; not tuned

std::vector<double> shares(const std::string& residues) {
  static const char* const groups[] = {"KR", "DE", "H", "ILMV", "FWY", "P", "G", "C", "STNQ", "A"};
  const auto length = static_cast<double>(std::max<std::size_t>(1, residues.size()));
  std::vector<double> out;
  for (const std::string group : groups)
    out.push_back(static_cast<double>(std::count_if(residues.begin(), residues.end(),
                                                    [&](char c) { return group.find(c) != group.npos; })) /
                  length);
  out.push_back(std::log(length));
  return out;
}

std::vector<double> target_shares(const std::string& residues) {
  auto out = shares(residues);
  const double net = out[0] - out[1];
  out.push_back(net);
  out.push_back(net * static_cast<double>(residues.size()) / 10);
  return out;
}

void standardise(const std::vector<std::vector<double>>& rows, std::vector<double>& mean,
                 std::vector<double>& deviation) {
  mean.assign(rows.front().size(), 0);
  deviation = mean;
  const auto count = static_cast<double>(rows.size());
  for (const auto& row : rows)
    for (std::size_t j = 0; j < row.size(); ++j) mean[j] += row[j] / count;
  for (const auto& row : rows)
    for (std::size_t j = 0; j < row.size(); ++j)
      deviation[j] += (row[j] - mean[j]) * (row[j] - mean[j]) / count;
  for (double& d : deviation) d = d > 0 ? std::sqrt(d) : 1;
}

}  // namespace

BinderComposition::BinderComposition(const std::vector<BinderPair>& learned, std::uint64_t seed) {
  std::vector<std::vector<double>> targets, peptides;
  for (const auto& pair : learned) {
    targets.push_back(target_shares(pair.target));
    peptides.push_back(shares(pair.peptide));
  }
  if (std::all_of(learned.begin(), learned.end(),
                  [&](const auto& p) { return p.target == learned[0].target; }))
    throw UsageError("compositions of pairs cannot be learned from one target");
  standardise(targets, target_mean_, target_deviation_);
  standardise(peptides, peptide_mean_, peptide_deviation_);
  std::vector<double> numbers, classes, weights;
  const auto add = [&](const std::string& target, const std::string& peptide, double label, double weight) {
    const auto row = products(target, peptide);
    numbers.insert(numbers.end(), row.begin(), row.end());
    classes.push_back(label);
    weights.push_back(weight);
  };
  chem::CounterRandom random(seed, "binder composition", "other targets");
  for (const auto& pair : learned) {
    add(pair.target, pair.peptide, 1, 1);
    for (int k = 0; k < others_of_each; ++k) {
      std::size_t other = 0;
      do other = random.below(static_cast<std::uint32_t>(learned.size()));
      while (learned[other].target == pair.target);
      add(learned[other].target, pair.peptide, 0, 1.0 / others_of_each);
    }
  }
  repurpose::RealMatrix x(classes.size(), numbers.size() / classes.size());
  x.values = std::move(numbers);
  repurpose::LogisticOptions options;
  options.penalty = penalty;
  fit_ = repurpose::fit_logistic(x, classes, weights, options);
}

std::vector<double> BinderComposition::products(const std::string& target, const std::string& peptide) const {
  const auto t = target_shares(target), p = shares(peptide);
  std::vector<double> out;
  for (std::size_t i = 0; i < t.size(); ++i)
    for (std::size_t j = 0; j < p.size(); ++j)
      out.push_back((t[i] - target_mean_[i]) / target_deviation_[i] * (p[j] - peptide_mean_[j]) /
                    peptide_deviation_[j]);
  return out;
}

double BinderComposition::score(const std::string& target, const std::string& peptide) const {
  const auto row = products(target, peptide);
  double sum = fit_.intercept;
  for (std::size_t i = 0; i < row.size(); ++i) sum += fit_.slopes[i] * row[i];
  return sum;
}

}  // namespace theriac::cli
