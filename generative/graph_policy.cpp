#include "generative/graph_policy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <mutex>
#include <nlohmann/json.hpp>

#include "chem/error.hpp"
#include "datasets/model_file.hpp"
#include "datasets/model_file_writer.hpp"
#include "datasets/network_library.hpp"
#include "generative/policy_conditions.hpp"
#include "generative/policy_engine.hpp"
#include "generative/policy_sampling.hpp"
#include "generative/sampling_network.hpp"
#include "generative/vocabulary_file.hpp"

namespace theriac::generative {
namespace {

constexpr const char* architecture = "theriac graph policy";
constexpr const char* format_version = "1";

/// Entries of the metadata that this file writes itself.
const std::vector<std::string> own_entries = {"architecture", "format_version", "hidden",    "layers",
                                              "embedding",    "conditions",     "vocabulary"};

std::string conditions_text() {
  nlohmann::json all = nlohmann::json::array();
  for (const auto& property : condition_properties())
    all.push_back({{"name", property.name}, {"unit", property.unit}, {"edges", property.edges}});
  return all.dump();
}

int size_in(const datasets::ModelFile& file, const std::string& key) {
  const std::string text = file.metadata(key);
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 1 || value > 8192)
    throw ModelError(fmt::format("{}: '{}' is '{}', not a size from 1 to 8192", file.source(), key, text),
                     "the file is damaged; get it again");
  return value;
}

void check_kind(const datasets::ModelFile& file) {
  if (file.metadata("architecture") != architecture)
    throw ModelError(fmt::format("{} holds '{}', not the weights of a molecule generator", file.source(),
                                 file.metadata("architecture")),
                     "theriac model list shows the models that are here");
  if (file.metadata("format_version") != format_version)
    throw ModelError(fmt::format("{} has format version '{}'; this program reads version {}", file.source(),
                                 file.metadata("format_version"), format_version),
                     "use weights that belong to this version of Theriac, or train them again");
  if (file.metadata("conditions") != conditions_text())
    throw ModelError(file.source() + " was trained with other property ranges than this program uses",
                     "use weights that belong to this version of Theriac, or train them again");
}

}  // namespace

/// The weights are in the engine when there is one, which may train them, and in `weights` otherwise.
struct GraphPolicy::Network {
  std::mutex mutex;
  std::string device;
  std::vector<PolicyWeights> weights;
  std::unique_ptr<PolicyEngine> engine;
  std::shared_ptr<const SamplingNetwork> sampler;
  std::vector<PolicyWeights> sampled;  ///< the engine's weights that `sampler` was made of

  std::vector<PolicyWeights> current() const { return engine ? engine->weights() : weights; }

  std::shared_ptr<const SamplingNetwork> current_sampler(const ActionVocabulary& vocabulary,
                                                         const PolicyShape& shape) {
    const std::lock_guard lock(mutex);
    if (sampler && !engine) return sampler;
    auto now = engine ? engine->weights() : std::vector<PolicyWeights>();
    const auto same = [](const PolicyWeights& a, const PolicyWeights& b) { return a.numbers == b.numbers; };
    if (sampler && std::equal(now.begin(), now.end(), sampled.begin(), sampled.end(), same)) return sampler;
    sampler = std::make_shared<const SamplingNetwork>(vocabulary, shape, engine ? now : weights);
    sampled = std::move(now);
    return sampler;
  }
};

GraphPolicy::GraphPolicy(GraphPolicy&&) noexcept = default;
GraphPolicy& GraphPolicy::operator=(GraphPolicy&&) noexcept = default;
GraphPolicy::~GraphPolicy() = default;

GraphPolicy::GraphPolicy(ActionVocabulary vocabulary, const PolicyShape& shape)
    : vocabulary_(std::make_unique<ActionVocabulary>(std::move(vocabulary))),
      shape_(shape),
      network_(std::make_unique<Network>()) {}

GraphPolicy::GraphPolicy(ActionVocabulary vocabulary, const PolicyShape& shape, std::uint64_t seed)
    : GraphPolicy(std::move(vocabulary), shape) {
  network_->engine = datasets::network_maker<PolicyEngineMaker>().make(*vocabulary_, shape, seed, "");
}

