#include "chem/property_filter.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <optional>

#include "chem/error.hpp"
#include "chem/nearest_name.hpp"

namespace theriac::chem {
namespace {

const char* symbol(Relation relation) {
  switch (relation) {
    case Relation::less_equal:
      return "<=";
    case Relation::less:
      return "<";
    case Relation::greater_equal:
      return ">=";
    case Relation::greater:
      return ">";
    case Relation::equal:
      return "==";
    case Relation::not_equal:
      break;
  }
  return "!=";
}

Relation opposite(Relation relation) {
  switch (relation) {
    case Relation::less_equal:
      return Relation::greater;
    case Relation::less:
      return Relation::greater_equal;
    case Relation::greater_equal:
      return Relation::less;
    case Relation::greater:
      return Relation::less_equal;
    case Relation::equal:
      return Relation::not_equal;
    case Relation::not_equal:
      break;
  }
  return Relation::equal;
}

/// a < b is b > a.
Relation mirrored(Relation relation) {
  switch (relation) {
    case Relation::less_equal:
      return Relation::greater_equal;
    case Relation::less:
      return Relation::greater;
    case Relation::greater_equal:
      return Relation::less_equal;
    case Relation::greater:
      return Relation::less;
    default:
      return relation;
  }
}

bool holds_between(double value, Relation relation, double limit) {
  switch (relation) {
    case Relation::less_equal:
      return value <= limit;
    case Relation::less:
      return value < limit;
    case Relation::greater_equal:
      return value >= limit;
    case Relation::greater:
      return value > limit;
    case Relation::equal:
      return value == limit;
    case Relation::not_equal:
      break;
  }
  return value != limit;
}

/// As few digits as tell the value from the limit: 612.3, but 550.04 when the limit is 550.
std::string short_value(double value, Relation violated, double limit) {
  for (int digits = 4; digits < 17; ++digits) {
    const std::string text = fmt::format("{:.{}g}", value, digits);
    if (!holds_between(std::stod(text), violated, limit)) return text;
  }
  return fmt::format("{}", value);
}

std::string known_names() {
  std::vector<std::string> names;
  for (const auto& column : descriptor_columns()) names.emplace_back(column.name);
  return fmt::format("{}", fmt::join(names, ", "));
}

class Parser {
 public:
  explicit Parser(const std::string& text) : text_(text) {}

  std::vector<Comparison> rule() {
    std::vector<Comparison> out;
    skip_spaces();
    if (at_end()) return out;
    do comparison(out);
    while (another());
    return out;
  }

 private:
  void comparison(std::vector<Comparison>& out) {
    if (const auto low = number()) {
      const Relation first = relation();
      const DescriptorColumn* column = name();
      out.push_back({column, mirrored(first), *low});
      if (const auto second = relation_if_any()) out.push_back({column, *second, needed_number()});
    } else {
      const DescriptorColumn* column = name();
      const Relation first = relation();
      out.push_back({column, first, needed_number()});
    }
  }

  /// Whether "and" follows; anything else than the end is an error.
  bool another() {
    skip_spaces();
    if (at_end()) return false;
    const std::size_t begin = at_;
    const std::string text = word();
    if (text == "and" || text == "AND") return true;
    if (text == "or" || text == "OR") fail(begin, "'or' cannot be used: comparisons are joined by 'and'");
    fail(begin, "expected 'and' or the end");
  }

  const DescriptorColumn* name() {
    skip_spaces();
    const std::size_t begin = at_;
    const std::string text = word();
    if (text.empty()) fail(begin, "expected the name of a property");
    const DescriptorColumn* column = find_descriptor_column(text);
    if (column) return column;
    std::vector<std::string> names;
    for (const auto& c : descriptor_columns()) names.emplace_back(c.name);
    const std::string near = nearest_name(text, names);
    fail(begin,
         fmt::format("unknown property '{}'{}", text,
                     near.empty() ? std::string() : fmt::format(", did you mean '{}'?", near)),
         "known properties: " + known_names());
  }

  Relation relation() {
    const auto found = relation_if_any();
    if (!found) fail(at_, "expected one of <= < >= > == !=");
    return *found;
  }

  std::optional<Relation> relation_if_any() {
    skip_spaces();
    static constexpr Relation all[] = {Relation::less_equal, Relation::greater_equal, Relation::equal,
                                       Relation::not_equal,  Relation::less,          Relation::greater};
    for (const Relation r : all) {
      const std::string s = symbol(r);
      if (text_.compare(at_, s.size(), s) != 0) continue;
      at_ += s.size();
      return r;
    }
    return std::nullopt;
  }

  double needed_number() {
    const auto value = number();
    if (!value) fail(at_, "expected a number");
    return *value;
  }

  std::optional<double> number() {
    skip_spaces();
    double value = 0;
    const char* begin = text_.data() + at_;
    const auto [end, error] = std::from_chars(begin, text_.data() + text_.size(), value);
    // "inf" and "nan" are read as numbers by from_chars, but here they are names
    if (error != std::errc() || !std::isfinite(value)) return std::nullopt;
    at_ += static_cast<std::size_t>(end - begin);
    return value;
  }

  std::string word() {
    const std::size_t begin = at_;
    while (!at_end() && (std::isalnum(static_cast<unsigned char>(text_[at_])) || text_[at_] == '_')) ++at_;
    return text_.substr(begin, at_ - begin);
  }

  void skip_spaces() {
    while (!at_end() && std::isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
  }

  bool at_end() const { return at_ >= text_.size(); }

  [[noreturn]] void fail(std::size_t where, const std::string& reason, const std::string& hint = {}) const {
    throw UsageError(fmt::format("{} (column {} of '{}')", reason, where + 1, text_), hint);
  }

  const std::string& text_;
  std::size_t at_ = 0;
};

}  // namespace

bool Comparison::holds(const Descriptors& d) const {
  return holds_between(column->value(d), relation, limit);
}

PropertyFilter::PropertyFilter(const std::string& text) : text_(text), comparisons_(Parser(text_).rule()) {}

bool PropertyFilter::passes(const Descriptors& d) const {
  return std::all_of(comparisons_.begin(), comparisons_.end(),
                     [&](const Comparison& c) { return c.holds(d); });
}

std::string PropertyFilter::first_violation(const Descriptors& d) const {
  for (const auto& c : comparisons_)
    if (!c.holds(d))
      return fmt::format("{} {} {} {}", c.column->name, short_value(c.column->value(d), c.relation, c.limit),
                         symbol(opposite(c.relation)), c.limit);
  return {};
}

}  // namespace theriac::chem
