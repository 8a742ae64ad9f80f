// Circular environments of atoms (Morgan, ECFP), as RDKit numbers them but faster. Inside `chem`.
//
// D. Rogers, M. Hahn, J. Chem. Inf. Model. 50, 742 (2010). Round 0 hashes an atom's element, connectivity,
// hydrogens, charge, isotope and ring membership; each further round hashes the atom with its neighbours'
// numbers of the round before. An environment that covers the same bonds as one already counted is left out,
// and its atom takes no further part. Equal to RDKit's MorganFingerprints::getFingerprint.
#pragma once
#include <cstdint>
#include <vector>

namespace RDKit {
class ROMol;
}

namespace theriac::chem {

/// The number of every environment of radius 0 to `radius`, rising, once for each time it occurs.
std::vector<std::uint32_t> morgan_environments(const RDKit::ROMol& graph, int radius);

}  // namespace theriac::chem
