#include "repurpose/evidence.hpp"

#include <limits>

namespace theriac::repurpose {

std::size_t main_line(const Ranking& ranking, const RankedDrug& drug) {
  std::size_t best = 0;
  double largest = -std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < drug.contributions.size(); ++i)
    if (!ranking.lines[i].popularity && !ranking.lines[i].agreement && drug.contributions[i] > largest) {
      largest = drug.contributions[i];
      best = i;
    }
  return best;
}

}  // namespace theriac::repurpose
