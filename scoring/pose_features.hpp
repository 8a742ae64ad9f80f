// What a docked pose looks like to a learned scorer: its energy by term, who touches whom at which distance,
// what is buried, and which polar atoms are left without a partner.
//
// Two parts. The environment of a ligand atom counts the receptor's atoms by kind and distance: hat functions
// on knots of the centre distance, so that a linear model of it is a piecewise linear pair potential. The
// descriptors are named quantities of the whole pose. Nothing depends on the frame, on the order of atoms or
// files, or on where in the box the pose lies: a box is often drawn round the answer. Lengths angstrom,
// energies kcal/mol.
#pragma once
#include <array>
#include <string>
#include <vector>

#include "chem/flexible_ligand.hpp"
#include "chem/receptor.hpp"
#include "scoring/contact_kind.hpp"
#include "scoring/docking.hpp"
#include "scoring/receptor_features.hpp"

namespace theriac::scoring {

/// Knots of the environment, angstrom; a pair beyond the last but one fades to zero at the last.
constexpr std::array<double, 9> contact_knots{{2.5, 3.0, 3.5, 4.0, 4.5, 5.0, 6.0, 7.0, 8.0}};
constexpr int contact_shells = static_cast<int>(contact_knots.size()) - 1;
/// After the shells of every kind: the best partner by distance, the same by distance and direction, the
/// share of like polar atoms too close, how deep it is buried (0 to 1 each), and its heavy neighbours / 4.
constexpr int environment_extras = 5;
constexpr int environment_size = contact_kind_count * contact_shells + environment_extras;

/// What one heavy atom of the ligand meets.
struct AtomEnvironment {
  ContactKind kind = ContactKind::none;          ///< its own
  std::array<float, environment_size> counts{};  ///< [kind][shell], then the extras
};

/// One name per descriptor, in their order.
const std::vector<std::string>& pose_descriptor_names();

struct PoseFeatures {
  std::vector<float> descriptors;  ///< as pose_descriptor_names()
  std::vector<AtomEnvironment> atoms;
};

/// The descriptor of that name, "torsions": rotatable bonds between heavy atoms.
double rotors(const PoseFeatures& pose);

/// Works out the receptor once and describes the poses of any ligand. Thread-safe.
class PoseFeaturizer {
 public:
  /// The receptor outlives this object.
  explicit PoseFeaturizer(const chem::Receptor& receptor);

  /// All poses of one ligand together: some descriptors compare a pose with the best of its pool. Throws
  /// MoleculeError for atoms without a docking type.
  std::vector<PoseFeatures> features(const chem::FlexibleLigand& ligand,
                                     const std::vector<Pose>& poses) const;

 private:
  struct Site {
    chem::Vector3 position;
    chem::Vector3 away;  ///< unit vector from the bonded atoms outwards; zero if they surround it
    AtomType type = AtomType::none;
    ContactKind kind = ContactKind::none;
  };
  class Description;
  void near(chem::Vector3 position, std::vector<int>& found) const;

  const chem::Receptor& receptor_;
  ReceptorFeatures site_;
  std::vector<Site> sites_;                     ///< heavy atoms
  std::vector<std::vector<Site>> side_chains_;  ///< of flexible residues: positions come with the pose
  chem::Vector3 low_;
  int cells_[3] = {0, 0, 0};
  std::vector<std::vector<int>> cell_sites_;
};

}  // namespace theriac::scoring
