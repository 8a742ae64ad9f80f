#include "scoring/contact_kind.hpp"

namespace theriac::scoring {

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
  static const char* const names[] = {"aliphatic C", "aromatic C", "polar C",  "cation",   "donor",
                                      "acceptor",    "anion",      "carbonyl", "hydroxyl", "sulphur",
                                      "fluorine",    "halogen",    "metal",    "none"};
  return names[static_cast<int>(kind)];
}

const char* group_name(ContactKind kind) {
  switch (kind) {
    case ContactKind::cation:
      return "charged N";
    case ContactKind::donor:
      return "NH";
    case ContactKind::acceptor:
      return "N";
    case ContactKind::anion:
      return "charged O";
    case ContactKind::carbonyl:
      return "O";
    case ContactKind::hydroxyl:
      return "OH";
    default:
      return name(kind);
  }
}

}  // namespace theriac::scoring
