// Is a pose physically sensible? Checks on what was written, independent of how it was found.
//
// The names and limits of the checks against the protein follow PoseBusters: M. Buttenschoen, G. M. Morris,
// C. M. Deane, Chem. Sci. 15, 3130 (2024). Geometry is compared with the ligand's own conformers, which
// docking must not bend: tighter than PoseBusters, which allows 25 % on every length.
#pragma once
#include <string>
#include <vector>

#include "chem/flexible_ligand.hpp"
#include "chem/receptor.hpp"

namespace theriac::scoring {

struct PoseCheckLimits {
  double bond_length = 0.02;       ///< deviation from the conformer, angstrom
  double bond_angle = 2.0;         ///< the same, degrees
  double planarity = 0.25;         ///< distance of an aromatic ring atom from the ring's plane, angstrom
  double internal_distance = 0.7;  ///< of the sum of van der Waals radii; atoms that move against each other
  double protein_distance = 0.75;  ///< the same, heavy atoms of ligand and receptor; metals: covalent radii
  double volume_overlap = 0.075;   ///< share of the ligand's volume (radii times 0.8) inside the receptor's
};

/// Failed checks by name, in this order: "coordinates" (not finite), "bond_lengths", "bond_angles",
/// "tetrahedral_chirality", "double_bond_stereo", "planar_rings", "internal_clash", "protein_clash",
/// "volume_overlap". The figures are the worst values met, for the closest of the ligand's conformers.
struct PoseReport {
  std::vector<std::string> failed;
  int conformer = 0;                 ///< the one whose geometry the pose has; 0 is `atoms[i].position`
  double bond_length_deviation = 0;  ///< angstrom
  double bond_angle_deviation = 0;   ///< degrees
  double ring_deviation = 0;         ///< angstrom
  double internal_distance = 0;      ///< smallest ratio to the sum of radii; 0 when there are no such pairs
  double protein_distance = 0;       ///< the same
  double volume_overlap = 0;         ///< share, 0 .. 1

  bool passed() const { return failed.empty(); }
};

/// `coordinates`: one position per ligand atom. `flexible_residues`: positions of the receptor's flexible
/// side chains in this pose, as in Pose; empty means as in the receptor. Throws MoleculeError when counts
/// differ.
PoseReport check_pose(const chem::Receptor& receptor, const chem::FlexibleLigand& ligand,
                      const std::vector<chem::Vector3>& coordinates,
                      const std::vector<std::vector<chem::Vector3>>& flexible_residues = {},
                      const PoseCheckLimits& limits = {});

/// Van der Waals radius by atomic number, angstrom: A. Bondi, J. Phys. Chem. 68, 441 (1964); hydrogen 1.10:
/// R. S. Rowland, R. Taylor, J. Phys. Chem. 100, 7384 (1996).
double van_der_waals_radius(int element);

}  // namespace theriac::scoring
