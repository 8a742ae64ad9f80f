// The receptor and the search box as the command line names them: options, and what they lead to.
#pragma once
#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "chem/box.hpp"
#include "chem/molecule.hpp"
#include "chem/ordered_water.hpp"
#include "chem/receptor_preparation.hpp"
#include "datasets/run_folder.hpp"

namespace theriac::cli {

struct ReceptorOptions {
  std::string receptor;
  std::string chains, keep_het, keep_waters = "none", altloc = "best", his, fill_sidechains = "yes";
  double ph = 7.4;
  std::string flexres;  ///< residues whose side chains move: "A:315,A:381"
  std::string waters;   ///< strip, keep or toggle; empty: as `keep_waters` says
  std::string flex;     ///< PDBQT of flexible side chains beside a rigid receptor
};

struct BoxOptions {
  std::optional<double> center_x, center_y, center_z, size_x, size_y, size_z;
  std::string autobox_ligand, autobox_residues, autobox;
  double autobox_add = 4.0;  ///< angstrom on all six sides
  std::string box_check = "on";
};

void add_receptor_options(CLI::App& app, ReceptorOptions& options);
/// --flexres and --flex, for docking only.
void add_flexible_options(CLI::App& app, ReceptorOptions& options);
/// --waters, for docking only.
void add_water_option(CLI::App& app, ReceptorOptions& options);
/// Do the rows tell of waters?
bool keeps_waters(const ReceptorOptions& options);
void add_box_options(CLI::App& app, BoxOptions& options);

/// What the options say about the preparation. Throws UsageError.
chem::PreparationOptions preparation_options(const ReceptorOptions& options);

struct DockingSite {
  chem::Receptor receptor;
  chem::PreparationReport report;
  chem::Box box;
  std::vector<std::string> warnings;        ///< about the box
  std::optional<chem::Molecule> reference;  ///< the known ligand the box was made from
  std::vector<datasets::InputFile> inputs;  ///< files read, hashed
  std::vector<std::string> notices;         ///< choices made for the user, e.g. the pocket
  std::vector<chem::SiteWater> waters;      ///< ordered waters that the receptor keeps
  /// The same without these waters: what --waters toggle docks into as well.
  std::optional<chem::Receptor> without_waters;
};

/// Reads, prepares, chooses and checks. Throws InputError (files, box off the receptor) and UsageError (no
/// box and no way to choose one, contradictory boxes).
DockingSite docking_site(const ReceptorOptions& receptor, const BoxOptions& box);

/// Throws InputError with the nearest file name unless `path` is a readable file. `flag` is for the message.
void require_file(const std::string& path, const std::string& what, const std::string& flag);

}  // namespace theriac::cli
