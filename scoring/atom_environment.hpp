// What one heavy atom of the ligand meets: the receptor's atoms by kind and distance.
//
// A pair counts in hat functions on knots of its centre distance, so that a linear model of the environment
// is a piecewise linear pair potential. Lengths angstrom.
#pragma once
#include <array>

#include "scoring/contact_kind.hpp"

namespace theriac::scoring {

/// Knots of the environment, angstrom; a pair beyond the last but one fades to zero at the last.
constexpr std::array<double, 9> contact_knots{{2.5, 3.0, 3.5, 4.0, 4.5, 5.0, 6.0, 7.0, 8.0}};
constexpr int contact_shells = static_cast<int>(contact_knots.size()) - 1;
/// After the shells of every kind: the best partner by distance, the same by distance and direction, the
/// share of like polar atoms too close, how deep it is buried (0 to 1 each), and its heavy neighbours / 4.
constexpr int environment_extras = 5;
constexpr int environment_size = contact_kind_count * contact_shells + environment_extras;

struct AtomEnvironment {
  ContactKind kind = ContactKind::none;          ///< its own
  std::array<float, environment_size> counts{};  ///< [kind][shell], then the extras

  /// Where a centre distance lies among the knots.
  struct Shell {
    int knot;       ///< the last one below it, or the first
    double beyond;  ///< share of the way to the next
  };
  static Shell shell_of(double r) {
    static_assert(contact_knots[5] == 5.0 && contact_shells == 8, "half angstroms to 5, then whole ones");
    if (r <= contact_knots[0]) return {0, 0};
    if (r < 5) {
      const int knot = static_cast<int>((r - contact_knots[0]) * 2);
      return {knot, (r - contact_knots[knot]) * 2};
    }
    const int knot = r < 6 ? 5 : r < 7 ? 6 : 7;
    return {knot, r - contact_knots[knot]};
  }

  /// An atom of that kind at centre distance `r`, at most the last knot.
  void count(ContactKind theirs, double r) {
    float* row = &counts[static_cast<std::size_t>(theirs) * contact_shells];
    const Shell shell = shell_of(r);
    row[shell.knot] += static_cast<float>(1 - shell.beyond);
    if (shell.knot + 1 < contact_shells) row[shell.knot + 1] += static_cast<float>(shell.beyond);
  }
};

}  // namespace theriac::scoring
