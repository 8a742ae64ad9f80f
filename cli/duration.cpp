#include "cli/duration.hpp"

#include <fmt/format.h>

#include <cctype>
#include <cmath>
#include <cstdint>

#include "chem/error.hpp"

namespace theriac::cli {
namespace {

double seconds_per(char unit) {
  switch (unit) {
    case 's':
      return 1;
    case 'm':
      return 60;
    case 'h':
      return 3600;
    case 'd':
      return 86400;
    default:
      return 0;
  }
}

}  // namespace

double parse_duration(const std::string& text) {
  const auto refuse = [&]() -> double {
    throw UsageError(fmt::format("not a time span: '{}'", text), "write it as 90s, 55m, 11h30m or 2d");
  };
  double total = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    double amount = 0;
    const std::size_t begin = at;
    while (at < text.size() && std::isdigit(static_cast<unsigned char>(text[at])))
      amount = 10 * amount + (text[at++] - '0');
    if (at == begin) return refuse();
    const char unit = at < text.size() ? text[at++] : 's';
    if (seconds_per(unit) == 0) return refuse();
    total += amount * seconds_per(unit);
  }
  return total > 0 && total < 1e9 ? total : refuse();
}

std::string duration_text(double seconds) {
  if (!std::isfinite(seconds) || seconds < 0) return "?";
  const auto whole = static_cast<std::int64_t>(std::llround(seconds));
  if (whole < 60) return fmt::format("{}s", whole);
  if (whole < 3600) return fmt::format("{}m{:02}s", whole / 60, whole % 60);
  if (whole < 86400) return fmt::format("{}h{:02}m", whole / 3600, whole / 60 % 60);
  return fmt::format("{}d{:02}h", whole / 86400, whole / 3600 % 24);
}

}  // namespace theriac::cli
