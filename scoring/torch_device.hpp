// The devices of LibTorch. Inside `scoring`, part of the library of networks.
#pragma once
#include <torch/types.h>
#include <torch/utils.h>

#include <string>
#include <vector>

namespace theriac::scoring {

/// Tried with a number. Throws DeviceError with a remedy when LibTorch cannot put numbers on it here and now.
torch::Device found_device(const std::string& name);

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

}  // namespace theriac::scoring
