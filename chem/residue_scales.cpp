#include "chem/residue_scales.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cctype>
#include <string>
#include <vector>

#include "chem/error.hpp"
#include "chem/nearest_name.hpp"

namespace theriac::chem {
namespace {

constexpr std::array<ResidueScale, 20> diwv = {{
    {{1, 44.94, -7.49, 1, 1, 1, -7.49, 1, 1, 1, 1, 1, 20.26, 1, 1, 1, 1, 1, 1, 1}},
    {{1, 1, 20.26, 1, 1, 1, 33.6, 1, 1, 20.26, 33.6, 1, 20.26, -6.54, 1, 1, 33.6, -6.54, 24.68, 1}},
    {{1, 1, 1, 1, -6.54, 1, 1, 1, -7.49, 1, 1, 1, 1, 1, -6.54, 20.26, -14.03, 1, 1, 1}},
    {{1, 44.94, 20.26, 33.6, 1, 1, -6.54, 20.26, 1, 1, 1, 1, 20.26, 20.26, 1, 20.26, 1, 1, -14.03, 1}},
    {{1, 1, 13.34, 1, 1, 1, 1, 1, -14.03, 1, 1, 1, 20.26, 1, 1, 1, 1, 1, 1, 33.601}},
    {{-7.49, 1, 1, -6.54, 1, 13.34, 1, -7.49, -7.49, 1, 1, -7.49, 1, 1, 1, 1, -7.49, 1, 13.34, -7.49}},
    {{1, 1, 1, 1, -9.37, -9.37, 1, 44.94, 24.68, 1, 1, 24.68, -1.88, 1, 1, 1, -6.54, 1, -1.88, 44.94}},
    {{1, 1, 1, 44.94, 1, 1, 13.34, 1, -7.49, 20.26, 1, 1, -1.88, 1, 1, 1, 1, -7.49, 1, 1}},
    {{1, 1, 1, 1, 1, -7.49, 1, -7.49, 1, -7.49, 33.6, 1, -6.54, 24.64, 33.6, 1, 1, -7.49, 1, 1}},
    {{1, 1, 1, 1, 1, 1, 1, 1, -7.49, 1, 1, 1, 20.26, 33.6, 20.26, 1, 1, 1, 24.68, 1}},
    {{13.34, 1, 1, 1, 1, 1, 58.28, 1, 1, 1, -1.88, 1, 44.94, -6.54, -6.54, 44.94, -1.88, 1, 1, 24.68}},
    {{1, -1.88, 1, 1, -14.03, -14.03, 1, 44.94, 24.68, 1, 1, 1, -1.88, -6.54, 1, 1, -7.49, 1, -9.37, 1}},
    {{20.26, -6.54, -6.54, 18.38, 20.26, 1,     1, 1,     1,     1,
      -6.54, 1,     20.26, 20.26, -6.54, 20.26, 1, 20.26, -1.88, 1}},
    {{1, -6.54, 20.26, 20.26, -6.54, 1, 1, 1, 1, 1, 1, 1, 20.26, 20.26, 1, 44.94, 1, -6.54, 1, -6.54}},
    {{1, 1, 1, 1, 1, -7.49, 20.26, 1, 1, 1, 1, 13.34, 20.26, 20.26, 58.28, 44.94, 1, 1, 58.28, -6.54}},
    {{1, 33.6, 1, 20.26, 1, 1, 1, 1, 1, 1, 1, 1, 44.94, 20.26, 20.26, 20.26, 1, 1, 1, 1}},
    {{1, 1, 1, 20.26, 13.34, -7.49, 1, 1, 1, 1, 1, -14.03, 1, -6.54, 1, 1, 1, 1, -14.03, 1}},
    {{1, 1, -14.03, 1, 1, -7.49, 1, 1, -1.88, 1, 1, 1, 20.26, 1, 1, 1, -7.49, 1, 1, -6.54}},
    {{-14.03, 1, 1, 1, 1, -9.37, 24.68, 1, 1, 13.34, 24.68, 13.34, 1, 1, 1, 1, -14.03, -7.49, 1, 1}},
    {{24.68, 1, 24.68, -6.54, 1,      -7.49, 13.34, 1, 1,     1,
      44.94, 1, 13.34, 1,     -15.91, 1,     -7.49, 1, -9.37, 13.34}},
}};

// name, N terminus, K, R, H, D, E, C, Y, C terminus
constexpr std::array<PkaSet, 9> sets = {{
    {"Bjellqvist", 7.5, 10.0, 12.0, 5.98, 4.05, 4.45, 9.0, 10.0, 3.55},
    {"Dawson", 8.2, 10.5, 12.0, 6.0, 3.9, 4.3, 8.3, 10.1, 3.2},
    {"EMBOSS", 8.6, 10.8, 12.5, 6.5, 3.9, 4.1, 8.5, 10.1, 3.6},
    {"Lehninger", 9.69, 10.53, 12.48, 6.0, 3.65, 4.25, 8.18, 10.07, 2.34},
    {"Murray", 9.52, 11.5, 11.5, 6.0, 3.68, 4.25, 8.33, 10.07, 2.15},
    {"Rodwell", 8.0, 11.5, 11.5, 6.0, 3.86, 4.25, 8.33, 10.7, 3.1},
    {"Sillero", 8.2, 10.4, 12.0, 6.4, 4.0, 4.5, 9.0, 10.0, 3.2},
    {"Solomon", 8.2, 10.5, 12.5, 6.0, 3.9, 4.3, 8.3, 10.1, 3.2},
    {"Stryer", 8.2, 10.0, 12.0, 6.5, 4.4, 4.4, 8.5, 10.0, 3.2},
}};

std::string lower(std::string_view text) {
  std::string out;
  for (const unsigned char c : text) out += static_cast<char>(std::tolower(c));
  return out;
}

}  // namespace

const std::array<ResidueScale, 20>& instability_weights() {
  return diwv;
}

const std::array<PkaSet, 9>& pka_sets() {
  return sets;
}

const PkaSet& pka_set(std::string_view name) {
  std::vector<std::string> names;
  for (const PkaSet& set : sets) {
    if (lower(set.name) == lower(name)) return set;
    names.emplace_back(set.name);
  }
  const std::string near = nearest_name(std::string(name), names);
  throw UsageError(fmt::format("unknown set of pKa values '{}'{}; known: {}", name,
                               near.empty() ? std::string() : fmt::format(", did you mean '{}'?", near),
                               fmt::join(names, ", ")));
}

int residue_number(char letter) {
  const auto at = standard_residues.find(letter);
  return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

}  // namespace theriac::chem
