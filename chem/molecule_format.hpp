// The file formats that molecules are read from, and how one is recognised.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace theriac::chem {

enum class MoleculeFormat {
  smiles,  ///< one SMILES a line, then its name
  csv,     ///< a table with a SMILES column, comma or semicolon between cells
  tsv,     ///< the same with tabs
  sdf,     ///< MDL mol blocks with data tags, ended by $$$$
  mol,     ///< one MDL mol block
  mol2,    ///< Tripos
  pdb,     ///< one small molecule a model, bonds perceived from distances
  pdbqt    ///< AutoDock ligand, kept as it is
};

/// "smi", "csv", "tsv", "sdf", "mol", "mol2", "pdb", "pdbqt".
std::string format_name(MoleculeFormat format);
/// From a name or extension as users write it: "smi", ".SDF", "smiles". Throws UsageError with the nearest
/// name.
MoleculeFormat format_from_name(const std::string& name);
/// By the extension, before a final ".gz" if there is one; empty when it says nothing.
std::optional<MoleculeFormat> format_from_extension(const std::string& path);
/// By the first lines of the text; empty when none fits.
std::optional<MoleculeFormat> format_from_content(std::string_view start);

/// True for smiles, csv and tsv: the record's text is a SMILES.
bool is_smiles_text(MoleculeFormat format);
/// True when a column of this name holds SMILES: "smiles", "SMILES", "canonical_smiles", "structure" ...
bool is_smiles_column(std::string_view name);

/// "smi, csv, tsv, sdf, mol, mol2, pdb, pdbqt", for messages.
std::string known_formats();

}  // namespace theriac::chem
