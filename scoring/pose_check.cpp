#include "scoring/pose_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <tuple>

#include "chem/autodock_type.hpp"
#include "chem/error.hpp"
#include "chem/ligand_features.hpp"
#include "chem/units.hpp"

namespace theriac::scoring {
namespace {

using chem::FlexibleLigand;
using chem::Receptor;
using chem::Vector3;
using Coordinates = std::vector<Vector3>;

double angle_degrees(Vector3 a, Vector3 vertex, Vector3 b) {
  const Vector3 u = a - vertex, v = b - vertex;
  return std::atan2(norm(cross(u, v)), dot(u, v)) * units::degrees_per_radian;
}

double cosine_of_torsion(Vector3 a, Vector3 b, Vector3 c, Vector3 d) {
  const Vector3 p = cross(b - a, c - b), q = cross(c - b, d - c);
  return dot(p, q) / std::max(norm(p) * norm(q), 1e-12);
}

/// Covalent radii of the metals met in proteins, angstrom: B. Cordero et al., Dalton Trans. 2832 (2008).
double metal_radius(int element) {
  switch (element) {
    case 11:
      return 1.66;
    case 12:
      return 1.41;
    case 19:
      return 2.03;
    case 20:
      return 1.76;
    case 25:
      return 1.39;
    case 26:
      return 1.32;
    case 27:
      return 1.26;
    case 28:
      return 1.24;
    case 29:
      return 1.32;
    case 30:
      return 1.22;
    case 48:
      return 1.44;
    case 80:
      return 1.32;
    default:
      return 1.4;
  }
}

double covalent_radius_of_organic(int element) {
  switch (element) {
    case 6:
      return 0.76;
    case 7:
      return 0.71;
    case 8:
      return 0.66;
    case 9:
      return 0.57;
    case 15:
      return 1.07;
    case 16:
      return 1.05;
    case 17:
      return 1.02;
    case 35:
      return 1.20;
    case 53:
      return 1.39;
    default:
      return 0.8;
  }
}

/// Everything about the ligand that does not depend on the pose.
class Geometry {
 public:
  explicit Geometry(const FlexibleLigand& ligand)
      : ligand_(ligand), features_(chem::ligand_features(ligand)) {
    Coordinates first;
    for (const auto& a : ligand.atoms) first.push_back(a.position);
    conformers_.push_back(std::move(first));
    for (const auto& c : ligand.ring_conformers) conformers_.push_back(c);
    fragment_.assign(ligand.atoms.size(), -1);
    for (std::size_t f = 0; f < ligand.fragments.size(); ++f)
      for (const int i : ligand.fragments[f].atoms) fragment_[i] = static_cast<int>(f);
    bonds_apart_ = bond_distances();
  }

  int conformer_count() const { return static_cast<int>(conformers_.size()); }
  const chem::LigandFeatures& features() const { return features_; }

  double worst_bond(const Coordinates& x, int c) const {
    double worst = 0;
    for (const auto& [i, j] : ligand_.bonds)
      worst = std::max(worst, std::abs(distance(x[i], x[j]) - distance(at(c, i), at(c, j))));
    return worst;
  }

  double worst_angle(const Coordinates& x, int c) const {
    double worst = 0;
    for (std::size_t v = 0; v < x.size(); ++v) {
      const auto& around = features_.neighbours[v];
      for (std::size_t a = 0; a < around.size(); ++a)
        for (std::size_t b = a + 1; b < around.size(); ++b)
          worst = std::max(
              worst, std::abs(angle_degrees(x[around[a]], x[v], x[around[b]]) -
                              angle_degrees(at(c, around[a]), at(c, static_cast<int>(v)), at(c, around[b]))));
    }
    return worst;
  }

