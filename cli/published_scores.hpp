// What others have published for the goal-directed benchmarks, to stand beside our own figures.
#pragma once
#include <optional>
#include <string>
#include <vector>

namespace theriac::cli {

struct PublishedMethod {
  std::string name;  ///< "Genetic GFN"
  bool head_start;   ///< began with the best of a corpus that the oracle had ranked, uncounted
};

struct PublishedScores {
  std::string source;  ///< sentence for below the table
  std::vector<PublishedMethod> methods;

  /// One per method; empty for a task that the table does not have.
  std::optional<std::vector<double>> of(const std::string& task) const;

  struct Line {
    std::string task;
    std::vector<double> scores;
  };
  std::vector<Line> lines;
};

/// Of "guacamol" or "pmo".
const PublishedScores& published_scores(const std::string& suite);

}  // namespace theriac::cli
