// What docking found out about one candidate, and its bytes in journals.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "datasets/byte_stream.hpp"
#include "generative/campaign_row.hpp"

namespace theriac::generative {

struct DockedCandidate {
  int round = 0, index = 0;
  std::vector<double> affinities;  ///< one per target; empty when `message` says why
  std::string message;
  std::string inchikey;
  int hydrogen_bonds = 0;               ///< of the best pose in the main target, as the next three
  std::string contacts;                 ///< residues, polar contacts first, blanks between
  std::string failed_checks;            ///< of check_pose, blanks between; empty for a sound pose
  std::string pose;                     ///< SDF record, gzip
  double pose_probability = not_known;  ///< where a scorer judged
};

/// (round, index) of a candidate.
using CandidateId = std::pair<int, int>;

/// Under which its docking in the loop is found.
inline CandidateId docking_id(const CampaignRow& row) {
  return row.docked_before.value_or(CandidateId{row.round, row.index});
}

/// A list of numbers, its length first.
void put_reals(datasets::ByteWriter& out, const std::vector<double>& values);
/// The reading ones throw StorageError.
std::vector<double> get_reals(datasets::ByteReader& in);
/// A length that was written as an integer.
std::size_t get_count(datasets::ByteReader& in);

/// Candidates, their number first.
void put_docked(datasets::ByteWriter& out, const std::vector<DockedCandidate>& docked);
std::vector<DockedCandidate> get_docked(datasets::ByteReader& in);

}  // namespace theriac::generative
