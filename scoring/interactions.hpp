// What holds a pose in its site, residue by residue: hydrogen bonds, salt bridges, stacking and the rest.
//
// Criteria and thresholds are PLIP's: S. Salentin et al., Nucleic Acids Res. 43, W443 (2015), table S1;
// M. F. Adasme et al., Nucleic Acids Res. 49, W530 (2021). Distances in angstrom, angles in degrees. Two
// deviations: fluorine is no halogen-bond donor, and where the receptor has no hydrogens a hydrogen bond
// needs 3.5 angstrom or less between the heavy atoms. Water bridges are not reported.
#pragma once
#include <string>
#include <vector>

#include "chem/flexible_ligand.hpp"
#include "chem/ligand_features.hpp"
#include "chem/receptor.hpp"
#include "scoring/receptor_features.hpp"

namespace theriac::scoring {

enum class InteractionKind {
  metal,          ///< N, O or S of the ligand within 3.0 of a metal
  salt_bridge,    ///< centres of opposite charge within 5.5
  hydrogen_bond,  ///< donor to acceptor within 4.1, angle at the hydrogen at least 100
  halogen_bond,   ///< Cl, Br, I to acceptor within 4.0, angles 165 and 120 within 30
  pi_stack_face,  ///< ring centres within 5.5, planes parallel within 30, offset at most 2.0
  pi_stack_edge,  ///< the same, planes perpendicular within 30
  pi_cation,      ///< charge above a ring centre within 6.0, offset at most 2.0
  hydrophobic,    ///< carbons without polar neighbours within 4.0
};

/// "hbond", "salt-bridge", "pi-stack" ...; one word, as it appears in tables.
std::string interaction_name(InteractionKind kind);

struct Interaction {
  InteractionKind kind = InteractionKind::hydrophobic;
  std::string residue_name;  ///< "MET"
  chem::ResidueId residue;
  std::string receptor_atom;           ///< name of the atom, or of the group's first atom
  std::vector<int> ligand_atoms;       ///< the atom or group of the ligand
  double distance = 0;                 ///< between the heavy atoms or the centres
  bool ligand_gives_hydrogen = false;  ///< hydrogen bonds: the ligand is the donor
};

/// "Met318 hbond 2.9"
std::string text(const Interaction& interaction);
/// All of them on one line: "Met318 hbond 2.9; Asp381 salt-bridge 3.4".
std::string text(const std::vector<Interaction>& interactions);

/// Contacts of a pose, sorted by kind (as in the enum), then chain and residue, then distance. `coordinates`
/// has one position per ligand atom.
std::vector<Interaction> interactions(const chem::Receptor& receptor, const ReceptorFeatures& site,
                                      const chem::FlexibleLigand& ligand,
                                      const chem::LigandFeatures& features,
                                      const std::vector<chem::Vector3>& coordinates);
/// The same, perceiving both sides first; for a single pose.
std::vector<Interaction> interactions(const chem::Receptor& receptor, const chem::FlexibleLigand& ligand,
                                      const std::vector<chem::Vector3>& coordinates);

}  // namespace theriac::scoring
