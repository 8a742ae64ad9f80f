// The options of theriac bench distribution, as they stand on the command line.
#pragma once
#include <CLI/CLI.hpp>
#include <string>

#include "cli/bench_distribution.hpp"

namespace theriac::cli {

struct DistributionChoice {
  DistributionOptions options;
  std::string references, activations;  ///< lists with commas
};

void declare_distribution(CLI::App& app, DistributionChoice& choice);

/// With the lists taken apart. `out` empty: the default folder.
DistributionOptions distribution_options(const DistributionChoice& choice, const std::string& out);

}  // namespace theriac::cli
