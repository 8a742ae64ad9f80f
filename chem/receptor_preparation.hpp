// From a deposited structure to a receptor that can be docked into, with a report of every choice made.
//
// In order: the chains wanted; one alternate location per residue; waters, ligands and ions taken out, metals
// and cofactors kept; missing side-chain atoms rebuilt; histidines, acids, cysteines and termini given a
// protonation state at the pH; all hydrogens placed, those that can turn towards hydrogen-bond partners;
// AutoDock types. Partial charges are zero: the Vina and Vinardo functions use none.
//
// Not done: missing loops are reported, not built; Asn, Gln and His side chains are not flipped; pKa values
// are those of the free amino acids but for the cases named in `protonation_state.hpp`.
#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "chem/box.hpp"
#include "chem/crystal_ligand.hpp"
#include "chem/receptor.hpp"
#include "chem/structure_file.hpp"

namespace theriac::chem {

enum class WaterRule {
  none,       ///< all waters go
  all,        ///< all stay
  near_site,  ///< those within `water_distance` of the site stay
  listed,     ///< those of `listed_waters` stay, for example ordered ones (`ordered_water.hpp`)
};

struct PreparationOptions {
  std::vector<std::string> chains;                   ///< empty: all protein chains
  std::optional<std::vector<std::string>> keep_het;  ///< residue names that stay; unset: metals and cofactors
  std::vector<ResidueSelection> take_out;            ///< ligands of interest: removed whatever their name
  WaterRule waters = WaterRule::none;
  double water_distance = 5.0;           ///< angstrom
  std::vector<ResidueId> listed_waters;  ///< that stay
  char alternate = ' ';                  ///< alternate location to prefer; ' ': the best occupied
  double ph = 7.4;
  /// Protonation states by residue, e.g. {A:41, "HIE"}. Names: HID HIE HIP ASP ASH GLU GLH LYS LYN CYS CYM.
  std::vector<std::pair<ResidueId, std::string>> states;
  bool fill_side_chains = true;  ///< rebuild missing side-chain atoms
  bool keep_hydrogens = false;   ///< residues that come with hydrogens keep just those
  /// Where docking will look. When given, metals and cofactors stay only within 5 angstrom of it.
  std::optional<Box> site;
};

/// Every choice made, in field words, one line each.
struct PreparationReport {
  std::string source;    ///< file name
  bool prepared = true;  ///< false for a PDBQT, which is taken as it is
  int models = 1;        ///< models in the file; the first is used
  std::vector<std::string> chains_in_file, chains_used;
  int identical_copies = 1;  ///< protein chains with the sequence of the first one used
  int residues = 0, heavy_atoms = 0, hydrogens_added = 0, hydrogens_dropped = 0;
  double ph = 7.4;
  std::vector<std::pair<std::string, int>> removed;  ///< residue name and count: {"HOH", 214}
  std::vector<std::string> kept;                     ///< "ZN A:301, metal"
  std::vector<std::string> alternates;               ///< "A:57 SER: B (0.60) of A, B"
  std::vector<std::string> insertion_codes;          ///< "L:100A"
  std::vector<std::string> mapped;                   ///< "A:1 MSE taken as MET"
  std::vector<std::string> missing_atoms;            ///< "A:45 LYS: CG CD CE NZ, rebuilt"
  std::vector<std::string> chain_gaps;               ///< "A:45 to A:52, 6 residues missing"
  std::vector<std::string> histidines;               ///< "A:94 HID: ..."
  std::vector<std::string> protonation;              ///< other residues in an unusual state, with the reason
  std::vector<std::string> disulfides;               ///< "A:22 - A:96"
  std::vector<std::string> termini;                  ///< "A:1 NH3+"
  std::vector<std::string> waters;                   ///< in the box, kept or left out, with the reason
  std::vector<std::string> warnings;

  /// Two or three lines for the terminal.
  std::vector<std::string> summary() const;
  /// The whole report as text, lists without entries left out.
  std::string text() const;
};

struct PreparedReceptor {
  Receptor receptor;
  PreparationReport report;
};

/// Throws InputError: no protein, CA atoms only, a chain or a residue of the options that is not there;
/// UsageError: an unknown protonation state.
PreparedReceptor prepare_receptor(const Structure& structure, const PreparationOptions& options = {});

/// A file of any kind: PDB and mmCIF are prepared, PDBQT is taken as it is. Throws as the readers and the
/// above.
PreparedReceptor read_receptor(const std::string& path, const PreparationOptions& options = {});

/// "A:41=HIE,A:163=HIP" as the `states` of the options. Throws UsageError.
std::vector<std::pair<ResidueId, std::string>> parse_residue_states(const std::string& text);

}  // namespace theriac::chem
