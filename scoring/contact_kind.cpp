#include "scoring/contact_kind.hpp"

namespace theriac::scoring {
namespace {

bool gives(ContactKind k) {
  return k == ContactKind::cation || k == ContactKind::donor || k == ContactKind::hydroxyl ||
         k == ContactKind::metal;
}
bool accepts(ContactKind k) {
  return k == ContactKind::acceptor || k == ContactKind::anion || k == ContactKind::carbonyl ||
         k == ContactKind::hydroxyl;
}

}  // namespace

bool is_greasy(ContactKind k) {
  return k == ContactKind::aliphatic || k == ContactKind::aromatic || k == ContactKind::halogen ||
         k == ContactKind::fluorine;
}
bool is_polar(ContactKind k) {
  return k >= ContactKind::cation && k <= ContactKind::hydroxyl;
}
bool is_charged(ContactKind k) {
  return k == ContactKind::cation || k == ContactKind::anion;
}
bool partners(ContactKind a, ContactKind b) {
  return (gives(a) && accepts(b)) || (gives(b) && accepts(a));
}

ContactKind contact_kind(int element, AtomType type, bool aromatic, bool charged) {
  switch (element) {
    case 1:
      return ContactKind::none;
    case 6:
      return aromatic                ? ContactKind::aromatic
             : type == AtomType::C_H ? ContactKind::aliphatic
                                     : ContactKind::polar;
    case 7:
      return charged ? ContactKind::cation : is_donor(type) ? ContactKind::donor : ContactKind::acceptor;
    case 8:
      return charged ? ContactKind::anion : is_donor(type) ? ContactKind::hydroxyl : ContactKind::carbonyl;
    case 9:
      return ContactKind::fluorine;
    case 15:
    case 16:
      return ContactKind::sulphur;
    case 17:
    case 35:
    case 53:
      return ContactKind::halogen;
    default:
      return ContactKind::metal;
  }
}

const char* name(ContactKind kind) {
  static const char* const names[] = {"aliphatic", "aromatic", "polar",    "cation",   "donor",
                                      "acceptor",  "anion",    "carbonyl", "hydroxyl", "sulphur",
                                      "fluorine",  "halogen",  "metal",    "none"};
  return names[static_cast<int>(kind)];
}

}  // namespace theriac::scoring
