#include "generative/peptide_design.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <vector>

#include "chem/error.hpp"
#include "chem/peptide_properties.hpp"

namespace theriac::generative {
namespace {

char residue_of(char letter, std::string_view where) {
  const char upper = static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
  if (chem::residue_number(upper) < 0)
    throw UsageError(fmt::format("'{}' in '{}' is none of the twenty residues", letter, where),
                     fmt::format("residues are {}", chem::standard_residues));
  return upper;
}

int whole_number(std::string_view text, std::string_view where) {
  int number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault != std::errc() || end != text.data() + text.size())
    throw UsageError(fmt::format("'{}' in '{}' is no whole number", text, where));
  return number;
}

bool banned(const PeptideDesign& design, char residue) {
  return design.banned.find(residue) != std::string::npos;
}

bool drawable(const PeptideDesign& design, char residue) {
  return !banned(design, residue) && (design.free_cysteines || residue != 'C');
}

}  // namespace

void check_design(const PeptideDesign& design) {
  if (design.shortest < 2 || design.longest > longest_peptide || design.shortest > design.longest)
    throw UsageError(
        fmt::format("peptides of {} to {} residues cannot be proposed", design.shortest, design.longest),
        fmt::format("lengths lie between 2 and {}, the shorter one first", longest_peptide));
  for (const char c : design.banned) residue_of(c, design.banned);
  for (const auto& [position, residue] : design.fixed) {
    residue_of(residue, "fixed positions");
    if (position < 1 || position > design.shortest)
      throw UsageError(fmt::format("position {} is fixed, but the shortest peptide has {} residues", position,
                                   design.shortest),
                       "positions count from 1; --length sets the shortest peptide");
    if (banned(design, residue))
      throw UsageError(fmt::format("{} is fixed at position {} and banned", residue, position));
  }
  const auto left = std::count_if(chem::standard_residues.begin(), chem::standard_residues.end(),
                                  [&](char c) { return drawable(design, c); });
  if (left < 2) throw UsageError(fmt::format("banning '{}' leaves nothing to choose from", design.banned));
  if (!(design.temperature > 0) || design.temperature > 10)
    throw UsageError(fmt::format("temperature {} is not in (0, 10]", design.temperature));
  if (!(design.top_p > 0) || design.top_p > 1)
    throw UsageError(fmt::format("top-p {} is not in (0, 1]", design.top_p));
}

std::map<int, char> fixed_positions(std::string_view text) {
  std::map<int, char> fixed;
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view part = text.substr(at, text.find(',', at) - at);
    at += part.size() + 1;
    const std::size_t colon = part.find(':');
    if (colon == std::string_view::npos || colon + 2 != part.size())
      throw UsageError(fmt::format("'{}' is no fixed position", part), "position and residue, as in 3:C,8:C");
    const int position = whole_number(part.substr(0, colon), text);
    const char residue = residue_of(part[colon + 1], text);
    if (!fixed.emplace(position, residue).second && fixed[position] != residue)
      throw UsageError(
          fmt::format("position {} is fixed twice, to {} and {}", position, fixed[position], residue));
  }
  return fixed;
}

std::pair<int, int> length_range(std::string_view text) {
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos) return {whole_number(text, text), whole_number(text, text)};
  return {whole_number(text.substr(0, dash), text), whole_number(text.substr(dash + 1), text)};
}

std::string banned_residues(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (c != ',' && c != ' ') out += residue_of(c, text);
  return out;
}

bool fits(const PeptideDesign& design, std::string_view peptide) {
  const int n = static_cast<int>(peptide.size());
  if (n < design.shortest || n > design.longest) return false;
  for (int i = 0; i < n; ++i) {
    const char residue = peptide[static_cast<std::size_t>(i)];
    const auto fixed = design.fixed.find(i + 1);
    if (fixed != design.fixed.end() ? fixed->second != residue : !drawable(design, residue)) return false;
  }
  return design.allow_low_complexity || !chem::low_complexity(peptide);
}

char drawn_residue(const double* log_p, const PeptideDesign& design, int position,
                   chem::CounterRandom& random) {
  const double drawn = random.uniform();  // always one number, so that fixing a position moves nothing else
  const auto fixed = design.fixed.find(position);
  if (fixed != design.fixed.end()) return fixed->second;
  std::vector<std::pair<double, char>> choices;
  double highest = -1e300;
  for (std::size_t i = 0; i < 20; ++i)
    if (drawable(design, chem::standard_residues[i])) {
      choices.emplace_back(log_p[i] / design.temperature, chem::standard_residues[i]);
      highest = std::max(highest, choices.back().first);
    }
  double total = 0;
  for (auto& choice : choices) total += choice.first = std::exp(choice.first - highest);
  std::stable_sort(choices.begin(), choices.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  double kept = 0;
  std::size_t count = 0;
  while (count < choices.size() && (count == 0 || kept < design.top_p * total))
    kept += choices[count++].first;
  double rest = drawn * kept;
  for (std::size_t i = 0; i < count; ++i) {
    rest -= choices[i].first;
    if (rest < 0) return choices[i].second;
  }
  return choices[count - 1].second;
}

}  // namespace theriac::generative
