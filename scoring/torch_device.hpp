// The devices of LibTorch. Inside `scoring`, part of the library of networks.
#pragma once
#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "chem/error.hpp"

namespace theriac::scoring {

/// Tried with a number. Throws DeviceError with a remedy when LibTorch cannot put numbers on it here and now.
torch::Device found_device(const std::string& name);

/// A tensor on the processor, to be filled there and sent to `device`. Where that is a GPU its memory is
/// pinned: the GPU fetches it by itself, beside what it computes.
torch::Tensor staged(torch::IntArrayRef sizes, torch::ScalarType type, const torch::Device& device);

/// On `device`. Does not wait for the copy of a staged tensor, which may be let go at once: LibTorch keeps
/// its memory until the GPU has it.
torch::Tensor sent(const torch::Tensor& tensor, const torch::Device& device);

/// The same of numbers in a row.
template <typename Number>
torch::Tensor sent(const std::vector<Number>& numbers, const torch::Device& device) {
  const auto out =
      staged({static_cast<std::int64_t>(numbers.size())}, c10::CppTypeToScalarType<Number>::value, device);
  std::copy(numbers.begin(), numbers.end(), out.template data_ptr<Number>());
  return sent(out, device);
}

/// What `work` gives. Throws DeviceError, "the generator failed on 'cuda:0': ...", when LibTorch fails there,
/// out of memory for example; on the processor its errors are ours and stay what they are.
template <typename Work>
auto on_device(const torch::Device& device, const std::string& what, const std::string& remedy,
               const Work& work) {
  try {
    return work();
  } catch (const c10::Error& fault) {
    if (device.is_cpu()) throw;
    throw DeviceError(what + " failed on '" + device.str() + "': " + fault.what_without_backtrace(), remedy);
  }
}

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
