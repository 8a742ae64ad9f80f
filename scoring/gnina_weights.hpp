// Weights of gnina's convolutional networks that score poses.
//
// Two architectures: "default2018", three blocks of convolutions with mean pooling, and "dense", three
// densely connected blocks with batch normalisation and maximum pooling. Both read the density grid
// (density_grid.hpp) and give two pose logits, bad and good, and an affinity. P. G. Francoeur et al., J.
// Chem. Inf. Model. 60, 4200 (2020); A. T. McNutt et al., J. Cheminform. 13, 43 (2021) and 17, 28 (2025).
//
// Weights do not ship with Theriac. They are read from gnina's own TorchScript files, whose program is never
// run (datasets/torch_archive.hpp), or from safetensors files with the tensors that gnina_tensor_list names.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "datasets/model_file.hpp"

namespace theriac::scoring {

enum class GninaArchitecture { default2018, dense };

const char* name(GninaArchitecture architecture);

struct GninaTensor {
  std::string name;  ///< "conv1.weight"
  datasets::TensorShape shape;
  std::vector<float> numbers;
};

/// Names and shapes of all tensors of an architecture, in order; the numbers are left empty.
std::vector<GninaTensor> gnina_tensor_list(GninaArchitecture architecture);

/// Convolutions of a dense block, and channels that each of them adds.
constexpr int gnina_dense_blocks = 3, gnina_dense_layers = 4, gnina_dense_growth = 16;
constexpr float gnina_norm_epsilon = 1e-5F;

struct GninaWeights {
  std::string name;  ///< as gnina calls the model: the file's name with underscores for dots
  GninaArchitecture architecture = GninaArchitecture::default2018;
  std::vector<GninaTensor> tensors;             ///< as gnina_tensor_list orders them
  std::map<std::string, std::string> metadata;  ///< texts of the file: source, licence ...

  /// Throws ModelError when there is none of this name.
  const std::vector<float>& numbers(const std::string& tensor) const;
};

/// From a safetensors or a TorchScript file. Throws InputError when it cannot be read and ModelError when it
/// is no such network: names what is missing or has another shape. Maps of atom types other than gnina's
/// usual 28 channels, another grid or a number that is not finite are refused too.
GninaWeights read_gnina_weights(const std::string& path);
GninaWeights gnina_weights(const datasets::ModelFile& file);

/// SHA-256 of architecture and numbers.
std::string gnina_digest(const GninaWeights& weights);

/// As a safetensors file, with the metadata. Throws StorageError.
void write_gnina_weights(const GninaWeights& weights, const std::string& path);

}  // namespace theriac::scoring
