// The pose search on an OpenCL device: the chains of a whole batch of ligands, from the same source as on the
// processor (docking_kernel.inc, docking_chain.inc), which the device's compiler gets at run time.
//
// Affinity maps, torsion trees, Monte Carlo and local minimisation are on the device; between two rounds the
// processor compares the chains of every ligand (search_rounds.hpp). Two sub-batches take turns, each with
// its own queue and buffers: while one computes, the other is compared and its data travel.
//
// Same bytes as on the processor where the device rounds every float operation as IEEE 754 says and fuses
// none: so on PoCL, by test.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "scoring/chain_group.hpp"
#include "scoring/opencl_device.hpp"
#include "scoring/search_rounds.hpp"

namespace theriac::scoring {

/// One ligand to be searched; the model outlives the search.
struct SearchTask {
  const PoseModel* model = nullptr;
  SearchEffort effort;
  std::uint64_t seed = 1;
  std::string key;
};

/// Energy (kcal/mol) and gradient (force, torque, torsions) of a pose.
struct KernelEnergy {
  float energy = 0;
  std::vector<float> gradient;
};

/// Ligands that one sub-batch may hold: enough to keep the device busy, and no more than fit its memory.
/// `free_bytes`: what is left beside the maps.
int ligands_per_batch(const OpenClDevice& device, double free_bytes, double bytes_per_ligand);

class OpenClSearch {
 public:
  /// `width`: chains side by side in a work item, 1, 4, 8 or 16; 0: as the device likes. `grids` outlive
  /// this. Throws DeviceError when the kernel does not compile.
  OpenClSearch(const OpenClDevice& device, const AffinityGrids& grids, const chem::Box& box,
               ScoringFunction scoring, int width = 0);
  ~OpenClSearch();

  /// Element i is the result of task i. Throws DeviceError when the device fails. One call at a time.
  std::vector<SearchResult> search(const std::vector<SearchTask>& tasks);
  /// Of at most 32 poses.
  std::vector<KernelEnergy> evaluate(const SearchTask& task, const std::vector<Conformation>& poses,
                                     float cap);

  const OpenClDevice& device() const;
  int width() const;
  int batch() const;  ///< ligands a call of `search` should have to keep the device busy
  /// Called before every launch with its number; a test lets it throw.
  std::function<void(int)> before_launch;

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace theriac::scoring
