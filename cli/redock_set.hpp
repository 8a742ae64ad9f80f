// A redocking set on disk: complexes with the crystal pose, an unrelated start conformer and a search box.
//
// One folder per complex beside an `index.csv` with columns pdbid, receptor, box_center_x/y/z and
// box_size_x/y/z. In the folder: the receptor (PDBQT as it is, or PDB to be prepared), `ligand.sdf` (the
// crystal pose) and `ligand_start.sdf` (what is docked, so that the crystal conformer does not leak).
#pragma once
#include <string>
#include <vector>

#include "chem/box.hpp"

namespace theriac::cli {

struct RedockComplex {
  std::string id;
  std::string receptor;  ///< path, .pdbqt or .pdb
  std::string crystal;   ///< path of ligand.sdf
  std::string start;     ///< path of ligand_start.sdf; empty when there is none
  chem::Box box;
};

/// Which complexes of a set: every k-th, at most `limit` (0: all), or those named.
struct ComplexChoice {
  int every = 1, limit = 0;
  std::vector<std::string> ids;
};

/// In the order of the index. Throws InputError: no index, a missing column, a bad number, an unknown id.
std::vector<RedockComplex> read_redock_set(const std::string& folder, const ComplexChoice& choice = {});

}  // namespace theriac::cli
