#include "scoring/chain_group.hpp"

#include <algorithm>
#include <cmath>

#include "chem/units.hpp"
#include "scoring/portable_math.hpp"
#include "scoring/vina_energy.hpp"

namespace theriac::scoring {
namespace {

using chem::Vector3;

constexpr double temperature = 1.2;     // kcal/mol
constexpr double hunting_cap = 10;      // kcal/mol per atom or pair
constexpr double same_pose_rmsd = 1.0;  // angstrom, within a chain
constexpr float enough = 3e-4f;         // kcal/mol: a minimisation that gains less in a step is done

double root_mean_square(const std::vector<Vector3>& a, const std::vector<Vector3>& b, int atoms) {
  double sum = 0;
  for (int i = 0; i < atoms; ++i) sum += squared_distance(a[i], b[i]);
  return std::sqrt(sum / atoms);
}

Vector3 in_unit_sphere(chem::CounterRandom& random) {
  for (;;) {
    const Vector3 p{random.uniform(-1, 1), random.uniform(-1, 1), random.uniform(-1, 1)};
    if (dot(p, p) < 1) return p;
  }
}

/// Uniform on the unit quaternions: Shoemake, Graphics Gems III (1992).
std::array<double, 4> random_orientation(chem::CounterRandom& random) {
  for (;;) {
    const double a = random.uniform(-1, 1), b = random.uniform(-1, 1), c = random.uniform(-1, 1),
                 d = random.uniform(-1, 1);
    const double s = a * a + b * b, t = c * c + d * d;
    if (s >= 1 || t >= 1 || s == 0 || t == 0) continue;
    const double scale = std::sqrt((1 - s) / t);
    return {{a, b, c * scale, d * scale}};
  }
}

double squared_gyration_radius(const PoseModel& model) {
  double sum = 0;
  const auto x = model.heavy_coordinates(model.input_pose());
  const Vector3 center = model.geometries()[0].root_position;
  for (int i = 0; i < model.ligand_atom_count(); ++i) sum += squared_distance(x[i], center);
  return sum / model.ligand_atom_count();
}

}  // namespace

KernelLigand::KernelLigand(const PoseModel& model, const AffinityGrids& grids, ScoringFunction scoring) {
  for (const auto& node : model.nodes()) {
    node_parent_.push_back(node.parent);
    node_begin_.push_back(node.begin);
    node_torsion_.push_back(node.torsion);
  }
  node_begin_.push_back(static_cast<int>(model.types().size()));
  std::vector<AtomType> felt;
  for (std::size_t i = 0; i < model.types().size(); ++i)
    if (model.feels_receptor(i)) felt.push_back(model.types()[i]);
  grids.prepare(felt);
  for (std::size_t i = 0; i < model.types().size(); ++i)
    maps_.push_back(model.feels_receptor(i) ? grids.map(model.types()[i]) : nullptr);
  for (const auto& pair : model.pairs()) {
    const AtomType a = model.types()[pair.first], b = model.types()[pair.second];
    pair_first_.push_back(pair.first);
    pair_second_.push_back(pair.second);
    pair_radius_.push_back(static_cast<float>(radius(a, scoring) + radius(b, scoring)));
    pair_flags_.push_back(kernel_pair_flags(a, b));
  }
  view_ = {static_cast<int>(model.types().size()),
           static_cast<int>(model.nodes().size()),
           model.torsion_count(),
           static_cast<int>(model.pairs().size()),
           node_parent_.data(),
           node_begin_.data(),
           node_torsion_.data(),
           maps_.data(),
           pair_first_.data(),
           pair_second_.data(),
           pair_radius_.data(),
           pair_flags_.data(),
           kernel_weights(scoring),
           grids.shape()};
}

ChainMemory::ChainMemory(const KernelModel& m, int width) {
  const int n = 6 + m.torsion_count, conf = n + 1;
  std::size_t rows = 0;
  const auto take = [&](std::size_t count) {
    const std::size_t at = rows;
    rows += count;
    return at * width;
  };
  const std::size_t local = take(3 * m.atom_count), origin = take(3 * m.node_count),
                    axis = take(3 * m.node_count), trial = take(conf), accepted = take(conf),
                    gradient = take(n), trial_gradient = take(n), direction = take(n), change = take(2 * n),
                    hessian = take(n * (n + 1) / 2), coordinates = take(3 * m.atom_count),
                    force = take(3 * m.atom_count), frame = take(18 * m.node_count), scalars = take(5),
                    counters = take(4);
  floats_.assign(rows * width + 16, 0.0f);
  float* base = floats_.data();
  while (reinterpret_cast<std::uintptr_t>(base) % 64 != 0) ++base;
  view_ = {};
  view_.width = width;
  view_.local = base + local;
  view_.origin = base + origin;
  view_.axis = base + axis;
  view_.trial = base + trial;
  view_.accepted = base + accepted;
  view_.gradient = base + gradient;
  view_.trial_gradient = base + trial_gradient;
  view_.direction = base + direction;
  view_.change = base + change;
  view_.inverse_hessian = base + hessian;
  view_.coordinates = base + coordinates;
  view_.force = base + force;
  view_.frame = base + frame;
  float* scalar = base + scalars;
  view_.energy = scalar;
  view_.trial_energy = scalar + width;
  view_.step = scalar + 2 * width;
  view_.slope = scalar + 3 * width;
  view_.cap = scalar + 4 * width;
  static_assert(sizeof(int) == sizeof(float), "rows of integers share the memory of rows of floats");
  int* counter = reinterpret_cast<int*>(base + counters);
  view_.phase = counter;
  view_.halvings = counter + width;
  view_.iterations = counter + 2 * width;
  view_.fresh = counter + 3 * width;
  view_.enough = enough;
}

void ChainMemory::set_geometry(int lane, const PoseModel::Geometry& g) {
  const int w = view_.width;
  const auto put = [&](float* rows, const std::vector<Vector3>& points) {
    for (std::size_t i = 0; i < points.size(); ++i)
      for (int k = 0; k < 3; ++k) rows[(3 * i + k) * w + lane] = static_cast<float>(points[i][k]);
  };
  put(view_.local, g.local);
  put(view_.origin, g.origin);
  put(view_.axis, g.axis);
}

ChainGroup::ChainGroup(const PoseModel& model, const KernelLigand& ligand, const DockingKernel& kernel,
                       const chem::Box& box, int first_chain, const SearchEffort& effort, std::uint64_t seed,
                       const std::string& key)
    : model_(model),
      kernel_(kernel),
      ligand_(ligand),
      box_(box),
      poses_per_chain_(effort.poses_per_chain),
      iterations_(effort.iterations > 0 ? effort.iterations : 20 + static_cast<int>(model.types().size())),
      gyration_radius_(std::sqrt(squared_gyration_radius(model))),
      memory_(ligand.view(), kernel.width),
      poses_(kernel.width) {
  for (int lane = 0; lane < kernel.width; ++lane) {
    const int chain = first_chain + lane;
    chains_.emplace_back(chem::CounterRandom(seed, key, "dock", static_cast<std::uint64_t>(chain)));
    chains_.back().conformer = chain % static_cast<int>(model.geometries().size());
    memory_.set_geometry(lane, model.geometries()[chains_.back().conformer]);
    random_start(lane);
  }
}

void ChainGroup::continue_from(int lane, const FoundPose& pose) {
  Chain& chain = chains_[lane];
  const Conformation& c = pose.conformation;
  chain.conformer = c.conformer;
  memory_.set_geometry(lane, model_.geometries()[c.conformer]);
  chain.current.clear();
  for (int k = 0; k < 3; ++k) chain.current.push_back(static_cast<float>(c.position[k]));
  for (const double q : c.orientation) chain.current.push_back(static_cast<float>(q));
  for (const double t : c.torsions) chain.current.push_back(static_cast<float>(t));
  chain.energy = pose.energy;
  chain.started = true;
  perturb(lane);
}

void ChainGroup::begin(int lane, double cap) {
  KernelChains& k = memory_.view();
  k.phase[lane] = kernel_start;
  k.halvings[lane] = 0;
  k.iterations[lane] = iterations_;
  k.cap[lane] = static_cast<float>(cap);
}

void ChainGroup::random_start(int lane) {
  Chain& chain = chains_[lane];
  const KernelChains& k = memory_.view();
  for (int axis = 0; axis < 3; ++axis)
    k.trial[axis * k.width + lane] =
        static_cast<float>(chain.random.uniform(box_.low()[axis], box_.high()[axis]));
  const auto q = random_orientation(chain.random);
  for (int i = 0; i < 4; ++i) k.trial[(3 + i) * k.width + lane] = static_cast<float>(q[i]);
  for (int t = 0; t < model_.torsion_count(); ++t)
    k.trial[(7 + t) * k.width + lane] = static_cast<float>(chain.random.uniform(-units::pi, units::pi));
  begin(lane, hunting_cap);
}

void ChainGroup::perturb(int lane) {
  Chain& chain = chains_[lane];
  const KernelChains& k = memory_.view();
  std::vector<float> c = chain.current;
  const auto which =
      static_cast<int>(chain.random.below(static_cast<std::uint32_t>(2 + model_.torsion_count())));
  if (which == 0) {
    const Vector3 shift = 2.0 * in_unit_sphere(chain.random);
    for (int axis = 0; axis < 3; ++axis) c[axis] += static_cast<float>(shift[axis]);
  } else if (which == 1) {
    const Vector3 r = (2.0 / std::max(gyration_radius_, 0.5)) * in_unit_sphere(chain.random);
    const double angle = norm(r);
    double s, w;
    portable_sincos(0.5 * angle, s, w);
    const double scale = angle > 1e-9 ? s / angle : 0.5;
    const double x = scale * r.x, y = scale * r.y, z = scale * r.z;
    const double q0 = c[3], q1 = c[4], q2 = c[5], q3 = c[6];
    c[3] = static_cast<float>(w * q0 - x * q1 - y * q2 - z * q3);
    c[4] = static_cast<float>(w * q1 + x * q0 + y * q3 - z * q2);
    c[5] = static_cast<float>(w * q2 - x * q3 + y * q0 + z * q1);
    c[6] = static_cast<float>(w * q3 + x * q2 - y * q1 + z * q0);
  } else {
    c[7 + which - 2] = static_cast<float>(chain.random.uniform(-units::pi, units::pi));
  }
  for (std::size_t i = 0; i < c.size(); ++i) k.trial[i * k.width + lane] = c[i];
  chain.stage = Stage::hunt;
  begin(lane, hunting_cap);
}

bool ChainGroup::worth_storing(int lane, double energy) const {
  const auto& stored = poses_[lane];
  return static_cast<int>(stored.size()) < poses_per_chain_ || energy < stored.front().energy;
}

void ChainGroup::finish(int lane) {
  Chain& chain = chains_[lane];
  const KernelChains& k = memory_.view();
  const double energy = k.energy[lane];
  const auto keep = [&] {
    chain.energy = energy;
    chain.current.resize(7 + model_.torsion_count());
    for (std::size_t i = 0; i < chain.current.size(); ++i) chain.current[i] = k.accepted[i * k.width + lane];
  };
  if (chain.stage == Stage::polish) {
    keep();
    store(lane, energy);
    perturb(lane);
    return;
  }
  if (!chain.started && !(energy < 1e30)) {  // not a number: this start leads nowhere
    random_start(lane);
    return;
  }
  const bool accepted = !chain.started || energy <= chain.energy ||
                        chain.random.uniform() < portable_exp((chain.energy - energy) / temperature);
  chain.started = true;
  if (accepted) {
    keep();
    if (worth_storing(lane, energy)) {
      for (std::size_t i = 0; i < chain.current.size(); ++i) k.trial[i * k.width + lane] = chain.current[i];
      chain.stage = Stage::polish;
      begin(lane, final_cap);
      return;
    }
  }
  perturb(lane);
}

Conformation ChainGroup::conformation(int lane) const {
  const Chain& chain = chains_[lane];
  Conformation c;
  c.conformer = chain.conformer;
  c.position = {chain.current[0], chain.current[1], chain.current[2]};
  double length = 0;
  for (int i = 0; i < 4; ++i) length += double(chain.current[3 + i]) * chain.current[3 + i];
  for (int i = 0; i < 4; ++i) c.orientation[i] = chain.current[3 + i] / std::sqrt(length);
  c.torsions.assign(chain.current.begin() + 7, chain.current.end());
  return c;
}

void ChainGroup::store(int lane, double energy) {
  auto& stored = poses_[lane];
  FoundPose pose{conformation(lane), energy, {}};
  pose.coordinates = model_.heavy_coordinates(pose.conformation);
  const auto near = std::find_if(stored.begin(), stored.end(), [&](const FoundPose& other) {
    return root_mean_square(other.coordinates, pose.coordinates, model_.ligand_atom_count()) < same_pose_rmsd;
  });
  if (near != stored.end()) {
    if (energy >= near->energy) return;
    stored.erase(near);
  } else if (static_cast<int>(stored.size()) >= poses_per_chain_) {
    if (energy >= stored.back().energy) return;
    stored.pop_back();
  }
  const auto place = std::find_if(stored.begin(), stored.end(),
                                  [&](const FoundPose& other) { return other.energy > energy; });
  stored.insert(place, std::move(pose));
}

void ChainGroup::advance(int evaluations) {
  KernelChains& k = memory_.view();
  k.evaluations = evaluations;
  while (k.evaluations > 0) {
    kernel_.minimise(&ligand_.view(), &k);
    for (int lane = 0; lane < k.width; ++lane)
      if (k.phase[lane] == kernel_done) finish(lane);
  }
}

}  // namespace theriac::scoring
