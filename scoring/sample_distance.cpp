#include "scoring/sample_distance.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace theriac::scoring {
namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
constexpr double floor_density = 1e-10;
constexpr int density_points = 1000;

/// Gaussian kernel density of `values` at `points`; empty when the values have no spread.
std::vector<double> density(const std::vector<double>& values, const std::vector<double>& points) {
  const auto n = static_cast<double>(values.size());
  if (values.size() < 2) return {};
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  double squares = 0;
  for (const double v : values) squares += (v - mean) * (v - mean);
  const double variance = squares / (n - 1) * std::pow(n, -0.4);  // Scott's factor, squared
  if (!(variance > 0)) return {};
  constexpr double pi = 3.14159265358979323846;
  const double height = 1 / (n * std::sqrt(2 * pi * variance));
  std::vector<double> out;
  for (const double x : points) {
    double sum = 0;
    for (const double v : values) sum += std::exp(-(x - v) * (x - v) / (2 * variance));
    out.push_back(sum * height);
  }
  return out;
}

/// Bin of a value among ascending edges, the last edge in the last bin; -1 outside.
int bin_of(const std::array<double, 11>& edges, double value) {
  if (!(value >= edges.front() && value <= edges.back())) return -1;
  const auto above = std::upper_bound(edges.begin(), edges.end(), value);
  return std::min(static_cast<int>(above - edges.begin()) - 1, 9);
}

}  // namespace

double wasserstein_distance(std::vector<double> a, std::vector<double> b) {
  if (a.empty() || b.empty()) return nothing;
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  const auto na = static_cast<double>(a.size()), nb = static_cast<double>(b.size());
  double area = 0, at = std::min(a.front(), b.front());
  for (std::size_t i = 0, j = 0; i < a.size() || j < b.size();) {
    const double next = j == b.size() || (i < a.size() && a[i] <= b[j]) ? a[i] : b[j];
    area += std::fabs(static_cast<double>(i) / na - static_cast<double>(j) / nb) * (next - at);
    at = next;
    while (i < a.size() && a[i] == at) ++i;
    while (j < b.size() && b[j] == at) ++j;
  }
  return area;
}

double kl_divergence(const std::vector<double>& p, const std::vector<double>& q) {
  const double sum_p = std::accumulate(p.begin(), p.end(), 0.0),
               sum_q = std::accumulate(q.begin(), q.end(), 0.0);
  double divergence = 0;
  for (std::size_t i = 0; i < p.size(); ++i)
    divergence += p[i] / sum_p * std::log((p[i] / sum_p) / (q[i] / sum_q));
  return divergence;
}

double density_divergence(const std::vector<double>& reference, const std::vector<double>& sample) {
  if (reference.empty() || sample.empty()) return nothing;
  const auto [low_r, high_r] = std::minmax_element(reference.begin(), reference.end());
  const auto [low_s, high_s] = std::minmax_element(sample.begin(), sample.end());
  const double low = std::min(*low_r, *low_s), high = std::max(*high_r, *high_s);
  std::vector<double> points;
  for (int i = 0; i < density_points; ++i) points.push_back(low + i * (high - low) / (density_points - 1));
  auto p = density(reference, points), q = density(sample, points);
  if (p.empty() || q.empty()) return nothing;
  for (auto* each : {&p, &q})
    for (double& x : *each) x += floor_density;
  return kl_divergence(p, q);
}

BinnedCounts binned(const std::vector<double>& reference, const std::vector<double>& sample) {
  BinnedCounts out;
  if (reference.empty()) return out;
  const auto [least, greatest] = std::minmax_element(reference.begin(), reference.end());
  const bool flat = *least == *greatest;
  const double low = flat ? *least - 0.5 : *least, high = flat ? *greatest + 0.5 : *greatest;
  const double step = (high - low) / 10;
  for (std::size_t i = 0; i < out.edges.size(); ++i) out.edges[i] = low + static_cast<double>(i) * step;
  out.edges.back() = high;
  for (const double value : reference) ++out.reference[static_cast<std::size_t>(bin_of(out.edges, value))];
  for (const double value : sample)
    if (const int bin = bin_of(out.edges, value); bin >= 0) ++out.sample[static_cast<std::size_t>(bin)];
  return out;
}

double histogram_divergence(const std::vector<double>& reference, const std::vector<double>& sample) {
  const BinnedCounts bins = binned(reference, sample);
  const double in_reference = std::accumulate(bins.reference.begin(), bins.reference.end(), 0.0);
  const double in_sample = std::accumulate(bins.sample.begin(), bins.sample.end(), 0.0);
  if (in_reference == 0 || in_sample == 0) return nothing;
  std::vector<double> p, q;
  for (std::size_t i = 0; i < bins.reference.size(); ++i) {
    const double width = bins.edges[i + 1] - bins.edges[i];
    p.push_back(bins.reference[i] / (in_reference * width) + floor_density);
    q.push_back(bins.sample[i] / (in_sample * width) + floor_density);
  }
  return kl_divergence(p, q);
}

}  // namespace theriac::scoring
