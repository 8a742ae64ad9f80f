// The options of `theriac bench`: those of every benchmark, and which one is run.
#pragma once
#include <CLI/CLI.hpp>
#include <optional>
#include <string>

#include "cli/bench_distribution_options.hpp"
#include "cli/bench_goal_directed.hpp"
#include "cli/bench_redock.hpp"
#include "cli/bench_repurposing.hpp"
#include "cli/bench_screening.hpp"
#include "cli/variant_evidence.hpp"

namespace theriac::cli {

struct BenchOptions {
  RepurposingBenchOptions repurposing;
  VariantEvidenceOptions variants;
  std::string task, data, out, preset, with, complexes, sets, rmsd_of;
  std::optional<double> exhaustiveness;
  int vina_exhaustiveness = 8, ring_conformers = 4;
  RedockOptions redock;
  ScreeningOptions screening;
  bool score_agreement = false;
  GoalDirectedOptions design;
  std::string design_tasks, score;
  DistributionChoice distribution;
  std::string drugs, modes;
  std::optional<int> draws, seeds;
  std::optional<int> repeats;
  std::optional<int> trees;
  int folds = 10, asked_folds = 5;
  std::string network, splits, methods, leave = "pairs", peptide_split;
  bool random_policy = false;
  std::string poses;
};

void declare_bench_options(CLI::App& app, BenchOptions& options);

}  // namespace theriac::cli
