// Small molecules inside a receptor file, picked by residue name: "STI", "STI:A" or "STI:A:201".
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "chem/molecule.hpp"
#include "chem/structure_file.hpp"

namespace theriac::chem {

/// A residue name, optionally with chain and number.
struct ResidueSelection {
  std::string residue_name;
  std::optional<std::string> chain;
  std::optional<int> number;
  char insertion_code = ' ';

  bool matches(const StructureAtom& atom) const;
  std::string text() const;
};

/// Throws UsageError unless the text is NAME, NAME:CHAIN or NAME:CHAIN:NUMBER.
ResidueSelection parse_residue_selection(const std::string& text);

struct CrystalLigand {
  std::string residue_name;
  ResidueId residue;
  std::vector<StructureAtom> atoms;  ///< one alternate location, the best occupied
  int copies = 1;  ///< residues of the structure that match the selection; this is the first

  std::string text() const { return residue_name + " " + residue.text(); }  ///< "STI A:201"
};

/// The first residue that matches. Throws InputError listing the small molecules that are there.
CrystalLigand find_crystal_ligand(const Structure& structure, const ResidueSelection& selection);

/// All residues of a structure that are neither protein, nucleic acid, water nor single atoms: "STI A:201".
std::vector<CrystalLigand> crystal_ligands(const Structure& structure);

/// The ligand as a molecule with bond orders perceived from its geometry (Open Babel), heavy atoms only, the
/// crystal coordinates kept. Throws MoleculeError when no sensible valences are found.
Molecule crystal_ligand_molecule(const CrystalLigand& ligand);

}  // namespace theriac::chem
