// The kinds of atom that a generated molecule is made of: element, charge and valence.
//
// Valence counts bonds and hydrogens, so S, S(IV) and S(VI) are three types, and hydrogens are what the bonds
// leave over. Sulphur(VI) or N+ practically never keep a hydrogen in a corpus: such atoms must be bonded to
// the last valence. Charges mostly come as neighbours of opposite charge (nitro groups, N-oxides, azides): an
// atom of such a type must get its partner. A charge that stands alone, as in choline, is another type.
#pragma once
#include <cstdint>
#include <string>

namespace theriac::generative {

struct AtomType {
  int element = 6;              ///< atomic number
  int charge = 0;               ///< e
  int valence = 4;              ///< bond orders and hydrogens
  bool keeps_hydrogens = true;  ///< false: every valence must end in a bond to a heavy atom
  bool paired = false;          ///< charged, with a neighbour of opposite charge
  std::int64_t count = 0;       ///< atoms of this type in the corpus
};

/// "C", "S(VI)", "N+" (paired), "N+ alone".
std::string name(const AtomType& type);

inline bool same_kind(const AtomType& a, const AtomType& b) {
  return a.element == b.element && a.charge == b.charge && a.valence == b.valence && a.paired == b.paired;
}

/// Sanitising turns O=P=C into a pair of charges: phosphorus never gets a second double bond.
inline bool takes_one_double_bond(const AtomType& type) {
  return type.element == 15;
}

}  // namespace theriac::generative
