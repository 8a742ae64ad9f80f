// gnina's convolutional networks on the processor, without LibTorch.
//
// Each gives for a pose the probability that it lies within 2 angstrom of the true one ("CNNscore") and an
// affinity in pK units ("CNNaffinity"). The same numbers as gnina's come out faster here:
//   - receptor and ligand fill only part of the grid, so the first convolution skips channels that are zero
//   around a
//     voxel;
//   - batch normalisation is folded into the convolution behind it, with the border of zeros kept exact by
//   one bias per
//     kind of border;
//   - convolutions run in an own kernel for the instruction set at hand (voxel_kernel.h).
//
// Tests hold this to `reference`, to LibTorch (gnina_device.hpp) and to gnina's own outputs.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "scoring/density_grid.hpp"
#include "scoring/gnina_weights.hpp"

namespace theriac::scoring {

struct GninaOutput {
  double score = 0;     ///< probability of a good pose, 0 to 1
  double affinity = 0;  ///< pK
};

/// What one layer makes of a grid, for comparison with other programs.
struct GninaLayer {
  std::string name;             ///< "conv1+relu", "pose logits"
  datasets::TensorShape shape;  ///< channels, x, y, z
  std::vector<double> numbers;
};

class GninaNetwork {
 public:
  /// `simd` as for docking_kernel().
  explicit GninaNetwork(GninaWeights weights, const std::string& simd = "auto");
  ~GninaNetwork();
  GninaNetwork(GninaNetwork&&) noexcept;

  const GninaWeights& weights() const { return weights_; }
  const std::string& name() const { return weights_.name; }
  /// Which pooling of the grid it reads.
  bool reads_mean() const { return weights_.architecture == GninaArchitecture::default2018; }
  bool reads_maximum() const { return !reads_mean(); }

  /// Safe to call from many threads; equal input gives equal bytes on one instruction set. Throws UsageError
  /// when the volume lacks the pooling that the network reads.
  GninaOutput output(const DensityVolume& volume) const;

 private:
  struct Packed;
  GninaWeights weights_;
  std::unique_ptr<const Packed> packed_;
};

/// The definition written down plainly: every layer of the network for a whole grid (28 x 48 x 48 x 48), sums
/// in double precision. Seconds.
std::vector<GninaLayer> gnina_reference(const GninaWeights& weights, const std::vector<float>& grid);

/// From the logits of a bad and a good pose.
double gnina_score(double bad, double good);

}  // namespace theriac::scoring
