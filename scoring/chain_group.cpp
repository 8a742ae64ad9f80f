#include "scoring/chain_group.hpp"

#include <algorithm>
#include <cmath>

#include "chem/counter_random.hpp"
#include "scoring/docking_chain.inc"
#include "scoring/vina_energy.hpp"

namespace theriac::scoring {
namespace {

using chem::Vector3;

static_assert(chain_final_cap == final_cap,
              "poses are kept by their energy under the cap of reported scores");
static_assert(sizeof(int) == sizeof(float), "rows of integers share the memory of rows of floats");

double squared_gyration_radius(const PoseModel& model) {
  double sum = 0;
  const auto x = model.heavy_coordinates(model.input_pose());
  const Vector3 center = model.geometries()[0].root_position;
  for (int i = 0; i < model.ligand_atom_count(); ++i) sum += squared_distance(x[i], center);
  return sum / model.ligand_atom_count();
}

/// The ligand's nodes come before those of the side chains.
int ligand_nodes(const PoseModel& model) {
  int count = 0;
  for (const auto& node : model.nodes()) {
    if (node.parent == -2) break;
    ++count;
  }
  return count;
}

Conformation conformation_of(const KernelModel& model, const ChainStates& s, int lane, int slot) {
  const int numbers = 7 + model.torsion_count;
  const float* pose = s.pose + static_cast<std::ptrdiff_t>(slot) * numbers * s.lanes + lane;
  Conformation c;
  c.conformer = s.pose_conformer[slot * s.lanes + lane];
  c.position = {pose[0], pose[s.lanes], pose[2 * s.lanes]};
  chain_unit_quaternion(pose, s.lanes, c.orientation.data());
  for (int i = 7; i < numbers; ++i) c.torsions.push_back(pose[i * s.lanes]);
  return c;
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
  for (std::size_t i = 0; i < model.types().size(); ++i) {
    map_types_.push_back(model.feels_receptor(i) ? model.types()[i] : AtomType::none);
    if (model.feels_receptor(i)) felt.push_back(model.types()[i]);
  }
  grids.prepare(felt);
  for (const AtomType type : map_types_) maps_.push_back(type == AtomType::none ? nullptr : grids.map(type));
  for (const auto& pair : model.pairs()) {
    const AtomType a = model.types()[pair.first], b = model.types()[pair.second];
    pair_first_.push_back(pair.first);
    pair_second_.push_back(pair.second);
    pair_radius_.push_back(static_cast<float>(radius(a, scoring) + radius(b, scoring)));
    pair_flags_.push_back(kernel_pair_flags(a, b));
  }
  for (const auto& g : model.geometries())
    for (const auto* points : {&g.local, &g.origin, &g.axis})
      for (const Vector3& p : *points) geometry_.insert(geometry_.end(), {p.x, p.y, p.z});
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

ChainTask chain_task(const PoseModel& model, const KernelLigand& ligand, const chem::Box& box,
                     const SearchEffort& effort, std::uint64_t seed, const std::string& key) {
  ChainTask task;
  for (int k = 0; k < 3; ++k) {
    task.box_low[k] = box.low()[k];
    task.box_high[k] = box.high()[k];
  }
  task.largest_turn = 2.0 / std::max(std::sqrt(squared_gyration_radius(model)), 0.5);
  task.stage = chem::stable_hash("dock");
  const std::uint64_t mixed = chain_mixed(seed + 0x9e3779b97f4a7c15ull * (1 + chem::stable_hash(key)));
  task.key[0] = static_cast<std::uint32_t>(mixed);
  task.key[1] = static_cast<std::uint32_t>(mixed >> 32);
  task.poses_kept = effort.poses_per_chain;
  task.iterations = effort.iterations > 0 ? effort.iterations : 20 + static_cast<int>(model.types().size());
  task.ligand_atoms = model.ligand_atom_count();
  task.ligand_nodes = ligand_nodes(model);
  task.conformer_count = static_cast<int>(model.geometries().size());
  task.geometry = ligand.geometry().data();
  return task;
}

std::vector<FoundPose> kept_poses(const KernelModel& model, const ChainTask& task, const ChainStates& s,
                                  int lane) {
  std::vector<FoundPose> poses(s.pose_count[lane]);
  for (std::size_t i = 0; i < poses.size(); ++i) {
    const int slot = s.order[static_cast<int>(i) * s.lanes + lane];
    poses[i].conformation = conformation_of(model, s, lane, slot);
    poses[i].energy = s.pose_energy[slot * s.lanes + lane];
    const double* x = s.coordinates + 3L * slot * task.ligand_atoms * s.lanes + lane;
    for (int a = 0; a < task.ligand_atoms; ++a, x += 3 * s.lanes)
      poses[i].coordinates.push_back({x[0], x[s.lanes], x[2 * s.lanes]});
  }
  return poses;
}

ChainMemory::ChainMemory(const KernelModel& m, int width) {
  floats_.assign(kernel_words(&m) * width + 16, 0.0f);
  float* base = floats_.data();
  while (reinterpret_cast<std::uintptr_t>(base) % 64 != 0) ++base;
  lay_out_kernel(&m, width, base, &view_);
}

void ChainMemory::set_geometry(int lane, const PoseModel::Geometry& g) {
  const int w = view_.width;
  const auto put = [&](float* rows, const std::vector<Vector3>& points) {
    for (std::size_t i = 0; i < points.size(); ++i)
      for (int k = 0; k < 3; ++k) rows[(3 * i + k) * w + lane] = static_cast<float>(points[i][k]);
  };
  put(view_.in_node, g.local);
  put(view_.origin, g.origin);
  put(view_.axis, g.axis);
}

ChainGroup::ChainGroup(const KernelLigand& ligand, const DockingKernel& kernel, const ChainTask& task,
                       int first_chain)
    : kernel_(kernel),
      model_(ligand.view()),
      task_(task),
      memory_(model_, kernel.width),
      words_(state_words(&model_, &task) * kernel.width),
      numbers_(state_doubles(&task) * kernel.width) {
  lay_out_states(&model_, &task_, kernel.width, words_.data(), numbers_.data(), &states_);
  for (int lane = 0; lane < kernel.width; ++lane)
    chain_create(&model_, &task_, &memory_.view(), &states_, lane, first_chain + lane);
}

void ChainGroup::advance(int evaluations) {
  KernelChains& k = memory_.view();
  k.evaluations = evaluations;
  while (k.evaluations > 0) {
    kernel_.minimise(&model_, &k);
    for (int lane = 0; lane < k.width; ++lane)
      if (k.phase[lane] == kernel_done) chain_step(&model_, &task_, &k, &states_, lane);
  }
}

void ChainGroup::take_over(int lane, const ChainGroup& other, int other_lane) {
  chain_take_over(&model_, &task_, &memory_.view(), &states_, lane, &other.states_, other_lane);
}

std::vector<FoundPose> ChainGroup::poses(int lane) const {
  return kept_poses(model_, task_, states_, lane);
}

}  // namespace theriac::scoring
