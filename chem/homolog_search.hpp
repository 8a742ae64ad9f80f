// The relatives of a protein among many sequences, laid over it position by position.
//
// Every sequence is compared: first without gaps, all diagonals at once (the filter of S. R. Eddy, PLoS
// Comput. Biol. 7, e1002195 (2011), in plain scores), then what passes with gaps (local_alignment.hpp). E =
// K m n exp(-lambda S) with m the query and n the whole database; lambda and K of BLOSUM62: S. F. Altschul,
// W. Gish, Methods Enzymol. 266, 460 (1996), Table 1. A second round looks with the profile of what the first
// found, as PSI-BLAST does (S. F. Altschul et al., Nucleic Acids Res. 25, 3389 (1997)). Stretches of low
// complexity (J. C. Wootton, S. Federhen, Comput. Chem. 17, 149 (1993)) do not take part.
#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "chem/homologs.hpp"
#include "chem/sequence_database.hpp"

namespace theriac::chem {

struct HomologSearchOptions {
  int rounds = 2;               ///< 1: the sequence itself; each more looks with the profile found so far
  double e_value = 1e-3;        ///< of a relative
  double filter_chance = 0.02;  ///< share of unrelated sequences that pass the filter without gaps
  std::size_t at_most = 20000;  ///< relatives, best first
};

/// The query is the first row. Rows after it: best first, equal ones in the order of the database. Runs on
/// the threads of the caller's arena; the same rows for any number of threads. Throws UsageError when the
/// query has no residues or an option is out of range.
Homologs find_homologs(const SequenceDatabase& database, const std::string& query,
                       const HomologSearchOptions& options = {});

}  // namespace theriac::chem
