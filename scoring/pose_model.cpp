#include "scoring/pose_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <queue>

#include "chem/error.hpp"
#include "scoring/portable_math.hpp"

namespace theriac::scoring {
namespace {

using chem::FlexibleLigand;
using chem::Vector3;

constexpr int largest_ligand = 300;  // heavy atoms

Vector3 turned(const std::array<double, 9>& m, Vector3 v) {
  return {m[0] * v.x + m[1] * v.y + m[2] * v.z, m[3] * v.x + m[4] * v.y + m[5] * v.z,
          m[6] * v.x + m[7] * v.y + m[8] * v.z};
}

std::array<double, 9> product(const std::array<double, 9>& a, const std::array<double, 9>& b) {
  std::array<double, 9> c{};
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j)
      c[3 * i + j] = a[3 * i] * b[j] + a[3 * i + 1] * b[3 + j] + a[3 * i + 2] * b[6 + j];
  return c;
}

std::array<double, 9> quaternion_matrix(const std::array<double, 4>& q) {
  const double w = q[0], x = q[1], y = q[2], z = q[3];
  return {{1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y), 2 * (x * y + w * z),
           1 - 2 * (x * x + z * z), 2 * (y * z - w * x), 2 * (x * z - w * y), 2 * (y * z + w * x),
           1 - 2 * (x * x + y * y)}};
}

std::array<double, 9> axis_matrix(Vector3 u, double angle) {  // Rodrigues
  double s, c;
  portable_sincos(angle, s, c);
  const double t = 1 - c;
  return {{t * u.x * u.x + c, t * u.x * u.y - s * u.z, t * u.x * u.z + s * u.y, t * u.x * u.y + s * u.z,
           t * u.y * u.y + c, t * u.y * u.z - s * u.x, t * u.x * u.z - s * u.y, t * u.y * u.z + s * u.x,
           t * u.z * u.z + c}};
}

const Vector3& position(const FlexibleLigand& body, int atom, int conformer) {
  return conformer == 0 ? body.atoms[atom].position : body.ring_conformers[conformer - 1][atom];
}

std::array<double, 4> quaternion_product(const std::array<double, 4>& a, const std::array<double, 4>& b) {
  return {{a[0] * b[0] - a[1] * b[1] - a[2] * b[2] - a[3] * b[3],
           a[0] * b[1] + a[1] * b[0] + a[2] * b[3] - a[3] * b[2],
           a[0] * b[2] - a[1] * b[3] + a[2] * b[0] + a[3] * b[1],
           a[0] * b[3] + a[1] * b[2] - a[2] * b[1] + a[3] * b[0]}};
}

/// Fragments whose turning moves no heavy atom ride with their parent.
std::vector<char> moving_fragments(const FlexibleLigand& body) {
  const auto heavy = [&](int a) { return body.atoms[a].element > 1; };
  std::vector<char> moves(body.fragments.size(), 0);
  for (std::size_t f = 1; f < body.fragments.size(); ++f)
    for (const int a : body.fragments[f].atoms) moves[f] |= heavy(a) && a != body.fragments[f].axis_end;
  for (std::size_t f = body.fragments.size(); f-- > 1;) {
    const auto& fragment = body.fragments[f];
    const bool any_heavy = std::any_of(fragment.atoms.begin(), fragment.atoms.end(), heavy);
    if (fragment.parent > 0 && any_heavy) moves[fragment.parent] = 1;
  }
  return moves;
}

std::vector<std::vector<int>> neighbour_lists(const FlexibleLigand& body) {
  std::vector<std::vector<int>> neighbours(body.atoms.size());
  for (const auto& [a, b] : body.bonds) {
    neighbours[a].push_back(b);
    neighbours[b].push_back(a);
  }
  return neighbours;
}

