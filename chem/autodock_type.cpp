#include "chem/autodock_type.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace theriac::chem {
namespace {

struct TypeRow {
  std::string_view type;
  std::string_view usual;
  int element;
};

constexpr std::array<TypeRow, 49> type_rows{{
    {"H", "H", 1},    {"HD", "HD", 1},  {"HS", "HD", 1},  {"C", "C", 6},    {"A", "A", 6},
    {"N", "N", 7},    {"NA", "NA", 7},  {"NS", "NA", 7},  {"O", "O", 8},    {"OA", "OA", 8},
    {"OS", "OA", 8},  {"F", "F", 9},    {"Mg", "Mg", 12}, {"MG", "Mg", 12}, {"Si", "Si", 14},
    {"SI", "Si", 14}, {"P", "P", 15},   {"S", "S", 16},   {"SA", "SA", 16}, {"Cl", "Cl", 17},
    {"CL", "Cl", 17}, {"Ca", "Ca", 20}, {"CA", "Ca", 20}, {"Mn", "Mn", 25}, {"MN", "Mn", 25},
    {"Fe", "Fe", 26}, {"FE", "Fe", 26}, {"Zn", "Zn", 30}, {"ZN", "Zn", 30}, {"Br", "Br", 35},
    {"BR", "Br", 35}, {"I", "I", 53},   {"At", "At", 85}, {"AT", "At", 85}, {"Se", "S", 16},
    {"SE", "S", 16},  {"Na", "Na", 11}, {"K", "K", 19},   {"Co", "Co", 27}, {"CO", "Co", 27},
    {"Ni", "Ni", 28}, {"NI", "Ni", 28}, {"Cu", "Cu", 29}, {"CU", "Cu", 29}, {"Cd", "Cd", 48},
    {"CD", "Cd", 48}, {"Hg", "Hg", 80}, {"HG", "Hg", 80}, {"U", "U", 92},
}};

constexpr std::array<std::string_view, 119> symbols{
    "",   "H",  "He", "Li", "Be", "B",  "C",  "N",  "O",  "F",  "Ne", "Na", "Mg", "Al", "Si", "P",  "S",
    "Cl", "Ar", "K",  "Ca", "Sc", "Ti", "V",  "Cr", "Mn", "Fe", "Co", "Ni", "Cu", "Zn", "Ga", "Ge", "As",
    "Se", "Br", "Kr", "Rb", "Sr", "Y",  "Zr", "Nb", "Mo", "Tc", "Ru", "Rh", "Pd", "Ag", "Cd", "In", "Sn",
    "Sb", "Te", "I",  "Xe", "Cs", "Ba", "La", "Ce", "Pr", "Nd", "Pm", "Sm", "Eu", "Gd", "Tb", "Dy", "Ho",
    "Er", "Tm", "Yb", "Lu", "Hf", "Ta", "W",  "Re", "Os", "Ir", "Pt", "Au", "Hg", "Tl", "Pb", "Bi", "Po",
    "At", "Rn", "Fr", "Ra", "Ac", "Th", "Pa", "U",  "Np", "Pu", "Am", "Cm", "Bk", "Cf", "Es", "Fm", "Md",
    "No", "Lr", "Rf", "Db", "Sg", "Bh", "Hs", "Mt", "Ds", "Rg", "Cn", "Nh", "Fl", "Mc", "Lv", "Ts", "Og"};

const TypeRow* find_type(std::string_view type) {
  const auto row =
      std::find_if(type_rows.begin(), type_rows.end(), [&](const TypeRow& r) { return r.type == type; });
  return row == type_rows.end() ? nullptr : &*row;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](unsigned char x, unsigned char y) { return std::toupper(x) == std::toupper(y); });
}

}  // namespace

int autodock_type_element(std::string_view type) {
  const TypeRow* row = find_type(type);
  return row ? row->element : 0;
}

std::string canonical_autodock_type(std::string_view type) {
  const TypeRow* row = find_type(type);
  return std::string(row ? row->usual : type);
}

bool is_metal(int z) {
  // what lies left of the boron-astatine line, without hydrogen and the metalloids
  return (z >= 3 && z <= 4) || (z >= 11 && z <= 13) || (z >= 19 && z <= 31) || (z >= 37 && z <= 50) ||
         (z >= 55 && z <= 83) || (z >= 87 && z <= 103);
}

int element_number(std::string_view symbol) {
  if (symbol.empty()) return 0;
  for (std::size_t z = 1; z < symbols.size(); ++z)
    if (equal_ignoring_case(symbol, symbols[z])) return static_cast<int>(z);
  return equal_ignoring_case(symbol, "D") || equal_ignoring_case(symbol, "T") ? 1 : 0;
}

std::string element_symbol(int element) {
  return element > 0 && element < static_cast<int>(symbols.size()) ? std::string(symbols[element])
                                                                   : std::string();
}

}  // namespace theriac::chem
