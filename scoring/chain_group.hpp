// As many Monte Carlo chains as the kernel has lanes, advancing together. Part of the pose search.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "chem/counter_random.hpp"
#include "scoring/pose_search.hpp"

namespace theriac::scoring {

/// The kernel's view of a ligand in a receptor; the arrays live here.
class KernelLigand {
 public:
  KernelLigand(const PoseModel& model, const AffinityGrids& grids, ScoringFunction scoring);
  KernelLigand(const KernelLigand&) = delete;
  KernelLigand& operator=(const KernelLigand&) = delete;
  const KernelModel& view() const { return view_; }

 private:
  std::vector<int> node_parent_, node_begin_, node_torsion_, pair_first_, pair_second_;
  std::vector<const float*> maps_;
  std::vector<float> pair_radius_;
  std::vector<unsigned char> pair_flags_;
  KernelModel view_;
};

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
  ChainGroup(const PoseModel& model, const KernelLigand& ligand, const DockingKernel& kernel,
             const chem::Box& box, int first_chain, const SearchEffort& effort, std::uint64_t seed,
             const std::string& key);

  /// Every chain spends this many energy evaluations.
  void advance(int evaluations);
  /// Poses stored by lane, best first, and the pose each lane is just minimising when that is better.
  const std::vector<std::vector<FoundPose>>& poses() const { return poses_; }
  /// Gives up what the lane was doing and goes on from this pose; its stored poses stay.
  void continue_from(int lane, const FoundPose& pose);

 private:
  enum class Stage { hunt, polish };
  struct Chain {
    explicit Chain(const chem::CounterRandom& numbers) : random(numbers) {}

    chem::CounterRandom random;
    Stage stage = Stage::hunt;
    bool started = false;
    int conformer = 0;
    double energy = 0;           // of the current pose
    std::vector<float> current;  // 7 + T numbers
  };

  void begin(int lane, double cap);
  void random_start(int lane);
  void perturb(int lane);
  void finish(int lane);
  void store(int lane, double energy);
  bool worth_storing(int lane, double energy) const;
  Conformation conformation(int lane) const;

  const PoseModel& model_;
  const DockingKernel& kernel_;
  const KernelLigand& ligand_;
  chem::Box box_;
  int poses_per_chain_;
  int iterations_;
  double gyration_radius_;
  ChainMemory memory_;
  std::vector<Chain> chains_;
  std::vector<std::vector<FoundPose>> poses_;
};

}  // namespace theriac::scoring
