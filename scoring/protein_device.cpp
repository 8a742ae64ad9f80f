#include "scoring/protein_device.hpp"

#include "datasets/network_library.hpp"
#include "scoring/device_network.hpp"
#include "scoring/protein_language_model.hpp"

namespace theriac::scoring {

std::unique_ptr<ProteinDevice> protein_device(const ProteinWeights& weights, const std::string& device) {
  return datasets::network_maker<ProteinDeviceMaker>().make(weights, device);
}

ProteinLanguageModel model_on(ProteinWeights weights, const std::string& device) {
  const std::string place = prediction_device(device);
  auto elsewhere = place == "cpu" ? nullptr : protein_device(weights, place);
  ProteinLanguageModel model(std::move(weights));
  model.compute_on(std::move(elsewhere));
  return model;
}

ProteinLanguageModel read_protein_model(const std::string& path, const std::string& device) {
  prediction_device(device);  // before gigabytes are read
  return model_on(read_protein_weights(path), device);
}

}  // namespace theriac::scoring
