#include "scoring/pair_potential.hpp"

#include <algorithm>
#include <cmath>

#include "scoring/portable_math.hpp"

namespace theriac::scoring {
namespace {

constexpr double samples_per_square_angstrom = 32;
constexpr int sample_count = static_cast<int>(samples_per_square_angstrom * 64) + 3;

constexpr PairWeights vina_weights{-0.035579, 0.5, -0.005156, 3.0,       2.0,  0.840245,
                                   -0.035069, 0.5, 1.5,       -0.587439, -0.7, 0.0};
constexpr PairWeights vinardo_weights{-0.045, 0.8, 0.0, 0.0, 1.0, 0.8, -0.035, 0.0, 2.5, -0.600, -0.6, 0.0};

double linear_step(double d, double good, double bad) {
  return std::clamp((bad - d) / (bad - good), 0.0, 1.0);
}

double squared(double x) {
  return x * x;
}

}  // namespace

const PairWeights& pair_weights(ScoringFunction scoring) {
  return scoring == ScoringFunction::vinardo ? vinardo_weights : vina_weights;
}

bool can_hydrogen_bond(AtomType a, AtomType b) {
  return (is_donor(a) && is_acceptor(b)) || (is_donor(b) && is_acceptor(a));
}

namespace {

PairTerms terms_at_any_distance(AtomType a, AtomType b, double r, ScoringFunction scoring) {
  PairTerms terms;
  const PairWeights& w = pair_weights(scoring);
  const double d = r - radius(a, scoring) - radius(b, scoring);
  terms.gauss1 = w.gauss1_weight * portable_exp(-squared(d / w.gauss1_width));
  if (w.gauss2_weight != 0)
    terms.gauss2 = w.gauss2_weight * portable_exp(-squared((d - w.gauss2_offset) / w.gauss2_width));
  if (d < 0) terms.repulsion = w.repulsion_weight * d * d;
  if (is_hydrophobic(a) && is_hydrophobic(b))
    terms.hydrophobic = w.hydrophobic_weight * linear_step(d, w.hydrophobic_good, w.hydrophobic_bad);
  if (can_hydrogen_bond(a, b))
    terms.hydrogen_bond = w.hydrogen_bond_weight * linear_step(d, w.hydrogen_bond_good, w.hydrogen_bond_bad);
  return terms;
}

}  // namespace

PairTerms pair_terms(AtomType a, AtomType b, double r, ScoringFunction scoring) {
  return r < interaction_cutoff ? terms_at_any_distance(a, b, r, scoring) : PairTerms{};
}

PairTable::PairTable(ScoringFunction scoring)
    : entries_(static_cast<std::size_t>(atom_type_count) * atom_type_count * sample_count) {
  std::vector<double> r(sample_count), e(sample_count);
  for (int i = 0; i < sample_count; ++i) r[i] = std::sqrt(i / samples_per_square_angstrom);
  const auto cut = [&](int i) { return i < sample_count && r[i] < interaction_cutoff ? e[i] : 0.0; };
  for (int a = 0; a < atom_type_count; ++a)
    for (int b = a; b < atom_type_count; ++b) {
      const auto type_a = static_cast<AtomType>(a), type_b = static_cast<AtomType>(b);
      for (int i = 0; i < sample_count; ++i)
        e[i] = terms_at_any_distance(type_a, type_b, r[i], scoring).sum();
      Entry* out = &entries_[(static_cast<std::size_t>(a) * atom_type_count + b) * sample_count];
      for (int i = 0; i < sample_count; ++i) {
        const bool inside = i > 0 && i + 1 < sample_count;
        out[i].energy = e[i];
        // of the uncut terms: the jump to zero at the cut-off is no force
        out[i].derivative_over_r = inside ? (e[i + 1] - e[i - 1]) / ((r[i + 1] - r[i - 1]) * r[i]) : 0;
        out[i].truncated = 0.5 * (cut(i) + cut(i + 1));
      }
    }
}

const PairTable& PairTable::shared(ScoringFunction scoring) {
  static const PairTable vina(ScoringFunction::vina);
  if (scoring == ScoringFunction::vina) return vina;
  static const PairTable vinardo(ScoringFunction::vinardo);
  return vinardo;
}

const PairTable::Entry* PairTable::row(AtomType a, AtomType b) const {
  const auto low = static_cast<std::size_t>(std::min(a, b)), high = static_cast<std::size_t>(std::max(a, b));
  return &entries_[(low * atom_type_count + high) * sample_count];
}

double PairTable::energy(AtomType a, AtomType b, double r2) const {
  return row(a, b)[static_cast<int>(samples_per_square_angstrom * r2)].truncated;
}

PairTable::Slope PairTable::slope(AtomType a, AtomType b, double r2) const {
  const double position = samples_per_square_angstrom * r2;
  const int i = static_cast<int>(position);
  const double t = position - i;
  const Entry* e = row(a, b) + i;
  return {e[0].energy + t * (e[1].energy - e[0].energy),
          e[0].derivative_over_r + t * (e[1].derivative_over_r - e[0].derivative_over_r)};
}

}  // namespace theriac::scoring
