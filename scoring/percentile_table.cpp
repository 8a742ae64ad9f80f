#include "scoring/percentile_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "chem/data_file.hpp"
#include "chem/error.hpp"
#include "datasets/durable_file.hpp"
#include "datasets/results_table.hpp"

namespace theriac::scoring {
namespace {

constexpr std::size_t columns_before_knots = 3;

template <typename Number>
Number number(const std::string& text, const std::string& path, std::size_t line) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size())
    throw InputError(fmt::format("'{}' is not a number ({}, line {})", text, path, line));
  return value;
}

/// Quantile of sorted values, linear between order statistics.
double quantile(const std::vector<double>& sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

}  // namespace

PercentileTable PercentileTable::read(const std::string& path) {
  PercentileTable table;
  const auto lines = datasets::read_csv(datasets::read_file(path));
  if (lines.empty() || lines[0].size() != columns_before_knots + knot_count || lines[0][0] != "property")
    throw InputError(fmt::format(
        "'{}' is not a table of percentiles: its first line is not 'property,version,molecules,p0,...,p100'",
        path));
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const auto& cells = lines[i];
    if (cells.size() != lines[0].size())
      throw InputError(fmt::format("the row has {} cells, the header has {} ({}, line {})", cells.size(),
                                   lines[0].size(), path, i + 1));
    Knots knots;
    knots.version = cells[1];
    knots.molecules = number<std::int64_t>(cells[2], path, i + 1);
    for (std::size_t k = 0; k < knot_count; ++k)
      knots.at[k] = number<double>(cells[columns_before_knots + k], path, i + 1);
    if (!std::is_sorted(knots.at.begin(), knots.at.end()))
      throw InputError(fmt::format("the knots of '{}' do not rise ({}, line {})", cells[0], path, i + 1));
    table.rows_[cells[0]] = knots;
  }
  return table;
}

const PercentileTable& PercentileTable::approved_drugs() {
  static const PercentileTable table = read(chem::data_file("drugs/percentiles.csv"));
  return table;
}

void PercentileTable::write(const std::string& path) const {
  std::string text = "property,version,molecules";
  for (std::size_t k = 0; k < knot_count; ++k) text += fmt::format(",p{}", k);
  text += '\n';
  for (const auto& [name, knots] : rows_) {
    text += fmt::format("{},{},{}", datasets::csv_field(name), datasets::csv_field(knots.version),
                        knots.molecules);
    for (const double at : knots.at) text += fmt::format(",{:.6g}", at);
    text += '\n';
  }
  datasets::DurableFile file(path);
  file.write(text);
  file.publish();
}

void PercentileTable::add(const ScoreKind& kind, std::vector<double> values) {
  values.erase(std::remove_if(values.begin(), values.end(), [](double v) { return !std::isfinite(v); }),
               values.end());
  if (values.empty()) return;
  std::sort(values.begin(), values.end());
  Knots knots{kind.version, static_cast<std::int64_t>(values.size()), {}};
  for (std::size_t k = 0; k < knot_count; ++k)
    knots.at[k] = quantile(values, static_cast<double>(k) / (knot_count - 1));
  rows_[kind.name] = knots;
}

std::optional<double> PercentileTable::percentile(const ScoreKind& kind, double value) const {
  const auto found = rows_.find(kind.name);
  if (found == rows_.end() || found->second.version != kind.version || !std::isfinite(value))
    return std::nullopt;
  const auto& at = found->second.at;
  // first and last knot that are not on either side of the value; equal unless knots repeat
  const auto first = std::lower_bound(at.begin(), at.end(), value);
  const auto last = std::upper_bound(at.begin(), at.end(), value);
  if (first == at.end()) return 100.0;
  const auto place = [&](auto knot) { return static_cast<double>(knot - at.begin()); };
  if (first != last) return (place(first) + place(last) - 1) / 2;
  if (first == at.begin()) return 0.0;
  const double below = *(first - 1), above = *first;
  return place(first) - 1 + (value - below) / (above - below);
}

}  // namespace theriac::scoring
