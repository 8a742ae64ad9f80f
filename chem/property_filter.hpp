// A rule on descriptors as a chemist writes it: "mw <= 550 and clogp <= 5.5 and 0 <= hbd <= 5".
//
//   rule        comparison { "and" comparison }
//   comparison  name operator number | number operator name [ operator number ]
//   operator    <= < >= > == !=
//
// Names are those of `descriptor_columns()`.
#pragma once
#include <string>
#include <vector>

#include "chem/descriptors.hpp"

namespace theriac::chem {

enum class Relation { less_equal, less, greater_equal, greater, equal, not_equal };

/// One "name operator number".
struct Comparison {
  const DescriptorColumn* column;
  Relation relation;
  double limit;

  bool holds(const Descriptors& d) const;
};

class PropertyFilter {
 public:
  /// An empty text lets everything pass. Throws UsageError that points at the column and, for an unknown
  /// name, suggests the nearest one.
  explicit PropertyFilter(const std::string& text);

  const std::string& text() const { return text_; }
  const std::vector<Comparison>& comparisons() const { return comparisons_; }
  bool passes(const Descriptors& d) const;
  /// The first comparison that fails, e.g. "mw 612.3 > 550"; empty when all hold.
  std::string first_violation(const Descriptors& d) const;

 private:
  std::string text_;
  std::vector<Comparison> comparisons_;
};

}  // namespace theriac::chem
