// What the library of networks hands out: one function, and through it a maker of each kind of network.
#include <torch/version.h>

#include <cstring>

#include "datasets/network_library.hpp"
#include "generative/policy_engine.hpp"
#include "generative/protein_training.hpp"
#include "scoring/gnina_engine.hpp"
#include "scoring/message_engine.hpp"
#include "scoring/protein_device.hpp"
#include "scoring/torch_build.hpp"

namespace theriac::scoring {

const GninaEngineMaker& gnina_engine_maker();      // gnina_engine.cpp
const MessageEngineMaker& message_engine_maker();  // message_passing_engine.cpp
const ProteinDeviceMaker& protein_device_maker();  // protein_device_pass.cpp

}  // namespace theriac::scoring

namespace theriac::generative {

const PolicyEngineMaker& policy_engine_maker();      // policy_network_holder.cpp
const ProteinTrainerMaker& protein_trainer_maker();  // protein_trainer.cpp

namespace {

const void* maker(const char* name) {
  if (std::strcmp(name, PolicyEngineMaker::network) == 0) return &policy_engine_maker();
  if (std::strcmp(name, ProteinTrainerMaker::network) == 0) return &protein_trainer_maker();
  if (std::strcmp(name, scoring::MessageEngineMaker::network) == 0) return &scoring::message_engine_maker();
  if (std::strcmp(name, scoring::ProteinDeviceMaker::network) == 0) return &scoring::protein_device_maker();
  if (std::strcmp(name, scoring::GninaEngineMaker::network) == 0) return &scoring::gnina_engine_maker();
  return nullptr;
}

}  // namespace
}  // namespace theriac::generative

extern "C" __attribute__((visibility("default"))) const theriac::datasets::NetworkExports*
theriac_networks() {
  static const theriac::datasets::NetworkExports exports{THERIAC_NETWORKS_INTERFACE, TORCH_VERSION,
                                                         theriac::scoring::loaded_libtorch,
                                                         theriac::generative::maker};
  return &exports;
}
