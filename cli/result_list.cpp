#include "cli/result_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <functional>
#include <optional>
#include <regex>

#include "chem/error.hpp"
#include "chem/nearest_name.hpp"
#include "chem/text_file.hpp"
#include "datasets/results_table.hpp"
#include "datasets/run_folder.hpp"

namespace theriac::cli {
namespace {

std::optional<double> number(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return {};
  return value;
}

bool holds(double a, const std::string& relation, double b) {
  if (relation == "<") return a < b;
  if (relation == "<=") return a <= b;
  if (relation == ">") return a > b;
  if (relation == ">=") return a >= b;
  return relation == "!=" ? a != b : a == b;
}

struct Condition {
  std::size_t column;
  std::string relation, value;

  bool passes(const std::vector<std::string>& row) const {
    const std::string& cell = row[column];
    if (cell.empty()) return false;
    const auto a = number(cell), b = number(value);
    if (a && b) return holds(*a, relation, *b);
    return relation == "!=" ? cell != value : relation == "==" && cell == value;
  }
};

Condition condition(const ResultList& list, const std::string& text) {
  static const std::regex pattern("\\s*([A-Za-z_][\\w .-]*?)\\s*(<=|>=|==|!=|<|>)\\s*(.+?)\\s*");
  std::smatch match;
  if (!std::regex_match(text, match, pattern))
    throw UsageError(fmt::format("not a comparison: '{}'", text),
                     "write it as \"mw<600 and score_kcal_mol<=-9\"");
  return {list.column(match[1]), match[2], match[3]};
}

std::vector<std::string> split_at_and(const std::string& rule) {
  static const std::regex word("\\s+and\\s+");
  return {std::sregex_token_iterator(rule.begin(), rule.end(), word, -1), std::sregex_token_iterator()};
}

}  // namespace

std::size_t ResultList::column(const std::string& name) const {
  const auto found = std::find(columns.begin(), columns.end(), name);
  if (found != columns.end()) return static_cast<std::size_t>(found - columns.begin());
  const std::string near = chem::nearest_name(name, columns);
  throw UsageError(fmt::format("no column '{}'", name),
                   near.empty() ? fmt::format("columns: {}", fmt::join(columns, ", "))
                                : fmt::format("did you mean '{}'?", near));
}

ResultList read_results(const std::string& path) {
  std::string file = path;
  if (std::filesystem::is_directory(path)) {
    datasets::verify_published(path, "results.csv");
    file = path + "/results.csv";
  }
  auto lines = datasets::read_csv(chem::read_text_file(file));
  ResultList list;
  if (lines.empty()) throw InputError(fmt::format("'{}' holds no table", file));
  list.columns = std::move(lines.front());
  for (std::size_t i = 1; i < lines.size(); ++i) {
    if (lines[i].size() != list.columns.size())
      throw InputError(fmt::format("row {} of '{}' has {} fields, the header {}", i, file, lines[i].size(),
                                   list.columns.size()));
    list.rows.push_back(std::move(lines[i]));
  }
  return list;
}

void filter_results(ResultList& list, const std::string& rule) {
  for (const auto& part : split_at_and(rule)) {
    const Condition wanted = condition(list, part);
    list.rows.erase(std::remove_if(list.rows.begin(), list.rows.end(),
                                   [&](const auto& row) { return !wanted.passes(row); }),
                    list.rows.end());
  }
}

void sort_results(ResultList& list, const std::string& column, bool descending) {
  const std::size_t at = list.column(column);
  std::stable_sort(list.rows.begin(), list.rows.end(), [&](const auto& a, const auto& b) {
    if (a[at].empty() || b[at].empty()) return !a[at].empty() && b[at].empty();
    const auto x = number(a[at]), y = number(b[at]);
    if (x && y) return descending ? *x > *y : *x < *y;
    return descending ? a[at] > b[at] : a[at] < b[at];
  });
}

}  // namespace theriac::cli
