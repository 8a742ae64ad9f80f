#include "datasets/measurement_time.hpp"

#include <charconv>
#include <cmath>

#include "chem/text_file.hpp"

namespace theriac::datasets {
namespace {

/// The digits at the front of `text`, at least `fewest` and at most `most` of them.
std::optional<int> taken_number(std::string_view& text, std::size_t fewest, std::size_t most) {
  std::size_t length = 0;
  while (length < text.size() && length < most && text[length] >= '0' && text[length] <= '9') ++length;
  if (length < fewest) return std::nullopt;
  int value = 0;
  std::from_chars(text.data(), text.data() + length, value);
  text.remove_prefix(length);
  return value;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<double> plain_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

/// "10:30", "10:30:00.5" and a time zone, which is not looked at; the share of the day.
std::optional<double> share_of_day(std::string_view text) {
  const auto hour = taken_number(text, 1, 2);
  if (!hour || *hour > 24 || !take(text, ':')) return std::nullopt;
  const auto minute = taken_number(text, 2, 2);
  if (!minute || *minute > 59) return std::nullopt;
  int seconds = 0;
  if (take(text, ':')) seconds = taken_number(text, 2, 2).value_or(0);
  return (*hour + (*minute + seconds / 60.0) / 60.0) / 24.0;
}

}  // namespace

std::optional<double> measurement_time(std::string_view text) {
  text = chem::trimmed(text);
  if (const auto number = plain_number(text)) return number;
  const auto year = taken_number(text, 4, 4);
  if (!year || text.empty() || (text.front() != '-' && text.front() != '/')) return std::nullopt;
  const char separator = text.front();
  text.remove_prefix(1);
  const auto month = taken_number(text, 1, 2);
  if (!month || *month < 1 || *month > 12) return std::nullopt;
  double days = 31.0 * (*month - 1);
  if (take(text, separator)) {
    const auto day = taken_number(text, 1, 2);
    if (!day || *day < 1 || *day > 31) return std::nullopt;
    days += *day - 1;
  }
  if (take(text, 'T') || take(text, ' ')) {
    const auto share = share_of_day(text);
    if (!share) return std::nullopt;
    days += *share;
    text = {};
  }
  if (!text.empty()) return std::nullopt;
  return *year + days / (12 * 31.0 + 1);
}

}  // namespace theriac::datasets
