#include "chem/query_kinds.hpp"

#include <GraphMol/QueryOps.h>
#include <GraphMol/ROMol.h>

#include <algorithm>
#include <string>

namespace theriac::chem {
namespace {

using AtomQuery = RDKit::Atom::QUERYATOM_QUERY;
using BondQuery = RDKit::Bond::QUERYBOND_QUERY;

// ---- numbering -------------------------------------------------------------------------------------------

constexpr int elements[] = {1, 5, 6, 7, 8, 9, 14, 15, 16, 17, 34, 35, 53};  // and one place for all others
constexpr int element_places = 14;
static_assert(element_places * 4 == atom_kind_count, "aromatic or not, in a ring or not");

int element_place(int atomic_number) {
  for (int i = 0; i < element_places - 1; ++i)
    if (elements[i] == atomic_number) return i;
  return element_places - 1;
}

bool has_own_place(int atomic_number) {
  return element_place(atomic_number) < element_places - 1;
}

constexpr AtomKinds ring_atoms = any_atom_kind & 0xAAAAAAAAAAAAAAAAull;
constexpr AtomKinds aromatic_atoms = any_atom_kind & 0xCCCCCCCCCCCCCCCCull;
constexpr BondForms ring_bonds = any_bond_form & 0x2AAu;

AtomKinds kinds_of_element(int atomic_number) {
  return AtomKinds{15} << (4 * element_place(atomic_number));
}

/// A field of the traits: values 0 .. last, where `last` stands for all greater ones too.
struct TraitField {
  const char* query;  ///< how RDKit calls the query
  int shift, last;

