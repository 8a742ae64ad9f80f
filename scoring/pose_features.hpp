// What a docked pose looks like to a learned scorer: its energy by term, who touches whom at which distance,
// what is buried, and which polar atoms are left without a partner.
//
// Two parts: environments of the ligand's atoms (atom_environment.hpp) and named quantities of the whole pose
// (pose_descriptor.hpp). Nothing depends on the frame, on the order of atoms or files, or on where in the box
// the pose lies: a box is often drawn round the answer. Lengths angstrom, energies kcal/mol.
#pragma once
#include <string>
#include <vector>

#include "chem/flexible_ligand.hpp"
#include "chem/receptor.hpp"
#include "scoring/atom_environment.hpp"
#include "scoring/contact_site.hpp"
#include "scoring/docking.hpp"
#include "scoring/pose_descriptor.hpp"
#include "scoring/receptor_features.hpp"

namespace theriac::scoring {

/// What a partner adds to one column of the features.
struct PoseShare {
  int column;   ///< a descriptor; from pose_descriptor_count on: kind x environment_size + place in an
                ///< environment
  int partner;  ///< of PoseFeaturizer::partners()
  float amount;
};

struct PoseFeatures {
  std::vector<float> descriptors;  ///< as pose_descriptor_names()
  std::vector<AtomEnvironment> atoms;
  std::vector<PoseShare> shares;  ///< only where asked for; of contacts alone

  float& operator[](PoseDescriptor d) { return descriptors[static_cast<std::size_t>(d)]; }
  float operator[](PoseDescriptor d) const { return descriptors[static_cast<std::size_t>(d)]; }
};

/// Torsions whose strain is known: between two tetrahedral or two flat atoms. Fewer than the rotatable bonds.
double rotors(const PoseFeatures& pose);

/// A score that is a sum over the pose: `table` holds contact_kind_count x environment_size weights,
/// `descriptors` one per descriptor.
double weighted_sum(const PoseFeatures& pose, const std::vector<double>& table,
                    const std::vector<double>& descriptors);

/// Works out the receptor once and describes the poses of any ligand. Thread-safe.
class PoseFeaturizer {
 public:
  explicit PoseFeaturizer(const chem::Receptor& receptor);

  /// All poses of one ligand together: some descriptors compare a pose with the best of its pool. Throws
  /// MoleculeError for atoms without a docking type.
  std::vector<PoseFeatures> features(const chem::FlexibleLigand& ligand,
                                     const std::vector<Pose>& poses) const;
  /// The same, with the shares of the partners.
  std::vector<PoseFeatures> features_with_shares(const chem::FlexibleLigand& ligand,
                                                 const std::vector<Pose>& poses) const;

  /// Who can have a share: the receptor's residues, "Gly216" or "A:Gly216" where there are several chains,
  /// and the polar groups of a ligand, "NH".
  const std::vector<std::string>& partners() const { return partners_; }

 private:
  std::vector<PoseFeatures> described(const chem::FlexibleLigand& ligand, const std::vector<Pose>& poses,
                                      bool shares) const;

  ReceptorFeatures site_;
  ContactSites sites_;
  std::vector<std::string> partners_;
};

}  // namespace theriac::scoring
