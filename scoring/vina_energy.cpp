#include "scoring/vina_energy.hpp"

#include <algorithm>
#include <cmath>

namespace theriac::scoring {
namespace {

using chem::Vector3;

constexpr double squared_cutoff = interaction_cutoff * interaction_cutoff;

double wall_energy(const chem::Box& box, Vector3 p, double wall, Vector3& gradient) {
  const Vector3 low = box.low(), high = box.high();
  double energy = 0;
  for (int k = 0; k < 3; ++k) {
    if (p[k] < low[k]) {
      energy += wall * (low[k] - p[k]);
      gradient[k] -= wall;
    } else if (p[k] > high[k]) {
      energy += wall * (p[k] - high[k]);
      gradient[k] += wall;
    }
  }
  return energy;
}

double product(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

/// A dense symmetric inverse Hessian.
class InverseHessian {
 public:
  explicit InverseHessian(std::size_t n) : n_(n), h_(n * n, 0.0) { set_diagonal(1.0); }

  void set_diagonal(double value) {
    for (std::size_t i = 0; i < n_; ++i) h_[i * n_ + i] = value;
  }
  std::vector<double> times(const std::vector<double>& v) const {
    std::vector<double> out(n_, 0.0);
    for (std::size_t i = 0; i < n_; ++i)
      for (std::size_t j = 0; j < n_; ++j) out[i] += h_[i * n_ + j] * v[j];
    return out;
  }
  /// s: step taken, y: change of gradient, s.y > 0.
  void update(const std::vector<double>& s, const std::vector<double>& y) {
    const double sy = product(s, y);
    const auto hy = times(y);
    const double scale = (1 + product(y, hy) / sy) / sy;
    for (std::size_t i = 0; i < n_; ++i)
      for (std::size_t j = 0; j < n_; ++j)
        h_[i * n_ + j] += scale * s[i] * s[j] - (hy[i] * s[j] + s[i] * hy[j]) / sy;
  }

 private:
  std::size_t n_;
  std::vector<double> h_;
};

}  // namespace

EnergyTerms score_pose(const PoseModel& model, const ReceptorField& field, const std::vector<Vector3>& x) {
  EnergyTerms terms;
  const PairTable& table = PairTable::shared(field.scoring());
  double ignored;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (!model.feels_receptor(i)) continue;
    const double e = capped(field.energy(model.types()[i], x[i]), final_cap, ignored);
    (static_cast<int>(i) < model.ligand_atom_count() ? terms.inter : terms.intra) += e;
    if (static_cast<int>(i) >= model.ligand_atom_count()) continue;
    const PairTerms t = field.terms(model.types()[i], x[i]);
    terms.gauss1 += t.gauss1;
    terms.gauss2 += t.gauss2;
    terms.repulsion += t.repulsion;
    terms.hydrophobic += t.hydrophobic;
    terms.hydrogen_bond += t.hydrogen_bond;
  }
  for (const auto& pair : model.pairs()) {
    const double r2 = squared_distance(x[pair.first], x[pair.second]);
    if (r2 >= squared_cutoff) continue;
    const double e =
        capped(table.energy(model.types()[pair.first], model.types()[pair.second], r2), final_cap, ignored);
    (pair.intermolecular ? terms.inter : terms.intra) += e;
  }
  terms.torsion_divisor = 1 + torsion_weight * model.active_torsions();
  return terms;
}

double affinity(const EnergyTerms& terms, double intra_of_best) {
  return (terms.inter + terms.intra - intra_of_best) / terms.torsion_divisor;
}

double pose_energy(const PoseModel& model, const ReceptorField& field, const chem::Box& box, double wall,
                   double cap, const std::vector<Vector3>& x, std::vector<Vector3>* forces) {
  const PairTable& table = PairTable::shared(field.scoring());
  if (forces) forces->assign(x.size(), Vector3{});
  double total = 0, factor;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (!model.feels_receptor(i)) continue;
    Vector3 gradient, wall_gradient;
    total += capped(field.energy(model.types()[i], x[i], gradient), cap, factor);
    total += wall_energy(box, x[i], wall, wall_gradient);
    if (forces) (*forces)[i] = (-factor) * gradient - wall_gradient;
  }
  for (const auto& pair : model.pairs()) {
    const Vector3 d = x[pair.second] - x[pair.first];
    const double r2 = dot(d, d);
    if (r2 >= squared_cutoff) continue;
    const auto s = table.slope(model.types()[pair.first], model.types()[pair.second], r2);
    total += capped(s.energy, cap, factor);
    if (!forces) continue;
    const Vector3 f = (factor * s.derivative_over_r) * d;
    (*forces)[pair.first] = (*forces)[pair.first] + f;
    (*forces)[pair.second] = (*forces)[pair.second] - f;
  }
  return total;
}

LocalMinimum minimised(const PoseModel& model, const ReceptorField& field, const chem::Box& box,
                       Conformation start, int steps, double cap) {
  constexpr double wall = 100;  // kcal/mol per angstrom: firm, and smooth enough for BFGS
  std::vector<Vector3> forces;
  const auto energy_at = [&](const Conformation& c) {
    return pose_energy(model, field, box, wall, cap, model.heavy_coordinates(c), &forces);
  };
  LocalMinimum now{std::move(start), 0};
  now.energy = energy_at(now.conformation);
  std::vector<double> g = model.gradient(now.conformation, forces);
  InverseHessian h(g.size());
  for (int step_count = 0; step_count < steps; ++step_count) {
    auto direction = h.times(g);
    for (auto& d : direction) d = -d;
    double slope = product(direction, g);
    if (!(slope < 0)) {
      for (std::size_t i = 0; i < g.size(); ++i) direction[i] = -g[i];
      slope = -product(g, g);
    }
    double largest = 0;
    for (const double d : direction) largest = std::max(largest, std::abs(d));
    double alpha = largest > 1 ? 1 / largest : 1;
    LocalMinimum next;
    bool lower = false;
    for (int halving = 0; halving < 10 && !lower; ++halving, alpha *= 0.5) {
      next.conformation = moved(now.conformation, direction, alpha);
      next.energy = energy_at(next.conformation);
      lower = next.energy - now.energy < 1e-4 * alpha * slope;
    }
    if (!lower) break;
    alpha *= 2;  // undo the loop's last halving
    const auto next_g = model.gradient(next.conformation, forces);
    std::vector<double> s(g.size()), y(g.size());
    for (std::size_t i = 0; i < g.size(); ++i) {
      s[i] = alpha * direction[i];
      y[i] = next_g[i] - g[i];
    }
    const double gain = now.energy - next.energy, sy = product(s, y), yy = product(y, y);
    if (step_count == 0 && sy > 0 && yy > 1e-12) h.set_diagonal(sy / yy);
    if (sy > 1e-12) h.update(s, y);
    now = std::move(next);
    g = next_g;
    if (gain < 1e-4 || product(g, g) < 1e-10) break;
  }
  return now;
}

}  // namespace theriac::scoring
