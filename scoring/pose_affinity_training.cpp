#include "scoring/pose_affinity_training.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

#include "chem/error.hpp"
#include "scoring/pose_regression.hpp"

namespace theriac::scoring {
namespace {

constexpr std::array<SizeForm, 3> forms{SizeForm::atoms, SizeForm::root, SizeForm::logarithm};
/// They compare a pose with the best of its ligand; a pose has no such neighbours in every use.
constexpr std::array<PoseDescriptor, 5> comparing{
    PoseDescriptor::energy_gap, PoseDescriptor::vinardo_gap, PoseDescriptor::scaled_gap,
    PoseDescriptor::scaled_vinardo_gap, PoseDescriptor::intra_gap};

Eigen::MatrixXf rows_of(const std::vector<PoseFeatures>& poses) {
  Eigen::MatrixXf x = pose_rows(poses);
  for (const auto d : comparing) x.col(pose_table_size + static_cast<int>(d)).setZero();
  return x;
}

/// Sums over ligands, whose poses share a weight of one.
struct Sums {
  PoseMoments products;  // not centred
  Eigen::VectorXd x = Eigen::VectorXd::Zero(pose_row_width());
  double y = 0;

  void add(const PosePool& pool) {
    // within and between: single precision suffices for what is centred
    Eigen::MatrixXf rows = rows_of(pool.poses);
    const double n = static_cast<double>(rows.rows());
    const Eigen::VectorXf middle = rows.colwise().mean().transpose();
    rows.rowwise() -= middle.transpose();
    double mean = 0;
    for (const double value : pool.affinity) mean += value / n;
    Eigen::VectorXf beyond(rows.rows());
    for (Eigen::Index i = 0; i < rows.rows(); ++i)
      beyond[i] = static_cast<float>(pool.affinity[static_cast<std::size_t>(i)] - mean);
    const Eigen::VectorXd centre = middle.cast<double>();
    products.xx += (rows.transpose() * rows).cast<double>() / n + centre * centre.transpose();
    products.xy += (rows.transpose() * beyond).cast<double>() / n + centre * mean;
    products.rows += 1;
    x += centre;
    y += mean;
  }
  void add(const Sums& other) {
    products.add(other.products);
    x += other.x;
    y += other.y;
  }
  void take(const Sums& other) {
    products.take(other.products);
    x -= other.x;
    y -= other.y;
  }
};

/// Weights of a row and the intercept.
struct Line {
  Eigen::VectorXd weights;
  double intercept = 0;
  double at(const Eigen::VectorXd& row) const { return intercept + weights.dot(row); }
};

std::vector<Line> lines(const Sums& sums, const std::vector<double>& ridges) {
  const double n = sums.products.rows;
  PoseMoments centred = sums.products;
  centred.xx -= sums.x * sums.x.transpose() / n;
  centred.xy -= sums.x * (sums.y / n);
  std::vector<Line> out;
  for (const double ridge : ridges) {
    Line line{ridge_weights(centred, ridge), 0};
    line.intercept = (sums.y - line.weights.dot(sums.x)) / n;
    out.push_back(std::move(line));
  }
  return out;
}

SizeTrend trend(SizeForm form, const std::vector<double>& atoms, const std::vector<double>& values) {
  const double n = static_cast<double>(atoms.size());
  double x = 0, y = 0, xx = 0, xy = 0;
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    const double g = size_measure(form, atoms[i]);
    x += g;
    y += values[i];
    xx += g * g;
    xy += g * values[i];
  }
  const double spread = n * xx - x * x;
  const double slope = spread > 1e-9 ? (n * xy - x * y) / spread : 0;
  return {form, (y - slope * x) / n, slope};
}

class AffinityTraining {
 public:
  AffinityTraining(const std::vector<PosePool>& pools, const std::vector<std::size_t>& first,
                   const PoseAffinityOptions& options)
      : pools_(pools), options_(options), fold_(folds_by_group(pools, options.folds)), sums_(options.folds) {
    if (std::set<int>(fold_.begin(), fold_.end()).size() < 3)
      throw UsageError("fewer than three folds of unrelated proteins have poses",
                       "give more complexes or targets");
    for (std::size_t p = 0; p < pools.size(); ++p) {
      if (pools[p].affinity.size() != pools[p].poses.size() || pools[p].poses.empty())
        throw UsageError(fmt::format("the poses of {} have no affinity of a teacher", pools[p].id));
      sums_[static_cast<std::size_t>(fold_[p])].add(pools[p]);
      const auto& pose = pools[p].poses[first[p]];
      rows_.push_back(rows_of({pose}).row(0).transpose().cast<double>());
      teacher_.push_back(pools[p].affinity[first[p]]);
      atoms_.push_back(pose[PoseDescriptor::heavy_atoms]);
    }
    for (const auto& sums : sums_) all_.add(sums);
  }

