#include "chem/bounded_child.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>

#include "chem/error.hpp"

namespace theriac::chem {
namespace {

constexpr int tick = 200;           // milliseconds
constexpr int most_children = 3;    // tried, when one waits for what will not come
constexpr double idle_time = 1e-3;  // seconds

[[noreturn]] void be_child(int to, const std::function<std::string()>& work, double cpu_seconds) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  for (const int signal_number : {SIGTERM, SIGINT, SIGUSR1, SIGHUP}) signal(signal_number, SIG_IGN);
  signal(SIGXCPU, SIG_DFL);
  const auto seconds = static_cast<rlim_t>(std::ceil(std::max(1.0, cpu_seconds)));
  const rlimit cpu{seconds, seconds + 1}, core{0, 0};
  setrlimit(RLIMIT_CPU, &cpu);
  setrlimit(RLIMIT_CORE, &core);
  try {
    const std::string bytes = work();
    for (std::size_t at = 0; at < bytes.size();) {
      const ssize_t count = write(to, bytes.data() + at, bytes.size() - at);
      if (count < 0 && errno != EINTR) _exit(1);
      if (count > 0) at += static_cast<std::size_t>(count);
    }
  } catch (...) {
    _exit(1);
  }
  _exit(0);
}

double cpu_time(pid_t child) {
  clockid_t clock;
  timespec now{};
  if (clock_getcpuclockid(child, &clock) != 0 || clock_gettime(clock, &now) != 0) return 0;
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// All that comes from the child; false when it does nothing any more.
bool read_all(int from, pid_t child, double idle_seconds, std::string& bytes) {
  const int most_idle = std::max(1, static_cast<int>(std::ceil(1000 * idle_seconds / tick)));
  double spent = 0;
  for (int idle = 0; idle < most_idle;) {
    pollfd entry{from, POLLIN, 0};
    const int ready = poll(&entry, 1, tick);
    if (ready < 0 && errno != EINTR) return false;
    if (ready <= 0) {
      const double now = cpu_time(child);
      idle = now > spent + idle_time ? 0 : idle + 1;
      spent = std::max(spent, now);
      continue;
    }
    char buffer[65536];
    const ssize_t count = read(from, buffer, sizeof buffer);
    if (count < 0 && errno != EINTR) return false;
    if (count == 0) return true;
    if (count > 0) bytes.append(buffer, static_cast<std::size_t>(count));
  }
  return false;
}

/// Nothing: the child stood still. A lock of the C++ library or RDKit may be held by another thread at the
/// moment of the fork, and is then held in the copy for ever.
bool tried(const std::function<std::string()>& work, double cpu_seconds, double idle_seconds,
           ChildResult& result) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0)
    throw StorageError(fmt::format("no pipe for a child process: {}", std::strerror(errno)),
                       "raise the number of open files: ulimit -n");
  const pid_t child = fork();
  if (child < 0) {
    const int why = errno;
    close(ends[0]), close(ends[1]);
    throw StorageError(fmt::format("no child process: {}", std::strerror(why)),
                       "raise the number of processes (ulimit -u), or free memory");
  }
  if (child == 0) be_child(ends[1], work, cpu_seconds);
  close(ends[1]);
  std::string bytes;
  const bool ended = read_all(ends[0], child, idle_seconds, bytes);
  close(ends[0]);
  if (!ended) kill(child, SIGKILL);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  if (!ended) return false;
  const bool by_limit = WIFSIGNALED(status) && (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL);
  const bool good = WIFEXITED(status) && WEXITSTATUS(status) == 0;
  result.end = good ? ChildEnd::done : by_limit ? ChildEnd::too_long : ChildEnd::crashed;
  result.bytes = good ? std::move(bytes) : "";
  return true;
}

}  // namespace

ChildResult run_bounded(const std::function<std::string()>& work, double cpu_seconds, double idle_seconds) {
  ChildResult result;
  for (int child = 0; child < most_children; ++child)
    if (tried(work, cpu_seconds, idle_seconds, result)) return result;
  return result;
}

}  // namespace theriac::chem
