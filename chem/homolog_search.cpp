#include "chem/homolog_search.hpp"

#include <fmt/format.h>
#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "chem/error.hpp"
#include "chem/sequence_profile.hpp"
#include "chem/striped_alignment.hpp"
#include "chem/substitution_matrix.hpp"

namespace theriac::chem {
namespace {

constexpr double gapped_lambda = 0.267, gapped_k = 0.041;     // gaps 11 + 1
constexpr double gapless_lambda = 0.3176, gapless_k = 0.134;  // nats; no gaps
/// Positions of low complexity: stretches of 12 whose composition has less than 2.2 bits of entropy.
std::vector<bool> low_complexity(const std::vector<std::uint8_t>& residues) {
  constexpr std::size_t window = 12;
  constexpr double least_bits = 2.2;
  std::vector<bool> low(residues.size(), false);
  for (std::size_t first = 0; first + window <= residues.size(); ++first) {
    std::array<int, residue_kinds + 1> counts{};
    for (std::size_t i = first; i < first + window; ++i) ++counts[residues[i]];
    double bits = 0;
    for (const int n : counts)
      if (n > 0) bits -= n / double(window) * std::log2(n / double(window));
    if (bits < least_bits) std::fill_n(low.begin() + static_cast<std::ptrdiff_t>(first), window, true);
  }
  return low;
}

/// Such positions find relatives by composition alone: they score as unknown residues do.
void mask(PositionScores& scores, const std::vector<bool>& masked) {
  for (std::size_t p = 0; p < scores.length; ++p)
    if (masked[p])
      std::fill_n(scores.values.begin() + static_cast<std::ptrdiff_t>(p * PositionScores::kinds),
                  PositionScores::kinds, std::int16_t{-1});
}

struct Found {
  std::size_t sequence = 0;
  double e_value = 0;
  AlignedResidues course;
};

double e_value_of(int score, double query, double database) {
  return gapped_k * query * database * std::exp(-gapped_lambda * score);
}

/// The least gapless score that an unrelated sequence of this length reaches by `chance`.
int filter_threshold(double query, double length, double chance) {
  const double score = std::log(gapless_k * query * length / chance) / gapless_lambda;
  return static_cast<int>(std::clamp(score, 1.0, static_cast<double>(gapless_limit)));
}

/// Sequences that pass the filter, in the order of the database.
std::vector<std::size_t> passing(const SequenceDatabase& database, const StripedScores& scores, double query,
                                 double chance) {
  std::vector<std::uint8_t> pass(database.size(), 0);
  constexpr std::size_t grain = 256;
  tbb::parallel_for(tbb::blocked_range<std::size_t>(0, database.size(), grain), [&](const auto& range) {
    StripedScores::Rows rows;
    for (std::size_t s = range.begin(); s < range.end(); ++s)
      pass[s] = scores.gapless(database.residues(s), database.length(s), rows) >=
                filter_threshold(query, static_cast<double>(database.length(s)), chance);
  });
  std::vector<std::size_t> out;
  for (std::size_t s = 0; s < pass.size(); ++s)
    if (pass[s]) out.push_back(s);
  return out;
}

/// One round: the relatives that score E <= e_value, best first.
std::vector<Found> search(const SequenceDatabase& database, const PositionScores& scores,
                          const HomologSearchOptions& options) {
  const StripedScores striped(scores);
  const double query = static_cast<double>(scores.length);
  const double residues = static_cast<double>(database.residue_count());
  const auto candidates = passing(database, striped, query, options.filter_chance);
  std::vector<Found> found(candidates.size());
  tbb::parallel_for(std::size_t{0}, candidates.size(), [&](std::size_t c) {
    const std::size_t s = candidates[c];
    StripedScores::Rows rows;
    AlignmentCorner end = striped.gapped(database.residues(s), database.length(s), rows);
    if (end.score >= striped_limit) end = local_end(scores, database.residues(s), database.length(s));
    const double e_value = e_value_of(end.score, query, residues);
    if (e_value <= options.e_value) found[c] = {s, e_value, local_course(scores, database.residues(s), end)};
  });
  found.erase(std::remove_if(found.begin(), found.end(), [](const Found& f) { return f.course.empty(); }),
              found.end());
  std::stable_sort(found.begin(), found.end(),
                   [](const Found& a, const Found& b) { return a.course.score > b.course.score; });
  if (found.size() > options.at_most) found.resize(options.at_most);
  return found;
}

void check(const std::string& query, const HomologSearchOptions& options) {
  if (query.empty()) throw UsageError("a sequence without residues has no homologs");
  if (options.rounds < 1 || options.rounds > 10)
    throw UsageError(fmt::format("{} rounds of search", options.rounds), "1 to 10");
  if (!(options.e_value > 0) || !(options.filter_chance > 0) || options.filter_chance > 1)
    throw UsageError(fmt::format("E value {} and filter chance {}", options.e_value, options.filter_chance),
                     "both must be positive, the chance at most 1");
}

}  // namespace

Homologs find_homologs(const SequenceDatabase& database, const std::string& query,
                       const HomologSearchOptions& options) {
  check(query, options);
  const auto codes = residue_codes(query);
  const auto masked = low_complexity(codes);
  PositionScores scores = scores_of_sequence(codes);
  Homologs homologs;
  for (int round = 0; round < options.rounds; ++round) {
    if (round > 0) scores = scores_of_profile(profile_of(homologs, {Observations::kinds, 10, 0}), query);
    mask(scores, masked);
    homologs = {query, {}};
    for (auto& found : search(database, scores, options)) {
      homologs.rows.push_back(homolog_row(database.name(found.sequence), found.course.first,
                                          std::move(found.course.residues), codes));
      homologs.rows.back().e_value = found.e_value;
    }
    if (homologs.rows.empty()) break;
  }
  return homologs;
}

}  // namespace theriac::chem