  TrainedPoseAffinity run() {
    TrainedPoseAffinity out;
    fit_pairs();
    std::map<std::string, int> counts;
    std::vector<double> plain(pools_.size());  // by the choice of all folds, for the trend of the model
    const std::size_t kept = choice(-1);
    out.held_out.resize(pools_.size());
    out.held_out_corrected.resize(pools_.size());
    for (int f = 0; f < options_.folds; ++f) {
      const std::size_t chosen = choice(f);
      ++counts[fmt::format("{:g}", options_.ridges[chosen])];
      const SizeForm form = size_form(f, chosen);
      const SizeTrend usual = trend_without(f, f, chosen, form);
      for (std::size_t p = 0; p < pools_.size(); ++p) {
        if (fold_[p] != f) continue;
        out.held_out[p] = of_pair(f, f)[chosen].at(rows_[p]);
        out.held_out_corrected[p] = out.held_out[p] - usual.at(atoms_[p]);
        plain[p] = of_pair(f, f)[kept].at(rows_[p]);
      }
    }
    for (const SizeForm form : forms) out.size_errors.emplace_back(form, size_error(-1, kept, form));
    const SizeForm form = size_form(-1, kept);
    const Line line = lines(all_, {options_.ridges[kept]}).front();
    out.model.table.assign(line.weights.data(), line.weights.data() + pose_table_size);
    out.model.descriptors.assign(line.weights.data() + pose_table_size,
                                 line.weights.data() + line.weights.size());
    out.model.intercept = line.intercept;
    out.model.size = trend(form, atoms_, plain);
    out.choice = fmt::format("ridge {:g}; size by {}", options_.ridges[kept], name(form));
    for (const auto& [text, count] : counts)
      out.choices += fmt::format("{}{} x ridge {}", out.choices.empty() ? "" : "; ", count, text);
    out.teacher = teacher_;
    out.fold = fold_;
    return out;
  }

 private:
  /// Lines of all ligands but those of two folds (or of one, twice).
  const std::vector<Line>& of_pair(int a, int b) const {
    return pairs_[static_cast<std::size_t>(std::min(a, b) * options_.folds + std::max(a, b))];
  }

  void fit_pairs() {
    pairs_.resize(static_cast<std::size_t>(options_.folds * options_.folds));
    for (int a = 0; a < options_.folds; ++a)
      for (int b = a; b < options_.folds; ++b) {
        Sums sums = all_;
        sums.take(sums_[static_cast<std::size_t>(a)]);
        if (b != a) sums.take(sums_[static_cast<std::size_t>(b)]);
        pairs_[static_cast<std::size_t>(a * options_.folds + b)] = lines(sums, options_.ridges);
      }
  }

  /// As a line said ligand `p` that saw neither its fold nor fold `f` (-1: no further one).
  double seen(int f, std::size_t ridge, std::size_t p) const {
    return of_pair(f < 0 ? fold_[p] : f, fold_[p])[ridge].at(rows_[p]);
  }

  /// The ridge that says best what the teacher said of the poses put first, outside fold `f` (-1: of all).
  std::size_t choice(int f) const {
    std::size_t best = 0;
    double least = 0;
    for (std::size_t r = 0; r < options_.ridges.size(); ++r) {
      double error = 0;
      for (std::size_t p = 0; p < pools_.size(); ++p)
        if (fold_[p] != f) error += std::pow(seen(f, r, p) - teacher_[p], 2);
      if (r == 0 || error < least) {
        best = r;
        least = error;
      }
    }
    return best;
  }

  /// The mean by size of ligands outside folds `f` and `g`.
  SizeTrend trend_without(int f, int g, std::size_t ridge, SizeForm form) const {
    std::vector<double> atoms, values;
    for (std::size_t p = 0; p < pools_.size(); ++p) {
      if (fold_[p] == f || fold_[p] == g) continue;
      atoms.push_back(atoms_[p]);
      values.push_back(seen(f, ridge, p));
    }
    return trend(form, atoms, values);
  }

  /// How far ligands of each fold but `f` lie from a mean that was fitted without them: root mean square.
  double size_error(int f, std::size_t ridge, SizeForm form) const {
    double error = 0, count = 0;
    for (int g = 0; g < options_.folds; ++g) {
      if (g == f) continue;
      const SizeTrend usual = trend_without(f, g, ridge, form);
      for (std::size_t p = 0; p < pools_.size(); ++p) {
        if (fold_[p] != g) continue;
        error += std::pow(seen(f, ridge, p) - usual.at(atoms_[p]), 2);
        ++count;
      }
    }
    return std::sqrt(error / count);
  }

  SizeForm size_form(int f, std::size_t ridge) const {
    return *std::min_element(forms.begin(), forms.end(), [&](SizeForm a, SizeForm b) {
      return size_error(f, ridge, a) < size_error(f, ridge, b);
    });
  }

  const std::vector<PosePool>& pools_;
  const PoseAffinityOptions options_;
  std::vector<int> fold_;
  std::vector<Sums> sums_;  // per fold
  Sums all_;
  std::vector<Eigen::VectorXd> rows_;  // of the poses put first
  std::vector<double> teacher_, atoms_;
  std::vector<std::vector<Line>> pairs_;  // by two folds, then by ridge
};

}  // namespace

TrainedPoseAffinity train_pose_affinity(const std::vector<PosePool>& pools,
                                        const std::vector<std::size_t>& first,
                                        const PoseAffinityOptions& options) {
  return AffinityTraining(pools, first, options).run();
}

}  // namespace theriac::scoring
