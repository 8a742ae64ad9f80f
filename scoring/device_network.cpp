#include "scoring/device_network.hpp"

#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <cctype>

#include "chem/error.hpp"
#include "datasets/network_library.hpp"

namespace theriac::scoring {
namespace {

const MessageEngineMaker& maker() {
  return datasets::network_maker<MessageEngineMaker>();
}

bool names_a_gpu(const std::string& device) {
  const std::string prefix = "cuda:";
  return device.size() > prefix.size() && device.size() <= prefix.size() + 3 &&
         device.compare(0, prefix.size(), prefix) == 0 &&
         std::all_of(device.begin() + static_cast<std::ptrdiff_t>(prefix.size()), device.end(),
                     [](unsigned char c) { return std::isdigit(c); });
}

bool has_first_gpu() {
  try {
    maker().require_device("cuda:0");
    return true;
  } catch (const DeviceError&) {
    return false;
  } catch (const ModelError&) {  // without the library of networks the processor still predicts
    return false;
  }
}

}  // namespace

DeviceNetwork::DeviceNetwork(const MessageNetwork& network, const std::string& device)
    : tasks_(network.tasks()), engine_(maker().make(network.shape(), 1, device)) {
  engine_->set_weights(network.weights());
}

DeviceNetwork::~DeviceNetwork() = default;

std::vector<double> DeviceNetwork::predict(const std::vector<chem::Molecule>& molecules,
                                           const std::vector<float>& extras) const {
  const auto wanted = molecules.size() * static_cast<std::size_t>(engine_->shape().extras);
  if (extras.size() != wanted)
    throw UsageError(fmt::format("the network needs {} extra numbers for {} molecules, it got {}", wanted,
                                 molecules.size(), extras.size()));
  std::vector<chem::BondGraph> graphs(molecules.size());
  tbb::parallel_for(std::size_t{0}, molecules.size(),
                    [&](std::size_t i) { graphs[i] = chem::bond_graph(molecules[i]); });
  std::vector<const chem::BondGraph*> pointers;
  for (const auto& graph : graphs) pointers.push_back(&graph);
  const auto outputs = engine_->outputs(pointers, extras);
  std::vector<double> out(outputs.size());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = tasks_[i % tasks_.size()].measured(outputs[i]);
  return out;
}

bool names_prediction_device(const std::string& name) {
  return name == "cpu" || name == "auto" || names_a_gpu(name);
}

std::string prediction_device(const std::string& wanted) {
  if (!names_prediction_device(wanted))
    throw UsageError(fmt::format("there is no device '{}'", wanted), "known: auto, cpu, cuda:0, cuda:1 ...");
  if (wanted == "auto") return has_first_gpu() ? "cuda:0" : "cpu";
  if (wanted != "cpu") maker().require_device(wanted);
  return wanted;
}

}  // namespace theriac::scoring
