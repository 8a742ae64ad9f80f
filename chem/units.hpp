// The unit sheet: what every bare number in Theriac means.
//
//   length  angstrom        energy  kcal/mol       mass    dalton
//   angle   radian          charge  elementary     temperature  kelvin
//   affinity  pKd or pIC50: minus log10 of mol/L
//
// Where two units can meet (files, options, columns) the name carries the unit.
#pragma once

namespace theriac::units {

constexpr double pi = 3.14159265358979323846;
constexpr double radians_per_degree = pi / 180.0;
constexpr double degrees_per_radian = 180.0 / pi;

}  // namespace theriac::units
