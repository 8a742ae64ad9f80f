// What a message-passing network learns before it sees a measured value: the descriptors of many molecules.
//
// A network that can compute three hundred descriptors from the graph knows size, shape, polarity and charge,
// and needs fewer measured values to learn the rest (J. Burns, A. Zalte, W. Green, arXiv 2506.15792).
#pragma once
#include <string>
#include <vector>

#include "scoring/message_network.hpp"

namespace theriac::scoring {

struct DescriptorExamples {
  MessageExamples examples;        ///< targets standardised, and held within 6 standard deviations
  std::vector<MessageTask> tasks;  ///< one per descriptor
  std::vector<TaskLoss> losses;    ///< together they weigh 1 per molecule; constant descriptors 0
  std::int64_t unreadable = 0;     ///< SMILES that were left out
};

/// Of chem::topological_descriptors, on all threads. Throws InputError when no molecule can be read.
DescriptorExamples descriptor_examples(const std::vector<std::string>& smiles);

}  // namespace theriac::scoring
