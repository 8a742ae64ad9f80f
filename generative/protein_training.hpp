// Training a protein language model: the chance of each residue given those before it.
//
// The network is ProGen2's (E. Nijkamp et al., Cell Systems 14, 968 (2023)): a decoder whose attention and
// feed-forward part read the same normalised input, rotary positions, untied head. It is causal, because then
// every residue teaches (a masked model learns from 15 % of them), its perplexity compares directly with that
// of n-grams, and sampling is exact. It reads from the N terminus only: both directions would halve what a
// small network learns of either.
//
// Matrices learn by Muon (K. Jordan 2024: momentum, orthogonalised by a Newton-Schulz iteration), everything
// else by Adam. The rate rises, stays, and falls in a line over the last part of the steps; so a run can be
// lengthened while it has not begun to fall, and ends as if it had been that long from the start. Everything
// that decides the next step is in the checkpoint: a run that was stopped ends in the same bytes as an
// undisturbed one, with any number of threads.
#pragma once
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "chem/stop_token.hpp"
#include "datasets/tensor_type.hpp"
#include "generative/protein_corpus.hpp"

namespace theriac::generative {

struct ProteinShape {
  int layers = 5;
  int width = 192;      ///< a multiple of 8 heads
  int heads = 8;        ///< a multiple of 8, as the published layout has eight groups
  int rotary = 16;      ///< of a head's width / heads numbers, those that turn with the position; even
  int positions = 512;  ///< longest row
};

struct ProteinTrainingOptions {
  std::int64_t steps = 3000;
  int batch = 16;                 ///< rows a step
  int row = 512;                  ///< tokens a row
  double matrix_rate = 0.02;      ///< of Muon
  double rate = 3e-3;             ///< of Adam
  int warm_up = 100;              ///< steps
  double fall = 0.3;              ///< last part of the steps, in which the rates fall to nothing
  double weight_decay = 0.0;      ///< of matrices, times the rate
  int validate_every = 100;       ///< steps
  int validation_proteins = 150;  ///< of the held-out ones, while training; all at the end
  double checkpoint_minutes = 4;
  std::uint64_t seed = 1;
  std::string start;  ///< what the weights began as, for the checkpoint; empty: random
};

/// One line of the learning curve. Losses in nats per token of training, all tokens; nats per residue of
/// validation, over the twenty.
struct ProteinTrainingPoint {
  std::int64_t step = 0;
  double epoch = 0;
  double rate = 0;      ///< as a part of the full one
  double training = 0;  ///< since the last point
  double validation = std::numeric_limits<double>::quiet_NaN();
  double seconds = 0;  ///< of training, over all sittings
  double tokens_per_second = 0;
};

struct ProteinTrainingResult {
  std::vector<ProteinTrainingPoint> curve;
  std::int64_t steps = 0;
  std::int64_t tokens = 0;
  double seconds = 0;
  bool stopped = false;  ///< on request; the same call continues
};

/// One tensor under its published name, row by row.
struct ProteinWeights {
  std::string name;
  std::vector<std::int64_t> shape;
  std::vector<float> numbers;
};

/// The network where gradients are needed; the library of networks implements it in LibTorch.
class ProteinTrainer {
 public:
  virtual ~ProteinTrainer() = default;
  virtual std::vector<ProteinWeights> weights() = 0;
  /// Names and shapes as `weights()` gives them, in that order.
  virtual void set_weights(const std::vector<ProteinWeights>& weights) = 0;
  virtual std::int64_t parameters() = 0;
  /// Logits of the 32 tokens after each position [rows][length][32].
  virtual std::vector<float> logits(const ProteinRows& rows) = 0;
  /// Natural log of the chance of each target that is one of the twenty, the choice being among the twenty;
  /// 0 where there is none [rows][length].
  virtual std::vector<float> residue_log_probabilities(const ProteinRows& rows) = 0;
  /// `checkpoint` is a file that is made, read when it is there, and left in place. Throws StorageError,
  /// ModelError (a checkpoint of another corpus or of other options), UsageError (nothing to learn) and
  /// DeviceError (the device failed; the checkpoint stays). It may be continued on another device; on a GPU
  /// the last bits are not fixed.
  virtual ProteinTrainingResult train(const ProteinCorpus& learned, const ProteinCorpus& held_out,
                                      const ProteinTrainingOptions& options, const std::string& checkpoint,
                                      chem::StopToken stop,
                                      const std::function<void(const ProteinTrainingPoint&)>& observe) = 0;
};

/// Found by datasets::network_maker<ProteinTrainerMaker>().
class ProteinTrainerMaker {
 public:
  static constexpr const char* network = "protein language model";
  virtual ~ProteinTrainerMaker() = default;
  /// With random weights, the same on every device. `device`: "" for the processor with Theriac's own
  /// kernels; "cuda:0" and so on for a device of LibTorch, by LibTorch's operations alone, "cpu" for these on
  /// the processor. Throws UsageError for a shape that the layout does not have, and DeviceError when the
  /// device is not there.
  virtual std::unique_ptr<ProteinTrainer> make(const ProteinShape& shape, std::uint64_t seed,
                                               const std::string& device = "") const = 0;
};

/// Of `shape`, as the config.json of a published ProGen2 has it.
std::string progen2_config(const ProteinShape& shape);
/// The way back. Throws ModelError for another kind of network, or one that cannot be trained here.
ProteinShape shape_of_config(const std::string& text, const std::string& source);

/// A safetensors file that scoring::ProteinLanguageModel reads: config in its metadata, and `facts` beside.
void write_protein_model(const std::string& path, ProteinTrainer& trainer, const ProteinShape& shape,
                         const std::map<std::string, std::string>& facts, datasets::TensorType type);
/// A trainer with the weights of such a file, or of a folder with config.json and model.safetensors.
std::unique_ptr<ProteinTrainer> read_protein_trainer(const std::string& path, ProteinShape& shape,
                                                     const std::string& device = "");
/// Rounds the weights to what a file of that type holds.
void round_weights(ProteinTrainer& trainer, datasets::TensorType type);

}  // namespace theriac::generative
