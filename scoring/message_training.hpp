// Training of the message-passing network in LibTorch; see MessageEngine::train. Inside `scoring`, part of
// the library of networks.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "scoring/message_passing.hpp"
#include "scoring/torch_device.hpp"

namespace theriac::scoring {

MessageTrainingResult train(MessagePassing& network, const MessageExamples& examples,
                            const std::vector<TaskLoss>& tasks, const MessageTrainingOptions& options,
                            const std::string& checkpoint, chem::StopToken stop,
                            const std::function<void(const MessageTrainingPoint&)>& observe);

}  // namespace theriac::scoring
