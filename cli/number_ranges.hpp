// Lists of numbers as people write them: "0-3,7,12".
#pragma once
#include <string>
#include <vector>

namespace theriac::cli {

/// Numbers below `count`, each once, rising, of the option --NOUN. Throws UsageError that names it.
std::vector<int> number_list(const std::string& text, int count, const std::string& noun);
/// The other way round.
std::string number_ranges(const std::vector<int>& numbers);

}  // namespace theriac::cli
