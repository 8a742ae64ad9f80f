// A quick "certainly not" before a substructure search. Inside `chem`.
//
// Necessary conditions, cheapest first. For every bond of the pattern the molecule has a bond of an allowed
// kind (450 kinds: ends, order, ring). For every set of atom kinds it has as many atoms as the pattern
// confines to that set. For every atom of the pattern it has an atom that fits, with at least as many
// neighbours, and among them the bonds and neighbours that the pattern asks for. Patterns inside $(...) are
// screened the same way. A match is never rejected.
#pragma once
#include <array>
#include <bitset>
#include <vector>

#include "chem/query_kinds.hpp"

namespace theriac::chem {

constexpr int bond_kind_count = bond_end_count * (bond_end_count + 1) / 2 * bond_form_count;
using BondKinds = std::bitset<bond_kind_count>;
/// Bonds as seen from one atom: form of the bond and kind of its other end.
using Spokes = std::bitset<bond_end_count * bond_form_count>;

/// What a molecule has.
struct MoleculeContent {
  struct Atom {
    AtomKinds kind;  ///< one bit
    AtomTraits traits;
    int neighbours;  ///< stored atoms, so without implicit hydrogens
    Spokes spokes;
  };
  std::vector<Atom> atoms;
  std::array<int, atom_kind_count> kinds{};  ///< how many atoms of each kind
  AtomKinds present = 0;
  BondKinds bonds;
};

/// What a pattern needs.
struct PatternNeeds {
  struct Kinds {
    AtomKinds kinds;
    int at_least;
  };
  struct Atom {
    AtomKinds kinds;
    AtomTraits traits;
    int neighbours;
    std::vector<Spokes> spokes;  ///< one bond in each of these sets
    int at_least;                ///< atoms of the pattern that need just this
  };
  std::vector<BondKinds> bonds;
  std::vector<Kinds> kinds;
  std::vector<Atom> atoms;
  /// For every list, the needs of at least one member: from $(...) and alternatives of them.
  std::vector<std::vector<PatternNeeds>> one_of;
};

MoleculeContent molecule_content(const RDKit::ROMol& graph);
PatternNeeds pattern_needs(const RDKit::ROMol& query);

/// False only when the pattern cannot match.
bool may_match(const MoleculeContent& content, const PatternNeeds& needs);

}  // namespace theriac::chem
