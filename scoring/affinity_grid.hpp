// Affinity maps: the energy of an atom of one type at every point of a grid over the box, so that the search
// looks a receptor up in constant time. Made once per receptor and type, shared by all ligands and threads.
//
// float32, kcal/mol before the cap; grid points every 0.375 angstrom by default, z fastest; trilinear between
// them.
#pragma once
#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "scoring/docking_kernel.h"
#include "scoring/receptor_field.hpp"

namespace theriac::scoring {

KernelWeights kernel_weights(ScoringFunction scoring);
unsigned char kernel_pair_flags(AtomType a,
                                AtomType b);  ///< kernel_pair_hydrophobic, kernel_pair_hydrogen_bond

class AffinityGrids {
 public:
  /// `field` and `kernel` must outlive the grids.
  AffinityGrids(const ReceptorField& field, const chem::Box& box, double spacing,
                const DockingKernel& kernel);

  /// Makes the maps of these types that are not there yet, which costs less together than one by one (oneTBB
  /// inside). Thread-safe.
  void prepare(const std::vector<AtomType>& types) const;
  /// The map of a type, made now if need be; the same bytes however it was made. Thread-safe.
  const float* map(AtomType type) const;
  const KernelGrid& shape() const { return shape_; }
  chem::Vector3 point(int x, int y, int z) const;  ///< angstrom
  std::size_t index(int x, int y, int z) const;

 private:
  void fill(const std::vector<AtomType>& types) const;

  const ReceptorField& field_;
  const DockingKernel& kernel_;
  KernelGrid shape_;
  KernelWeights weights_;
  double spacing_;
  mutable std::mutex making_;
  mutable std::array<std::vector<float>, atom_type_count> maps_;
  mutable std::array<std::atomic<const float*>, atom_type_count> ready_{};  // null: not there yet
};

}  // namespace theriac::scoring
