#include "scoring/variant_terms.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "chem/error.hpp"
#include "chem/sequence_profile.hpp"
#include "chem/substitution_matrix.hpp"

namespace theriac::scoring {
namespace {

using chem::residue_kinds;
using Scale = std::array<double, residue_kinds>;

// A C D E F G H I K L M N P Q R S T V W Y
constexpr Scale hydropathy = {1.8, 2.5,  -3.5, -3.5, 2.8,  -0.4, -3.2, 4.5, -3.9, 3.8,
                              1.9, -3.5, -1.6, -3.5, -4.5, -0.8, -0.7, 4.2, -0.9, -1.3};
constexpr Scale volume = {88.6,  108.5, 111.1, 138.4, 189.9, 60.1,  153.2, 166.7, 168.6, 166.7, 162.9,
                          114.1, 112.7, 143.8, 173.4, 89.0,  116.1, 140.0, 227.8, 193.6};  // cubic angstrom
constexpr Scale helix_cost = {0,    0.68, 0.69, 0.40, 0.54, 1.00, 0.61, 0.41, 0.26, 0.21,
                              0.24, 0.65, 3.16, 0.39, 0.21, 0.50, 0.66, 0.61, 0.49, 0.53};  // kcal/mol

constexpr double close_identity = 0.35;
constexpr int proline = 12;

enum Term {
  profile_odds,
  close_odds,
  mutant_frequency,
  seen,
  wild_type_frequency,
  relative_entropy,
  entropy,
  occupied,
  conserved_window,
  conserved_helix_side,
  buried,
  buried_neighbours,
  substitution,
  hydropathy_change,
  hydropathy_distance,
  hydropathy_deviations,
  volume_change,
  volume_distance,
  helix,
  to_proline,
  likelihood
};

double mean_of(const std::array<double, residue_kinds>& shares, const Scale& scale) {
  double sum = 0;
  for (std::size_t k = 0; k < residue_kinds; ++k) sum += shares[k] * scale[k];
  return sum;
}

double deviation_of(const std::array<double, residue_kinds>& shares, const Scale& scale, double mean) {
  double sum = 0;
  for (std::size_t k = 0; k < residue_kinds; ++k) sum += shares[k] * (scale[k] - mean) * (scale[k] - mean);
  return std::sqrt(sum);
}

/// Mean over the positions up to `reach` away, those beyond the ends left out.
std::vector<double> window_means(const std::vector<double>& values, std::ptrdiff_t reach) {
  std::vector<double> out(values.size());
  const auto count = static_cast<std::ptrdiff_t>(values.size());
  for (std::ptrdiff_t i = 0; i < count; ++i) {
    double sum = 0;
    const std::ptrdiff_t first = std::max<std::ptrdiff_t>(0, i - reach),
                         last = std::min(count - 1, i + reach);
    for (std::ptrdiff_t j = first; j <= last; ++j) sum += values[static_cast<std::size_t>(j)];
    out[static_cast<std::size_t>(i)] = sum / static_cast<double>(last - first + 1);
  }
  return out;
}

/// Mean at these distances to both sides; beyond the ends the mean of the protein stands in.
std::vector<double> neighbour_means(const std::vector<double>& values,
                                    const std::vector<std::ptrdiff_t>& steps) {
  double overall = 0;
  for (const double v : values) overall += v / static_cast<double>(values.size());
  std::vector<double> out(values.size());
  const auto count = static_cast<std::ptrdiff_t>(values.size());
  for (std::ptrdiff_t i = 0; i < count; ++i) {
    double sum = 0;
    for (const auto step : steps)
      for (const auto j : {i - step, i + step})
        sum += j >= 0 && j < count ? values[static_cast<std::size_t>(j)] : overall;
    out[static_cast<std::size_t>(i)] = sum / static_cast<double>(2 * steps.size());
  }
  return out;
}

/// What is computed once for a position.
struct Position {
  double wild_type_log = 0, relative_entropy = 0, entropy = 0, occupied = 0;
  double hydropathy = 0, hydropathy_deviation = 0, volume = 0;
};

Position position_of(const chem::ProfileColumn& column, std::uint8_t query) {
  Position p;
  p.wild_type_log = query < residue_kinds ? std::log(column.mixed[query]) : 0;
  p.relative_entropy = column.conservation;
  for (const double share : column.mixed) p.entropy -= share * std::log(share);
  p.occupied = column.occupied;
  p.hydropathy = mean_of(column.mixed, hydropathy);
  p.hydropathy_deviation = deviation_of(column.mixed, hydropathy, p.hydropathy);
  p.volume = mean_of(column.mixed, volume);
  return p;
}

template <class Of>
std::vector<double> along(const std::vector<Position>& positions, Of of) {
  std::vector<double> out;
  for (const auto& position : positions) out.push_back(of(position));
  return out;
}

}  // namespace

const char* group_name(VariantGroup group) {
  constexpr const char* names[variant_group_count] = {"profile",       "conservation",   "surroundings",
                                                      "substitution",  "hydrophobicity", "volume",
                                                      "helix_proline", "language_model"};
  return names[static_cast<int>(group)];
}

const std::array<VariantTermKind, variant_term_count>& variant_term_kinds() {
  using G = VariantGroup;
  static const std::array<VariantTermKind, variant_term_count> kinds = {{
      {"log-odds of the profile", G::profile},
      {"log-odds of close relatives", G::profile},
      {"log frequency of the new residue", G::profile},
      {"new residue seen in a relative", G::profile},
      {"log frequency of the old residue", G::conservation},
      {"relative entropy", G::conservation},
      {"entropy", G::conservation},
      {"share of relatives with a residue", G::conservation},
      {"relative entropy, 3 positions to both sides", G::surroundings},
      {"relative entropy, 3 and 4 positions away", G::surroundings},
      {"mean hydropathy of relatives", G::surroundings},
      {"the same, 1 to 4 positions away", G::surroundings},
      {"BLOSUM62", G::substitution},
      {"hydropathy less that mean", G::hydrophobicity},
      {"its size", G::hydrophobicity},
      {"its size in deviations of relatives", G::hydrophobicity},
      {"volume less the mean of relatives", G::volume},
      {"its size", G::volume},
      {"helix propensity", G::helix_proline},
      {"proline", G::helix_proline},
      {"log-odds of the language model", G::language_model},
  }};
  return kinds;
}

VariantTerms::VariantTerms(const chem::Homologs& homologs, const std::vector<double>& language_model)
    : positions_(homologs.query.size()), has_language_model_(!language_model.empty()) {
  if (has_language_model_ && language_model.size() != positions_ * 20)
    throw UsageError(fmt::format("{} log-odds for {} positions", language_model.size(), positions_),
                     "20 a position");
  const auto query = chem::residue_codes(homologs.query);
  const auto profile = chem::profile_of(homologs);
  chem::ProfileOptions close;
  close.least_identity = close_identity;
  const auto near = chem::profile_of(homologs, close);
  effective_homologs_ = profile.effective_rows;
  std::vector<Position> positions;
  for (std::size_t p = 0; p < positions_; ++p) positions.push_back(position_of(profile.columns[p], query[p]));
  const auto conserved = along(positions, [](const Position& p) { return p.relative_entropy; });
  const auto hydropathies = along(positions, [](const Position& p) { return p.hydropathy; });
  const auto window = window_means(conserved, 3);
  const auto helix_side = neighbour_means(conserved, {3, 4});
  const auto neighbours = neighbour_means(hydropathies, {1, 2, 3, 4});
  values_.assign(positions_ * 20 * variant_term_count, 0);
  for (std::size_t p = 0; p < positions_; ++p) {
    const auto& at = positions[p];
    const std::uint8_t old = query[p];
    if (old >= residue_kinds) continue;
    for (std::uint8_t k = 0; k < residue_kinds; ++k) {
      float* const terms = values_.data() + (p * 20 + k) * variant_term_count;
      const auto set = [&](Term term, double value) { terms[term] = static_cast<float>(value); };
      const auto& mixed = profile.columns[p].mixed;
      const double change = hydropathy[k] - at.hydropathy;
      set(profile_odds, std::log(mixed[k]) - at.wild_type_log);
      set(close_odds, std::log(near.columns[p].mixed[k] / near.columns[p].mixed[old]));
      set(mutant_frequency, std::log(mixed[k]));
      set(seen, profile.columns[p].observed[k] > 0);
      set(wild_type_frequency, at.wild_type_log);
      set(relative_entropy, at.relative_entropy);
      set(entropy, at.entropy);
      set(occupied, at.occupied);
      set(conserved_window, window[p]);
      set(conserved_helix_side, helix_side[p]);
      set(buried, at.hydropathy);
      set(buried_neighbours, neighbours[p]);
      set(substitution, chem::blosum62(old, k));
      set(hydropathy_change, change);
      set(hydropathy_distance, std::abs(change));
      set(hydropathy_deviations, std::abs(change) / (at.hydropathy_deviation + 0.5));
      set(volume_change, volume[k] - at.volume);
      set(volume_distance, std::abs(volume[k] - at.volume));
      set(helix, helix_cost[k]);
      set(to_proline, k == proline);
      if (has_language_model_) set(likelihood, language_model[p * 20 + k]);
    }
  }
  standardise(query);
}

void VariantTerms::standardise(const std::vector<std::uint8_t>& query) {
  std::array<double, variant_term_count> sums{}, squares{};
  double count = 0;
  const auto each = [&](auto visit) {
    for (std::size_t p = 0; p < positions_; ++p)
      for (std::uint8_t k = 0; k < residue_kinds; ++k)
        if (query[p] < residue_kinds && k != query[p])
          visit(values_.data() + (p * 20 + k) * variant_term_count);
  };
  each([&](const float* terms) {
    ++count;
    for (std::size_t t = 0; t < variant_term_count; ++t) sums[t] += static_cast<double>(terms[t]);
  });
  for (std::size_t t = 0; t < variant_term_count; ++t) means_[t] = count > 0 ? sums[t] / count : 0;
  each([&](const float* terms) {
    for (std::size_t t = 0; t < variant_term_count; ++t) {
      const double d = static_cast<double>(terms[t]) - means_[t];
      squares[t] += d * d;
    }
  });
  for (std::size_t t = 0; t < variant_term_count; ++t)
    deviations_[t] = count > 0 ? std::sqrt(squares[t] / count) : 0;
  for (std::size_t i = 0; i < values_.size(); ++i) {
    const std::size_t t = i % variant_term_count;
    const double d = static_cast<double>(values_[i]) - means_[t];
    values_[i] = deviations_[t] > 1e-6 ? static_cast<float>(d / deviations_[t]) : 0.0f;
  }
}

double VariantTerms::profile_log_odds(std::size_t position, int residue) const {
  return static_cast<double>(standardised(position, residue)[profile_odds]) * deviations_[profile_odds] +
         means_[profile_odds];
}

double VariantTerms::language_model_log_odds(std::size_t position, int residue) const {
  return static_cast<double>(standardised(position, residue)[likelihood]) * deviations_[likelihood] +
         means_[likelihood];
}

}  // namespace theriac::scoring
