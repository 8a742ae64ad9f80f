#include "scoring/pose_score_training.hpp"

#include <fmt/format.h>

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "chem/error.hpp"

namespace theriac::scoring {
namespace {

using Matrix = Eigen::MatrixXf;
using Square = Eigen::MatrixXd;
using Column = Eigen::VectorXd;

constexpr double near_enough = 2.5;  // angstrom: without a pose so near, a ligand cannot be ranked
constexpr double success = 2.0;      // angstrom
constexpr int table_size = contact_kind_count * environment_size;

double rightness(double rmsd) {
  return 1 / (1 + std::exp((rmsd - 2) / 0.3));
}

bool can_be_ranked(const std::vector<double>& rmsd) {
  return !rmsd.empty() && *std::min_element(rmsd.begin(), rmsd.end()) < near_enough;
}

Eigen::Index width() {
  return table_size + static_cast<Eigen::Index>(pose_descriptor_names().size());
}

/// One row per pose, less the mean of the rows: environments summed by kind, then descriptors.
Matrix rows_of(const PosePool& pool) {
  Matrix x = Matrix::Zero(static_cast<Eigen::Index>(pool.poses.size()), width());
  for (Eigen::Index p = 0; p < x.rows(); ++p) {
    const auto& pose = pool.poses[static_cast<std::size_t>(p)];
    for (const auto& atom : pose.atoms)
      for (int i = 0; i < environment_size; ++i)
        x(p, static_cast<int>(atom.kind) * environment_size + i) += atom.counts[i];
    for (std::size_t d = 0; d < pose.descriptors.size(); ++d)
      x(p, table_size + static_cast<Eigen::Index>(d)) = pose.descriptors[d];
  }
  x.rowwise() -= x.colwise().mean().eval();
  return x;
}

Eigen::VectorXf centred(const std::vector<double>& values) {
  Eigen::VectorXf y(static_cast<Eigen::Index>(values.size()));
  for (Eigen::Index i = 0; i < y.size(); ++i) y[i] = static_cast<float>(values[static_cast<std::size_t>(i)]);
  y.array() -= y.mean();
  return y;
}

/// The sums that a regression needs.
struct Moments {
  Square xx;
  Column xy;
  double rows = 0;

