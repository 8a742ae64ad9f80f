#include "datasets/measured_value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <optional>

#include "chem/text_file.hpp"

namespace theriac::datasets {
namespace {

constexpr std::array<std::string_view, 14> missing_words = {
    "",     "na",   "n/a", "nan", "null",           "none",          "-",
    "n.a.", "n.d.", "nd",  "?",   "not determined", "not available", "missing"};
constexpr std::array<std::string_view, 6> positive_words = {"active",   "true",  "yes",
                                                            "positive", "toxic", "pos"};
constexpr std::array<std::string_view, 8> negative_words = {"inactive", "false",     "no",  "negative",
                                                            "nontoxic", "non-toxic", "neg", "not active"};

struct Relation {
  std::string_view mark;
  int bound;
};
/// The longer marks first: ">=" begins with ">".
constexpr std::array<Relation, 10> relations = {{{">=", 1},
                                                 {"=>", 1},
                                                 {">>", 1},
                                                 {"<=", -1},
                                                 {"=<", -1},
                                                 {"<<", -1},
                                                 {"\xe2\x89\xa5", 1},
                                                 {"\xe2\x89\xa4", -1},
                                                 {">", 1},
                                                 {"<", -1}}};

std::string lower_case(std::string_view text) {
  std::string word(text);
  for (char& c : word) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return word;
}

template <typename Words>
bool among(const Words& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool begins_with(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}

/// Cuts ">", "<=", "=" or "~" off the front of `text`.
int taken_relation(std::string_view& text) {
  for (const auto& [mark, bound] : relations)
    if (begins_with(text, mark)) {
      text = chem::trimmed(text.substr(mark.size()));
      return bound;
    }
  if (begins_with(text, "=") || begins_with(text, "~")) text = chem::trimmed(text.substr(1));
  return 0;
}

/// A finite number at the front of `text`, and what follows it.
std::optional<double> number_at_front(std::string_view text, std::string_view& rest) {
  if (begins_with(text, "+")) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || !std::isfinite(value)) return std::nullopt;
  rest = chem::trimmed(text.substr(static_cast<std::size_t>(end - text.data())));
  return value;
}

bool is_digit(char c) {
  return std::isdigit(static_cast<unsigned char>(c)) != 0;
}

/// Why something follows a number.
std::string reason_of_rest(std::string_view rest) {
  if (rest.size() > 1 && rest.front() == ',' && is_digit(rest[1]))
    return "has a comma inside the number; write 1.5, not 1,5, and no separators of thousands";
  if (begins_with(rest, "\xc2\xb1") || begins_with(rest, "+/-") || begins_with(rest, "+-"))
    return "is a number with an error; write the number alone";
  if (begins_with(rest, "-") || begins_with(rest, "\xe2\x80\x93") || begins_with(rest, "to "))
    return "is a range; write one number, or a bound such as >10";
  return fmt::format("has '{}' behind the number; write the number alone, in one unit for all rows",
                     rest.substr(0, 20));
}

MeasuredValue unreadable(std::string reason) {
  MeasuredValue result;
  result.kind = ValueKind::unreadable;
  result.reason = std::move(reason);
  return result;
}

MeasuredValue word_value(const std::string& word) {
  MeasuredValue result;
  if (among(missing_words, word)) return result;
  result.kind = ValueKind::label;
  if (among(positive_words, word))
    result.value = 1;
  else if (!among(negative_words, word))
    return unreadable("is no number");
  return result;
}

}  // namespace

MeasuredValue measured_value(std::string_view cell) {
  return measured_value(cell, {});
}

MeasuredValue measured_value(std::string_view cell, std::string_view relation) {
  std::string_view text = chem::trimmed(cell), rest;
  while (relation.size() > 1 && relation.front() == '\'' && relation.back() == '\'')
    relation = relation.substr(1, relation.size() - 2);
  relation = chem::trimmed(relation);
  const int bound_beside = taken_relation(relation);
  if (!relation.empty()) return unreadable(fmt::format("has the unknown relation '{}'", relation));
  const std::size_t length = text.size();
  const int bound_in_cell = taken_relation(text);
  const bool has_relation = text.size() != length;
  const auto number = number_at_front(text, rest);
  if (!number) return has_relation ? unreadable("is no number") : word_value(lower_case(text));
  if (!rest.empty()) return unreadable(reason_of_rest(rest));
  if (bound_beside != 0 && bound_in_cell != 0 && bound_beside != bound_in_cell)
    return unreadable("has one relation in its cell and the opposite in the relation column");
  MeasuredValue result;
  result.kind = ValueKind::number;
  result.value = *number;
  result.bound = bound_in_cell != 0 ? bound_in_cell : bound_beside;
  return result;
}

}  // namespace theriac::datasets
