// The kinds of atoms by which a learned pose scorer counts contacts, the same for ligand and receptor.
//
// Coarser than docking types where data are few, finer where chemistry differs: charge and carbonyl oxygens
// are told apart, halogens but fluorine are not.
#pragma once
#include <cstdint>

#include "scoring/atom_type.hpp"

namespace theriac::scoring {

/// The kinds of atoms that pairs are counted by, on both sides.
enum class ContactKind : std::uint8_t {
  aliphatic,  ///< carbon bonded to carbon and hydrogen only
  aromatic,   ///< carbon in an aromatic ring
  polar,      ///< other carbon
  cation,     ///< nitrogen of a charged group
  donor,      ///< nitrogen that gives hydrogens
  acceptor,   ///< other nitrogen
  anion,      ///< oxygen of a charged group
  carbonyl,   ///< oxygen that only accepts
  hydroxyl,   ///< oxygen that gives and accepts
  sulphur,    ///< and phosphorus
  fluorine,   ///< hardly polarisable: apart from the other halogens
  halogen,    ///< chlorine, bromine, iodine
  metal,      ///< and everything else
  none        ///< hydrogen
};
constexpr int contact_kind_count = static_cast<int>(ContactKind::none);
const char* name(ContactKind kind);
/// What a chemist would draw: "NH", "charged O"; the name where there is nothing shorter.
const char* group_name(ContactKind kind);

/// `type` is the docking type, `charged`: of a group that carries a formal charge.
ContactKind contact_kind(int element, AtomType type, bool aromatic, bool charged);

constexpr bool is_greasy(ContactKind k) {
  return k == ContactKind::aliphatic || k == ContactKind::aromatic || k == ContactKind::halogen ||
         k == ContactKind::fluorine;
}
constexpr bool is_polar(ContactKind k) {
  return k >= ContactKind::cation && k <= ContactKind::hydroxyl;
}
constexpr bool is_charged(ContactKind k) {
  return k == ContactKind::cation || k == ContactKind::anion;
}
constexpr bool gives(ContactKind k) {
  return k == ContactKind::cation || k == ContactKind::donor || k == ContactKind::hydroxyl ||
         k == ContactKind::metal;
}
constexpr bool accepts(ContactKind k) {
  return k == ContactKind::acceptor || k == ContactKind::anion || k == ContactKind::carbonyl ||
         k == ContactKind::hydroxyl;
}
/// Can a hydrogen bond, a salt bridge or a bond to a metal join the two?
constexpr bool partners(ContactKind a, ContactKind b) {
  return (gives(a) && accepts(b)) || (gives(b) && accepts(a));
}

}  // namespace theriac::scoring