  /// Pyramidal atoms point the same way as in the conformer.
  bool chirality_kept(const Coordinates& x, int c) const {
    for (std::size_t v = 0; v < x.size(); ++v) {
      const auto& around = features_.neighbours[v];
      if (around.size() < 3) continue;
      const auto volume = [&](auto position) {
        const Vector3 o = position(static_cast<int>(v));
        return dot(position(around[0]) - o, cross(position(around[1]) - o, position(around[2]) - o));
      };
      const double wanted = volume([&](int i) { return at(c, i); }),
                   found = volume([&](int i) { return x[i]; });
      if (std::abs(wanted) > 0.5 && wanted * found < 0) return false;
    }
    return true;
  }

  /// Flat bonds that do not turn (double bonds, amides, rings) keep their cis or trans arrangement.
  bool flat_bonds_kept(const Coordinates& x, int c) const {
    for (const auto& [b, d] : ligand_.bonds) {
      if (is_axis(b, d)) continue;
      for (const int a : features_.neighbours[b])
        for (const int e : features_.neighbours[d]) {
          if (a == d || e == b || a == e) continue;
          const double wanted = cosine_of_torsion(at(c, a), at(c, b), at(c, d), at(c, e));
          if (std::abs(wanted) > 0.87 && wanted * cosine_of_torsion(x[a], x[b], x[d], x[e]) < 0) return false;
        }
    }
    return true;
  }

  double worst_ring(const Coordinates& x) const {
    double worst = 0;
    for (const auto& ring : features_.aromatic_rings) {
      Vector3 centre, normal;
      for (const int i : ring) centre = centre + (1.0 / static_cast<double>(ring.size())) * x[i];
      for (std::size_t k = 0; k < ring.size(); ++k)
        normal = normal + cross(x[ring[k]] - centre, x[ring[(k + 1) % ring.size()]] - centre);
      for (const int i : ring)
        worst = std::max(worst, std::abs(dot(x[i] - centre, normal)) / std::max(norm(normal), 1e-12));
    }
    return worst;
  }

  /// Smallest distance over the sum of radii, among heavy atoms of different fragments at least four bonds
  /// apart. Pairs exactly four bonds apart may come closer by 0.7, as in the bounds of distance geometry.
  double closest_pair(const Coordinates& x) const {
    double closest = std::numeric_limits<double>::infinity();
    const std::size_t n = x.size();
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < i; ++j) {
        const int zi = ligand_.atoms[i].element, zj = ligand_.atoms[j].element;
        const int apart = bonds_apart_[i * n + j];
        if (zi <= 1 || zj <= 1 || fragment_[i] == fragment_[j] || apart < 4) continue;
        const double scale = apart == 4 ? 0.7 : 1.0;
        const double radii = van_der_waals_radius(zi) + van_der_waals_radius(zj);
        closest = std::min(closest, distance(x[i], x[j]) / (scale * radii));
      }
    return std::isfinite(closest) ? closest : 0;
  }

 private:
  Vector3 at(int conformer, int atom) const { return conformers_[conformer][atom]; }

  bool is_axis(int a, int b) const {
    return std::any_of(ligand_.fragments.begin(), ligand_.fragments.end(), [&](const chem::RigidFragment& f) {
      return (f.axis_begin == a && f.axis_end == b) || (f.axis_begin == b && f.axis_end == a);
    });
  }

  std::vector<int> bond_distances() const {
    const std::size_t n = ligand_.atoms.size();
    std::vector<int> out(n * n, 99);
    for (std::size_t start = 0; start < n; ++start) {
      std::vector<int> queue{static_cast<int>(start)};
      out[start * n + start] = 0;
      for (std::size_t head = 0; head < queue.size(); ++head)
        for (const int j : features_.neighbours[queue[head]])
          if (out[start * n + j] == 99) {
            out[start * n + j] = out[start * n + queue[head]] + 1;
            if (out[start * n + j] < 5) queue.push_back(j);
          }
    }
    return out;
  }

