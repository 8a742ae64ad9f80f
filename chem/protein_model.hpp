// The working model between a structure and a receptor: residues with their construction plans and links.
// Inside `chem` only; see `receptor_preparation.hpp`.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "chem/amino_acid.hpp"
#include "chem/receptor_preparation.hpp"
#include "chem/structure_file.hpp"
#include "chem/vector3.hpp"

namespace theriac::chem {

struct ModelAtom {
  std::string name;
  int element = 0;
  Vector3 position;
  std::string autodock_type;  ///< filled in for hetero groups early, for amino acids at the end
  bool rebuilt = false;       ///< not in the file: its place is a guess
};

struct ModelHydrogen {
  int heavy = 0;  ///< index of the heavy atom that carries it, in its residue
  std::string name;
  Vector3 position;
};

struct ModelResidue {
  ResidueId id;
  std::string name;                 ///< as docked: "MET" for a selenomethionine
  const AminoAcid* plan = nullptr;  ///< null for hetero groups, waters and unknown residues of a chain
  std::vector<ModelAtom> atoms;     ///< heavy atoms
  std::vector<ModelHydrogen> hydrogens;
  bool hetero = false;             ///< not part of a protein chain
  bool has_own_hydrogens = false;  ///< those of the file were kept
  int previous = -1, next = -1;    ///< residues joined by a peptide bond
  int disulfide = -1;              ///< the partner cysteine
  std::string state;               ///< protonation state: "HID", "ASH" ...; empty is the usual one
  std::string protonated_atom;     ///< the oxygen of a neutral acid that carries the hydrogen
  bool n_terminus = false;         ///< the chain begins here
  bool charged_n_terminus = false;

  int find(std::string_view atom_name) const;  ///< index or -1
  const ModelAtom* atom(std::string_view atom_name) const;
  std::string text() const { return id.text() + " " + name; }  ///< "A:94 HIS"
};

struct ProteinModel {
  std::vector<ModelResidue> residues;
};

/// Chooses chains, alternates and hetero groups; maps modified residues; links the chains. Tells the report.
ProteinModel build_model(const Structure& structure, const PreparationOptions& options,
                         PreparationReport& report);

/// Adds missing side-chain atoms and carbonyl oxygens in the rotamer that clashes least; tells the report.
/// With `fill` false it only reports.
void rebuild_missing_atoms(ProteinModel& model, bool fill, PreparationReport& report);

/// Hydrogens of every residue without own ones, after the protonation states are known.
void add_hydrogens(ProteinModel& model);

/// Bonded hydrogens that the atom should have, from plan and state.
int hydrogen_count(const ModelResidue& residue, const AminoAcidAtom& atom);

/// Hydrogens and AutoDock types for a cofactor or another group without a plan, by Open Babel. Metals that
/// the group binds hold their ligands' lone pairs: no hydrogen is put on an atom within 2.8 angstrom of one.
void complete_hetero_group(ModelResidue& residue, const std::vector<Vector3>& metals, double ph);

}  // namespace theriac::chem
