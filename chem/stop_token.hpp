// How a long computation learns that it should end early: a flag that a signal or a time limit sets.
//
// Libraries poll the token between units of work (a ligand, a generation), finish the unit in hand and return
// what they have; the command line turns the flag into exit code 75 or 130. A default token never stops.
#pragma once
#include <atomic>

namespace theriac::chem {

class StopToken {
 public:
  StopToken() = default;
  /// `flag` outlives the token.
  explicit StopToken(const std::atomic<bool>* flag) : flag_(flag) {}

  bool stop_requested() const { return flag_ && flag_->load(std::memory_order_relaxed); }

 private:
  const std::atomic<bool>* flag_ = nullptr;
};

}  // namespace theriac::chem
