// How many atoms of each element a molecule has, and sums of formula such as C9H10N2O2PF2Cl.
#pragma once
#include <array>
#include <string>
#include <vector>

#include "chem/molecule.hpp"

namespace theriac::chem {

/// Hydrogens count, written or not; isotopes count as their element.
struct ElementCounts {
  std::array<int, 119> atoms{};  ///< by atomic number; 0 is the dummy atom `*`

  int of(int atomic_number) const { return atoms[static_cast<std::size_t>(atomic_number)]; }
  int total() const;  ///< dummy atoms included
};

ElementCounts element_counts(const Molecule& molecule);

struct FormulaElement {
  std::string symbol;
  int atomic_number = 0;
  int count = 0;
};

/// The elements of a formula in its order. Throws UsageError for what is not one: "C6H6" is, "C(CH3)4" is
/// not.
std::vector<FormulaElement> molecular_formula(const std::string& text);

}  // namespace theriac::chem