  const FlexibleLigand& ligand_;
  chem::LigandFeatures features_;
  std::vector<Coordinates> conformers_;
  std::vector<int> fragment_, bonds_apart_;
};

struct Sphere {
  Vector3 centre;
  int element;
};

/// Receptor heavy atoms within reach of the pose, flexible side chains included.
std::vector<Sphere> nearby(const Receptor& receptor, const std::vector<Coordinates>& flexible,
                           const Coordinates& x) {
  std::vector<Sphere> out;
  const auto take = [&](Vector3 p, int element) {
    if (element > 1 &&
        std::any_of(x.begin(), x.end(), [&](const Vector3& q) { return squared_distance(p, q) < 36; }))
      out.push_back({p, element});
  };
  for (const auto& a : receptor.atoms) take(a.position, a.element);
  for (std::size_t r = 0; r < receptor.flexible_residues.size(); ++r) {
    const auto& atoms = receptor.flexible_residues[r].chain.atoms;
    for (std::size_t i = 0; i < atoms.size(); ++i)
      take(flexible.empty() ? atoms[i].position : flexible[r][i], atoms[i].element);
  }
  return out;
}

double closest_to_protein(const FlexibleLigand& ligand, const Coordinates& x,
                          const std::vector<Sphere>& protein) {
  double closest = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < x.size(); ++i) {
    const int z = ligand.atoms[i].element;
    if (z <= 1) continue;
    for (const auto& s : protein) {
      const double radii = chem::is_metal(s.element)
                               ? metal_radius(s.element) + covalent_radius_of_organic(z)
                               : van_der_waals_radius(s.element) + van_der_waals_radius(z);
      closest = std::min(closest, distance(x[i], s.centre) / radii);
    }
  }
  return std::isfinite(closest) ? closest : 0;
}

/// Share of the ligand's points on a lattice of 0.4 angstrom that lie inside the receptor, radii times 0.8.
double overlap(const FlexibleLigand& ligand, const Coordinates& x, const std::vector<Sphere>& protein) {
  constexpr double step = 0.4, scale = 0.8;
  const auto radius = [](int z) { return scale * van_der_waals_radius(z); };
  std::vector<std::array<int, 3>> points;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (ligand.atoms[i].element <= 1) continue;
    const double r = radius(ligand.atoms[i].element);
    const auto first = [&](int axis) { return static_cast<int>(std::ceil((x[i][axis] - r) / step)); };
    const auto last = [&](int axis) { return static_cast<int>(std::floor((x[i][axis] + r) / step)); };
    for (int a = first(0); a <= last(0); ++a)
      for (int b = first(1); b <= last(1); ++b)
        for (int c = first(2); c <= last(2); ++c)
          if (squared_distance({a * step, b * step, c * step}, x[i]) <= r * r) points.push_back({a, b, c});
  }
  std::sort(points.begin(), points.end());
  points.erase(std::unique(points.begin(), points.end()), points.end());
  if (points.empty()) return 0;
  const auto inside = std::count_if(points.begin(), points.end(), [&](const std::array<int, 3>& p) {
    const Vector3 q{p[0] * step, p[1] * step, p[2] * step};
    return std::any_of(protein.begin(), protein.end(), [&](const Sphere& s) {
      if (chem::is_metal(s.element)) return false;  // coordination brings atoms inside any such radius
      const double r = radius(s.element);
      return squared_distance(q, s.centre) < r * r;
    });
  });
  return static_cast<double>(inside) / static_cast<double>(points.size());
}

void check_counts(const Receptor& receptor, const FlexibleLigand& ligand, const Coordinates& x,
                  const std::vector<Coordinates>& flexible) {
  if (x.size() != ligand.atoms.size())
    throw MoleculeError(
        fmt::format("a pose of {} positions for a ligand of {} atoms", x.size(), ligand.atoms.size()),
        "give one position per ligand atom, hydrogens included");
  if (flexible.empty()) return;
  bool fits = flexible.size() == receptor.flexible_residues.size();
  for (std::size_t r = 0; fits && r < flexible.size(); ++r)
    fits = flexible[r].size() == receptor.flexible_residues[r].chain.atoms.size();
  if (!fits)
    throw MoleculeError("positions of flexible residues do not fit the receptor",
                        "give one position per atom of every flexible side chain");
}

