#include "scoring/device_queue.hpp"

#include <fmt/format.h>

#include <utility>

#include "chem/error.hpp"

namespace theriac::scoring {
namespace {

constexpr int failures_allowed = 1;  // a fault of the moment; a second one is the device's

}  // namespace

DeviceQueue::DeviceQueue(const OpenClDevice& device, const AffinityGrids& grids, chem::Box box,
                         ScoringFunction scoring)
    : device_(device),
      grids_(grids),
      box_(std::move(box)),
      scoring_(scoring),
      open_(std::make_unique<OpenClSearch>(device_, grids_, box_, scoring_)) {
  batch_ = open_->batch();
}

std::optional<std::vector<SearchResult>> DeviceQueue::search(const std::vector<SearchTask>& tasks) const {
  std::string failure;
  {
    const std::lock_guard<std::mutex> lock(using_);
    if (failures_ > failures_allowed) return {};
    try {
      if (!open_) open_ = std::make_unique<OpenClSearch>(device_, grids_, box_, scoring_);
      open_->before_launch = before_launch;
      return open_->search(tasks);
    } catch (const DeviceError& error) {
      open_.reset();
      ++failures_;
      failure = fmt::format("{}; {} ligands are docked on the processor instead{}", error.what(),
                            tasks.size(), failures_ > failures_allowed ? ", and all that follow" : "");
    }
  }
  if (on_failure) on_failure(failure);
  return {};
}

}  // namespace theriac::scoring