  AtomTraits all() const { return ((AtomTraits{1} << (last + 1)) - 1) << shift; }
  AtomTraits bit(int value) const { return AtomTraits{1} << (shift + std::clamp(value, 0, last)); }
};
constexpr TraitField hydrogens{"AtomHCount", 0, 4};
constexpr TraitField neighbours{"AtomTotalDegree", 5, 6};
constexpr TraitField charge{"AtomFormalCharge", 12, 2};  // values: 0 negative, 1 none, 2 positive

int charge_place(int formal_charge) {
  return formal_charge < 0 ? 0 : formal_charge == 0 ? 1 : 2;
}

int order_place(RDKit::Bond::BondType type) {
  switch (type) {
    case RDKit::Bond::SINGLE:
      return 0;
    case RDKit::Bond::DOUBLE:
      return 1;
    case RDKit::Bond::TRIPLE:
      return 2;
    case RDKit::Bond::AROMATIC:
      return 3;
    default:
      return 4;
  }
}

BondForms forms_of_order(int type) {
  return 3u << (2 * order_place(static_cast<RDKit::Bond::BondType>(type)));
}

// ---- reading query trees ---------------------------------------------------------------------------------

/// A set that contains all a query allows; `exact` when it contains nothing else.
template <typename Set>
struct Allowed {
  Set set;
  bool exact;
};

template <typename Query, typename Set, typename Leaf>
Allowed<Set> allowed_by(const Query& query, Set everything, const std::string& prefix, const Leaf& leaf) {
  const std::string& name = query.getDescription();
  const bool conjunction = name == prefix + "And", disjunction = name == prefix + "Or";
  Allowed<Set> out{everything, true};
  if (conjunction || disjunction) {
    if (disjunction) out.set = 0;
    for (auto child = query.beginChildren(); child != query.endChildren(); ++child) {
      const auto part = allowed_by(**child, everything, prefix, leaf);
      out.set = conjunction ? (out.set & part.set) : (out.set | part.set);
      out.exact = out.exact && part.exact;
    }
  } else {
    out = leaf(query, name);
  }
  if (!query.getNegation()) return out;
  return out.exact ? Allowed<Set>{static_cast<Set>(everything & ~out.set), true}
                   : Allowed<Set>{everything, false};
}

template <typename Equality, typename Query>
int value_of(const Query& query) {
  const auto* equality = dynamic_cast<const Equality*>(&query);
  return equality ? equality->getVal() : 0;
}

const RDKit::Atom* recursion_root(const AtomQuery& query) {
  const auto* recursive = dynamic_cast<const RDKit::RecursiveStructureQuery*>(&query);
  return recursive ? recursive->getQueryMol()->getAtomWithIdx(0) : nullptr;
}

Allowed<AtomKinds> kinds_by_leaf(const AtomQuery& query, const std::string& name) {
  const int value = value_of<RDKit::ATOM_EQUALS_QUERY>(query);
  if (name == "AtomAtomicNum") return {kinds_of_element(value), has_own_place(value)};
  if (name == "AtomType") {  // atomic number, plus 1000 when aromatic
    const AtomKinds side = value >= 1000 ? aromatic_atoms : any_atom_kind & ~aromatic_atoms;
    return {kinds_of_element(value % 1000) & side, has_own_place(value % 1000)};
  }
  if (name == "AtomIsAromatic") return {aromatic_atoms, true};
  if (name == "AtomIsAliphatic") return {any_atom_kind & ~aromatic_atoms, true};
  if (name == "AtomInRing") return {ring_atoms, true};
  if (name == "AtomInNRings" && value == 0) return {any_atom_kind & ~ring_atoms, true};
  if (name == "AtomInNRings") return {ring_atoms, value < 0};
  if (name == "AtomMinRingSize" && value > 0) return {ring_atoms, false};
  if (const auto* root = recursion_root(query)) return {allowed_kinds(*root), false};
  return {any_atom_kind, false};
}

AtomTraits traits_in_field(const AtomQuery& tree, const TraitField& field) {
  const auto leaf = [&](const AtomQuery& query, const std::string& name) -> Allowed<AtomTraits> {
    const int value = value_of<RDKit::ATOM_EQUALS_QUERY>(query);
    if (field.query == charge.query) {
      if (name == "AtomFormalCharge") return {field.bit(charge_place(value)), value == 0};
      if (name == "AtomNegativeFormalCharge") return {field.bit(charge_place(-value)), value == 0};
    } else if (name == field.query) {
      return {field.bit(value), value < field.last};
    }
    if (const auto* root = recursion_root(query); root && root->hasQuery())
      return {traits_in_field(*root->getQuery(), field), false};
    return {field.all(), false};
  };
  return allowed_by<AtomQuery, AtomTraits>(tree, field.all(), "Atom", leaf).set;
}

Allowed<BondForms> forms_by_leaf(const BondQuery& query, const std::string& name) {
  using RDKit::Bond;
  if (name == "BondOrder") {
    const int order = value_of<RDKit::BOND_EQUALS_QUERY>(query);
    return {forms_of_order(order), order_place(static_cast<Bond::BondType>(order)) < 4};
  }
  if (name == "SingleOrAromaticBond")
    return {forms_of_order(Bond::SINGLE) | forms_of_order(Bond::AROMATIC), true};
  if (name == "SingleOrDoubleBond")
    return {forms_of_order(Bond::SINGLE) | forms_of_order(Bond::DOUBLE), true};
  if (name == "BondInRing") return {ring_bonds, true};
  return {any_bond_form, false};
}

std::vector<Alternatives> recursions_of(const AtomQuery& query) {
  if (query.getNegation()) return {};
  std::vector<Alternatives> out;
  const std::string& name = query.getDescription();
  if (name == "RecursiveStructure") {
    if (const auto* recursive = dynamic_cast<const RDKit::RecursiveStructureQuery*>(&query))
      out.push_back({recursive->getQueryMol()});
  } else if (name == "AtomAnd") {
    for (auto child = query.beginChildren(); child != query.endChildren(); ++child)
      for (auto& condition : recursions_of(**child)) out.push_back(std::move(condition));
  } else if (name == "AtomOr") {
    Alternatives any;
    for (auto child = query.beginChildren(); child != query.endChildren(); ++child) {
      const auto conditions = recursions_of(**child);
      if (conditions.empty()) return {};  // this choice asks for nothing that we could check
      any.insert(any.end(), conditions.front().begin(), conditions.front().end());
    }
    out.push_back(std::move(any));
  }
  return out;
}

}  // namespace

int kind_of(const RDKit::Atom& atom) {
  const bool ring = atom.getOwningMol().getRingInfo()->numAtomRings(atom.getIdx()) > 0;
  return 4 * element_place(atom.getAtomicNum()) + 2 * atom.getIsAromatic() + ring;
}

AtomTraits traits_of(const RDKit::Atom& atom) {
  return hydrogens.bit(static_cast<int>(atom.getTotalNumHs(true))) |
         neighbours.bit(static_cast<int>(atom.getTotalDegree())) |
         charge.bit(charge_place(atom.getFormalCharge()));
}

int form_of(const RDKit::Bond& bond) {
  const bool ring = bond.getOwningMol().getRingInfo()->numBondRings(bond.getIdx()) > 0;
  return 2 * order_place(bond.getBondType()) + ring;
}

AtomKinds allowed_kinds(const RDKit::Atom& atom) {
  if (!atom.hasQuery()) return kinds_of_element(atom.getAtomicNum());
  return allowed_by<AtomQuery, AtomKinds>(*atom.getQuery(), any_atom_kind, "Atom", kinds_by_leaf).set;
}

AtomTraits allowed_traits(const RDKit::Atom& atom) {
  AtomTraits traits = 0;
  for (const TraitField& field : {hydrogens, neighbours, charge})
    traits |= atom.hasQuery() ? traits_in_field(*atom.getQuery(), field) : field.all();
  return traits;
}

BondForms allowed_forms(const RDKit::Bond& bond) {
  if (!bond.hasQuery()) return any_bond_form;
  return allowed_by<BondQuery, BondForms>(*bond.getQuery(), any_bond_form, "Bond", forms_by_leaf).set;
}

int bond_end(int kind) {
  const int place = kind / 4;
  const bool aromatic = kind & 2;
  switch (place < element_places - 1 ? elements[place] : 0) {
    case 6:
      return aromatic ? 1 : 0;
    case 7:
      return aromatic ? 3 : 2;
    case 8:
      return aromatic ? 8 : 4;
    case 16:
      return aromatic ? 6 : 5;
    case 9:
    case 17:
    case 35:
    case 53:
      return 7;
    default:
      return 8;
  }
}

BondEnds bond_ends(AtomKinds kinds) {
  BondEnds ends = 0;
  for (int kind = 0; kind < atom_kind_count; ++kind)
    if (kinds >> kind & 1) ends |= 1u << bond_end(kind);
  return ends;
}

std::vector<Alternatives> required_recursions(const RDKit::Atom& atom) {
  return atom.hasQuery() ? recursions_of(*atom.getQuery()) : std::vector<Alternatives>{};
}

}  // namespace theriac::chem
