// The dear tier: a candidate gets its protonation state, 3D coordinates and a place in each receptor.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "chem/flexible_ligand.hpp"
#include "chem/molecule.hpp"
#include "generative/campaign.hpp"

namespace theriac::generative {

/// A molecule ready to be docked, or the reason why there is none.
struct PreparedLigand {
  std::vector<chem::Molecule> molecule;  ///< one, with hydrogens and conformers; empty with a message
  chem::FlexibleLigand ligand;
  std::string message;
};

/// Protonated at `ph`, embedded, cut into its torsion tree. Never throws for a molecule: the message says it.
PreparedLigand prepared_ligand(const std::string& smiles, double ph, std::uint64_t seed);

/// Docks into every target; the pose kept is the best one in the first. Never throws for a molecule.
DockedCandidate docked_candidate(const PreparedLigand& ligand, const std::vector<CampaignTarget>& targets,
                                 bool final_tier);

/// The reference ligand from a fresh conformer, its best pose measured against the crystal
/// (symmetry-corrected heavy-atom RMSD). Never throws for the molecule.
ReferenceResult redocked_reference(const CampaignReference& reference, const CampaignTarget& target,
                                   double ph, std::uint64_t seed);

}  // namespace theriac::generative
