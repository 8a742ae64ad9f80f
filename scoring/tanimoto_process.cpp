#include "scoring/tanimoto_process.hpp"

#include <tbb/parallel_for.h>

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <algorithm>
#include <array>
#include <cmath>
#include <unordered_map>

#include "chem/error.hpp"

namespace theriac::scoring {
namespace {

using Matrix = Eigen::MatrixXf;  // similarities know three digits; half the memory, twice the speed
using Vector = Eigen::VectorXf;
using Fingerprints = std::vector<chem::CountFingerprint>;

constexpr std::array<double, 7> noise_shares = {0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0};
constexpr std::size_t noise_sample = 400;
constexpr std::size_t block = 64;  ///< molecules predicted at a time

/// Which molecules have a feature, and how often: a molecule is compared with all at once by walking the
/// lists of its features, most of which are short.
class FeatureIndex {
 public:
  explicit FeatureIndex(const Fingerprints& rows) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      totals_.push_back(total(rows[i]));
      for (const auto& [feature, count] : rows[i]) lists_[feature].emplace_back(i, count);
    }
  }

  std::size_t size() const { return totals_.size(); }

  /// chem::tanimoto of `molecule` with each row. `out`: as many as rows.
  void similarities(const chem::CountFingerprint& molecule, float* out) const {
    std::fill_n(out, totals_.size(), 0.f);
    for (const auto& [feature, count] : molecule) {
      const auto found = lists_.find(feature);
      if (found == lists_.end()) continue;
      for (const auto& [row, other] : found->second) out[row] += static_cast<float>(std::min(count, other));
    }
    const int own = total(molecule);
    for (std::size_t i = 0; i < totals_.size(); ++i) {
      const float larger = static_cast<float>(own + totals_[i]) - out[i];
      out[i] = larger > 0 ? out[i] / larger : 1.f;
    }
  }

 private:
  static int total(const chem::CountFingerprint& molecule) {
    int sum = 0;
    for (const auto& [feature, count] : molecule) sum += count;
    return sum;
  }

  std::unordered_map<std::uint32_t, std::vector<std::pair<std::size_t, int>>> lists_;
  std::vector<int> totals_;
};

/// Of `molecules` from `first` on, one a column.
Matrix similarities(const FeatureIndex& index, const Fingerprints& molecules, std::size_t first,
                    std::size_t count) {
  Matrix out(index.size(), count);
  tbb::parallel_for(std::size_t{0}, count, [&](std::size_t m) {
    index.similarities(molecules[first + m], out.col(static_cast<Eigen::Index>(m)).data());
  });
  return out;
}

struct Fit {
  Eigen::LLT<Matrix> cholesky;
  Vector weights;
  double log_likelihood = 0;
};

Fit fitted(Matrix kernel, const Vector& values, double noise) {
  kernel.diagonal().array() += static_cast<float>(noise) + 1e-5f;
  Fit out;
  out.cholesky.compute(kernel);
  if (out.cholesky.info() != Eigen::Success) throw ModelError("a Gaussian process has no decomposition");
  out.weights = out.cholesky.solve(values);
  const auto& lower = out.cholesky.matrixLLT();
  double log_determinant = 0;
  for (Eigen::Index i = 0; i < lower.rows(); ++i)
    log_determinant += std::log(static_cast<double>(lower(i, i)));
  const double pi = 3.14159265358979323846;
  out.log_likelihood = -0.5 * static_cast<double>(values.dot(out.weights)) - log_determinant -
                       0.5 * static_cast<double>(values.size()) * std::log(2 * pi);
  return out;
}

/// Evenly spread over `n`, at most noise_sample.
std::vector<Eigen::Index> spread(std::size_t n) {
  const std::size_t count = std::min(n, noise_sample);
  std::vector<Eigen::Index> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(static_cast<Eigen::Index>(i * n / count));
  return out;
}

double likeliest_noise(const Matrix& kernel, const Vector& values) {
  const auto chosen = spread(static_cast<std::size_t>(values.size()));
  const auto n = static_cast<Eigen::Index>(chosen.size());
  Matrix part(n, n);
  Vector some(n);
  for (Eigen::Index i = 0; i < n; ++i) {
    some(i) = values(chosen[static_cast<std::size_t>(i)]);
    for (Eigen::Index k = 0; k <= i; ++k)
      part(i, k) = kernel(chosen[static_cast<std::size_t>(i)], chosen[static_cast<std::size_t>(k)]);
  }
  std::array<double, noise_shares.size()> likelihood{};
  tbb::parallel_for(std::size_t{0}, noise_shares.size(), [&](std::size_t i) {
    likelihood[i] = fitted(part, some, noise_shares[i]).log_likelihood;
  });
  return noise_shares[static_cast<std::size_t>(std::max_element(likelihood.begin(), likelihood.end()) -
                                               likelihood.begin())];
}

}  // namespace

struct TanimotoProcess::Implementation {
  explicit Implementation(const Fingerprints& known) : index(known) {}

  FeatureIndex index;
  double mean = 0, scale = 1, noise = 0;
  Fit fit;
};

TanimotoProcess::TanimotoProcess(const Fingerprints& known, const std::vector<double>& values)
    : implementation_(std::make_unique<Implementation>(known)) {
  if (known.empty() || known.size() != values.size())
    throw UsageError("a Gaussian process needs as many values as molecules, and at least one");
  auto& own = *implementation_;
  const auto n = static_cast<double>(values.size());
  double square = 0;
  for (const double v : values) own.mean += v / n;
  for (const double v : values) square += (v - own.mean) * (v - own.mean) / n;
  own.scale = square > 0 ? std::sqrt(square) : 1;
  Vector scaled(static_cast<Eigen::Index>(values.size()));
  for (std::size_t i = 0; i < values.size(); ++i)
    scaled(static_cast<Eigen::Index>(i)) = static_cast<float>((values[i] - own.mean) / own.scale);
  auto kernel = similarities(own.index, known, 0, known.size());
  own.noise = likeliest_noise(kernel, scaled);
  own.fit = fitted(std::move(kernel), scaled, own.noise);
}

TanimotoProcess::~TanimotoProcess() = default;

std::vector<TanimotoProcess::Prediction> TanimotoProcess::predict(const Fingerprints& molecules) const {
  const auto& own = *implementation_;
  std::vector<Prediction> out(molecules.size());
  const std::size_t blocks = (molecules.size() + block - 1) / block;
  tbb::parallel_for(std::size_t{0}, blocks, [&](std::size_t b) {
    const std::size_t first = b * block, last = std::min(molecules.size(), first + block);
    Matrix like = similarities(own.index, molecules, first, last - first);
    const Vector means = like.transpose() * own.fit.weights;
    own.fit.cholesky.matrixL().solveInPlace(like);
    const Vector explained = like.colwise().squaredNorm();
    for (std::size_t m = first; m < last; ++m) {
      const auto i = static_cast<Eigen::Index>(m - first);
      out[m].mean = own.mean + own.scale * static_cast<double>(means(i));
      out[m].deviation = own.scale * std::sqrt(std::max(0.0, 1 - static_cast<double>(explained(i))));
    }
  });
  return out;
}

double TanimotoProcess::noise() const {
  return implementation_->noise;
}

double TanimotoProcess::log_likelihood() const {
  return implementation_->fit.log_likelihood;
}

}  // namespace theriac::scoring
