// Under which conditions figures were measured: versions, processor, threads, seed. Every benchmark states
// them, and rows measured under other conditions are not mixed in.
#pragma once
#include <string>
#include <vector>

#include "cli/growing_table.hpp"

namespace theriac::cli {

class Session;

struct BenchConditions {
  std::string theriac_version, processor, simd;
  std::string program_sha256;  ///< of the running program: another build may be faster or slower
  int threads = 1;
  std::string seed;

  /// For the settings beside a table.
  Settings settings() const;
  /// "2 threads of AMD EPYC ..., AVX2, seed 1"
  std::string text() const;
};

BenchConditions bench_conditions(const Session& session);

/// Wall and processor time of this process since it was made; the processor time counts all threads.
class Stopwatch {
 public:
  Stopwatch();
  double wall_seconds() const;
  double cpu_seconds() const;

 private:
  double wall_, cpu_;
};

/// A table in Markdown; the first row holds the titles. All but the first `text_columns` stand to the right.
std::string markdown_table(const std::vector<std::vector<std::string>>& rows, std::size_t text_columns = 1);

}  // namespace theriac::cli
