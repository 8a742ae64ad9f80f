// Screening sets on disk: actives and decoys of a target, its receptor and its box.
//
// `index.csv` has columns set, target, receptor and center_x/y/z, size_x/y/z (empty: no box is known); each
// set has a folder with `molecules.csv` (smiles, id, active).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "chem/box.hpp"

namespace theriac::cli {

struct ScreeningMolecule {
  int row = 0;  ///< in molecules.csv, from 1: ids may occur twice
  std::string id, smiles;
  bool active = false;
};

struct ScreeningSet {
  std::string name, target;
  std::string receptor;          ///< path
  std::optional<chem::Box> box;  ///< none: a pocket has to be found
  std::string molecules;         ///< path of molecules.csv
};

/// All sets of `folder`, or those in `names`. A receptor named in the index as FOLDER/FILE is looked for as
/// FILE in `targets_folder`, any other in the set's own folder. Throws InputError.
std::vector<ScreeningSet> read_screening_sets(const std::string& folder, const std::string& targets_folder,
                                              const std::vector<std::string>& names = {});

/// At most so many actives and decoys (0: all), drawn by `seed`, in the order of the file. A smaller draw is
/// part of every larger one.
std::vector<ScreeningMolecule> draw_molecules(const ScreeningSet& set, int actives, int decoys,
                                              std::uint64_t seed);

}  // namespace theriac::cli
