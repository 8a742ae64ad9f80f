#include "scoring/pose_score_training.hpp"

#include <fmt/format.h>

#include <Eigen/Core>
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

#include "chem/error.hpp"
#include "scoring/conditional_logit.hpp"
#include "scoring/pose_regression.hpp"

namespace theriac::scoring {
namespace {

using Matrix = Eigen::MatrixXf;
using Square = Eigen::MatrixXd;
using Column = Eigen::VectorXd;

constexpr double near_enough = 2.5;  // angstrom: without a pose so near, a ligand cannot be ranked
constexpr double success = 2.0;      // angstrom

double rightness(double rmsd) {
  return 1 / (1 + std::exp((rmsd - 2) / 0.3));
}

bool can_be_ranked(const std::vector<double>& rmsd) {
  return !rmsd.empty() && *std::min_element(rmsd.begin(), rmsd.end()) < near_enough;
}

/// One row per pose, less the mean of the rows.
Matrix rows_of(const PosePool& pool) {
  Matrix x = pose_rows(pool.poses);
  x.rowwise() -= x.colwise().mean().eval();
  return x;
}

Eigen::VectorXf centred(const std::vector<double>& values) {
  Eigen::VectorXf y(static_cast<Eigen::Index>(values.size()));
  for (Eigen::Index i = 0; i < y.size(); ++i) y[i] = static_cast<float>(values[static_cast<std::size_t>(i)]);
  y.array() -= y.mean();
  return y;
}

/// One ligand more.
void add_rows(PoseMoments& moments, const Matrix& x, const Eigen::VectorXf& y) {
  moments.xx += (x.transpose() * x).cast<double>();
  moments.xy += (x.transpose() * y).cast<double>();
  moments.rows += static_cast<double>(x.rows());
}

/// How learned score and energy are joined.
struct Form {
  bool by_part, by_rotors;
};
constexpr std::array<Form, 4> forms{{{false, false}, {false, true}, {true, false}, {true, true}}};

/// What was fitted and chosen: a place in the ridges, and a form.
struct Choice {
  std::size_t ridge = 0;
  Form form = forms[0];
};

/// One ligand as a regression saw it that had not seen its relatives.
struct Ranked {
  std::vector<std::array<double, pose_part_count>> parts;  ///< of the learned score
  std::vector<double> energy, right;
  double rotors = 0;

  double learned(std::size_t pose) const {
    return std::accumulate(parts[pose].begin(), parts[pose].end(), 0.0);
  }
};

AlternativeSet alternatives(const Ranked& of, Form form) {
  AlternativeSet out;
  out.right = of.right;
  for (std::size_t i = 0; i < of.parts.size(); ++i) {
    out.columns.push_back(-of.energy[i]);
    if (form.by_rotors)
      out.columns.insert(out.columns.end(), {of.rotors * of.learned(i), -of.rotors * of.energy[i]});
    if (form.by_part)
      out.columns.insert(out.columns.end(), of.parts[i].begin(), of.parts[i].end());
    else
      out.columns.push_back(of.learned(i));
  }
  return out;
}

/// Weights of alternatives() as those of a model.
void set_mixture(PoseScoreModel& model, const std::vector<double>& weights, Form form) {
  std::size_t at = 0;
  model.energy = {{weights[at++], 0}};
  model.parts_by_rotors = 0;
  if (form.by_rotors) {
    model.parts_by_rotors = weights[at++];
    model.energy[1] = weights[at++];
  }
  for (auto& part : model.parts) part = form.by_part ? weights[at++] : weights[at];
}

/// The parts of a learned score, by the weights of a regression.
std::array<double, pose_part_count> parts_of(const Eigen::RowVectorXd& row, const Column& weights) {
  std::array<double, pose_part_count> out{};
  out[static_cast<std::size_t>(PosePart::contacts)] =
      row.head(pose_table_size).dot(weights.head(pose_table_size));
  for (std::size_t d = 0; d < pose_descriptor_count; ++d) {
    const auto at = pose_table_size + static_cast<Eigen::Index>(d);
    out[static_cast<std::size_t>(part_of(static_cast<PoseDescriptor>(d)))] += row[at] * weights[at];
  }
  return out;
}

std::vector<double> plain_numbers(const Column& v) {
  return {v.data(), v.data() + v.size()};
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
      teacher_.push_back(pools[p].teacher);
      if (pools[p].teacher.empty()) continue;
      add_rows(moments_[fold_[p]], rows_of(pools[p]), centred(pools[p].teacher));
    }
    for (const auto& m : moments_) all_.add(m);
    if (all_.rows == 0) throw UsageError("no pose of the training set was judged by a teacher");
    energy_ = static_cast<std::size_t>(
        std::find(pose_descriptor_names().begin(), pose_descriptor_names().end(), "scaled_gap") -
        pose_descriptor_names().begin());
    for (std::size_t p = 0; p < pools.size(); ++p)
      if (!pools[p].rmsd.empty()) complexes_.push_back(p);
  }

