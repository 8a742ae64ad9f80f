#include "chem/sequence_profile.hpp"

#include <algorithm>
#include <cmath>

#include "chem/error.hpp"

namespace theriac::chem {
namespace {

/// A row of the alignment as the profile sees it.
struct WeightedRow {
  const std::vector<std::uint8_t>* residues;
  std::size_t first;
  double weight = 0;
};

std::vector<WeightedRow> rows_of(const Homologs& homologs, const std::vector<std::uint8_t>& query,
                                 const ProfileOptions& options) {
  std::vector<WeightedRow> rows;
  rows.push_back({&query, 0});
  for (const auto& row : homologs.rows)
    if (row.identity >= options.least_identity) rows.push_back({&row.residues, row.first});
  return rows;
}

/// Henikoff weights: at each position every kind of residue shares one vote, those of a kind share its part.
void weigh(std::vector<WeightedRow>& rows, std::size_t length) {
  std::vector<std::array<int, residue_kinds>> counts(length);
  for (const auto& row : rows)
    for (std::size_t i = 0; i < row.residues->size(); ++i)
      if ((*row.residues)[i] < residue_kinds) ++counts[row.first + i][(*row.residues)[i]];
  std::vector<int> kinds(length);
  for (std::size_t p = 0; p < length; ++p)
    kinds[p] =
        static_cast<int>(std::count_if(counts[p].begin(), counts[p].end(), [](int n) { return n > 0; }));
  double sum = 0;
  for (auto& row : rows) {
    double votes = 0, present = 0;
    for (std::size_t i = 0; i < row.residues->size(); ++i) {
      const auto code = (*row.residues)[i];
      if (code >= residue_kinds) continue;
      votes += 1.0 / (kinds[row.first + i] * counts[row.first + i][code]);
      ++present;
    }
    row.weight = present > 0 ? votes / present : 0;
    sum += row.weight;
  }
  for (auto& row : rows) row.weight = sum > 0 ? row.weight / sum : 0;
}

double relative_entropy(const ResidueFrequencies& p) {
  double sum = 0;
  for (std::size_t k = 0; k < p.size(); ++k)
    if (p[k] > 0) sum += p[k] * std::log(p[k] / background_frequencies()[k]);
  return sum;
}

/// Fills `mixed` and `conservation` from `observed`.
void mix(ProfileColumn& column, std::uint8_t query, double pseudocounts) {
  ResidueFrequencies expected{};
  const auto& conditionals = blosum62_conditionals();
  for (std::size_t a = 0; a < residue_kinds; ++a)
    for (std::size_t b = 0; b < residue_kinds; ++b) expected[b] += column.observed[a] * conditionals[a][b];
  if (column.occupied <= 0) expected = query < residue_kinds ? conditionals[query] : background_frequencies();
  for (std::size_t k = 0; k < residue_kinds; ++k)
    column.mixed[k] = (column.observations * column.observed[k] + pseudocounts * expected[k]) /
                      (column.observations + pseudocounts);
  column.conservation = relative_entropy(column.mixed);
}

}  // namespace

SequenceProfile profile_of(const Homologs& homologs, const ProfileOptions& options) {
  if (homologs.query.empty()) throw UsageError("a sequence without residues has no profile");
  const auto query = residue_codes(homologs.query);
  auto rows = rows_of(homologs, query, options);
  weigh(rows, query.size());
  SequenceProfile profile;
  profile.columns.resize(query.size());
  double squares = 0;
  for (const auto& row : rows) {
    squares += row.weight * row.weight;
    for (std::size_t i = 0; i < row.residues->size(); ++i)
      if ((*row.residues)[i] < residue_kinds)
        profile.columns[row.first + i].observed[(*row.residues)[i]] += row.weight;
  }
  profile.effective_rows = squares > 0 ? 1 / squares : 0;
  for (std::size_t p = 0; p < query.size(); ++p) {
    auto& column = profile.columns[p];
    for (const double share : column.observed) column.occupied += share;
    double kinds = 0;
    if (column.occupied > 0)
      for (double& share : column.observed) {
        share /= column.occupied;
        kinds += share > 0;
      }
    column.observations = options.observations == Observations::kinds
                              ? std::max(0.0, kinds - 1)
                              : column.occupied * profile.effective_rows;
    mix(column, query[p], options.pseudocounts);
  }
  return profile;
}

PositionScores scores_of_profile(const SequenceProfile& profile, const std::string& query) {
  PositionScores scores = scores_of_sequence(residue_codes(query));
  constexpr double half_bits = 1 / 0.3176;
  for (std::size_t p = 0; p < profile.columns.size(); ++p)
    for (std::size_t k = 0; k < residue_kinds; ++k)
      scores.values[p * PositionScores::kinds + k] = static_cast<std::int16_t>(
          std::lround(half_bits * std::log(profile.columns[p].mixed[k] / background_frequencies()[k])));
  return scores;
}

}  // namespace theriac::chem