  Moments() : xx(Square::Zero(width(), width())), xy(Column::Zero(width())) {}
  void add(const Matrix& x, const Eigen::VectorXf& y) {
    xx += (x.transpose() * x).cast<double>();
    xy += (x.transpose() * y).cast<double>();
    rows += static_cast<double>(x.rows());
  }
  void take(const Moments& other) {
    xx -= other.xx;
    xy -= other.xy;
    rows -= other.rows;
  }
};

/// Ridge regression with features scaled to unit variance; those that hardly vary stay out.
Column regression(const Moments& m, double ridge) {
  Column scale = (m.xx.diagonal() / m.rows).cwiseMax(0.0).cwiseSqrt();
  const Column factor = scale.unaryExpr([](double s) { return s > 1e-4 ? 1 / (s + 1e-3) : 0.0; });
  Square a = factor.asDiagonal() * m.xx * factor.asDiagonal();
  a.diagonal().array() += ridge * m.rows;
  const Column w = a.llt().solve(factor.cwiseProduct(m.xy));
  return factor.cwiseProduct(w);
}

/// Weights of learned score and energy that make the true poses most likely.
struct Mixture {
  double learned = 1, energy = 1;
};

struct Ranked {
  std::vector<double> learned, energy, right;
};

/// Each step solves with the curvature of the whole softmax, an upper bound: the loss falls at every step.
Mixture mixture(const std::vector<const Ranked*>& ligands) {
  Eigen::Vector2d w(1, 1);
  for (int step = 0; step < 200; ++step) {
    Eigen::Vector2d slope = Eigen::Vector2d::Zero();
    Eigen::Matrix2d curvature = 1e-6 * Eigen::Matrix2d::Identity();
    for (const auto* of : ligands) {
      const std::size_t n = of->learned.size();
      std::vector<double> s(n);
      for (std::size_t i = 0; i < n; ++i) s[i] = w[0] * of->learned[i] - w[1] * of->energy[i];
      const double top = *std::max_element(s.begin(), s.end());
      double all = 0, right = 0;
      Eigen::Vector2d mean = Eigen::Vector2d::Zero(), mean_right = mean;
      Eigen::Matrix2d square = Eigen::Matrix2d::Zero();
      for (std::size_t i = 0; i < n; ++i) {
        const Eigen::Vector2d x(of->learned[i], -of->energy[i]);
        const double e = std::exp(s[i] - top), r = e * of->right[i];
        all += e;
        right += r;
        mean += e * x;
        mean_right += r * x;
        square += e * x * x.transpose();
      }
      mean /= all;
      slope += mean_right / right - mean;
      curvature += square / all - mean * mean.transpose();
    }
    const Eigen::Vector2d by = curvature.inverse() * slope;
    w += by;
    if (by.norm() < 1e-9) break;
  }
  return {w[0], w[1]};
}

struct CalibrationRow {
  double logit, rotors;
  bool right;
};

/// Logistic regression, held back slightly from zero and one. Newton's steps, halved until they help.
std::array<double, 3> logistic(const std::vector<CalibrationRow>& rows) {
  const Eigen::Vector3d start(0, 1, 0);
  constexpr double holding = 0.1;
  const auto loss = [&](const Eigen::Vector3d& w) {
    double sum = 0.5 * holding * (w - start).squaredNorm();
    for (const auto& row : rows) {
      const double z = w.dot(Eigen::Vector3d(1, row.logit, row.rotors)) * (row.right ? -1 : 1);
      sum += z > 30 ? z : std::log1p(std::exp(z));
    }
    return sum;
  };
  Eigen::Vector3d w = start;
  double now = loss(w);
  for (int step = 0; step < 50; ++step) {
    Eigen::Vector3d slope = -holding * (w - start);
    Eigen::Matrix3d curvature = holding * Eigen::Matrix3d::Identity();
    for (const auto& row : rows) {
      const Eigen::Vector3d x(1, row.logit, row.rotors);
      const double p = 1 / (1 + std::exp(-w.dot(x)));
      slope += ((row.right ? 1 : 0) - p) * x;
      curvature += p * (1 - p) * x * x.transpose();
    }
    Eigen::Vector3d by = curvature.inverse() * slope;
    double next = loss(w + by);
    for (int halving = 0; halving < 30 && !(next <= now); ++halving) {
      by *= 0.5;
      next = loss(w + by);
    }
    if (!(next <= now)) break;
    w += by;
    now = next;
    if (by.norm() < 1e-9) break;
  }
  return {{w[0], w[1], w[2]}};
}

double correlation(const Eigen::VectorXf& a, const Eigen::VectorXf& b) {
  const double scale = a.norm() * b.norm();
  return scale > 0 ? a.dot(b) / scale : 0;
}

class Training {
 public:
  Training(const std::vector<PosePool>& pools, const PoseTrainingOptions& options)
      : pools_(pools),
        options_(options),
        fold_(folds_by_group(pools, options.folds)),
        moments_(options.folds) {
    for (std::size_t p = 0; p < pools.size(); ++p) {
      if (pools[p].teacher.empty()) continue;
      moments_[fold_[p]].add(rows_of(pools[p]), centred(pools[p].teacher));
    }
    for (const auto& m : moments_) {
      all_.xx += m.xx;
      all_.xy += m.xy;
      all_.rows += m.rows;
    }
    if (all_.rows == 0) throw UsageError("no pose of the training set was judged by a teacher");
    energy_ = static_cast<std::size_t>(
        std::find(pose_descriptor_names().begin(), pose_descriptor_names().end(), "scaled_gap") -
        pose_descriptor_names().begin());
  }

  TrainedPoseScore run() {
    const int folds = options_.folds;
    // learned scores of each ligand from a regression without its fold, and without each other fold besides
    std::vector<std::vector<Ranked>> scored(folds, std::vector<Ranked>(pools_.size()));
    double agreement = 0, agreements = 0;
    for (int a = 0; a < folds; ++a)
      for (int b = a; b < folds; ++b) {
        Moments m = all_;
        m.take(moments_[a]);
        if (b != a) m.take(moments_[b]);
        const Column w = regression(m, options_.ridge);
        for (std::size_t p = 0; p < pools_.size(); ++p) {
          if (pools_[p].rmsd.empty() || (fold_[p] != a && fold_[p] != b)) continue;
          const int other = fold_[p] == a ? b : a;
          scored[other][p] = ranked(pools_[p], w);
          if (a != b || pools_[p].teacher.empty()) continue;
          Eigen::VectorXf s(static_cast<Eigen::Index>(pools_[p].poses.size()));
          for (Eigen::Index i = 0; i < s.size(); ++i)
            s[i] = static_cast<float>(scored[a][p].learned[static_cast<std::size_t>(i)]);
          agreement += correlation(s, centred(pools_[p].teacher));
          ++agreements;
        }
      }
    TrainedPoseScore out;
    out.teacher_correlation = agreements > 0 ? agreement / agreements : 0;
    hold_out(scored, out.held_out);
    // the model that is kept: all ligands
    std::vector<const Ranked*> ligands;
    for (std::size_t p = 0; p < pools_.size(); ++p)
      if (can_be_ranked(pools_[p].rmsd)) ligands.push_back(&scored[fold_[p]][p]);
    const Mixture mix = mixture(ligands);
    out.model = model(regression(all_, options_.ridge), mix);
    std::vector<CalibrationRow> rows;
    for (std::size_t p = 0; p < pools_.size(); ++p) add_calibration(p, out.held_out.scores[p], rows);
    out.model.calibration = logistic(rows);
    return out;
  }

