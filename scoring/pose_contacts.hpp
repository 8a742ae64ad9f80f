// The contacts of a pose as they stand in a row: kind, residue as chemists write it, distance.
//
// What counts as a contact is in interactions.hpp. A `ContactFinder` works the receptor's features out once
// and serves all poses of all ligands.
#pragma once
#include <string>
#include <vector>

#include "chem/flexible_ligand.hpp"
#include "chem/ligand_features.hpp"
#include "chem/receptor.hpp"
#include "scoring/docking.hpp"
#include "scoring/interactions.hpp"
#include "scoring/receptor_features.hpp"

namespace theriac::scoring {

/// One contact between a pose and a residue.
struct PoseContact {
  std::string type;      ///< "hbond", "salt-bridge" ...: see interactions.hpp
  std::string residue;   ///< "Met318"; "A:Met318" when the receptor has several chains
  int ligand_atom = -1;  ///< first atom of the ligand's part, index in the pose's atoms
  double distance = 0;   ///< angstrom
};

int contact_count(const std::vector<PoseContact>& contacts, const std::string& type);

/// Residues of the contacts, each once, in their order, blanks between.
std::string contact_residues(const std::vector<PoseContact>& contacts);

/// The flexible side chains alone, where `positions` (per residue, per atom, angstrom) puts them.
chem::Receptor side_chains(const chem::Receptor& receptor,
                           const std::vector<std::vector<chem::Vector3>>& positions);

class ContactFinder {
 public:
  /// The receptor outlives this object.
  explicit ContactFinder(const chem::Receptor& receptor);

  /// Polar contacts first. `features` are the ligand's. Thread-safe.
  std::vector<PoseContact> contacts(const Pose& pose, const chem::FlexibleLigand& ligand,
                                    const chem::LigandFeatures& features) const;

 private:
  const chem::Receptor& receptor_;
  ReceptorFeatures site_;
  bool several_chains_ = false;
};

}  // namespace theriac::scoring
