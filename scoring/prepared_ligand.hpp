// From an input record to a molecule that can be docked: parent structure, protonation, 3D, torsion tree.
//
// SMILES and flat drawings are embedded; a record with 3D coordinates keeps them, and its rings get further
// conformers. A PDBQT record is docked as it is.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "chem/conformer.hpp"
#include "chem/flexible_ligand.hpp"
#include "chem/molecule.hpp"
#include "chem/record.hpp"

namespace theriac::scoring {

struct LigandOptions {
  double ph = 7.4;
  bool as_drawn =
      false;  ///< no salt stripping, no neutralising, no protonation: the drawing is taken literally
  bool keep_pose = false;         ///< only the record's own coordinates count: scoring and minimising poses
  bool macrocycle_shapes = true;  ///< several ring conformers; false for a single conformer
  double max_embed_seconds = 60;  ///< of processor time for one attempt at 3D coordinates; 0: no limit
  std::uint64_t seed = 1;
};

/// Who the molecule is, before anything expensive happens.
struct LigandIdentity {
  std::optional<chem::Molecule> parent;  ///< standardised and neutral; properties are computed on it
  std::optional<chem::Molecule> form;    ///< protonated: what is docked. Both are empty for PDBQT
  std::string smiles;                    ///< canonical SMILES of `form`; empty for PDBQT
  std::string inchikey;                  ///< of the parent
  /// Equal for records that give the same result: the SMILES, and the coordinates when the record brings
  /// them.
  std::uint64_t key_high = 0, key_low = 0;
};

/// Throws MoleculeError. Thread-safe.
LigandIdentity ligand_identity(const chem::Record& record, const LigandOptions& options);

struct PreparedLigand {
  std::optional<chem::Molecule> molecule;  ///< all hydrogens, with conformers; empty for PDBQT
  chem::FlexibleLigand flexible;
};

/// The expensive part. Throws MoleculeError. Thread-safe; equal input gives equal coordinates.
PreparedLigand prepared_ligand(const chem::Record& record, const LigandIdentity& identity,
                               const LigandOptions& options);

}  // namespace theriac::scoring