 private:
  Ranked ranked(const PosePool& pool, const Column& w) const {
    Ranked out;
    const Column s = rows_of(pool).cast<double>() * w;
    for (std::size_t i = 0; i < pool.poses.size(); ++i) {
      out.learned.push_back(s[static_cast<Eigen::Index>(i)]);
      out.energy.push_back(pool.poses[i].descriptors[energy_]);
      out.right.push_back(rightness(pool.rmsd[i]));
    }
    return out;
  }

  void add_calibration(std::size_t p, const std::vector<double>& scores,
                       std::vector<CalibrationRow>& rows) const {
    if (scores.size() < 2) return;
    const auto logits = share_logits(scores);
    for (std::size_t i = 0; i < logits.size(); ++i)
      rows.push_back({logits[i], rotors(pools_[p].poses.front()), pools_[p].rmsd[i] <= success});
  }

  void hold_out(const std::vector<std::vector<Ranked>>& scored, HeldOutPoses& out) const {
    out.scores.resize(pools_.size());
    out.probabilities.resize(pools_.size());
    for (int f = 0; f < options_.folds; ++f) {
      std::vector<const Ranked*> ligands;
      for (std::size_t p = 0; p < pools_.size(); ++p)
        if (fold_[p] != f && can_be_ranked(pools_[p].rmsd)) ligands.push_back(&scored[f][p]);
      if (ligands.empty())
        throw UsageError("fewer than two folds have ligands with a pose near the true one");
      const Mixture mix = mixture(ligands);
      const auto mixed = [&](const Ranked& of) {
        std::vector<double> s;
        for (std::size_t i = 0; i < of.learned.size(); ++i)
          s.push_back(mix.learned * of.learned[i] - mix.energy * of.energy[i]);
        return s;
      };
      std::vector<CalibrationRow> rows;
      for (std::size_t p = 0; p < pools_.size(); ++p)
        if (fold_[p] != f && !pools_[p].rmsd.empty()) add_calibration(p, mixed(scored[f][p]), rows);
      PoseScoreModel calibrated;
      calibrated.calibration = logistic(rows);
      for (std::size_t p = 0; p < pools_.size(); ++p) {
        if (fold_[p] != f || pools_[p].rmsd.empty()) continue;
        out.scores[p] = mixed(scored[f][p]);
        out.probabilities[p] = calibrated.probabilities(out.scores[p], rotors(pools_[p].poses.front()));
      }
    }
  }

  PoseScoreModel model(const Column& w, const Mixture& mix) const {
    PoseScoreModel out;
    for (Eigen::Index i = 0; i < table_size; ++i) out.table.push_back(mix.learned * w[i]);
    for (Eigen::Index i = table_size; i < w.size(); ++i) out.descriptors.push_back(mix.learned * w[i]);
    out.descriptors[energy_] -= mix.energy;
    return out;
  }

  const std::vector<PosePool>& pools_;
  const PoseTrainingOptions options_;
  std::vector<int> fold_;
  std::vector<Moments> moments_;  // per fold
  Moments all_;
  std::size_t energy_ = 0;  // place of the energy among the descriptors
};

}  // namespace

std::vector<int> folds_by_group(const std::vector<PosePool>& pools, int folds) {
  if (folds < 2) throw UsageError(fmt::format("{} folds", folds), "at least two");
  // ligands with a true pose first: they are what the folds are to share out evenly
  std::map<std::string, std::pair<int, int>> sizes;
  for (const auto& pool : pools) (pool.rmsd.empty() ? sizes[pool.group].second : sizes[pool.group].first)++;
  std::vector<std::pair<std::pair<int, int>, std::string>> order;
  for (const auto& [group, size] : sizes) order.emplace_back(size, group);
  std::stable_sort(order.begin(), order.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<std::pair<int, int>> filled(static_cast<std::size_t>(folds));
  std::map<std::string, int> fold;
  for (const auto& [size, group] : order) {
    const auto least = std::min_element(filled.begin(), filled.end());
    least->first += size.first;
    least->second += size.second;
    fold[group] = static_cast<int>(least - filled.begin());
  }
  std::vector<int> out;
  for (const auto& pool : pools) out.push_back(fold[pool.group]);
  return out;
}

TrainedPoseScore train_pose_score(const std::vector<PosePool>& pools, const PoseTrainingOptions& options) {
  return Training(pools, options).run();
}

double ranking_loss(const std::vector<double>& scores, const std::vector<double>& rmsd) {
  if (!can_be_ranked(rmsd)) return std::numeric_limits<double>::quiet_NaN();
  const double top = *std::max_element(scores.begin(), scores.end());
  double all = 0, right = 0;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    all += std::exp(scores[i] - top);
    right += rightness(rmsd[i]) * std::exp(scores[i] - top);
  }
  return -std::log(right / all);
}

}  // namespace theriac::scoring
