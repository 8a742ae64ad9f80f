// What judges docked poses beside their energy: a learned score or a network. It never moves a pose.
#pragma once
#include <limits>
#include <string>
#include <vector>

#include "scoring/docking.hpp"
#include "scoring/prepared_ligand.hpp"

namespace theriac::scoring {

struct PoseJudgement {
  /// That the pose lies within 2 angstrom (symmetry-corrected heavy-atom RMSD) of the true one, 0 to 1.
  double probability = std::numeric_limits<double>::quiet_NaN();
  double affinity = std::numeric_limits<double>::quiet_NaN();  ///< pK, if the scorer estimates one, else NaN
  double spread = std::numeric_limits<double>::quiet_NaN();    ///< pK: standard deviation between networks
  std::string reasons;  ///< what moved the probability, in plain words; may be empty
  /// pK: by how much the affinity exceeds what is usual for ligands of that size; NaN if nobody says.
  double size_corrected = std::numeric_limits<double>::quiet_NaN();
};

/// Made for one receptor. Thread-safe. The poses of one ligand are judged together: equal ligands with equal
/// poses give equal judgements, whatever other ligands are judged.
class PoseScorer {
 public:
  virtual ~PoseScorer() = default;
  /// Method and version, as result files name it.
  virtual std::string name() const = 0;
  /// What is odd about the receptor for this scorer, to be shown once; in most cases nothing.
  virtual std::vector<std::string> warnings() const { return {}; }
  /// Element i judges pose i. Throws MoleculeError for a ligand that it cannot read.
  virtual std::vector<PoseJudgement> judge(const PreparedLigand& ligand,
                                           const std::vector<Pose>& poses) const = 0;
  /// The same, knowing what a network said of these poses, for scorers that weigh it in.
  virtual std::vector<PoseJudgement> judge_beside(const PreparedLigand& ligand,
                                                  const std::vector<Pose>& poses,
                                                  const std::vector<PoseJudgement>& network) const {
    (void)network;
    return judge(ligand, poses);
  }
};

/// Which poses come first.
enum class PoseOrder {
  energy,       ///< the docking score
  probability,  ///< of the learned scorer, then the energy
  cnn,          ///< the networks' probability of a good pose, then the energy
};

}  // namespace theriac::scoring
