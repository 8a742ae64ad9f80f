#include "cli/bench_conditions.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <chrono>
#include <fstream>

#include "chem/library_versions.hpp"
#include "chem/text_file.hpp"
#include "cli/session.hpp"
#include "datasets/sha256.hpp"
#include "scoring/simd_level.hpp"

namespace theriac::cli {
namespace {

/// As the kernel names it; empty where it does not.
std::string processor_name() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);)
    if (line.rfind("model name", 0) == 0)
      return std::string(chem::trimmed(line.substr(std::min(line.size(), line.find(':') + 1))));
  return "unknown processor";
}

double wall_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double cpu_now() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         1e-6 * static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

}  // namespace

Settings BenchConditions::settings() const {
  return {{"theriac", theriac_version},
          {"program_sha256", program_sha256},
          {"processor", processor},
          {"simd", simd},
          {"threads", fmt::format("{}", threads)},
          {"seed", seed}};
}

std::string BenchConditions::text() const {
  return fmt::format("{} thread{} of {}, {}, seed {}", threads, threads == 1 ? "" : "s", processor, simd,
                     seed);
}

BenchConditions bench_conditions(const Session& session) {
  BenchConditions conditions;
  conditions.theriac_version = chem::theriac_version();
  conditions.processor = processor_name();
  conditions.simd = scoring::simd_levels().back();
  conditions.program_sha256 = datasets::sha256_of_file("/proc/self/exe");
  conditions.threads = session.threads();
  conditions.seed = fmt::format("{}", session.seed());
  return conditions;
}

Stopwatch::Stopwatch() : wall_(wall_now()), cpu_(cpu_now()) {}

double Stopwatch::wall_seconds() const {
  return wall_now() - wall_;
}

double Stopwatch::cpu_seconds() const {
  return cpu_now() - cpu_;
}

std::string markdown_table(const std::vector<std::vector<std::string>>& rows, std::size_t text_columns) {
  std::string text;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    for (const auto& cell : rows[r]) text += "| " + cell + " ";
    text += "|\n";
    if (r > 0) continue;
    for (std::size_t i = 0; i < rows[r].size(); ++i) text += i < text_columns ? "|---" : "|---:";
    text += "|\n";
  }
  return text;
}

}  // namespace theriac::cli
