// How well numbers follow measured affinities: correlation, rank correlation, what is left of it when size is
// taken out of both, and errors; with 95 % bootstrap intervals over groups of related proteins.
#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "scoring/bootstrap.hpp"

namespace theriac::cli {

/// A ligand whose affinity is known.
struct MeasuredPose {
  double affinity;  ///< pK
  double heavy_atoms;
  std::string group;  ///< of related proteins
  int fold;
};

/// What one method says of each, higher for stronger.
struct RankedAffinity {
  std::string name;
  std::vector<double> values;
  bool in_pk;  ///< they can be compared with the measured ones as they are
};

struct AffinityAgreement {
  std::string name;
  std::size_t ligands = 0;
  scoring::Interval pearson, spearman;
  scoring::Interval beyond_size;  ///< Pearson's, of what a line in heavy atoms leaves of both
  scoring::Interval rmse;         ///< pK, by a line fitted on the other folds
  double plain_rmse = 0;          ///< pK, as they are; NaN unless in_pk
};

std::vector<AffinityAgreement> affinity_agreements(const std::vector<MeasuredPose>& cases,
                                                   const std::vector<RankedAffinity>& methods);

/// Pearson's; NaN where one has no spread.
double correlation(const std::vector<double>& a, const std::vector<double>& b);

std::string agreement_table(const std::vector<AffinityAgreement>& rows);  ///< Markdown
nlohmann::ordered_json json_of(const AffinityAgreement& row);

}  // namespace theriac::cli
