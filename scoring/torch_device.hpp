// A device of LibTorch by its name, and the threads that LibTorch takes. Inside `scoring`, part of the
// library of networks.
#pragma once
#include <torch/types.h>
#include <torch/utils.h>

#include <string>

namespace theriac::scoring {

/// "cpu" or "cuda:0", tried once with a number. Throws DeviceError with a remedy when it is not there.
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
