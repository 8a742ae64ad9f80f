// A measured value as it stands in a table: a number, a bound such as ">10", a class label, or nothing.
//
// Assays stop at their limits: ">10" says that the true value is at least 10, and throwing it away or calling
// it 10 bends every model. The reader keeps the number and the side on which it bounds the truth.
#pragma once
#include <string>
#include <string_view>

namespace theriac::datasets {

enum class ValueKind {
  number,   ///< exact, or a bound
  label,    ///< a word for a class: active, toxic, yes, true, positive; or one of their opposites
  missing,  ///< empty, "NA", "nan", "n.d.", "-" ...
  unreadable
};

struct MeasuredValue {
  ValueKind kind = ValueKind::missing;
  double value = 0;    ///< finite; of a label 1 or 0
  int bound = 0;       ///< +1: the truth is at least `value` (">10"), -1: at most ("<0.1"), 0: exact
  std::string reason;  ///< of an unreadable one: "is no number", "has a decimal comma" ...
};

/// Reads "5.2", "1e-3", "> 10", ">=10", "≤ 0.05", "=3", "~3" (taken as 3), "active", "". A unit behind the
/// number, a decimal comma, a range and a number with an error bar are unreadable, with the reason.
MeasuredValue measured_value(std::string_view cell);

/// The same with the relation in a column of its own, as ChEMBL exports it: "'>'", ">=", "<", "=", "~" or
/// empty.
MeasuredValue measured_value(std::string_view cell, std::string_view relation);

}  // namespace theriac::datasets
