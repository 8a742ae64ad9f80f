#include "chem/element_counts.hpp"

#include <GraphMol/PeriodicTable.h>
#include <GraphMol/ROMol.h>
#include <fmt/format.h>

#include <cctype>
#include <numeric>

#include "chem/error.hpp"
#include "chem/rdkit_log.hpp"

namespace theriac::chem {
namespace {

int atomic_number(const std::string& symbol, const std::string& formula) {
  const RdkitLog log;
  try {
    const int number = RDKit::PeriodicTable::getTable()->getAtomicNumber(symbol);
    if (number > 0) return number;
  } catch (const std::exception&) {  // RDKit knows no such element; said below
  }
  throw UsageError(fmt::format("no element '{}' (in the formula '{}')", symbol, formula));
}

bool is_upper(char c) {
  return std::isupper(static_cast<unsigned char>(c)) != 0;
}
bool is_lower(char c) {
  return std::islower(static_cast<unsigned char>(c)) != 0;
}
bool is_digit(char c) {
  return std::isdigit(static_cast<unsigned char>(c)) != 0;
}

}  // namespace

int ElementCounts::total() const {
  return std::accumulate(atoms.begin(), atoms.end(), 0);
}

ElementCounts element_counts(const Molecule& molecule) {
  ElementCounts counts;
  for (const auto atom : molecule.graph().atoms()) {
    ++counts.atoms[static_cast<std::size_t>(atom->getAtomicNum())];
    counts.atoms[1] += static_cast<int>(atom->getTotalNumHs());
  }
  return counts;
}

std::vector<FormulaElement> molecular_formula(const std::string& text) {
  constexpr std::size_t most_digits = 6;
  std::vector<FormulaElement> elements;
  for (std::size_t at = 0; at < text.size();) {
    if (!is_upper(text[at]))
      throw UsageError(fmt::format("'{}' is no molecular formula: '{}' begins no element", text, text[at]));
    std::size_t end = at + 1;
    while (end < text.size() && is_lower(text[end])) ++end;
    FormulaElement element;
    element.symbol = text.substr(at, end - at);
    element.atomic_number = atomic_number(element.symbol, text);
    const std::size_t digits = end;
    while (end < text.size() && is_digit(text[end]) && end - digits < most_digits) ++end;
    element.count = end == digits ? 1 : std::stoi(text.substr(digits, end - digits));
    elements.push_back(element);
    at = end;
  }
  if (elements.empty()) throw UsageError("an empty molecular formula");
  return elements;
}

}  // namespace theriac::chem
