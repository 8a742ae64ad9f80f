// Training a GraphPolicy by maximum likelihood: a corpus repeated in random breadth-first orders.
//
// Each epoch draws a new order of every molecule, which augments the corpus for nothing. Adam (D. P. Kingma,
// J. Ba, ICLR 2015) with a cosine schedule. Everything that decides the next step is in a checkpoint, written
// whole or not at all: a run that was killed goes on there and ends in the same weights as an undisturbed
// one, with any number of threads.
#pragma once
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "chem/stop_token.hpp"
#include "generative/graph_policy.hpp"
#include "generative/policy_engine.hpp"
#include "generative/training_corpus.hpp"

namespace theriac::generative {

struct TrainingOptions {
  int epochs = 5;
  int batch = 256;            ///< molecules a step
  double rate = 1e-3;         ///< at the start
  double final_rate = 1e-5;   ///< at the end of the cosine
  double gradient_limit = 1;  ///< norm to which gradients are clipped
  double untold = 0.3;        ///< chance that a property is kept back; and, again, that all are
  double validation = 0.02;   ///< share of the corpus kept for validation, at most 4096 molecules
  int patience = 5;           ///< validations without gain before the end; 0: never
  int validate_every = 500;   ///< steps
  double checkpoint_minutes = 4;
  std::uint64_t seed = 1;
};

/// One line of the learning curve. Losses in nats per molecule, mean.
struct TrainingPoint {
  std::int64_t step = 0;
  double epoch = 0;  ///< of the corpus, fractional
  double rate = 0;
  double training = 0;  ///< since the last point
  double validation = std::numeric_limits<double>::quiet_NaN();
  double seconds = 0;  ///< of training, over all sittings
  double molecules_per_second = 0;
};

struct TrainingResult {
  std::vector<TrainingPoint> curve;
  double best_validation = 0;  ///< nats per molecule; `policy` has these weights
  std::int64_t steps = 0;
  double seconds = 0;
  std::string ending;    ///< "5 epochs done", "no gain in 5 validations"
  bool stopped = false;  ///< on request; the same call continues
};

/// Trains `policy`, where it computes (GraphPolicy::compute_on); a checkpoint may be continued elsewhere, and
/// on a GPU the last bits are not fixed. `checkpoint` is a file that is made, read when it is there, and left
/// in place. Throws DeviceError when the device fails (the checkpoint stays), StorageError, ModelError (a
/// checkpoint of another corpus, vocabulary or other options; the message names the first difference) and
/// UsageError (fewer than 10 molecules).
inline TrainingResult train(GraphPolicy& policy, const TrainingCorpus& corpus, const TrainingOptions& options,
                            const std::string& checkpoint, chem::StopToken stop = {},
                            const std::function<void(const TrainingPoint&)>& observe = {}) {
  return policy.engine().train(policy, corpus, options, checkpoint, std::move(stop), observe);
}

}  // namespace theriac::generative
