#include "chem/atom_test.hpp"

#include <GraphMol/QueryOps.h>
#include <GraphMol/ROMol.h>
#include <fmt/format.h>

#include <algorithm>
#include <typeinfo>

namespace theriac::chem {
namespace {

using AtomQuery = RDKit::Atom::QUERYATOM_QUERY;
using BondQuery = RDKit::Bond::QUERYBOND_QUERY;
using Recursion = std::function<std::optional<int>(const RDKit::ROMol&)>;

/// A number of an atom as RDKit's queries call it.
struct NamedTrait {
  const char* name;
  int (*value)(const AtomTraits&);
};

constexpr NamedTrait named_traits[] = {
    {"AtomAtomicNum", [](const AtomTraits& a) { return a.element; }},
    {"AtomType", [](const AtomTraits& a) { return a.element + 1000 * a.aromatic; }},
    {"AtomIsotope", [](const AtomTraits& a) { return a.isotope; }},
    {"AtomFormalCharge", [](const AtomTraits& a) { return a.charge; }},
    {"AtomNegativeFormalCharge", [](const AtomTraits& a) { return -a.charge; }},
    {"AtomHCount", [](const AtomTraits& a) { return a.hydrogens; }},
    {"AtomExplicitDegree", [](const AtomTraits& a) { return a.degree; }},
    {"AtomTotalDegree", [](const AtomTraits& a) { return a.total_degree; }},
    {"AtomTotalValence", [](const AtomTraits& a) { return a.valence; }},
    {"AtomInNRings", [](const AtomTraits& a) { return a.rings; }},
    {"AtomInRing", [](const AtomTraits& a) { return static_cast<int>(a.rings > 0); }},
    {"AtomMinRingSize", [](const AtomTraits& a) { return a.smallest_ring; }},
    {"AtomRingBondCount", [](const AtomTraits& a) { return a.ring_bonds; }},
    {"AtomIsAromatic", [](const AtomTraits& a) { return static_cast<int>(a.aromatic); }},
    {"AtomIsAliphatic", [](const AtomTraits& a) { return static_cast<int>(!a.aromatic); }},
};

template <typename Equality, typename Query>
const Equality* plain_equality(const Query& query) {
  if (typeid(query) != typeid(Equality)) return nullptr;  // "greater than" and its kin derive from it
  const auto& equality = static_cast<const Equality&>(query);
  return equality.getTol() == 0 ? &equality : nullptr;
}

std::optional<AtomTest> read(const AtomQuery& query, const Recursion& recursion);

std::optional<AtomTest> read_parts(const AtomQuery& query, AtomTest test, const Recursion& recursion) {
  for (auto child = query.beginChildren(); child != query.endChildren(); ++child) {
    auto part = read(**child, recursion);
    if (!part) return std::nullopt;
    test.parts.push_back(std::move(*part));
  }
  return test;
}

std::optional<AtomTest> read_trait(const AtomQuery& query, AtomTest test) {
  const auto* named = std::find_if(std::begin(named_traits), std::end(named_traits),
                                   [&](const auto& t) { return query.getDescription() == t.name; });
  if (named == std::end(named_traits)) return std::nullopt;
  test.kind = AtomTest::Kind::trait;
  test.trait = named->value;
  test.trait_name = named->name;
  if (typeid(query) == typeid(RDKit::AtomRingQuery)) {
    test.value = static_cast<const RDKit::AtomRingQuery&>(query).getVal();
    if (test.value >= 0) return test;
    test.negated = !test.negated;  // "in any number of rings": not in none
    test.value = 0;
    return test;
  }
  const auto* equality = plain_equality<RDKit::ATOM_EQUALS_QUERY>(query);
  if (!equality) return std::nullopt;
  test.value = equality->getVal();
  return test;
}

std::optional<AtomTest> read(const AtomQuery& query, const Recursion& recursion) {
  AtomTest test;
  test.negated = query.getNegation();
  const std::string& name = query.getDescription();
  if (name == "AtomNull") return test;
  if (name == "AtomAnd" || name == "AtomOr") {
    test.kind = name == "AtomAnd" ? AtomTest::Kind::all_of : AtomTest::Kind::any_of;
    return read_parts(query, std::move(test), recursion);
  }
  if (const auto* recursive = dynamic_cast<const RDKit::RecursiveStructureQuery*>(&query)) {
    const auto number = recursion(*recursive->getQueryMol());
    if (!number) return std::nullopt;
    test.kind = AtomTest::Kind::recursion;
    test.value = *number;
    return test;
  }
  return read_trait(query, std::move(test));
}

constexpr BondForms every_form = 0xFF;

BondForms forms_of_order(int order) {
  switch (order) {
    case RDKit::Bond::SINGLE:
      return 0x03;
    case RDKit::Bond::DOUBLE:
      return 0x0C;
    case RDKit::Bond::TRIPLE:
      return 0x30;
    case RDKit::Bond::AROMATIC:
      return 0xC0;
    default:
      return 0;  // no bond of a SearchGraph is of that order
  }
}

std::optional<BondForms> read_forms(const BondQuery& query) {
  const std::string& name = query.getDescription();
  const auto* equality = plain_equality<RDKit::BOND_EQUALS_QUERY>(query);
  const int value = equality ? equality->getVal() : 1;
  BondForms forms = every_form;
  if (name == "BondAnd" || name == "BondOr") {
    if (name == "BondOr") forms = 0;
    for (auto child = query.beginChildren(); child != query.endChildren(); ++child) {
      const auto part = read_forms(**child);
      if (!part) return std::nullopt;
      forms = name == "BondOr" ? forms | *part : forms & *part;
    }
  } else if (name == "BondOrder" && equality) {
    forms = forms_of_order(value);
  } else if (name == "SingleOrAromaticBond" && value == 1) {
    forms = forms_of_order(RDKit::Bond::SINGLE) | forms_of_order(RDKit::Bond::AROMATIC);
  } else if (name == "BondInRing" && (value == 0 || value == 1)) {
    forms = value == 1 ? ring_forms : static_cast<BondForms>(~ring_forms);
  } else if (name != "BondNull") {
    return std::nullopt;
  }
  return query.getNegation() ? static_cast<BondForms>(~forms) : forms;
}

}  // namespace

std::string AtomTest::text() const {
  std::string out = negated ? "!" : "";
  switch (kind) {
    case Kind::anything:
      return out + "*";
    case Kind::trait:
      return out + fmt::format("{}={}", trait_name, value);
    case Kind::at_least:
      return out + fmt::format("{}>={}", trait_name, value);
    case Kind::recursion:
      return out + fmt::format("$({})", value);
    default:
      break;
  }
  out += '(';
  for (const AtomTest& part : parts) out += part.text() + (kind == Kind::all_of ? ";" : ",");
  return out + ')';
}

std::optional<AtomTest> atom_test(const RDKit::Atom& atom, const Recursion& recursion) {
  if (!atom.hasQuery()) return std::nullopt;
  return read(*atom.getQuery(), recursion);
}

AtomTest with_bonds(AtomTest test, int bonds, int ring_bonds) {
  AtomTest out;
  out.kind = AtomTest::Kind::all_of;
  out.parts.push_back(std::move(test));
  const auto at_least = [&out](const char* name, int (*trait)(const AtomTraits&), int value) {
    if (value == 0) return;
    AtomTest part;
    part.kind = AtomTest::Kind::at_least;
    part.trait = trait;
    part.trait_name = name;
    part.value = value;
    out.parts.push_back(std::move(part));
  };
  at_least(
      "bonds", [](const AtomTraits& a) { return a.degree; }, bonds);
  at_least(
      "ring bonds", [](const AtomTraits& a) { return a.ring_bonds; }, ring_bonds);
  return out;
}

std::optional<BondForms> bond_forms(const RDKit::Bond& bond) {
  if (!bond.hasQuery()) return std::nullopt;
  return read_forms(*bond.getQuery());
}

}  // namespace theriac::chem