/// Half the sum over heavy atoms of rotatable bonds to a heavy neighbour that has another heavy neighbour.
double vina_torsions(const FlexibleLigand& ligand) {
  const auto neighbours = neighbour_lists(ligand);
  const auto heavy_neighbours = [&](int atom) {
    return std::count_if(neighbours[atom].begin(), neighbours[atom].end(),
                         [&](int b) { return ligand.atoms[b].element > 1; });
  };
  double sum = 0;
  for (std::size_t f = 1; f < ligand.fragments.size(); ++f) {
    const int a = ligand.fragments[f].axis_begin, b = ligand.fragments[f].axis_end;
    if (ligand.atoms[a].element <= 1 || ligand.atoms[b].element <= 1) continue;
    sum += 0.5 * (heavy_neighbours(a) > 1) + 0.5 * (heavy_neighbours(b) > 1);
  }
  return sum;
}

/// Atoms within three bonds of `from` (1-2, 1-3, 1-4 neighbours), itself included.
std::vector<char> close_in_graph(const std::vector<std::vector<int>>& neighbours, int from) {
  std::vector<char> close(neighbours.size(), 0);
  std::vector<int> shell{from};
  close[from] = 1;
  for (int bonds = 0; bonds < 3; ++bonds) {
    std::vector<int> next;
    for (const int a : shell)
      for (const int b : neighbours[a])
        if (!close[b]) {
          close[b] = 1;
          next.push_back(b);
        }
    shell = std::move(next);
  }
  return close;
}

}  // namespace

PoseModel::PoseModel(const FlexibleLigand& ligand, const chem::Receptor& receptor) {
  const int heavy = ligand.heavy_atom_count();
  if (heavy == 0) throw MoleculeError(fmt::format("ligand '{}' has no heavy atoms", ligand.name));
  if (heavy > largest_ligand)
    throw MoleculeError(fmt::format("ligand '{}' has {} heavy atoms; docking takes at most {}", ligand.name,
                                    heavy, largest_ligand),
                        "dock a fragment, or use a method for peptides and proteins");
  std::vector<const FlexibleLigand*> bodies{&ligand};
  add_body(ligand, atom_types(ligand), false);
  ligand_atom_count_ = static_cast<int>(types_.size());
  for (const auto& source : sources_) ligand_atom_index_.push_back(source.atom);
  if (!receptor.flexible_residues.empty()) {
    const auto types = flexible_atom_types(receptor);
    for (std::size_t r = 0; r < types.size(); ++r) {
      add_body(receptor.flexible_residues[r].chain, types[r], true);
      bodies.push_back(&receptor.flexible_residues[r].chain);
    }
  }
  for (int c = 0; c <= static_cast<int>(ligand.ring_conformers.size()); ++c) add_geometry(bodies, c);
  add_pairs(bodies);
  active_torsions_ = vina_torsions(ligand);
}

void PoseModel::add_body(const FlexibleLigand& body, const std::vector<AtomType>& types, bool fixed_root) {
  const int index = static_cast<int>(body_node_.size());
  const auto moves = moving_fragments(body);
  std::vector<int> node_of_fragment(body.fragments.size());
  const int first_node = static_cast<int>(nodes_.size());
  for (std::size_t f = 0; f < body.fragments.size(); ++f) {
    const auto& fragment = body.fragments[f];
    if (f > 0 && !moves[f]) {
      node_of_fragment[f] = node_of_fragment[fragment.parent];
      continue;
    }
    node_of_fragment[f] = static_cast<int>(nodes_.size());
    Node node;
    node.parent = f == 0 ? (fixed_root ? -2 : -1) : node_of_fragment[fragment.parent];
    node.torsion = f == 0 ? -1 : torsion_count_++;
    nodes_.push_back(node);
    node_axis_begin_.push_back({index, f == 0 ? -1 : fragment.axis_begin});
    node_axis_end_.push_back({index, f == 0 ? fragment.atoms.at(0) : fragment.axis_end});
  }
  std::vector<int> node_of_atom(body.atoms.size(), first_node);
  for (std::size_t f = 0; f < body.fragments.size(); ++f)
    for (const int a : body.fragments[f].atoms) node_of_atom[a] = node_of_fragment[f];
  for (int n = first_node; n < static_cast<int>(nodes_.size()); ++n) {
    nodes_[n].begin = static_cast<int>(types_.size());
    for (int a = 0; a < static_cast<int>(body.atoms.size()); ++a) {
      if (node_of_atom[a] != n || types[a] == AtomType::none) continue;
      const Node& node = nodes_[n];
      const bool ends_fixed_axis =
          node.parent >= 0 && nodes_[node.parent].parent == -2 && a == node_axis_end_[n].atom;
      types_.push_back(types[a]);
      sources_.push_back({index, a});
      feels_receptor_.push_back(node.parent != -2 && !ends_fixed_axis);
    }
    nodes_[n].end = static_cast<int>(types_.size());
  }
  body_node_.push_back(std::move(node_of_atom));
}

