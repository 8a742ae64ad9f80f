// The drugs of theriac bench modes: each with a scaffold to grow and two warheads to link.
#pragma once
#include <string>
#include <vector>

#include "chem/molecule.hpp"

namespace theriac::cli {

struct DesignDrug {
  std::string name, smiles;
  std::string scaffold;               ///< with attachment points
  std::vector<std::string> warheads;  ///< two, with one attachment point each
};

/// The table that ships with Theriac (datasets/drugs/README.md), or another of the same columns. Throws
/// InputError: no such file, a column is missing, a row is empty.
std::vector<DesignDrug> design_drugs(const std::string& path = {});

/// Whether a molecule holds a piece with attachment points, with a heavy atom at each of them.
bool holds_piece(const chem::Molecule& molecule, const std::string& piece);

/// Atoms on the shortest way between two warheads ("[*]c1ccncc1": the point first), for each way to find both
/// in a molecule without a common atom; rising, each number once. 0: they are bound to each other.
std::vector<int> linker_lengths(const chem::Molecule& molecule, const std::vector<std::string>& warheads);

}  // namespace theriac::cli
