// A trained message-passing network that predicts many properties of a molecule at once, without LibTorch.
//
// What it computes is in message_engine.hpp; tests hold the two together. The same numbers come out faster
// here:
//   - an atom sets nine of its 72 inputs and a bond four of its 14, so rows of the weights are added instead
//     of multiplied;
//   - the message of an edge that begins at the end of a chain never changes, so it is computed once;
//   - products run in an own kernel for the instruction set at hand (message_kernel.h).
//
//     const auto network =
//     scoring::MessageNetwork::load(chem::data_file("models/properties-network.safetensors")); const
//     std::vector<double> values = network.predict(molecules);  // molecules x tasks
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "chem/molecule.hpp"
#include "scoring/masked_loss.hpp"
#include "scoring/message_batch.hpp"
#include "scoring/message_engine.hpp"

struct MessageKernel;

namespace theriac::scoring {

/// What one output means.
struct MessageTask {
  std::string name;  ///< "caco2_wang"
  TaskKind kind = TaskKind::regression;
  std::string unit;             ///< of the measured values; empty for a class
  bool logarithmic = false;     ///< learned as log10
  double mean = 0, spread = 1;  ///< of what is learned: an output of 1 is mean + spread
  std::int64_t values = 0;      ///< measured values it was trained on

  /// A measured value as it is learned, and an output as a measured value: for a class the probability of 1.
  double learned(double value) const;
  double measured(double output) const;
};

class MessageNetwork {
 public:
  /// Throws InputError when the file cannot be read, ModelError when it is no such network or contradicts
  /// itself. `simd` as for docking_kernel(): "auto", "baseline", "avx2", "avx512".
  static MessageNetwork load(const std::string& path, const std::string& simd = "auto");
  /// `weights` as message_tensor_list names them. Throws ModelError when one is missing, has another shape
  /// or holds what is no number.
  MessageNetwork(const MessageShape& shape, std::vector<MessageTask> tasks,
                 std::vector<MessageTensor> weights, const std::string& simd = "auto");

  /// As a safetensors file; `facts` go into its metadata. Weights are rounded to half precision. Throws
  /// StorageError.
  void save(const std::string& path, const std::map<std::string, std::string>& facts) const;

  const MessageShape& shape() const { return shape_; }
  const std::vector<MessageTask>& tasks() const { return tasks_; }
  const std::vector<MessageTensor>& weights() const { return weights_; }

  /// molecules x tasks, in the units of the tasks; for a class the probability of 1. The row of a molecule
  /// depends on nothing but the molecule. `extras`: molecules x shape().extras. Runs on all threads and is
  /// safe to call from several.
  std::vector<double> predict(const std::vector<chem::Molecule>& molecules,
                              const std::vector<float>& extras = {}) const;
  /// The same for graphs that are there: log-odds and standardised values.
  std::vector<float> outputs(const std::vector<const chem::BondGraph*>& graphs,
                             const std::vector<float>& extras = {}) const;
  /// What the outputs are computed from, a learned fingerprint: molecules x shape().head.
  std::vector<float> fingerprints(const std::vector<chem::Molecule>& molecules,
                                  const std::vector<float>& extras = {}) const;

 private:
  struct alignas(64) Line {
    float numbers[16];
  };
  /// Numbers that begin on a cache line.
  struct Block {
    std::vector<Line> lines;
    void resize(std::size_t numbers) { lines.resize((numbers + 15) / 16); }
    float* data() { return lines.empty() ? nullptr : lines[0].numbers; }
    const float* data() const { return lines.empty() ? nullptr : lines[0].numbers; }
  };
  struct Matrix {
    int inputs = 0, columns = 0;  ///< columns with padding
    Block weights, bias;
  };
  struct Work {
    Block kind_rows, start, state, message, sums, vectors;  ///< of some molecules
    Block molecules, head, output;                          ///< of more of them
  };

  const std::vector<float>& numbers(const char* name) const;
  template <typename Weight>
  Matrix matrix(int inputs, int columns, Weight weight, const float* bias, int biases) const;
  void build();
  void add_kind_rows(const Block& table, const float* bias, const MessageBatch& batch, Block& out) const;
  void pass_messages(const MessageBatch& batch, Work& work) const;
  void sum_arrivals(const MessageBatch& batch, Work& work) const;
  /// Molecule m of the batch becomes row `first` + m of `work.molecules`.
  void encode(const MessageBatch& batch, const float* extras, std::size_t first, Work& work) const;
  /// Leaves outputs in `work.output` and the layer before in `work.head`.
  void decode(std::size_t molecules, Work& work) const;
  template <typename GraphOf, typename Take>
  void run_all(std::size_t molecules, const std::vector<float>& extras, GraphOf graph_of, Take take) const;

  MessageShape shape_;
  std::vector<MessageTask> tasks_;
  std::vector<MessageTensor> weights_;
  const MessageKernel* kernel_;
  int units_ = 0;                   ///< hidden, padded
  int inputs_ = 0;                  ///< of the head, padded
  Block input_table_, atom_table_;  ///< a row per slot of the atom vector
  Block bond_table_;                ///< a row per combination of bond traits
  Matrix message_, atom_, head_, output_;
};

}  // namespace theriac::scoring