/// The conformer that the pose follows best: fewest broken rules, then smallest deviations.
int matching_conformer(const Geometry& geometry, const Coordinates& x, const PoseCheckLimits& limits) {
  int best = 0;
  auto best_key = std::make_tuple(99, std::numeric_limits<double>::infinity());
  for (int c = 0; c < geometry.conformer_count(); ++c) {
    const double bond = geometry.worst_bond(x, c), angle = geometry.worst_angle(x, c);
    const int broken = (bond > limits.bond_length) + (angle > limits.bond_angle) +
                       !geometry.chirality_kept(x, c) + !geometry.flat_bonds_kept(x, c);
    const auto key = std::make_tuple(broken, bond / limits.bond_length + angle / limits.bond_angle);
    if (key < best_key) {
      best_key = key;
      best = c;
    }
  }
  return best;
}

}  // namespace

double van_der_waals_radius(int element) {
  switch (element) {
    case 1:
      return 1.10;
    case 6:
      return 1.70;
    case 7:
      return 1.55;
    case 8:
      return 1.52;
    case 9:
      return 1.47;
    case 14:
      return 2.10;
    case 15:
      return 1.80;
    case 16:
      return 1.80;
    case 17:
      return 1.75;
    case 34:
      return 1.90;
    case 35:
      return 1.85;
    case 53:
      return 1.98;
    default:
      return 2.0;
  }
}

PoseReport check_pose(const Receptor& receptor, const FlexibleLigand& ligand, const Coordinates& coordinates,
                      const std::vector<Coordinates>& flexible_residues, const PoseCheckLimits& limits) {
  check_counts(receptor, ligand, coordinates, flexible_residues);
  PoseReport report;
  const auto finite = [](const Vector3& p) { return std::isfinite(dot(p, p)); };
  if (!std::all_of(coordinates.begin(), coordinates.end(), finite)) {
    report.failed.push_back("coordinates");
    return report;
  }
  const Geometry geometry(ligand);
  const int c = report.conformer = matching_conformer(geometry, coordinates, limits);
  report.bond_length_deviation = geometry.worst_bond(coordinates, c);
  report.bond_angle_deviation = geometry.worst_angle(coordinates, c);
  report.ring_deviation = geometry.worst_ring(coordinates);
  report.internal_distance = geometry.closest_pair(coordinates);
  const std::vector<Sphere> protein = nearby(receptor, flexible_residues, coordinates);
  report.protein_distance = closest_to_protein(ligand, coordinates, protein);
  report.volume_overlap = overlap(ligand, coordinates, protein);

  const auto fail_if = [&](bool broken, const char* name) {
    if (broken) report.failed.push_back(name);
  };
  const auto too_close = [](double ratio, double limit) { return ratio > 0 && ratio < limit; };
  fail_if(report.bond_length_deviation > limits.bond_length, "bond_lengths");
  fail_if(report.bond_angle_deviation > limits.bond_angle, "bond_angles");
  fail_if(!geometry.chirality_kept(coordinates, c), "tetrahedral_chirality");
  fail_if(!geometry.flat_bonds_kept(coordinates, c), "double_bond_stereo");
  fail_if(report.ring_deviation > limits.planarity, "planar_rings");
  fail_if(too_close(report.internal_distance, limits.internal_distance), "internal_clash");
  fail_if(too_close(report.protein_distance, limits.protein_distance), "protein_clash");
  fail_if(report.volume_overlap > limits.volume_overlap, "volume_overlap");
  return report;
}

}  // namespace theriac::scoring
