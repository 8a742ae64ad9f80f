// exp, sin and cos whose last bit does not depend on the machine.
//
// A C library may pick different code paths on different processors; a docking run must not. These use only
// +, -, *, / and rounding, which IEEE 754 fixes exactly. Double precision, relative error about 1e-15.
#pragma once
#include <cmath>
#include <cstdint>
#include <cstring>

namespace theriac::scoring {

/// e^x for x in [-700, 700]; 0 below.
inline double portable_exp(double x) {
  if (x < -700) return 0;
  const double n = std::floor(x * 1.4426950408889634 + 0.5);
  // ln 2 in two parts, so that the remainder keeps its bits
  const double r = (x - n * 0.693145751953125) - n * 1.42860682030941723e-6;
  double sum = 1.0;  // Taylor series by Horner; |r| < 0.347
  for (int k = 13; k >= 1; --k) sum = 1.0 + sum * r / k;
  const std::uint64_t bits = static_cast<std::uint64_t>(static_cast<std::int64_t>(n) + 1023) << 52;
  double scale;
  std::memcpy(&scale, &bits, sizeof scale);
  return sum * scale;
}

/// sin and cos of any angle up to about 1e5 radians.
inline void portable_sincos(double x, double& sine, double& cosine) {
  const double n = std::floor(x * 0.63661977236758134 + 0.5);  // quarter turns
  const double r = (x - n * 1.5707963267341256) - n * 6.0771005065061922e-11;
  const double r2 = r * r;
  double s = 1.0, c = 1.0;
  for (int k = 8; k >= 1; --k) {
    s = 1.0 - s * r2 / ((2 * k) * (2 * k + 1));
    c = 1.0 - c * r2 / ((2 * k - 1) * (2 * k));
  }
  s *= r;
  switch (static_cast<std::int64_t>(n) & 3) {
    case 0:
      sine = s;
      cosine = c;
      break;
    case 1:
      sine = c;
      cosine = -s;
      break;
    case 2:
      sine = -s;
      cosine = -c;
      break;
    default:
      sine = -c;
      cosine = s;
      break;
  }
}

}  // namespace theriac::scoring
