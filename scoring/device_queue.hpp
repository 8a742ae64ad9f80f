// The way of a batch of searches to the device, one batch at a time, and back to the processor when it fails.
#pragma once
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "scoring/opencl_search.hpp"

namespace theriac::scoring {

class DeviceQueue {
 public:
  /// Throws DeviceError when the device cannot be opened. `grids` outlive this.
  DeviceQueue(const OpenClDevice& device, const AffinityGrids& grids, chem::Box box, ScoringFunction scoring);

  /// Empty when the device failed, which `on_failure` was told. The next call opens it anew; after the second
  /// failure it stays closed. Thread-safe.
  std::optional<std::vector<SearchResult>> search(const std::vector<SearchTask>& tasks) const;
  int batch() const { return batch_; }

  std::function<void(const std::string&)> on_failure;
  std::function<void(int)> before_launch;

 private:
  OpenClDevice device_;
  const AffinityGrids& grids_;
  chem::Box box_;
  ScoringFunction scoring_;
  int batch_;
  mutable std::mutex using_;
  mutable std::unique_ptr<OpenClSearch> open_;
  mutable int failures_ = 0;
};

}  // namespace theriac::scoring
