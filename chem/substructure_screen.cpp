#include "chem/substructure_screen.hpp"

#include <GraphMol/ROMol.h>
#include <GraphMol/SmilesParse/SmartsWrite.h>

#include <algorithm>
#include <string>

namespace theriac::chem {
namespace {

std::size_t bond_kind(int end_a, int end_b, int form) {
  const int low = std::min(end_a, end_b), high = std::max(end_a, end_b);
  return static_cast<std::size_t>((high * (high + 1) / 2 + low) * bond_form_count + form);
}

std::size_t spoke(int end, int form) {
  return static_cast<std::size_t>(end * bond_form_count + form);
}

/// Calls `use(end, form)` for every combination of the two sets.
template <typename Use>
void for_each_spoke(BondEnds ends, BondForms forms, const Use& use) {
  for (int end = 0; end < bond_end_count; ++end)
    for (int form = 0; form < bond_form_count; ++form)
      if (ends >> end & forms >> form & 1) use(end, form);
}

void add_bond_needs(const RDKit::ROMol& query, const std::vector<AtomKinds>& kinds, PatternNeeds& needs) {
  for (const auto bond : query.bonds()) {
    const BondEnds begin = bond_ends(kinds[bond->getBeginAtomIdx()]),
                   end = bond_ends(kinds[bond->getEndAtomIdx()]);
    BondKinds allowed;
    for (int a = 0; a < bond_end_count; ++a)
      if (begin >> a & 1)
        for_each_spoke(end, allowed_forms(*bond),
                       [&](int b, int form) { allowed.set(bond_kind(a, b, form)); });
    if (std::find(needs.bonds.begin(), needs.bonds.end(), allowed) == needs.bonds.end())
      needs.bonds.push_back(allowed);
  }
}

void add_kind_needs(const std::vector<AtomKinds>& kinds, PatternNeeds& needs) {
  std::vector<AtomKinds> distinct = kinds;
  distinct.push_back(any_atom_kind);
  std::sort(distinct.begin(), distinct.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  for (const AtomKinds set : distinct) {
    const auto confined =
        std::count_if(kinds.begin(), kinds.end(), [set](AtomKinds k) { return (k & ~set) == 0; });
    needs.kinds.push_back({set, static_cast<int>(confined)});
  }
}

PatternNeeds::Atom atom_need(const RDKit::ROMol& query, const RDKit::Atom& atom,
                             const std::vector<AtomKinds>& kinds) {
  PatternNeeds::Atom need{
      kinds[atom.getIdx()], allowed_traits(atom), static_cast<int>(atom.getDegree()), {}, 1};
  for (const auto bond : query.atomBonds(&atom)) {
    Spokes allowed;
    for_each_spoke(bond_ends(kinds[bond->getOtherAtomIdx(atom.getIdx())]), allowed_forms(*bond),
                   [&](int end, int form) { allowed.set(spoke(end, form)); });
    if (std::find(need.spokes.begin(), need.spokes.end(), allowed) == need.spokes.end())
      need.spokes.push_back(allowed);
  }
  return need;
}

void add_atom_needs(const RDKit::ROMol& query, const std::vector<AtomKinds>& kinds, PatternNeeds& needs) {
  for (const auto atom : query.atoms()) {
    const auto need = atom_need(query, *atom, kinds);
    const auto same = std::find_if(needs.atoms.begin(), needs.atoms.end(), [&](const PatternNeeds::Atom& n) {
      return n.kinds == need.kinds && n.traits == need.traits && n.neighbours == need.neighbours &&
             n.spokes == need.spokes;
    });
    if (same == needs.atoms.end()) {
      needs.atoms.push_back(need);
    } else {
      ++same->at_least;
    }
  }
}

void add_recursion_needs(const RDKit::ROMol& query, PatternNeeds& needs) {
  std::vector<std::string> seen;
  for (const auto atom : query.atoms())
    for (const auto& alternatives : required_recursions(*atom)) {
      std::vector<PatternNeeds> choice;
      std::string text;
      for (const auto* recursion : alternatives) {
        choice.push_back(pattern_needs(*recursion));
        text += RDKit::MolToSmarts(*recursion) + ",";
      }
      if (std::find(seen.begin(), seen.end(), text) != seen.end()) continue;
      needs.one_of.push_back(std::move(choice));
      seen.push_back(std::move(text));
    }
}

bool has_kinds(const MoleculeContent& content, const PatternNeeds::Kinds& need) {
  AtomKinds present = content.present & need.kinds;
  int have = 0;
  for (; present && have < need.at_least; present &= present - 1)
    have += content.kinds[static_cast<std::size_t>(__builtin_ctzll(present))];
  return have >= need.at_least;
}

bool fits(const MoleculeContent::Atom& atom, const PatternNeeds::Atom& need) {
  if (!(atom.kind & need.kinds) || atom.traits & ~need.traits || atom.neighbours < need.neighbours)
    return false;
  for (const auto& spokes : need.spokes)
    if ((atom.spokes & spokes).none()) return false;
  return true;
}

bool has_atoms(const MoleculeContent& content, const PatternNeeds::Atom& need) {
  int have = 0;
  for (const auto& atom : content.atoms)
    if (fits(atom, need) && ++have >= need.at_least) return true;
  return false;
}

}  // namespace

MoleculeContent molecule_content(const RDKit::ROMol& graph) {
  MoleculeContent content;
  std::vector<int> ends;
  for (const auto atom : graph.atoms()) {
    const int kind = kind_of(*atom);
    ++content.kinds[static_cast<std::size_t>(kind)];
    content.present |= AtomKinds{1} << kind;
    content.atoms.push_back(
        {AtomKinds{1} << kind, traits_of(*atom), static_cast<int>(atom->getDegree()), {}});
    ends.push_back(bond_end(kind));
  }
  for (const auto bond : graph.bonds()) {
    const unsigned a = bond->getBeginAtomIdx(), b = bond->getEndAtomIdx();
    const int form = form_of(*bond);
    content.bonds.set(bond_kind(ends[a], ends[b], form));
    content.atoms[a].spokes.set(spoke(ends[b], form));
    content.atoms[b].spokes.set(spoke(ends[a], form));
  }
  return content;
}

PatternNeeds pattern_needs(const RDKit::ROMol& query) {
  std::vector<AtomKinds> kinds;
  for (const auto atom : query.atoms()) kinds.push_back(allowed_kinds(*atom));
  PatternNeeds needs;
  add_bond_needs(query, kinds, needs);
  add_kind_needs(kinds, needs);
  add_atom_needs(query, kinds, needs);
  add_recursion_needs(query, needs);
  return needs;
}

bool may_match(const MoleculeContent& content, const PatternNeeds& needs) {
  for (const auto& bond : needs.bonds)
    if ((content.bonds & bond).none()) return false;
  for (const auto& need : needs.kinds)
    if (!has_kinds(content, need)) return false;
  for (const auto& need : needs.atoms)
    if (!has_atoms(content, need)) return false;
  for (const auto& choice : needs.one_of)
    if (std::none_of(choice.begin(), choice.end(), [&](const auto& n) { return may_match(content, n); }))
      return false;
  return true;
}

}  // namespace theriac::chem
