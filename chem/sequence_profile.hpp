// What stands at each position of a protein in its relatives: frequencies of the twenty residues.
//
// Relatives are weighted so that a crowded branch counts little (S. Henikoff, J. G. Henikoff, J. Mol. Biol.
// 243, 574 (1994)), and what few of them cannot show is filled in from BLOSUM62: the observed frequencies
// count as so many independent observations, the expected ones as `pseudocounts` (S. F. Altschul et al.,
// Nucleic Acids Res. 25, 3389 (1997), eq. 5). Gaps are no residues: a position that relatives lack leans on
// the matrix.
#pragma once
#include <array>
#include <cstddef>
#include <vector>

#include "chem/homologs.hpp"
#include "chem/local_alignment.hpp"
#include "chem/substitution_matrix.hpp"

namespace theriac::chem {

using ResidueFrequencies = std::array<double, residue_kinds>;

struct ProfileColumn {
  ResidueFrequencies observed{};  ///< weighted, of the rows that have a residue here
  ResidueFrequencies mixed{};     ///< with pseudocounts
  double occupied = 0;            ///< weighted share of relatives with a residue here
  double observations = 0;        ///< how many independent ones they count as
  double conservation = 0;        ///< nats: relative entropy of `mixed` to the background
};

/// How many independent observations the relatives at a position are.
enum class Observations {
  kinds,  ///< kinds of residues there, less one (PSI-BLAST): cautious, for searching
  rows,   ///< effective number of rows, 1 / sum of squared weights, times the share that has a residue there
};

struct ProfileOptions {
  Observations observations = Observations::rows;
  double pseudocounts = 5;
  double least_identity = 0;  ///< rows that differ more from the query are left out; the query is always one
};

struct SequenceProfile {
  std::vector<ProfileColumn> columns;  ///< one a position
  double effective_rows = 0;           ///< 1 / sum of squared weights, the query included
};

/// Throws UsageError when the query has no residues.
SequenceProfile profile_of(const Homologs& homologs, const ProfileOptions& options = {});

/// Half bits against the background, rounded: for a search with the profile.
PositionScores scores_of_profile(const SequenceProfile& profile, const std::string& query);

}  // namespace theriac::chem
