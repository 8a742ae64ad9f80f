// The neural generator: a recurrent network that chooses the next action of a growing molecule.
//
// It was trained to repeat a corpus, drawn anew in random breadth-first orders, and samples from what it
// learned, among legal actions only: every molecule is valid. One set of weights serves all requests (see
// generation_plan.hpp). M. Segler et al., ACS Cent. Sci. 4, 120 (2018) for recurrent generators;
// Y. Li, L. Zhang, Z. Liu, J. Cheminform. 10, 33 (2018) for sequential graph generation.
//
// Sampling needs no LibTorch (sampling_network.hpp). Likelihoods and training do, and so does everything on a
// GPU: it is in a library that is opened when it is first needed (datasets/network_library.hpp).
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "chem/stop_token.hpp"
#include "generative/generation_plan.hpp"
#include "generative/graph_state.hpp"

namespace theriac::generative {

struct PolicyShape {
  int hidden = 384;  ///< width of the recurrent layers
  int layers = 2;
  int embedding = 128;  ///< of an action
};

struct SampledMolecule {
  GraphState state;             ///< finished
  std::vector<Action> actions;  ///< its string
  double log_likelihood = 0;    ///< natural logarithm, of this string
};

/// Molecules that grow side by side in one batch of the network; fixed, so that a molecule's numbers do not
/// depend on how many are asked for.
constexpr int sampling_lanes = 64;

/// Seconds of sampling, summed over threads.
struct SamplingTimes {
  double network = 0;  ///< inputs and logits
  double rules = 0;    ///< legal actions, choice and bookkeeping
};

struct SamplingOptions {
  std::uint64_t seed = 1;
  double temperature = 1;  ///< above 1: more varied, below: more typical
  /// Bins asked for of each molecule (policy_conditions.hpp), by its number; empty: nothing is asked for.
  std::vector<std::vector<std::uint8_t>> conditions;
  SamplingTimes* times = nullptr;  ///< is told where the time went, when given
};

class PolicyEngine;
struct PolicyNetworkHolder;

class GraphPolicy {
 public:
  /// With random weights. Throws ModelError when the library of networks cannot be loaded.
  GraphPolicy(ActionVocabulary vocabulary, const PolicyShape& shape, std::uint64_t seed);
  /// A safetensors file with the vocabulary inside. Throws InputError (no such file) and ModelError: another
  /// kind or version of model, weights that do not fit the vocabulary or are no numbers.
  static GraphPolicy load(const std::string& path);
  GraphPolicy(GraphPolicy&&) noexcept;
  GraphPolicy& operator=(GraphPolicy&&) noexcept;
  ~GraphPolicy();
  /// Another with the same weights and vocabulary.
  GraphPolicy copy() const;

  /// Where likelihoods, training and samples are computed from now on. "", as at first: the processor, with
  /// Theriac's own kernels. "cuda:0" and so on: a device of LibTorch, by LibTorch's operations alone; "cpu":
  /// these on the processor, to which tests hold both. What legal actions there are is always worked out on
  /// the processor. On a GPU sums come in any order: log-likelihoods differ from the processor's in the last
  /// digits, and once in a great while a choice on the edge falls the other way, which makes another
  /// molecule. Ends all learners of this policy. Throws DeviceError when the device is not there, and
  /// ModelError when the library of networks is not.
  void compute_on(const std::string& device);
  const std::string& device() const;

  enum class Precision { float32, float16 };
  /// `about`: training data, licence, date, metrics ... Throws StorageError.
  void save(const std::string& path, const std::map<std::string, std::string>& about,
            Precision precision = Precision::float32) const;
  /// What the file said of itself; empty for new weights.
  const std::map<std::string, std::string>& about() const;

  const ActionVocabulary& vocabulary() const;
  const PolicyShape& shape() const;
  std::int64_t parameters() const;

  /// Molecules number `first` .. `first + count - 1` of the stream that seed and plan define: a molecule
  /// depends on its number, not on how many are asked for at once, nor on threads. Fewer when stopped: the
  /// first ones. Needs no library of networks on the processor. Safe for many threads. Throws DeviceError
  /// when the device fails.
  std::vector<SampledMolecule> sample(const PlanSource& plans, std::uint64_t first, std::size_t count,
                                      const SamplingOptions& options = {}, chem::StopToken stop = {}) const;
  /// The same with one plan for all.
  std::vector<SampledMolecule> sample(const GenerationPlan& plan, std::uint64_t first, std::size_t count,
                                      const SamplingOptions& options = {}, chem::StopToken stop = {}) const;

  /// Of each string, natural logarithm; forced actions count nothing. Throws ModelError for an illegal one
  /// UsageError for a plan with one-off units, whose choice has no likelihood of its own, and DeviceError.
  std::vector<double> log_likelihoods(const GenerationPlan& plan,
                                      const std::vector<std::vector<Action>>& strings) const;

  /// What the library of networks makes of the weights; for training. Throws ModelError when the library
  /// cannot be loaded.
  PolicyEngine& engine() const;
  /// The same in LibTorch; defined in that library only.
  PolicyNetworkHolder& network();

 private:
  GraphPolicy(ActionVocabulary vocabulary, const PolicyShape& shape);

  std::unique_ptr<ActionVocabulary> vocabulary_;  // plans point at it: it stays where it is
  PolicyShape shape_;
  std::map<std::string, std::string> about_;
  struct Network;  ///< the weights in the forms that were asked for
  std::unique_ptr<Network> network_;
};

}  // namespace theriac::generative
