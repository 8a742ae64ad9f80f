// Validity, uniqueness and novelty as the GuacaMol benchmark counts them.
//
// They differ from those of MOSES: each is asked of a fixed number N of molecules, and the generator is asked
// again until it has given them; uniqueness and novelty look at molecules without stereochemistry.
// N. Brown, M. Fiscato, M. H. S. Segler, A. C. Vaucher, J. Chem. Inf. Model. 59, 1096 (2019).
#pragma once
#include <cstddef>
#include <string>
#include <unordered_set>
#include <vector>

#include "chem/record.hpp"

namespace theriac::generative {

/// A generator's output in its order: canonical SMILES with and without stereochemistry; empty where the
/// record gave no molecule.
struct GeneratedList {
  std::vector<std::string> smiles, flat;
};
/// Uses all threads.
GeneratedList generated_list(const std::vector<chem::RawRecord>& records);

struct GuacamolShare {
  double value = 0;            ///< over N
  std::int64_t records = 0;    ///< looked at: fewer than N are there when the list is too short
  std::int64_t molecules = 0;  ///< that count
};

/// Of the first N records, those that give a molecule.
GuacamolShare guacamol_validity(const GeneratedList& list, std::size_t n);
/// Of the first N that give a molecule, how many differ without stereochemistry.
GuacamolShare guacamol_uniqueness(const GeneratedList& list, std::size_t n);

/// The first N that differ with stereochemistry, of at most 2 N records, without stereochemistry, each once.
/// These are also what the KL score is taken of.
struct DistinctMolecules {
  std::vector<std::string> flat;
  std::int64_t records = 0;  ///< looked at
};
DistinctMolecules guacamol_distinct(const GeneratedList& list, std::size_t n);
/// Those of them that are not among `training` (without stereochemistry), over N.
GuacamolShare guacamol_novelty(const DistinctMolecules& molecules, std::size_t n,
                               const std::unordered_set<std::string>& training);

}  // namespace theriac::generative
