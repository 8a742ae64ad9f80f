#include "chem/seed_fit.hpp"

#include <cmath>

#include "chem/ring_shape.hpp"
#include "chem/superposition.hpp"

namespace theriac::chem {
namespace {

constexpr int sweeps = 30;  // torsions one by one, then the whole; converges long before

/// A bond that turns, and what turns with it.
struct Turn {
  int begin, end;
  std::vector<int> atoms;
  int before = -1, behind = -1;  ///< heavy neighbours that define the angle; -1 without
};

std::vector<Turn> turns_of(const FlexibleLigand& ligand) {
  std::vector<std::vector<int>> moved(ligand.fragments.size());
  for (std::size_t f = ligand.fragments.size(); f-- > 1;) {
    const auto& fragment = ligand.fragments[f];
    moved[f].insert(moved[f].end(), fragment.atoms.begin(), fragment.atoms.end());
    if (fragment.parent > 0)
      moved[fragment.parent].insert(moved[fragment.parent].end(), moved[f].begin(), moved[f].end());
  }
  const auto heavy_neighbour = [&](int atom, int but) {
    for (const auto& [a, b] : ligand.bonds) {
      if (a != atom && b != atom) continue;
      const int other = a == atom ? b : a;
      if (other != but && ligand.atoms[other].element > 1) return other;
    }
    return -1;
  };
  std::vector<Turn> turns;
  for (std::size_t f = 1; f < ligand.fragments.size(); ++f) {
    const auto& fragment = ligand.fragments[f];
    Turn turn{fragment.axis_begin, fragment.axis_end, moved[f]};
    turn.before = heavy_neighbour(turn.begin, turn.end);
    turn.behind = heavy_neighbour(turn.end, turn.begin);
    turns.push_back(std::move(turn));
  }
  return turns;
}

Vector3 axis_of(const Turn& turn, const std::vector<Vector3>& x) {
  const Vector3 along = x[turn.end] - x[turn.begin];
  return (1 / std::max(norm(along), 1e-9)) * along;
}

void turn_by(const Turn& turn, double angle, std::vector<Vector3>& x) {
  const Vector3 u = axis_of(turn, x), origin = x[turn.end];
  const double c = std::cos(angle), s = std::sin(angle);
  for (const int i : turn.atoms) {
    const Vector3 r = x[i] - origin;
    x[i] = origin + c * r + s * cross(u, r) + ((1 - c) * dot(u, r)) * u;
  }
}

/// The angle that brings what turns nearest to its target.
double best_angle(const FlexibleLigand& ligand, const Turn& turn, const std::vector<Vector3>& x,
                  const std::vector<Vector3>& target) {
  const Vector3 u = axis_of(turn, x), origin = x[turn.end];
  double along = 0, across = 0;
  for (const int i : turn.atoms) {
    if (ligand.atoms[i].element <= 1) continue;
    const Vector3 r = x[i] - origin, t = target[i] - origin;
    along += dot(r, t) - dot(r, u) * dot(t, u);
    across += dot(u, cross(r, t));
  }
  return along == 0 && across == 0 ? 0 : std::atan2(across, along);
}

}  // namespace

FittedPose fitted_pose(const FlexibleLigand& ligand, const std::vector<Vector3>& conformer,
                       const std::vector<Vector3>& target) {
  const std::vector<Turn> turns = turns_of(ligand);
  std::vector<Vector3> x = conformer;
  const auto heavy = [&](const std::vector<Vector3>& all) {
    std::vector<Vector3> out;
    for (std::size_t i = 0; i < all.size(); ++i)
      if (ligand.atoms[i].element > 1) out.push_back(all[i]);
    return out;
  };
  const auto move_whole = [&] {
    const RigidMotion motion = superposition(heavy(x), heavy(target));
    for (auto& p : x) p = motion.moved(p);
  };
  for (const Turn& turn : turns) {
    if (turn.before < 0 || turn.behind < 0) continue;
    const auto angle = [&](const std::vector<Vector3>& y) {
      return dihedral(y[turn.before], y[turn.begin], y[turn.end], y[turn.behind]);
    };
    turn_by(turn, angle(target) - angle(x), x);
  }
  move_whole();
  double last = rmsd(heavy(x), heavy(target));
  for (int sweep = 0; sweep < sweeps; ++sweep) {
    for (const Turn& turn : turns) turn_by(turn, best_angle(ligand, turn, x, target), x);
    move_whole();
    const double now = rmsd(heavy(x), heavy(target));
    if (last - now < 1e-5) break;
    last = now;
  }
  return {x, rmsd(heavy(x), heavy(target))};
}

FittedPose fitted_pose(const FlexibleLigand& ligand, const std::vector<Vector3>& target) {
  std::vector<Vector3> first;
  for (const auto& atom : ligand.atoms) first.push_back(atom.position);
  FittedPose best = fitted_pose(ligand, first, target);
  for (const auto& conformer : ligand.ring_conformers)
    if (FittedPose other = fitted_pose(ligand, conformer, target); other.rmsd < best.rmsd)
      best = std::move(other);
  return best;
}

}  // namespace theriac::chem
