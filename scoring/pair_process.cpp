#include "scoring/pair_process.hpp"

#include <algorithm>
#include <cmath>

#include "chem/error.hpp"

namespace theriac::scoring {
namespace {

constexpr int most_steps = 120;
constexpr double enough = 2e-3;  // of the residual, relative to the values

double dot(const FloatMatrix& a, const FloatMatrix& b) {
  double sum = 0;
  for (std::size_t r = 0; r < a.rows; ++r) {
    double row = 0;
    for (std::size_t c = 0; c < a.columns; ++c) row += static_cast<double>(a(r, c)) * b(r, c);
    sum += row;
  }
  return sum;
}

void add_scaled(FloatMatrix& a, double factor, const FloatMatrix& b) {
  const auto f = static_cast<float>(factor);
  for (std::size_t i = 0; i < a.values.size(); ++i) a.values[i] += f * b.values[i];
}

}  // namespace

std::vector<float> side_kernel_row(const SideKernel& kernel, const std::vector<float>& similarity, int self) {
  std::vector<float> out(similarity.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double s = std::max(0.0f, similarity[i]);
    out[i] = static_cast<float>(kernel.constant + kernel.similarity * s + kernel.root * std::sqrt(s));
  }
  if (self >= 0) out[static_cast<std::size_t>(self)] += static_cast<float>(kernel.identity);
  return out;
}

FloatMatrix side_kernel(const SideKernel& kernel, const FloatMatrix& similarity) {
  FloatMatrix out(similarity.rows, similarity.columns);
  for (std::size_t r = 0; r < out.rows; ++r) {
    const std::vector<float> row(similarity.row(r), similarity.row(r) + similarity.columns);
    const auto filled = side_kernel_row(kernel, row, static_cast<int>(r));
    std::copy(filled.begin(), filled.end(), out.row(r));
  }
  return out;
}

PairProcess PairProcess::fit(const PairKernel& kernel, const FloatMatrix& drugs, const FloatMatrix& targets,
                             const std::vector<PairValue>& known) {
  if (known.empty()) throw UsageError("there is no affinity to learn from");
  PairProcess out;
  out.kernel = kernel;
  for (const auto& pair : known) {
    if (pair.drug >= drugs.rows || pair.target >= targets.rows)
      throw UsageError("a pair names a drug or target that does not exist");
    out.mean += pair.value;
  }
  out.mean /= static_cast<double>(known.size());
  FloatMatrix mask(drugs.rows, targets.rows), residual(drugs.rows, targets.rows);
  for (const auto& pair : known) {
    mask(pair.drug, pair.target) = 1;
    residual(pair.drug, pair.target) = static_cast<float>(pair.value - out.mean);
  }
  const auto noise = static_cast<float>(kernel.noise);
  FloatMatrix scale(drugs.rows, targets.rows);  // 1 / diagonal of the system: the preconditioner
  for (std::size_t d = 0; d < drugs.rows; ++d)
    for (std::size_t t = 0; t < targets.rows; ++t) scale(d, t) = 1 / (drugs(d, d) * targets(t, t) + noise);
  const auto scaled = [&](const FloatMatrix& a) {
    FloatMatrix b = a;
    for (std::size_t i = 0; i < b.values.size(); ++i) b.values[i] *= scale.values[i];
    return b;
  };
  out.weights = FloatMatrix(drugs.rows, targets.rows);
  const double whole = std::sqrt(dot(residual, residual));
  FloatMatrix z = scaled(residual), direction = z;
  double rz = dot(residual, z);
  for (out.steps_ = 0; out.steps_ < most_steps && std::sqrt(dot(residual, residual)) > enough * whole;
       ++out.steps_) {
    FloatMatrix image = product(product(drugs, direction), targets);
    for (std::size_t i = 0; i < image.values.size(); ++i)
      image.values[i] = mask.values[i] * (image.values[i] + noise * direction.values[i]);
    const double curvature = dot(direction, image);
    if (!(curvature > 0)) break;  // rounding ate what was left
    const double step = rz / curvature;
    add_scaled(out.weights, step, direction);
    add_scaled(residual, -step, image);
    z = scaled(residual);
    const double next = dot(residual, z);
    const auto keep = static_cast<float>(next / rz);
    for (std::size_t i = 0; i < z.values.size(); ++i)
      direction.values[i] = z.values[i] + keep * direction.values[i];
    rz = next;
  }
  return out;
}

FloatMatrix PairProcess::all_means(const FloatMatrix& drugs, const FloatMatrix& targets) const {
  FloatMatrix out = product(product(drugs, weights), targets);
  for (float& value : out.values) value += static_cast<float>(mean);
  return out;
}

}  // namespace theriac::scoring
