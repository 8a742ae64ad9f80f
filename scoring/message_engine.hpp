// A directed message-passing network as the program sees it where it learns. The library of networks
// implements it in LibTorch (datasets/network_library.hpp); to predict, use message_network.hpp, which does
// without.
//
// Messages run along directed bonds (K. Yang et al., J. Chem. Inf. Model. 59, 3370 (2019)):
//
//     h0 (v->w) = W_i [x_v ; e_vw]              h = relu(h0)
//     repeated:   m (v->w) = sum of h (u->v) over the neighbours u of v, without h (w->v)
//                 h (v->w) = relu(h0 + W_h m)
//     atom  v   = relu(W_o [x_v ; sum of h (u->v)] + b)
//     molecule  = [sum of its atoms / 30 ; mean of its atoms ; extra inputs]
//     output    = W_2 relu(W_1 molecule + b_1) + b_2
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "chem/bond_graph.hpp"
#include "chem/stop_token.hpp"
#include "scoring/masked_loss.hpp"

namespace theriac::scoring {

/// What the sum over atoms is divided by: near the size of a drug, so that both halves are alike.
constexpr float message_atoms = 30;

struct MessageShape {
  int hidden = 256;  ///< width of messages
  int depth = 3;     ///< bonds that a message has crossed at the end; depth - 1 products with W_h
  int head = 512;    ///< width of the layer between molecule and outputs
  int extras = 0;    ///< extra inputs per molecule, already scaled
  int outputs = 1;
};

/// One tensor, row by row.
struct MessageTensor {
  std::string name;
  std::vector<std::int64_t> shape;
  std::vector<float> numbers;
};

/// Names and shapes of all tensors, in order; the numbers are left empty.
std::vector<MessageTensor> message_tensor_list(const MessageShape& shape);

struct MessageExamples {
  std::vector<chem::BondGraph> graphs;
  std::vector<float> extras;   ///< graphs x extras
  std::vector<float> targets;  ///< graphs x outputs; NaN: not measured
  std::string digest;          ///< of all of it, for checkpoints; message_digest()
};

/// SHA-256 of graphs, extras and targets.
std::string message_digest(const MessageExamples& examples);

struct MessageTrainingOptions {
  int epochs = 20;
  int batch = 64;             ///< molecules a step
  double rate = 1e-3;         ///< highest, behind the warm-up
  double final_rate = 1e-5;   ///< at the end of the cosine
  double warm_up = 0.05;      ///< share of the steps with rising rate
  double dropout = 0;         ///< of the molecule's vector and of the layer behind it
  double weight_decay = 0;    ///< AdamW's, times the rate
  double gradient_limit = 1;  ///< norm to which gradients are clipped
  double averaging = 0;       ///< the result is an average over steps that forgets by this factor; 0: none
  double checkpoint_minutes = 3;
  std::uint64_t seed = 1;
};

/// One line of the learning curve.
struct MessageTrainingPoint {
  std::int64_t step = 0, steps = 0;  ///< done, and of the whole training
  double epoch = 0;
  double rate = 0;
  double loss = 0;  ///< per molecule, since the last point
  double seconds = 0;
  double molecules_per_second = 0;
};

struct MessageTrainingResult {
  std::vector<MessageTrainingPoint> curve;
  double seconds = 0;
  bool stopped = false;  ///< on request; the same call continues
};

class MessageEngine {
 public:
  virtual ~MessageEngine() = default;

  virtual const MessageShape& shape() const = 0;
  virtual std::vector<MessageTensor> weights() = 0;
  /// Some or all of the tensors; the others stay. Throws ModelError for one that does not fit.
  virtual void set_weights(const std::vector<MessageTensor>& weights) = 0;

  /// graphs x outputs, as they are: log-odds and standardised values. `extras`: graphs x extras. Safe to call
  /// from several threads. Throws DeviceError when the device fails, out of memory for example.
  virtual std::vector<float> outputs(const std::vector<const chem::BondGraph*>& graphs,
                                     const std::vector<float>& extras) const = 0;

  /// Adam with decoupled weight decay (I. Loshchilov, F. Hutter, ICLR 2019), warm-up and cosine. Everything
  /// that decides the next step is in `checkpoint`, a file that is made, read when it is there and left in
  /// place: a run that was killed goes on and ends in the same weights, with any number of threads. On a GPU
  /// the order of sums, and with it the last bits, are not fixed. Throws StorageError, ModelError (a
  /// checkpoint of other examples or options; names the first difference) and UsageError (no examples).
  virtual MessageTrainingResult train(const MessageExamples& examples, const std::vector<TaskLoss>& tasks,
                                      const MessageTrainingOptions& options, const std::string& checkpoint,
                                      chem::StopToken stop,
                                      const std::function<void(const MessageTrainingPoint&)>& observe) = 0;
};

/// Found by datasets::network_maker<MessageEngineMaker>().
class MessageEngineMaker {
 public:
  static constexpr const char* network = "message passing";
  virtual ~MessageEngineMaker() = default;
  /// Throws DeviceError when LibTorch cannot put numbers on this device, "cpu" or "cuda:0", here and now.
  virtual void require_device(const std::string& device) const = 0;
  /// With random weights. Throws as require_device.
  virtual std::unique_ptr<MessageEngine> make(const MessageShape& shape, std::uint64_t seed,
                                              const std::string& device) const = 0;
};

}  // namespace theriac::scoring
