// Receptors in PDBQT, taken as they are, and prepared receptors written out as PDBQT and PDB.
//
// PDBQT is PDB with a partial charge (columns 71-76) and an AutoDock type (78-79) on every atom; a receptor
// holds polar hydrogens only. Raw PDB and mmCIF files go through `receptor_preparation.hpp` instead.
#pragma once
#include <string>
#include <string_view>

#include "chem/receptor.hpp"

namespace theriac::chem {

/// A rigid receptor, plain or gzip. Positions in angstrom, charges and types as in the file (types in their
/// usual spelling); of several models the first is taken. Throws InputError naming file and line: no atoms,
/// unreadable or infinite coordinates, a line cut short, an unknown type, a ligand or a flexible side chain.
Receptor read_pdbqt_receptor(const std::string& path);
/// The same from text in memory; `source` stands for the file in messages and names the receptor.
Receptor parse_pdbqt_receptor(std::string_view text, const std::string& source);

/// The rigid atoms as PDBQT, hydrogens on carbon left out as the format wants it.
std::string receptor_pdbqt(const Receptor& receptor);
/// All atoms as PDB, flexible side chains included, for viewers.
std::string receptor_pdb(const Receptor& receptor);

/// The texts above in a file. Throw StorageError.
void write_receptor_pdbqt(const Receptor& receptor, const std::string& path);
void write_receptor_pdb(const Receptor& receptor, const std::string& path);

}  // namespace theriac::chem
