// What a campaign puts into its journal, and how it finds itself again after a kill.
//
// Four kinds of blocks, each told by its first byte:
//   reference   the redocked reference ligand
//   round       the candidates of one round with their cheap scores and what was selected for docking, and
//               what the proposer remarked when it gave them
//   docked      some docked candidates of one round, in any order
//   final       some members of the top list, docked again with more effort
#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "datasets/journal.hpp"
#include "generative/campaign_row.hpp"
#include "generative/docked_candidate.hpp"

namespace theriac::generative {

struct ReferenceResult {
  std::string name;
  double affinity = not_known;     ///< kcal/mol, best pose
  double rmsd = not_known;         ///< angstrom, best pose to the crystal
  double best_rmsd = not_known;    ///< angstrom, nearest of all poses
  std::vector<double> properties;  ///< cheap scores, as for candidates
  int heavy_atoms = 0;
  std::string message;  ///< why there is none
};

/// The candidates of one round as they came from the cheap tiers.
struct JournalRound {
  int number = 0;  ///< a round that has the number of an earlier one takes its place
  int stage = 0;
  std::vector<CampaignRow> rows;
  std::vector<std::string> remarks;  ///< of the proposer
};

class CampaignJournal {
 public:
  explicit CampaignJournal(datasets::Journal& journal) : journal_(journal) {}

  void append(const ReferenceResult& reference);
  void append(const JournalRound& round);
  void append(const std::vector<DockedCandidate>& docked, bool final_tier);

  /// Everything that is there, poses left on the disk.
  struct Contents {
    std::optional<ReferenceResult> reference;
    std::vector<JournalRound> rounds;
    std::map<CandidateId, DockedCandidate> docked, final_tier;
  };
  Contents read() const;
  /// The same of a journal that another process may be writing; `cut` when its last block is not whole, or
  /// damaged. Throws StorageError: not a journal.
  static Contents read(const std::string& path, bool& cut);

  /// Poses of some candidates, those of the final tier where there are any: SDF records.
  std::map<CandidateId, std::string> poses(const std::vector<CandidateId>& wanted) const;

 private:
  datasets::Journal& journal_;
};

}  // namespace theriac::generative
