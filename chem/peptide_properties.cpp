#include "chem/peptide_properties.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "chem/error.hpp"

namespace theriac::chem {
namespace {

std::size_t number_of(char letter) {
  return static_cast<std::size_t>(residue_number(letter));
}

double sum_of(std::string_view residues, const ResidueScale& scale) {
  double sum = 0;
  for (const char c : residues) sum += scale[number_of(c)];
  return sum;
}

double count_of(std::string_view residues, std::string_view kinds) {
  return static_cast<double>(
      std::count_if(residues.begin(), residues.end(), [&](char c) { return kinds.find(c) != kinds.npos; }));
}

double length_of(std::string_view residues) {
  return static_cast<double>(residues.size());
}

double positive(double ph, double pka) {
  return 1 / (1 + std::pow(10.0, ph - pka));
}

double negative(double ph, double pka) {
  return 1 / (1 + std::pow(10.0, pka - ph));
}

bool is_bjellqvist(const PkaSet& set) {
  return set.name == pka_sets()[0].name;
}

double n_terminus_pka(char first, const PkaSet& set) {
  if (is_bjellqvist(set)) switch (first) {
      case 'A':
        return 7.59;
      case 'M':
        return 7.0;
      case 'S':
        return 6.93;
      case 'P':
        return 8.36;
      case 'T':
        return 6.82;
      case 'V':
        return 7.44;
      case 'E':
        return 7.7;
      default:
        break;
    }
  return set.n_terminus;
}

double c_terminus_pka(char last, const PkaSet& set) {
  if (is_bjellqvist(set) && last == 'D') return 4.55;
  if (is_bjellqvist(set) && last == 'E') return 4.75;
  return set.c_terminus;
}

double charge(std::string_view s, double ph, const PkaSet& set, const PeptideEnds& ends) {
  double sum = count_of(s, "K") * positive(ph, set.lysine) + count_of(s, "R") * positive(ph, set.arginine) +
               count_of(s, "H") * positive(ph, set.histidine);
  sum -= count_of(s, "D") * negative(ph, set.aspartate) + count_of(s, "E") * negative(ph, set.glutamate) +
         count_of(s, "C") * negative(ph, set.cysteine) + count_of(s, "Y") * negative(ph, set.tyrosine);
  if (ends.free_n) sum += positive(ph, n_terminus_pka(s.front(), set));
  if (ends.free_c) sum -= negative(ph, c_terminus_pka(s.back(), set));
  return sum;
}

constexpr double hot_spot_threshold = -0.02;  // AGGRESCAN: mean propensity of Swiss-Prot
constexpr int hot_spot_length = 5;

/// Mean propensity over five neighbours, fewer at the ends.
std::vector<double> smoothed_propensity(std::string_view s) {
  const int n = static_cast<int>(s.size());
  std::vector<double> out;
  for (int i = 0; i < n; ++i) {
    const int from = std::max(0, i - 2), to = std::min(n, i + 3);
    double sum = 0;
    for (int k = from; k < to; ++k) sum += aggregation_propensity[number_of(s[static_cast<std::size_t>(k)])];
    out.push_back(sum / (to - from));
  }
  return out;
}

}  // namespace

void check_residues(std::string_view residues) {
  if (residues.empty()) throw InputError("a peptide without residues");
  for (std::size_t i = 0; i < residues.size(); ++i)
    if (residue_number(residues[i]) < 0)
      throw InputError(fmt::format("'{}' at position {} of the peptide is none of the twenty residues",
                                   residues[i], i + 1),
                       fmt::format("residues are {} in upper case", standard_residues));
}

double net_charge(std::string_view residues, double ph, const PkaSet& set, const PeptideEnds& ends) {
  check_residues(residues);
  return charge(residues, ph, set, ends);
}

double isoelectric_point(std::string_view residues, const PkaSet& set, const PeptideEnds& ends) {
  check_residues(residues);
  const bool acid = ends.free_c || count_of(residues, "DECY") > 0;
  const bool base = ends.free_n || count_of(residues, "KRH") > 0;
  if (!acid && !base) return std::numeric_limits<double>::quiet_NaN();
  double low = 0, high = 14;
  while (high - low > 1e-6) {
    const double middle = (low + high) / 2;
    (charge(residues, middle, set, ends) > 0 ? low : high) = middle;
  }
  return (low + high) / 2;
}

double peptide_mass(std::string_view residues) {
  check_residues(residues);
  return sum_of(residues, residue_mass) + water_mass;
}

double gravy(std::string_view residues) {
  check_residues(residues);
  return sum_of(residues, hydropathy) / length_of(residues);
}

double aliphatic_index(std::string_view residues) {
  check_residues(residues);
  return 100 * (count_of(residues, "A") + 2.9 * count_of(residues, "V") + 3.9 * count_of(residues, "IL")) /
         length_of(residues);
}

double instability_index(std::string_view residues) {
  check_residues(residues);
  double sum = 0;
  for (std::size_t i = 0; i + 1 < residues.size(); ++i)
    sum += instability_weights()[number_of(residues[i])][number_of(residues[i + 1])];
  return 10 * sum / length_of(residues);
}

double boman_index(std::string_view residues) {
  check_residues(residues);
  return -sum_of(residues, transfer_energy) / length_of(residues);
}

double aromaticity(std::string_view residues) {
  check_residues(residues);
  return count_of(residues, "FWY") / length_of(residues);
}

double absorption_280(std::string_view residues, int cystines) {
  check_residues(residues);
  return 5500 * count_of(residues, "W") + 1490 * count_of(residues, "Y") + 125.0 * cystines;
}

double hydrophobic_moment(std::string_view residues, double degrees) {
  check_residues(residues);
  double along = 0, across = 0;
  for (std::size_t i = 0; i < residues.size(); ++i) {
    const double h = consensus_hydrophobicity[number_of(residues[i])];
    const double angle = static_cast<double>(i) * degrees * 3.14159265358979323846 / 180;
    along += h * std::cos(angle);
    across += h * std::sin(angle);
  }
  return std::hypot(along, across) / length_of(residues);
}

double mean_consensus_hydrophobicity(std::string_view residues) {
  check_residues(residues);
  return sum_of(residues, consensus_hydrophobicity) / length_of(residues);
}

std::vector<Stretch> aggregation_stretches(std::string_view residues) {
  check_residues(residues);
  const auto smoothed = smoothed_propensity(residues);
  std::vector<Stretch> out;
  int begin = 0;
  const int n = static_cast<int>(residues.size());
  for (int i = 0; i <= n; ++i) {
    const auto at = static_cast<std::size_t>(i);
    if (i < n && residues[at] != 'P' && smoothed[at] > hot_spot_threshold) continue;
    if (i - begin >= hot_spot_length) out.push_back({begin, i - begin});
    begin = i + 1;
  }
  return out;
}

bool low_complexity(std::string_view residues) {
  check_residues(residues);
  std::array<int, 20> counts{};
  for (const char c : residues) ++counts[number_of(c)];
  const int most = *std::max_element(counts.begin(), counts.end());
  const auto kinds = std::count_if(counts.begin(), counts.end(), [](int n) { return n > 0; });
  if (residues.size() >= 5 && 2 * most >= static_cast<int>(residues.size())) return true;
  if (residues.size() >= 8 && kinds < 4) return true;
  for (const std::size_t period : {std::size_t{1}, std::size_t{2}}) {
    const std::size_t span = period == 1 ? 4 : 6;
    for (std::size_t run = period, i = period; i < residues.size(); ++i) {
      run = residues[i] == residues[i - period] ? run + 1 : period;
      if (run >= span) return true;
    }
  }
  return false;
}

}  // namespace theriac::chem