void PoseModel::add_geometry(const std::vector<const FlexibleLigand*>& bodies, int conformer) {
  const auto at = [&](BodyAtom a) { return position(*bodies[a.body], a.atom, a.body == 0 ? conformer : 0); };
  Geometry g;
  std::vector<Vector3> node_position;
  for (std::size_t n = 0; n < nodes_.size(); ++n) {
    Vector3 origin = at(node_axis_end_[n]);
    if (nodes_[n].parent == -1) {  // the middle of the ligand: rotations then disturb the pose least
      origin = {};
      for (int i = 0; i < ligand_atom_count_; ++i)
        origin = origin + (1.0 / ligand_atom_count_) * at(sources_[i]);
      g.root_position = origin;
    }
    node_position.push_back(origin);
    const int parent = nodes_[n].parent;
    g.origin.push_back(parent >= 0 ? origin - node_position[parent] : origin);
    Vector3 axis;
    if (parent >= 0) {
      axis = origin - at(node_axis_begin_[n]);
      axis = (1.0 / norm(axis)) * axis;
    }
    g.axis.push_back(axis);
    for (int i = nodes_[n].begin; i < nodes_[n].end; ++i) g.local.push_back(at(sources_[i]) - origin);
  }
  for (int b = 0; b < static_cast<int>(bodies.size()); ++b) {
    g.every_atom.emplace_back();
    for (int a = 0; a < static_cast<int>(bodies[b]->atoms.size()); ++a)
      g.every_atom.back().push_back(at({b, a}) - node_position[body_node_[b][a]]);
  }
  geometries_.push_back(std::move(g));
}

void PoseModel::add_pairs(const std::vector<const FlexibleLigand*>& bodies) {
  std::vector<int> node_of(types_.size());
  for (int n = 0; n < static_cast<int>(nodes_.size()); ++n)
    for (int i = nodes_[n].begin; i < nodes_[n].end; ++i) node_of[i] = n;
  // Does turning node n change the distance from atom i (moved by it) to an atom that it does not move?
  const auto on_axis = [&](int n, int i) {
    return sources_[i].body == node_axis_end_[n].body &&
           (sources_[i].atom == node_axis_begin_[n].atom || sources_[i].atom == node_axis_end_[n].atom);
  };
  const auto path_to_root = [&](int n) {
    std::vector<int> path;
    for (; n >= 0; n = nodes_[n].parent) path.push_back(n);
    return path;
  };
  const auto distance_changes = [&](int i, int j) {
    const auto a = path_to_root(node_of[i]), b = path_to_root(node_of[j]);
    const auto crossed = [&](int n) {
      return (std::find(a.begin(), a.end(), n) != a.end()) != (std::find(b.begin(), b.end(), n) != b.end());
    };
    for (const auto& path : {a, b})
      for (const int n : path)
        if (nodes_[n].torsion >= 0 && crossed(n) && !on_axis(n, i) && !on_axis(n, j)) return true;
    return false;
  };
  std::vector<std::vector<std::vector<int>>> neighbours;
  for (const auto* body : bodies) neighbours.push_back(neighbour_lists(*body));
  for (int i = 0; i < static_cast<int>(types_.size()); ++i) {
    const auto close = close_in_graph(neighbours[sources_[i].body], sources_[i].atom);
    for (int j = i + 1; j < static_cast<int>(types_.size()); ++j) {
      const bool same_body = sources_[i].body == sources_[j].body;
      if (same_body && (close[sources_[j].atom] || !distance_changes(i, j))) continue;
      const bool both_fixed = !feels_receptor_[i] && !feels_receptor_[j];
      if (both_fixed) continue;
      pairs_.push_back({i, j, (sources_[i].body == 0) != (sources_[j].body == 0)});
    }
  }
}

