#include "repurpose/association_kernels.hpp"

#include <fmt/format.h>

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "chem/error.hpp"

namespace theriac::repurpose {
namespace {

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

Eigen::Map<const RowMajor> view(const RealMatrix& m) {
  return {m.values.data(), static_cast<Eigen::Index>(m.rows), static_cast<Eigen::Index>(m.columns)};
}

Eigen::Map<RowMajor> view(RealMatrix& m) {
  return {m.values.data(), static_cast<Eigen::Index>(m.rows), static_cast<Eigen::Index>(m.columns)};
}

RealMatrix raised(RealMatrix similarity, double power) {
  if (power != 1)
    for (double& value : similarity.values) value = std::pow(value, power);
  return similarity;
}

RealMatrix neighbour_weights(const RealMatrix& similarity, const KernelOptions& options) {
  const std::size_t size = similarity.rows;
  const std::size_t count = std::min(size - 1, static_cast<std::size_t>(options.neighbours));
  RealMatrix out(size, size);
  for (std::size_t i = 0; i < size; ++i) {
    std::vector<std::size_t> order;
    for (std::size_t k = 0; k < size; ++k)
      if (k != i) order.push_back(k);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return similarity(i, a) > similarity(i, b); });
    double total = 0, weight = 1;
    for (std::size_t r = 0; r < count; ++r) {
      out(i, order[r]) = weight * similarity(i, order[r]);
      total += similarity(i, order[r]);
      weight *= options.decay;
    }
    if (total > 0)
      for (std::size_t r = 0; r < count; ++r) out(i, order[r]) /= total;
  }
  return out;
}

/// Weights of rows without any known association are raised, see FilledProfiles. `known`: the rows as given
/// or as columns.
template <class Known>
void lift_newcomers(RealMatrix& weight, const Known& known, double lift) {
  auto rows = view(weight);
  for (Eigen::Index i = 0; i < rows.rows(); ++i) {
    if ((known.row(i).array() > 0).any()) continue;
    const double largest = 0.5 * (rows.row(i) * known).maxCoeff();
    if (largest > 0) rows.row(i) /= std::pow(largest, lift);
  }
}

RealMatrix blended(const RealMatrix& similarity, const RealMatrix& profiles, double power,
                   const KernelOptions& options) {
  RealMatrix out = profile_kernel(profiles, options.bandwidth);
  const RealMatrix raised_similarity = raised(similarity, power);
  for (std::size_t i = 0; i < out.values.size(); ++i)
    out.values[i] = options.similarity_share * raised_similarity.values[i] +
                    (1 - options.similarity_share) * out.values[i];
  return out;
}

RealMatrix transposed(const RealMatrix& matrix) {
  RealMatrix out(matrix.columns, matrix.rows);
  view(out) = view(matrix).transpose();
  return out;
}

}  // namespace

void check_kernel_options(const KernelOptions& options) {
  const auto require = [](bool holds, const char* name, double value, const char* range) {
    if (!holds) throw UsageError(fmt::format("{} is {}; needs {}", name, value, range));
  };
  require(options.neighbours >= 0, "neighbours", options.neighbours, "0 or more");
  require(options.decay > 0 && options.decay <= 1, "decay", options.decay, "a number above 0, at most 1");
  require(options.newcomer_lift >= 0 && options.newcomer_lift <= 1, "newcomer_lift", options.newcomer_lift,
          "a number from 0 to 1");
  require(options.drug_power > 0, "drug_power", options.drug_power, "a number above 0");
  require(options.disease_power > 0, "disease_power", options.disease_power, "a number above 0");
  require(options.bandwidth > 0, "bandwidth", options.bandwidth, "a number above 0");
  require(options.similarity_share >= 0 && options.similarity_share <= 1, "similarity_share",
          options.similarity_share, "a number from 0 to 1");
}

FilledProfiles filled_profiles(const AssociationData& data, const KernelOptions& options) {
  check_kernel_options(options);
  FilledProfiles out;
  out.drug_weight = neighbour_weights(raised(data.drug_similarity, options.drug_power), options);
  out.disease_weight = neighbour_weights(raised(data.disease_similarity, options.disease_power), options);
  out.profiles = RealMatrix(data.drugs(), data.diseases());
  const RowMajor known = view(data.associations);
  const RowMajor by_disease = known.transpose();
  lift_newcomers(out.drug_weight, known, options.newcomer_lift);
  lift_newcomers(out.disease_weight, by_disease, options.newcomer_lift);
  view(out.profiles) =
      (0.5 * (view(out.drug_weight) * known + known * view(out.disease_weight).transpose())).cwiseMax(known);
  return out;
}

RealMatrix profile_kernel(const RealMatrix& profiles, double bandwidth) {
  const auto rows = view(profiles);
  RealMatrix out(profiles.rows, profiles.rows);
  auto kernel = view(out);
  kernel.noalias() = rows * rows.transpose();
  const Eigen::VectorXd lengths = kernel.diagonal();
  const double scale = bandwidth / std::max(lengths.mean(), 1e-12);
  for (Eigen::Index i = 0; i < kernel.rows(); ++i)
    for (Eigen::Index k = 0; k <= i; ++k) {
      const double distance = i == k ? 0 : std::max(0.0, lengths[i] + lengths[k] - 2 * kernel(i, k));
      kernel(i, k) = kernel(k, i) = std::exp(-scale * distance);
    }
  return out;
}

AssociationKernels association_kernels(const AssociationData& data, const FilledProfiles& filled,
                                       const KernelOptions& options) {
  check_kernel_options(options);
  return {blended(data.drug_similarity, filled.profiles, options.drug_power, options),
          blended(data.disease_similarity, transposed(filled.profiles), options.disease_power, options)};
}

}  // namespace theriac::repurpose
