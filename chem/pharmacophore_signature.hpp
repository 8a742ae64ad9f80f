// The 2D pharmacophore signature of Gobbi and Poppinger: which pairs and triples of functional features a
// molecule has, at which distances through its bonds.
//
// A. Gobbi, D. Poppinger, Biotechnol. Bioeng. 61, 47 (1998). Eight families of features (acid, aromatic and
// aliphatic attachment, base, acceptor, donor, lipophilic chain, unusual atom), each feature one atom;
// distances of 2, 3, 4, 5, 6, 7 and 8 to 99 bonds. A pair of families and its distance is one bit, a triple
// and its three distances another; distances that no triangle can have are left out. Bit numbers equal those
// of RDKit's Pharm2D with Gobbi_Pharm2D.factory.
#pragma once
#include <vector>

#include "chem/fingerprint.hpp"
#include "chem/substructure.hpp"

namespace theriac::chem {

constexpr int pharmacophore_bit_count = 39972;

/// Features nearer than two bonds, or in different fragments, set no bit. The fingerprint is padded to 40,000
/// bits; the last 28 are never set.
Fingerprint pharmacophore_signature(const SubstructureTarget& target);

struct PharmacophoreFeature {
  int family = 0;  ///< position in `pharmacophore_families()`
  int atom = 0;
};

/// "acid", "aromatic attachment", ... in the order of the bits.
const std::vector<const char*>& pharmacophore_families();
/// By family, then by atom.
std::vector<PharmacophoreFeature> pharmacophore_features(const SubstructureTarget& target);

}  // namespace theriac::chem
