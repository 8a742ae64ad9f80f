#include "cli/stop_signals.hpp"

#include <sys/time.h>

#include <atomic>
#include <csignal>
#include <initializer_list>

namespace theriac::cli {
namespace {

std::atomic<bool> stop_flag{false};
std::atomic<int> first_signal{0};
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free,
              "a signal handler may only touch lock-free atomics");

void on_signal(int signal_number) {
  int none = 0;
  first_signal.compare_exchange_strong(none, signal_number);
  stop_flag.store(true);
}

void install(int signal_number) {
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART | static_cast<int>(SA_RESETHAND);  // the second one has its usual effect
  sigaction(signal_number, &action, nullptr);
}

}  // namespace

void install_stop_signals() {
  for (const int signal_number : {SIGTERM, SIGUSR1, SIGINT, SIGALRM}) install(signal_number);
  std::signal(SIGPIPE, SIG_IGN);  // `theriac show run | head` ends quietly
  std::signal(SIGXFSZ, SIG_IGN);  // a file-size limit is reported as a full disk
}

void stop_after(double seconds) {
  itimerval timer{};
  timer.it_value.tv_sec = static_cast<time_t>(seconds);
  timer.it_value.tv_usec =
      static_cast<suseconds_t>((seconds - static_cast<double>(timer.it_value.tv_sec)) * 1e6);
  setitimer(ITIMER_REAL, &timer, nullptr);
}

chem::StopToken stop_token() {
  return chem::StopToken(&stop_flag);
}

StopReason stop_reason() {
  switch (first_signal.load()) {
    case 0:
      return StopReason::none;
    case SIGINT:
      return StopReason::interrupted;
    case SIGALRM:
      return StopReason::out_of_time;
    default:
      return StopReason::terminated;
  }
}

}  // namespace theriac::cli
