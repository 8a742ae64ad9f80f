// ChemNet: a network that reads a SMILES and gives 512 numbers, trained by its authors to predict bioassays.
// The Frechet ChemNet distance compares two sets of molecules by these numbers (frechet_distance.hpp).
//
// 35 tokens x 350 positions -> two convolutions (SELU) -> an LSTM of 128 units from the last to the first
// position -> an LSTM of 512 units from the first to the last; its final hidden state is the result.
// K. Preuer, P. Renz, T. Unterthiner, S. Hochreiter, G. Klambauer, J. Chem. Inf. Model. 58, 1736 (2018).
// Layers, tokens and weights are those of fcd_torch 1.0.7, which the MOSES benchmark uses. The weights do not
// ship with Theriac; they are read from a safetensors file with the tensors conv1.weight (32 x 35 x 4),
// conv2.weight (32 x 32 x 4), lstm1 and lstm2 .weight_ih, .weight_hh and .bias.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "datasets/model_file.hpp"

struct ChemnetKernel;
struct ChemnetLayer;

namespace theriac::scoring {

constexpr int chemnet_positions = 350;
constexpr int chemnet_outputs = 512;

/// Row of the token at each position, from 0 to 34; -1 behind the end. Only the first component of a dotted
/// SMILES and the first 349 tokens are seen; unknown tokens become 'X'.
using ChemNetTokens = std::array<std::int8_t, chemnet_positions>;
ChemNetTokens chemnet_tokens(const std::string& smiles);

/// What every layer makes of one molecule, row by row.
struct ChemNetTrace {
  std::vector<double> conv1;        ///< 32 x 175, after SELU
  std::vector<double> conv2;        ///< 32 x 88, after SELU
  std::vector<double> lstm1;        ///< 88 x 128 in the order of making: row 0 belongs to the last position
  std::vector<double> activations;  ///< 512
};

class ChemNet {
 public:
  /// Throws InputError when the file cannot be read, ModelError when it holds other weights. `simd` as in
  /// docking_kernel(): "auto", "baseline", "avx2", "avx512".
  static ChemNet read(const std::string& path, const std::string& simd = "auto");
  explicit ChemNet(const datasets::ModelFile& weights, const std::string& simd = "auto");

  /// Activations of canonical SMILES, one row of 512 each, on all threads. The row of a molecule depends on
  /// nothing but its SMILES and, in the last bits, on the instruction set.
  std::vector<float> activations(const std::vector<std::string>& smiles) const;

  /// The definition written down plainly, in double precision: what `activations` is tested against.
  ChemNetTrace reference(const std::string& smiles) const;

 private:
  struct Layer {
    int units = 0, inputs = 0;
    std::vector<float> weight_ih, weight_hh, bias;  ///< rows: input, forget, cell, output gates of all units
    std::vector<float> packed_ih, packed_hh, packed_bias;  ///< see chemnet_kernel.h
  };

  static Layer read_layer(const datasets::ModelFile& weights, const std::string& name, int units, int inputs);
  static ChemnetLayer view(const Layer& layer);
  static std::vector<double> reference_lstm(const Layer& layer, const std::vector<double>& steps);
  void follow_empty_positions();
  /// At most a batch; row i of the result goes to out[i].
  void run_batch(const std::vector<ChemNetTokens>& tokens, float* const* out) const;

  const ChemnetKernel* kernel_;
  std::vector<float> conv1_, conv2_;
  Layer lstm1_, lstm2_;
  // Behind the end of a SMILES every molecule looks the same, so these are known beforehand:
  std::vector<float> idle_hidden_, idle_cell_;  ///< lstm1 after 0 .. 88 steps without input, 128 numbers each
  std::vector<float> idle_start_;               ///< bias and input part of lstm2 at positions behind the end
};

}  // namespace theriac::scoring
