#include "scoring/score_modifier.hpp"

#include <algorithm>
#include <cmath>

namespace theriac::scoring {

double ScoreModifier::operator()(double x) const {
  const auto bell = [&] {
    const double t = (x - mu_) / sigma_;
    return std::exp(-0.5 * t * t);
  };
  switch (kind_) {
    case Kind::none:
      return x;
    case Kind::clip:
      return std::clamp(x / mu_, 0.0, 1.0);
    case Kind::gauss:
      return bell();
    case Kind::min_gauss:
      return x <= mu_ ? 1.0 : bell();
    case Kind::max_gauss:
      return x >= mu_ ? 1.0 : bell();
  }
  return x;
}

}  // namespace theriac::scoring
