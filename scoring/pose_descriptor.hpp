// The named quantities of a whole pose that a learned scorer weighs, in the order of its files.
//
// Energies in kcal/mol, lengths in angstrom; the others are counts, with contacts that fade out over distance
// (pose_description.cpp). Names are part of the files of pools and scorers: new ones go to the end.
#pragma once
#include <cstddef>
#include <string>
#include <vector>

namespace theriac::scoring {

enum class PoseDescriptor {
  // receptor and ligand by Vina's terms; the sum and the ligand's own as docking gave them
  gauss1,
  gauss2,
  repulsion,
  hydrophobic,
  hydrogen_bond,
  inter,
  intra,
  // the same by Vinardo
  vinardo_gauss,
  vinardo_repulsion,
  vinardo_hydrophobic,
  vinardo_hydrogen_bond,
  vinardo,
  // how far above the best pose of the ligand; scaled: divided by docking's measure of flexibility
  energy_gap,
  vinardo_gap,
  scaled_gap,
  scaled_vinardo_gap,
  intra_gap,
  // burial
  near_atoms,    ///< receptor atoms within 4 angstrom, per ligand atom
  around_atoms,  ///< within 6
  buried,        ///< ligand atoms
  exposed,
  exposed_greasy,
  buried_greasy,
  least_burial,  ///< of any ligand atom
  // polar contacts
  hydrogen_bonds,  ///< by distance
  directed_bonds,  ///< by distance and direction
  salt_bridges,
  charged_bonds,           ///< of a charge with a neutral partner
  lonely_polar,            ///< buried polar ligand atoms without a partner
  lonely_charge,           ///< buried charges of the ligand without a bridge
  lonely_receptor,         ///< polar receptor atoms covered without a partner
  lonely_receptor_charge,  ///< those that are charged
  like_polar,              ///< donor by donor, acceptor by acceptor
  like_charge,
  greasy_polar,
  metal_bonds,
  metal_anion,
  metal_missed,  ///< metals close by that nothing coordinates
  // rings
  stacked,
  edged,
  cation_pi,
  // shape
  clashes,
  strain_sp3,
  strain_sp2,
  radius,  ///< of gyration
  receptor_atoms,
  heavy_atoms,
  torsions  ///< between two tetrahedral or two flat heavy atoms
};
constexpr std::size_t pose_descriptor_count = static_cast<std::size_t>(PoseDescriptor::torsions) + 1;

/// Parts of a learned score, which weighs each of them on its own: the pair table, then the descriptors by
/// the sections above.
enum class PosePart { contacts, energy, burial, polar, rings, shape };
constexpr std::size_t pose_part_count = static_cast<std::size_t>(PosePart::shape) + 1;
constexpr PosePart part_of(PoseDescriptor d) {
  if (d <= PoseDescriptor::intra_gap) return PosePart::energy;
  if (d <= PoseDescriptor::least_burial) return PosePart::burial;
  if (d <= PoseDescriptor::metal_missed) return PosePart::polar;
  return d <= PoseDescriptor::cation_pi ? PosePart::rings : PosePart::shape;
}

/// One name per descriptor, in their order.
const std::vector<std::string>& pose_descriptor_names();

}  // namespace theriac::scoring