  TrainedPoseScore run(const std::vector<NetworkOpinions>& further) {
    TrainedPoseScore out;
    score_all();
    const Choice kept = choice(-1);
    out.choice = text(kept);
    out.teacher_correlation = agreement(kept);
    std::vector<Choice> inside;
    for (int f = 0; f < options_.folds; ++f) inside.push_back(choice(f));
    std::map<std::string, int> counts;
    for (const auto& c : inside) ++counts[text(c)];
    for (const auto& [name, count] : counts)
      out.choices += fmt::format("{}{} x {}", out.choices.empty() ? "" : "; ", count, name);
    hold_out(std::vector<Choice>(inside.size(), kept), out.same_choice);
    hold_out(inside, out.held_out);
    out.fused = joined(inside, teacher_);
    for (const auto& network : further) out.joined.push_back(joined(inside, network));
    out.model = model(kept, -1, out.held_out.scores, out.fused.scores);
    out.fold = fold_;
    for (int f = 0; f < options_.folds; ++f) out.without_fold.push_back(model_without(f, inside[f]));
    return out;
  }

 private:
  static std::string text_of(Form form) {
    if (form.by_part) return form.by_rotors ? "weights by part and rotors" : "weights by part";
    return form.by_rotors ? "weights by rotors" : "the same weights for all ligands";
  }
  std::string text(const Choice& c) const {
    return fmt::format("ridge {:g} with {}", options_.ridges[c.ridge], text_of(c.form));
  }

  /// Learned scores of each complex from a regression without its fold, and without each other fold besides.
  void score_all() {
    const int folds = options_.folds;
    const std::size_t ridges = options_.ridges.size();
    scored_.assign(ridges, std::vector<std::vector<Ranked>>(folds, std::vector<Ranked>(pools_.size())));
    std::vector<std::vector<Column>> weights(static_cast<std::size_t>(folds * folds));  // of a pair of folds
    for (int a = 0; a < folds; ++a)
      for (int b = a; b < folds; ++b) {
        PoseMoments m = all_;
        m.take(moments_[a]);
        if (b != a) m.take(moments_[b]);
        auto& of = weights[static_cast<std::size_t>(a * folds + b)];
        for (const double ridge : options_.ridges) of.push_back(ridge_weights(m, ridge));
      }
    for (const std::size_t p : complexes_) {
      const auto& pool = pools_[p];
      const Square rows = rows_of(pool).cast<double>();
      Ranked ranked;
      ranked.rotors = rotors(pool.poses.front());
      for (std::size_t i = 0; i < pool.poses.size(); ++i) {
        ranked.energy.push_back(pool.poses[i].descriptors[energy_]);
        ranked.right.push_back(rightness(pool.rmsd[i]));
      }
      for (int f = 0; f < folds; ++f) {
        const auto& of =
            weights[static_cast<std::size_t>(std::min(f, fold_[p]) * folds + std::max(f, fold_[p]))];
        for (std::size_t r = 0; r < ridges; ++r) {
          ranked.parts.clear();
          for (Eigen::Index i = 0; i < rows.rows(); ++i) ranked.parts.push_back(parts_of(rows.row(i), of[r]));
          scored_[r][f][p] = ranked;
        }
      }
    }
  }