GraphPolicy GraphPolicy::load(const std::string& path) {
  const auto file = datasets::ModelFile::read(path);
  check_kind(file);
  const PolicyShape shape{size_in(file, "hidden"), size_in(file, "layers"), size_in(file, "embedding")};
  GraphPolicy out(vocabulary_from_text(file.metadata("vocabulary"), file.source()), shape);
  auto& weights = out.network_->weights;
  weights = policy_tensor_list(*out.vocabulary_, shape);
  for (auto& tensor : weights) {
    tensor.numbers = file.floats(tensor.name, tensor.shape);
    if (!std::all_of(tensor.numbers.begin(), tensor.numbers.end(), [](float x) { return std::isfinite(x); }))
      throw ModelError(
          fmt::format("{} holds weights in '{}' that are not numbers", file.source(), tensor.name),
          "the file is damaged, or its training went astray; get it again or train anew");
  }
  for (const auto& [key, text] : file.metadata())
    if (std::find(own_entries.begin(), own_entries.end(), key) == own_entries.end()) out.about_[key] = text;
  return out;
}

GraphPolicy GraphPolicy::copy() const {
  GraphPolicy out(ActionVocabulary(vocabulary_->contents()), shape_);
  const std::lock_guard lock(network_->mutex);
  out.network_->weights = network_->current();
  out.network_->device = network_->device;
  out.about_ = about_;
  return out;
}

PolicyEngine& GraphPolicy::engine() const {
  const std::lock_guard lock(network_->mutex);
  if (!network_->engine) {
    auto engine =
        datasets::network_maker<PolicyEngineMaker>().make(*vocabulary_, shape_, 0, network_->device);
    engine->set_weights(network_->weights);
    network_->engine = std::move(engine);
    network_->weights.clear();
    network_->sampler.reset();
  }
  return *network_->engine;
}

void GraphPolicy::compute_on(const std::string& device) {
  const std::lock_guard lock(network_->mutex);
  if (device == network_->device) return;
  auto weights = network_->current();
  std::unique_ptr<PolicyEngine> engine;
  if (!device.empty()) {
    engine = datasets::network_maker<PolicyEngineMaker>().make(*vocabulary_, shape_, 0, device);
    engine->set_weights(weights);
    weights.clear();
  }
  network_->engine = std::move(engine);
  network_->weights = std::move(weights);
  network_->sampler.reset();
  network_->device = device;
}

const std::string& GraphPolicy::device() const {
  return network_->device;
}

void GraphPolicy::save(const std::string& path, const std::map<std::string, std::string>& about,
                       Precision precision) const {
  datasets::ModelFileWriter file;
  for (const auto& [key, text] : about) file.set(key, text);
  file.set("architecture", architecture);
  file.set("format_version", format_version);
  file.set("hidden", std::to_string(shape().hidden));
  file.set("layers", std::to_string(shape().layers));
  file.set("embedding", std::to_string(shape().embedding));
  file.set("conditions", conditions_text());
  file.set("vocabulary", vocabulary_text(*vocabulary_));
  const auto type =
      precision == Precision::float16 ? datasets::TensorType::float16 : datasets::TensorType::float32;
  for (const auto& tensor : network_->current()) file.add(tensor.name, tensor.shape, tensor.numbers, type);
  file.write(path);
}

const std::map<std::string, std::string>& GraphPolicy::about() const {
  return about_;
}

const ActionVocabulary& GraphPolicy::vocabulary() const {
  return *vocabulary_;
}

const PolicyShape& GraphPolicy::shape() const {
  return shape_;
}

std::int64_t GraphPolicy::parameters() const {
  std::int64_t n = 0;
  for (const auto& tensor : network_->current()) n += static_cast<std::int64_t>(tensor.numbers.size());
  return n;
}

std::vector<SampledMolecule> GraphPolicy::sample(const GenerationPlan& plan, std::uint64_t first,
                                                 std::size_t count, const SamplingOptions& options,
                                                 chem::StopToken stop) const {
  return sample([&](std::uint64_t) { return plan; }, first, count, options, stop);
}

std::vector<SampledMolecule> GraphPolicy::sample(const PlanSource& plans, std::uint64_t first,
                                                 std::size_t count, const SamplingOptions& options,
                                                 chem::StopToken stop) const {
  if (!network_->device.empty())
    return sample_molecules(*vocabulary_, *engine().sampler(), plans, first, count, options, std::move(stop));
  const auto sampler = network_->current_sampler(*vocabulary_, shape_);
  return sample_molecules(*vocabulary_, *sampler, plans, first, count, options, std::move(stop));
}

std::vector<double> GraphPolicy::log_likelihoods(const GenerationPlan& plan,
                                                 const std::vector<std::vector<Action>>& strings) const {
  if (!plan.extras.empty()) throw UsageError("molecules with one-off units have no likelihood");
  return engine().log_likelihoods(plan, strings);
}

}  // namespace theriac::generative