Conformation PoseModel::input_pose(int conformer) const {
  Conformation c;
  c.conformer = conformer;
  c.position = geometries_[conformer].root_position;
  c.torsions.assign(torsion_count_, 0.0);
  return c;
}

std::vector<PoseModel::Frame> PoseModel::frames(const Conformation& c) const {
  const Geometry& g = geometries_[c.conformer];
  std::vector<Frame> out;
  for (std::size_t n = 0; n < nodes_.size(); ++n) {
    const int parent = nodes_[n].parent;
    if (parent == -1) {
      out.push_back({c.position, quaternion_matrix(c.orientation)});
    } else if (parent == -2) {
      out.push_back({g.origin[n], {{1, 0, 0, 0, 1, 0, 0, 0, 1}}});
    } else {
      const Frame p = out[parent];
      out.push_back({p.origin + turned(p.rotation, g.origin[n]),
                     product(p.rotation, axis_matrix(g.axis[n], c.torsions[nodes_[n].torsion]))});
    }
  }
  return out;
}

std::vector<Vector3> PoseModel::heavy_coordinates(const Conformation& c) const {
  const auto all = frames(c);
  std::vector<Vector3> out;
  for (std::size_t n = 0; n < nodes_.size(); ++n)
    for (int i = nodes_[n].begin; i < nodes_[n].end; ++i)
      out.push_back(all[n].origin + turned(all[n].rotation, geometries_[c.conformer].local[i]));
  return out;
}

std::vector<Vector3> PoseModel::body_coordinates(const Conformation& c, int body) const {
  const auto all = frames(c);
  const auto& local = geometries_[c.conformer].every_atom[body];
  std::vector<Vector3> out;
  for (std::size_t a = 0; a < local.size(); ++a) {
    const Frame& f = all[body_node_[body][a]];
    out.push_back(f.origin + turned(f.rotation, local[a]));
  }
  return out;
}

std::vector<double> PoseModel::gradient(const Conformation& c, const std::vector<Vector3>& forces) const {
  const auto all = frames(c);
  const auto x = heavy_coordinates(c);
  const Geometry& g = geometries_[c.conformer];
  std::vector<Vector3> force(nodes_.size()), torque(nodes_.size());
  std::vector<double> out(6 + torsion_count_, 0.0);
  for (int n = static_cast<int>(nodes_.size()) - 1; n >= 0; --n) {
    for (int i = nodes_[n].begin; i < nodes_[n].end; ++i) {
      force[n] = force[n] + forces[i];
      torque[n] = torque[n] + cross(x[i] - all[n].origin, forces[i]);
    }
    const int parent = nodes_[n].parent;
    if (parent >= 0) {
      out[6 + nodes_[n].torsion] = -dot(torque[n], turned(all[parent].rotation, g.axis[n]));
      force[parent] = force[parent] + force[n];
      torque[parent] = torque[parent] + torque[n] + cross(all[n].origin - all[parent].origin, force[n]);
    } else if (parent == -1) {
      for (int k = 0; k < 3; ++k) {
        out[k] = -force[n][k];
        out[3 + k] = -torque[n][k];
      }
    }
  }
  return out;
}

Conformation moved(const Conformation& start, const std::vector<double>& direction, double step) {
  Conformation c = start;
  for (int k = 0; k < 3; ++k) c.position[k] += step * direction[k];
  const Vector3 r{step * direction[3], step * direction[4], step * direction[5]};
  const double angle = norm(r);
  if (angle > 1e-12) {
    double s, w;
    portable_sincos(0.5 * angle, s, w);
    const Vector3 axis = (s / angle) * r;
    auto q = quaternion_product({{w, axis.x, axis.y, axis.z}}, start.orientation);
    const double length = std::sqrt(q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3]);
    for (auto& x : q) x /= length;
    c.orientation = q;
  }
  for (std::size_t t = 0; t < c.torsions.size(); ++t) c.torsions[t] += step * direction[6 + t];
  return c;
}

}  // namespace theriac::scoring