  /// As a regression scored ligand `p` for fold `f`; -1: for all, so only its own fold was left out.
  const Ranked& seen(std::size_t ridge, int f, std::size_t p) const {
    return scored_[ridge][f < 0 ? fold_[p] : f][p];
  }

  /// Ligands that weights can be fitted on, without two folds.
  std::vector<AlternativeSet> sets(const Choice& c, int f, int other = -1) const {
    std::vector<AlternativeSet> out;
    for (const std::size_t p : complexes_)
      if (fold_[p] != f && fold_[p] != other && can_be_ranked(pools_[p].rmsd))
        out.push_back(alternatives(seen(c.ridge, f, p), c.form));
    if (out.empty()) throw UsageError("fewer than two folds have ligands with a pose near the true one");
    return out;
  }

  /// The best by cross-validation of what lies outside fold `f`.
  Choice choice(int f) const {
    Choice best;
    double least = std::numeric_limits<double>::infinity();
    for (const Form form : forms)
      for (std::size_t r = 0; r < options_.ridges.size(); ++r) {
        const Choice c{r, form};
        double loss = 0;
        for (int b = 0; b < options_.folds; ++b) {
          if (b == f) continue;
          const auto w = conditional_logit(sets(c, f, b));
          for (const std::size_t p : complexes_)
            if (fold_[p] == b && can_be_ranked(pools_[p].rmsd))
              loss += conditional_loss(alternatives(seen(r, f, p), form), w);
        }
        if (loss >= least) continue;
        least = loss;
        best = c;
      }
    return best;
  }

  double agreement(const Choice& c) const {
    double sum = 0, count = 0;
    for (const std::size_t p : complexes_) {
      if (pools_[p].teacher.empty()) continue;
      const Ranked& of = seen(c.ridge, -1, p);
      std::vector<double> learned;
      for (std::size_t i = 0; i < of.parts.size(); ++i) learned.push_back(of.learned(i));
      sum += correlation(centred(learned), centred(pools_[p].teacher));
      ++count;
    }
    return count > 0 ? sum / count : 0;
  }

  void add_calibration(std::size_t p, const std::vector<double>& scores,
                       std::vector<CalibrationRow>& rows) const {
    if (scores.size() < 2) return;
    const auto logits = share_logits(scores);
    for (std::size_t i = 0; i < logits.size(); ++i)
      rows.push_back({logits[i], rotors(pools_[p].poses.front()), pools_[p].rmsd[i] <= success});
  }

  /// Our score beside a network's log odds.
  AlternativeSet beside(const std::vector<double>& network, std::size_t p,
                        const std::vector<double>& ours) const {
    AlternativeSet out;
    for (std::size_t i = 0; i < ours.size(); ++i)
      out.columns.insert(out.columns.end(), {ours[i], network[i]});
    out.right = scored_.front()[fold_[p]][p].right;
    return out;
  }

  /// Scores of fold `f` by weights that were fitted outside it, and probabilities calibrated there.
  template <class Score>
  void hold_out(int f, const Score& score, HeldOutPoses& out) const {
    std::vector<CalibrationRow> rows;
    for (const std::size_t p : complexes_)
      if (fold_[p] != f) add_calibration(p, score(p), rows);
    const auto calibration = calibrated(rows);
    for (const std::size_t p : complexes_) {
      if (fold_[p] != f) continue;
      out.scores[p] = score(p);
      out.probabilities[p] =
          calibrated_probabilities(out.scores[p], rotors(pools_[p].poses.front()), calibration);
    }
  }

  HeldOutPoses nothing_yet() const {
    return {NetworkOpinions(pools_.size()), NetworkOpinions(pools_.size())};
  }

  /// Our score of ligand `p`, by weights that were fitted outside fold `f` with its choice.
  std::vector<double> ours(const Choice& c, int f, const std::vector<double>& weights, std::size_t p) const {
    return conditional_scores(alternatives(seen(c.ridge, f, p), c.form), weights);
  }

