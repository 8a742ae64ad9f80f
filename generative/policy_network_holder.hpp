// What a GraphPolicy holds, so that its public header stays free of LibTorch. Inside `generative`.
#pragma once
#include "generative/policy_network.hpp"

namespace theriac::generative {

struct PolicyNetworkHolder {
  PolicyNetwork network;
  PolicyNetworkHolder(const ActionVocabulary& vocabulary, const PolicyShape& shape)
      : network(ActionLayout(vocabulary), shape) {}
};

}  // namespace theriac::generative
