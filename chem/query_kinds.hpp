// What kinds of atoms and bonds a SMARTS query allows, read off RDKit's query trees. Inside `chem`.
//
// A kind of atom is (element, aromatic or not, in a ring or not): 56 of them. Its traits are formal charge,
// hydrogen count and number of neighbours. A form of bond is (order, in a ring or not): 10. All are bit sets,
// and a real atom or bond has one bit of each. What a query says and this reading does not understand allows
// all, so the sets are never too small.
#pragma once
#include <cstdint>
#include <vector>

namespace RDKit {
class Atom;
class Bond;
class ROMol;
}  // namespace RDKit

namespace theriac::chem {

constexpr int atom_kind_count = 56;
constexpr int bond_form_count = 10;
constexpr int bond_end_count = 9;  ///< atoms as ends of bonds: C, c, N, n, O, S, s, halogen, other

using AtomKinds = std::uint64_t;
using AtomTraits = std::uint32_t;  ///< one bit each for charge, hydrogens and neighbours of a real atom
using BondForms = unsigned;
using BondEnds = unsigned;

constexpr AtomKinds any_atom_kind = (AtomKinds{1} << atom_kind_count) - 1;
constexpr BondForms any_bond_form = (1u << bond_form_count) - 1;

/// What a real atom or bond is: the number of its bit.
int kind_of(const RDKit::Atom& atom);
AtomTraits traits_of(const RDKit::Atom& atom);
int form_of(const RDKit::Bond& bond);

/// What an atom or bond of a pattern allows.
AtomKinds allowed_kinds(const RDKit::Atom& atom);
AtomTraits allowed_traits(const RDKit::Atom& atom);
BondForms allowed_forms(const RDKit::Bond& bond);

BondEnds bond_ends(AtomKinds kinds);
int bond_end(int kind);

/// Patterns inside $(...) of which the atom must match at least one.
using Alternatives = std::vector<const RDKit::ROMol*>;

/// All such conditions on the atom: $(a) gives {{a}}, $(a),$(b) gives {{a, b}}, $(a);$(b) gives {{a}, {b}}.
std::vector<Alternatives> required_recursions(const RDKit::Atom& atom);

}  // namespace theriac::chem