  void hold_out(const std::vector<Choice>& choices, HeldOutPoses& out) const {
    out = nothing_yet();
    for (int f = 0; f < options_.folds; ++f) {
      const Choice& c = choices[static_cast<std::size_t>(f)];
      const auto w = conditional_logit(sets(c, f));
      hold_out(
          f, [&](std::size_t p) { return ours(c, f, w, p); }, out);
    }
  }

  /// The same with a network's opinion; nothing where it has none.
  HeldOutPoses joined(const std::vector<Choice>& choices, const NetworkOpinions& network) const {
    HeldOutPoses out = nothing_yet();
    for (int f = 0; f < options_.folds; ++f) {
      const Choice& c = choices[static_cast<std::size_t>(f)];
      const auto w = conditional_logit(sets(c, f));
      std::vector<AlternativeSet> both;
      for (const std::size_t p : complexes_)
        if (fold_[p] != f && can_be_ranked(pools_[p].rmsd) && !network[p].empty())
          both.push_back(beside(network[p], p, ours(c, f, w, p)));
      if (both.empty()) continue;
      const auto weights = conditional_logit(both);
      hold_out(
          f,
          [&](std::size_t p) {
            return network[p].empty() ? std::vector<double>()
                                      : conditional_scores(beside(network[p], p, ours(c, f, w, p)), weights);
          },
          out);
    }
    return out;
  }

  /// The model of all ligands outside fold `f` (-1: all), calibrated on scores that were held out, our own
  /// and those joined with the teacher's opinion; without the latter they are joined here.
  PoseScoreModel model(const Choice& c, int f, const NetworkOpinions& scores,
                       const NetworkOpinions& fused) const {
    PoseScoreModel out;
    PoseMoments m = all_;
    if (f >= 0) m.take(moments_[f]);
    const Column w = ridge_weights(m, options_.ridges[c.ridge]);
    out.table = plain_numbers(w.head(pose_table_size));
    out.descriptors = plain_numbers(w.tail(w.size() - pose_table_size));
    set_mixture(out, conditional_logit(sets(c, f)), c.form);
    std::vector<CalibrationRow> rows, fused_rows;
    std::vector<AlternativeSet> both;
    for (const std::size_t p : complexes_) {
      if (fold_[p] == f) continue;
      add_calibration(p, scores[p], rows);
      if (can_be_ranked(pools_[p].rmsd) && !teacher_[p].empty())
        both.push_back(beside(teacher_[p], p, scores[p]));
    }
    out.calibration = calibrated(rows);
    if (both.empty()) return out;
    const auto weights = conditional_logit(both);
    out.fusion = {{weights[0], weights[1]}};
    for (const std::size_t p : complexes_) {
      if (fold_[p] == f || teacher_[p].empty()) continue;
      if (fused.empty())
        add_calibration(p, conditional_scores(beside(teacher_[p], p, scores[p]), weights), fused_rows);
      else
        add_calibration(p, fused[p], fused_rows);
    }
    out.fused_calibration = calibrated(fused_rows);
    return out;
  }

  PoseScoreModel model_without(int f, const Choice& c) const {
    const auto w = conditional_logit(sets(c, f));
    NetworkOpinions scores(pools_.size());
    for (const std::size_t p : complexes_)
      if (fold_[p] != f) scores[p] = ours(c, f, w, p);
    return model(c, f, scores, {});
  }

  const std::vector<PosePool>& pools_;
  const PoseTrainingOptions options_;
  std::vector<int> fold_;
  NetworkOpinions teacher_;
  std::vector<std::size_t> complexes_;  // pools with a true pose
  std::vector<PoseMoments> moments_;    // per fold
  PoseMoments all_;
  std::size_t energy_ = 0;                                // place of the energy among the descriptors
  std::vector<std::vector<std::vector<Ranked>>> scored_;  // by ridge, fold and pool
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

TrainedPoseScore train_pose_score(const std::vector<PosePool>& pools, const PoseTrainingOptions& options,
                                  const std::vector<NetworkOpinions>& further) {
  return Training(pools, options).run(further);
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
