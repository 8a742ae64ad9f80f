#include "scoring/peptide_features.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "chem/error.hpp"
#include "chem/peptide_properties.hpp"

namespace theriac::scoring {
namespace {

using chem::residue_number;
using chem::standard_residues;

/// Acidic, basic, polar, aliphatic, aromatic, small, special (C and P).
constexpr std::array<std::string_view, 7> residue_groups = {"DE", "KR", "NQHST", "ILMV", "FWY", "AG", "CP"};
constexpr std::array<const char*, 7> group_names = {"acidic",   "basic", "polar",  "aliphatic",
                                                    "aromatic", "small", "special"};
constexpr int farthest = 4;      // distance of pairs of groups
constexpr std::size_t ends = 4;  // residues looked at on either end
constexpr std::size_t window = 11;

std::size_t group_of(char letter) {
  for (std::size_t g = 0; g < residue_groups.size(); ++g)
    if (residue_groups[g].find(letter) != std::string_view::npos) return g;
  return 0;
}

/// Highest moment of eleven residues, three turns of a helix; of all where there are fewer.
double highest_moment(std::string_view s) {
  double highest = 0;
  const std::size_t span = std::min(window, s.size());
  for (std::size_t i = 0; i + span <= s.size(); ++i)
    highest = std::max(highest, chem::hydrophobic_moment(s.substr(i, span)));
  return highest;
}

double highest_hydropathy(std::string_view s) {
  double highest = -9;
  const std::size_t span = std::min<std::size_t>(7, s.size());
  for (std::size_t i = 0; i + span <= s.size(); ++i)
    highest = std::max(highest, chem::gravy(s.substr(i, span)));
  return highest;
}

std::vector<std::string> names_of_columns() {
  std::vector<std::string> names = {"length"};
  for (const char c : standard_residues) names.push_back(fmt::format("share_{}", c));
  for (const char* name :
       {"charge", "charge_per_residue", "isoelectric_point", "gravy", "aliphatic_index", "instability",
        "boman", "consensus_hydrophobicity", "helix_moment", "strand_moment", "highest_moment",
        "highest_hydropathy", "aggregating_residues", "kinds_of_residues"})
    names.emplace_back(name);
  for (const char* group : group_names) names.push_back(fmt::format("share_{}", group));
  for (int distance = 1; distance <= farthest; ++distance)
    for (const char* a : group_names)
      for (const char* b : group_names) names.push_back(fmt::format("{}_{}_{}", a, distance, b));
  for (const char* end : {"first", "last"})
    for (const char* what : {"hydropathy", "charge"}) names.push_back(fmt::format("{}_{}", end, what));
  for (const char a : standard_residues)
    for (const char b : standard_residues) names.push_back(fmt::format("{}{}", a, b));
  return names;
}

void add_properties(std::string_view s, std::vector<float>& out) {
  const double n = static_cast<double>(s.size()), charge = chem::net_charge(s, 7.0);
  std::array<int, 20> counts{};
  for (const char c : s) ++counts[static_cast<std::size_t>(residue_number(c))];
  double aggregating = 0;
  for (const auto& stretch : chem::aggregation_stretches(s)) aggregating += stretch.length;
  for (const double value :
       {charge, charge / n, chem::isoelectric_point(s), chem::gravy(s), chem::aliphatic_index(s),
        chem::instability_index(s), chem::boman_index(s), chem::mean_consensus_hydrophobicity(s),
        chem::hydrophobic_moment(s, 100), chem::hydrophobic_moment(s, 160), highest_moment(s),
        highest_hydropathy(s), aggregating / n,
        static_cast<double>(std::count_if(counts.begin(), counts.end(), [](int c) { return c > 0; }))})
    out.push_back(static_cast<float>(value));
}

void add_groups(std::string_view s, std::vector<float>& out) {
  std::vector<std::size_t> group;
  for (const char c : s) group.push_back(group_of(c));
  const float n = static_cast<float>(s.size());
  std::array<float, 7> shares{};
  for (const std::size_t g : group) shares[g] += 1 / n;
  out.insert(out.end(), shares.begin(), shares.end());
  for (std::size_t distance = 1; distance <= farthest; ++distance) {
    std::array<float, 49> pairs{};
    for (std::size_t i = 0; i + distance < group.size(); ++i)
      pairs[group[i] * 7 + group[i + distance]] += 1 / n;
    out.insert(out.end(), pairs.begin(), pairs.end());
  }
}

void add_ends(std::string_view s, std::vector<float>& out) {
  const std::size_t span = std::min(ends, s.size());
  for (const auto part : {s.substr(0, span), s.substr(s.size() - span)}) {
    float charge = 0;
    for (const char c : part) charge += c == 'K' || c == 'R' ? 1.0f : c == 'D' || c == 'E' ? -1.0f : 0.0f;
    out.push_back(static_cast<float>(chem::gravy(part)));
    out.push_back(charge);
  }
}

}  // namespace

const std::vector<std::string>& peptide_feature_names() {
  static const std::vector<std::string> names = names_of_columns();
  return names;
}

std::vector<float> peptide_features(std::string_view residues) {
  chem::check_residues(residues);
  const float n = static_cast<float>(residues.size());
  std::vector<float> out = {n};
  out.resize(baseline_peptide_columns);
  for (const char c : residues) out[static_cast<std::size_t>(residue_number(c)) + 1] += 1 / n;
  add_properties(residues, out);
  add_groups(residues, out);
  add_ends(residues, out);
  const std::size_t pairs = out.size();
  out.resize(pairs + 400);
  for (std::size_t i = 0; i + 1 < residues.size(); ++i)
    out[pairs +
        static_cast<std::size_t>(residue_number(residues[i]) * 20 + residue_number(residues[i + 1]))] += 1;
  return out;
}

PeptideBins::PeptideBins(const std::vector<std::vector<float>>& rows) {
  const std::size_t columns = peptide_feature_names().size();
  borders_.assign(columns * most_borders, std::numeric_limits<float>::infinity());
  std::vector<float> values(rows.size());
  for (std::size_t c = 0; c < columns && !rows.empty(); ++c) {
    for (std::size_t r = 0; r < rows.size(); ++r) values[r] = rows[r][c];
    std::sort(values.begin(), values.end());
    std::size_t made = 0;
    for (std::size_t i = 1; i <= most_borders; ++i) {
      const float at = values[rows.size() * i / (most_borders + 1)];
      const auto above = std::upper_bound(values.begin(), values.end(), at);
      if (above == values.end()) break;
      const float border = at + (*above - at) / 2;
      float* begin = borders_.data() + c * most_borders;
      if (made == 0 || border > begin[made - 1]) begin[made++] = border;
    }
  }
}

PeptideBins::PeptideBins(std::vector<float> borders) : borders_(std::move(borders)) {
  const std::size_t columns = peptide_feature_names().size();
  if (borders_.size() != columns * most_borders)
    throw ModelError(fmt::format(
        "the model was made with {} features of peptides, this program computes {}: train it again",
        borders_.size() / most_borders, columns));
}

std::vector<std::uint8_t> PeptideBins::bins(const std::vector<float>& row) const {
  std::vector<std::uint8_t> out;
  for (std::size_t c = 0; c < row.size(); ++c) {
    const float* begin = borders_.data() + c * most_borders;
    out.push_back(static_cast<std::uint8_t>(std::upper_bound(begin, begin + most_borders, row[c]) - begin));
  }
  return out;
}

BinnedMatrix PeptideBins::matrix(const std::vector<std::vector<float>>& rows, std::size_t columns) const {
  std::vector<std::vector<std::uint8_t>> out(columns, std::vector<std::uint8_t>(rows.size()));
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const auto row = bins(rows[r]);
    for (std::size_t c = 0; c < columns; ++c) out[c][r] = row[c];
  }
  return BinnedMatrix(std::move(out));
}

}  // namespace theriac::scoring
