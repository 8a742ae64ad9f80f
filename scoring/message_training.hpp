// Training of the message-passing network in LibTorch; see MessageEngine::train. Inside `scoring`, part of
// the library of networks.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "scoring/message_passing.hpp"

namespace theriac::scoring {

/// Threads that LibTorch may use from this thread on, until destroyed.
class TorchThreads {
 public:
  explicit TorchThreads(int threads) : before_(torch::get_num_threads()) { torch::set_num_threads(threads); }
  ~TorchThreads() { torch::set_num_threads(before_); }
  TorchThreads(const TorchThreads&) = delete;
  TorchThreads& operator=(const TorchThreads&) = delete;

 private:
  int before_;
};

std::vector<float> numbers_of(const torch::Tensor& tensor);
void set_numbers(torch::Tensor& tensor, const std::vector<float>& numbers);

MessageTrainingResult train(MessagePassing& network, const MessageExamples& examples,
                            const std::vector<TaskLoss>& tasks, const MessageTrainingOptions& options,
                            const std::string& checkpoint, chem::StopToken stop,
                            const std::function<void(const MessageTrainingPoint&)>& observe);

}  // namespace theriac::scoring
