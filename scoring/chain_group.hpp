// As many Monte Carlo chains as the kernel has lanes, advancing together. Part of the pose search.
//
// What a chain does is written once, in docking_chain.inc; here it gets its memory on the processor.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "scoring/docking_chain.h"
#include "scoring/pose_search.hpp"

namespace theriac::scoring {

/// The kernel's view of a ligand in a receptor; the arrays live here.
class KernelLigand {
 public:
  KernelLigand(const PoseModel& model, const AffinityGrids& grids, ScoringFunction scoring);
  KernelLigand(const KernelLigand&) = delete;
  KernelLigand& operator=(const KernelLigand&) = delete;
  const KernelModel& view() const { return view_; }
  /// Per heavy atom the type whose map it feels; AtomType::none: it feels no receptor.
  const std::vector<AtomType>& map_types() const { return map_types_; }
  /// Per ring conformer the positions, origins and axes of ChainTask::geometry.
  const std::vector<double>& geometry() const { return geometry_; }

 private:
  std::vector<int> node_parent_, node_begin_, node_torsion_, pair_first_, pair_second_;
  std::vector<AtomType> map_types_;
  std::vector<const float*> maps_;
  std::vector<float> pair_radius_;
  std::vector<unsigned char> pair_flags_;
  std::vector<double> geometry_;
  KernelModel view_;
};

/// What the chains of a ligand are told. `ligand` must outlive it.
ChainTask chain_task(const PoseModel& model, const KernelLigand& ligand, const chem::Box& box,
                     const SearchEffort& effort, std::uint64_t seed, const std::string& key);

/// The poses a chain has kept, best first, from its memory.
std::vector<FoundPose> kept_poses(const KernelModel& model, const ChainTask& task, const ChainStates& states,
                                  int lane);

/// The structure of arrays of `width` chains.
class ChainMemory {
 public:
  ChainMemory(const KernelModel& model, int width);
  ChainMemory(const ChainMemory&) = delete;
  ChainMemory& operator=(const ChainMemory&) = delete;
  KernelChains& view() { return view_; }
  const KernelChains& view() const { return view_; }
  void set_geometry(int lane, const PoseModel::Geometry& geometry);

 private:
  std::vector<float> floats_;
  KernelChains view_;
};

class ChainGroup {
 public:
  /// `ligand`, `kernel` and `task` must outlive the group.
  ChainGroup(const KernelLigand& ligand, const DockingKernel& kernel, const ChainTask& task, int first_chain);

  /// Every chain spends this many energy evaluations.
  void advance(int evaluations);
  /// The lane gives up what it was doing and goes on from the best pose of another chain; its own kept poses
  /// stay.
  void take_over(int lane, const ChainGroup& other, int other_lane);
  std::vector<FoundPose> poses(int lane) const;

 private:
  const DockingKernel& kernel_;
  const KernelModel& model_;
  const ChainTask& task_;
  ChainMemory memory_;
  std::vector<float> words_;
  std::vector<double> numbers_;
  ChainStates states_;
};

}  // namespace theriac::scoring
