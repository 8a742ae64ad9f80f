#include "repurpose/place_among_drugs.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace theriac::repurpose {
namespace {

/// Places by 2 * above + ties, which is a whole number.
std::vector<double> place_table(std::size_t drugs) {
  std::vector<double> places(2 * drugs + 1);
  const double all = 2 * (static_cast<double>(drugs) + 1);
  for (std::size_t twice = 0; twice < places.size(); ++twice)
    places[twice] = -std::log((static_cast<double>(twice) + 1) / all);
  return places;
}

}  // namespace

RealMatrix places_among_drugs(const RealMatrix& counts, std::size_t in_use) {
  RealMatrix out(counts.rows, counts.columns);
  std::vector<std::uint32_t> used;
  for (std::uint32_t i = 0; i < counts.rows; ++i)
    if (counts(i, in_use) > 0) used.push_back(i);
  const auto places = place_table(used.size());
  tbb::parallel_for(std::size_t{0}, counts.columns, [&](std::size_t j) {
    std::vector<double> reference;
    for (const auto i : used)
      if (counts(i, j) > 0) reference.push_back(counts(i, j));
    std::sort(reference.begin(), reference.end());
    for (std::size_t i = 0; i < counts.rows; ++i) {
      const double count = counts(i, j);
      if (!(count > 0)) continue;
      const auto [first, last] = std::equal_range(reference.begin(), reference.end(), count);
      out(i, j) = places[static_cast<std::size_t>(2 * (reference.end() - last) + (last - first))];
    }
  });
  return out;
}

}  // namespace theriac::repurpose
