#include "cli/number_ranges.hpp"

#include <fmt/format.h>

#include <charconv>
#include <set>

#include "chem/error.hpp"
#include "cli/argument_list.hpp"

namespace theriac::cli {

std::vector<int> number_list(const std::string& text, int count, const std::string& noun) {
  std::set<int> numbers;
  for (const std::string& part : split_list(text)) {
    const auto dash = part.find('-');
    const auto number = [&](const std::string& digits) {
      int value = -1;
      const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
      if (error != std::errc() || end != digits.data() + digits.size() || value < 0)
        throw UsageError(fmt::format("--{} is '{}'", noun, text),
                         "give numbers and ranges such as 3 or 0-7,12");
      if (value >= count)
        throw UsageError(fmt::format("there is no {} {}", noun, value),
                         fmt::format("there are {}s 0 to {}", noun, count - 1));
      return value;
    };
    const int first = number(part.substr(0, dash));
    const int last = dash == std::string::npos ? first : number(part.substr(dash + 1));
    if (last < first)
      throw UsageError(fmt::format("--{} has '{}'", noun, part), "write ranges upwards, as 0-7");
    for (int k = first; k <= last; ++k) numbers.insert(k);
  }
  return {numbers.begin(), numbers.end()};
}

std::string number_ranges(const std::vector<int>& numbers) {
  std::string text;
  for (std::size_t i = 0; i < numbers.size();) {
    std::size_t end = i + 1;
    while (end < numbers.size() && numbers[end] == numbers[end - 1] + 1) ++end;
    text += text.empty() ? "" : ",";
    text += end - i == 1 ? fmt::format("{}", numbers[i]) : fmt::format("{}-{}", numbers[i], numbers[end - 1]);
    i = end;
  }
  return text;
}

}  // namespace theriac::cli
