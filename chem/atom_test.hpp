// What a SMARTS atom or bond asks, read off RDKit's query trees into trees of our own. Inside `chem`.
//
// Only queries that are understood completely are read: element, aromaticity, isotope, charge, hydrogens,
// degree, connectivity, valence, rings and $(...), combined by "and", "or" and "not".
#pragma once
#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "chem/search_graph.hpp"

namespace RDKit {
class Atom;
class Bond;
class ROMol;
}  // namespace RDKit

namespace theriac::chem {

/// What the traits of an atom say of a test before its surroundings are looked at.
enum class Verdict : std::uint8_t {
  no,
  maybe,  ///< a pattern inside $(...) decides
  yes,
};

struct AtomTest {
  enum class Kind : std::uint8_t { anything, trait, at_least, recursion, all_of, any_of };

  Kind kind = Kind::anything;
  bool negated = false;
  int (*trait)(const AtomTraits&) = nullptr;  ///< Kind::trait and at_least: which number ...
  std::string trait_name;                     ///< ... and how RDKit calls it
  int value = 0;                ///< ... that it must (at least) be; recursion: number of the pattern
  std::vector<AtomTest> parts;  ///< of all_of and any_of

  /// `recursion(n)`: what is known of pattern n at this atom.
  template <typename Recursion>
  Verdict verdict(const AtomTraits& traits, const Recursion& recursion) const {
    Verdict v = Verdict::yes;
    if (kind == Kind::trait) v = trait(traits) == value ? Verdict::yes : Verdict::no;
    if (kind == Kind::at_least) v = trait(traits) >= value ? Verdict::yes : Verdict::no;
    if (kind == Kind::recursion) v = recursion(value);
    if (kind == Kind::any_of) v = Verdict::no;
    for (const AtomTest& part : parts) {
      const Verdict p = part.verdict(traits, recursion);
      v = kind == Kind::all_of ? std::min(v, p) : std::max(v, p);
      if (v == (kind == Kind::all_of ? Verdict::no : Verdict::yes)) break;
    }
    return !negated ? v : v == Verdict::maybe ? v : v == Verdict::yes ? Verdict::no : Verdict::yes;
  }

  /// Equal texts, equal tests.
  std::string text() const;
};

/// The test of a pattern's atom; empty when it asks for something else. `recursion` gives each pattern inside
/// $(...) a number, or nothing when it is not understood.
std::optional<AtomTest> atom_test(const RDKit::Atom& atom,
                                  const std::function<std::optional<int>(const RDKit::ROMol&)>& recursion);

/// The test, and so many bonds in all and in rings: what an atom needs that has them in the pattern.
AtomTest with_bonds(AtomTest test, int bonds, int ring_bonds);

/// One bit for each BondForm.
using BondForms = std::uint8_t;
constexpr BondForms ring_forms = 0xAA;

/// The forms that a pattern's bond allows; empty when it asks for something else.
std::optional<BondForms> bond_forms(const RDKit::Bond& bond);

}  // namespace theriac::chem
