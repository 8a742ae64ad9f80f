#include "scoring/sampled_pair_terms.hpp"

#include <algorithm>

#include "scoring/contact_geometry.hpp"
#include "scoring/portable_math.hpp"

namespace theriac::scoring {
namespace {

constexpr double first = -6, per_angstrom = 100;
constexpr int samples = 1601;

/// Where a surface distance lies among the samples: the one before it, and the share of the way on.
struct Place {
  std::size_t sample;
  double beyond;
  explicit Place(double d) {
    const double place = std::clamp((d - first) * per_angstrom, 0.0, samples - 1.001);
    sample = static_cast<std::size_t>(place);
    beyond = place - static_cast<double>(sample);
  }
};

}  // namespace

const SampledPairTerms& SampledPairTerms::shared() {
  static const SampledPairTerms terms;
  return terms;
}

SampledPairTerms::SampledPairTerms()
    : vina_weights_(pair_weights(ScoringFunction::vina)),
      vinardo_weights_(pair_weights(ScoringFunction::vinardo)) {
  const auto bell = [](double x) { return static_cast<float>(portable_exp(-x * x)); };
  const PairWeights &w = vina_weights_, &u = vinardo_weights_;
  for (int i = 0; i < samples; ++i) {
    const double d = first + i / per_angstrom;
    vina_.push_back({{bell(d / w.gauss1_width), 0}, {bell((d - w.gauss2_offset) / w.gauss2_width), 0}});
    vinardo_.push_back({bell(d / u.gauss1_width), 0});
  }
  for (std::size_t i = 0; i + 1 < vina_.size(); ++i) {
    vina_[i].gauss1.step = vina_[i + 1].gauss1.height - vina_[i].gauss1.height;
    vina_[i].gauss2.step = vina_[i + 1].gauss2.height - vina_[i].gauss2.height;
    vinardo_[i].step = vinardo_[i + 1].height - vinardo_[i].height;
  }
  for (std::size_t a = 0; a < pairs_.size(); ++a) {
    const auto type = static_cast<AtomType>(a);
    vina_radius_[a] = radius(type, ScoringFunction::vina);
    vinardo_radius_[a] = radius(type, ScoringFunction::vinardo);
    for (std::size_t b = 0; b < pairs_.size(); ++b) {
      const auto other = static_cast<AtomType>(b);
      pairs_[a][b] = {is_hydrophobic(type) && is_hydrophobic(other), can_hydrogen_bond(type, other)};
    }
  }
}

double SampledPairTerms::add(AtomType a, AtomType b, double r, PairTerms& vina, PairTerms& vinardo) const {
  const auto i = static_cast<std::size_t>(a), j = static_cast<std::size_t>(b);
  const double d = r - vina_radius_[i] - vina_radius_[j], e = r - vinardo_radius_[i] - vinardo_radius_[j];
  const PairWeights &w = vina_weights_, &u = vinardo_weights_;
  const Place here(d), there(e);
  const VinaBells& bells = vina_[here.sample];
  const Bell& bell = vinardo_[there.sample];
  vina.gauss1 += w.gauss1_weight * (bells.gauss1.height + here.beyond * bells.gauss1.step);
  vina.gauss2 += w.gauss2_weight * (bells.gauss2.height + here.beyond * bells.gauss2.step);
  vinardo.gauss1 += u.gauss1_weight * (bell.height + there.beyond * bell.step);
  if (d < 0) vina.repulsion += w.repulsion_weight * d * d;
  if (e < 0) vinardo.repulsion += u.repulsion_weight * e * e;
  const TypePair pair = pairs_[i][j];
  if (pair.hydrophobic) {
    vina.hydrophobic += w.hydrophobic_weight * fading(d, w.hydrophobic_good, w.hydrophobic_bad);
    vinardo.hydrophobic += u.hydrophobic_weight * fading(e, u.hydrophobic_good, u.hydrophobic_bad);
  }
  if (pair.hydrogen_bond) {
    vina.hydrogen_bond += w.hydrogen_bond_weight * fading(d, w.hydrogen_bond_good, w.hydrogen_bond_bad);
    vinardo.hydrogen_bond += u.hydrogen_bond_weight * fading(e, u.hydrogen_bond_good, u.hydrogen_bond_bad);
  }
  return d;
}

}  // namespace theriac::scoring
