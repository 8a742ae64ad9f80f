#include "cli/granted_cores.hpp"

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <string>

namespace theriac::cli {
namespace {

int affinity_cores() {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) return std::max(1, CPU_COUNT(&set));
  return static_cast<int>(std::max(1L, sysconf(_SC_NPROCESSORS_ONLN)));
}

/// Path of this process's cgroup (v2), e.g. "/user.slice"; empty when there is none.
std::string cgroup_path() {
  std::ifstream in("/proc/self/cgroup");
  for (std::string line; std::getline(in, line);)
    if (line.rfind("0::", 0) == 0) return line.substr(3);
  return {};
}

/// The tightest of a limit file from this process's cgroup up to the root, by `read`; infinity for none.
template <typename Read>
double tightest_limit(const std::string& file, Read read) {
  double least = INFINITY;
  for (std::string group = cgroup_path();; group = group.substr(0, group.rfind('/'))) {
    std::ifstream in("/sys/fs/cgroup" + (group == "/" ? std::string() : group) + "/" + file);
    if (in) least = std::min(least, read(in));
    if (group.empty() || group == "/") return least;
  }
}

double cgroup_cores() {
  return tightest_limit("cpu.max", [](std::istream& in) -> double {
    std::string quota;
    double period = 0;
    return in >> quota >> period && quota != "max" && period > 0 ? std::atof(quota.c_str()) / period
                                                                 : INFINITY;
  });
}

}  // namespace

int granted_cores() {
  double cores = affinity_cores();
  const double quota = cgroup_cores();
  if (std::isfinite(quota)) cores = std::min(cores, std::max(1.0, std::floor(quota)));
  if (const char* slurm = std::getenv("SLURM_CPUS_PER_TASK"))
    if (const int n = std::atoi(slurm); n > 0) cores = std::min(cores, static_cast<double>(n));
  return static_cast<int>(std::max(1.0, cores));
}

double granted_memory_bytes() {
  const double machine =
      static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGE_SIZE));
  const double limit = tightest_limit("memory.max", [](std::istream& in) -> double {
    std::string bytes;
    return in >> bytes && bytes != "max" ? std::atof(bytes.c_str()) : INFINITY;
  });
  return std::min(machine, limit);
}

}  // namespace theriac::cli
