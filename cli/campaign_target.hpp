// The receptors of a campaign, prepared, with their boxes and the known ligand.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "chem/box.hpp"
#include "chem/molecule.hpp"
#include "chem/receptor_preparation.hpp"
#include "cli/campaign_file.hpp"
#include "datasets/run_folder.hpp"

namespace theriac::cli {

struct PreparedTarget {
  std::string name;
  chem::Receptor receptor;
  chem::PreparationReport report;
  chem::Box box;
  std::vector<std::string> warnings;        ///< about the box
  std::optional<chem::Molecule> reference;  ///< the known ligand with crystal coordinates
  std::string reference_name;               ///< "STI A:201", or the file
  std::vector<datasets::InputFile> inputs;  ///< files read, hashed
};

/// Reads, prepares, chooses the box and checks it. Throws InputError that names the key of the campaign file:
/// missing files (nearest name suggested), no such residue, a box off the receptor, a reference without
/// coordinates.
PreparedTarget prepared_target(const TargetChoice& choice, double ph);

}  // namespace theriac::cli
