// What a screen does with a molecule: the options of `theriac screen plan`, kept in its folder and read back
// by every later part.
#pragma once
#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "cli/dock_options.hpp"
#include "cli/effective_settings.hpp"
#include "cli/similarity_tier.hpp"

namespace theriac::cli {

struct ScreenOptions {
  DockOptions dock;  ///< library, filter, receptor, box and search
  std::vector<std::string> tiers, columns, models;
  std::string require, device = "cpu";
  SimilarityOptions similarity;
};

void declare_screen_options(CLI::App& app, ScreenOptions& options);

/// The tiers that run.
struct ScreenTiers {
  bool filter = false, predict = false, similarity = false, dock = false;

  std::string text() const;  ///< "filter, predict, similarity, dock"
};

/// Those of --tiers, else those whose options are given. Throws UsageError: none, or one without its options.
ScreenTiers tiers_of(const ScreenOptions& options);

/// The settings that decide the rows, in the order of the help.
std::vector<EffectiveSetting> screen_settings(const CLI::App& app, const ScreenOptions& options);

/// Files that the options name: receptor, ligand of the box, flexible side chains, judges, known ligands,
/// models.
std::vector<std::string*> files_of(ScreenOptions& options);

/// Options from `path`, which screen_settings wrote. Throws UsageError and InputError.
void read_screen_settings(const std::string& path, ScreenOptions& options);

}  // namespace theriac::cli
