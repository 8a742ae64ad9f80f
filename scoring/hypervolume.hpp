// How much of objective space a set of points dominates: one number for the worth of a whole front.
//
// The hypervolume is the volume of everything that is worse than some point of the set and better than a
// reference point. It grows whenever a point joins that nothing beat, so that over the rounds of a search it
// says whether the front still moves (E. Zitzler, L. Thiele, IEEE Trans. Evol. Comput. 3, 257 (1999)). It is
// computed exactly by the WFG algorithm: the volume that each point adds to those after it, from limited sets
// (L. While, L. Bradstreet, L. Barone, IEEE Trans. Evol. Comput. 16, 86 (2012)), one dimension less at each
// step. A thousand points that none dominates take 1 ms in two objectives, 90 ms in
// four, 0.3 s in six and 5 s in eight, on one core; the contributions of all of them 0.2, 0.2, 1.2 and 38 s
// on two.
#pragma once
#include <vector>

namespace theriac::scoring {

/// Every coordinate is better the larger it is. Points that are not better than `reference` in every
/// coordinate add nothing. Independent of the order of points, to the last bit. Throws UsageError when a
/// point has another number of coordinates than the reference, or one that is not finite.
double hypervolume(const std::vector<std::vector<double>>& points, const std::vector<double>& reference);

/// What the set would lose without its `index`-th point. Throws as `hypervolume`.
double hypervolume_contribution(const std::vector<std::vector<double>>& points, std::size_t index,
                                const std::vector<double>& reference);

/// What the set would lose without each point: 0 for a dominated point and for one that has a twin. Made in
/// parallel (oneTBB). Throws as `hypervolume`.
std::vector<double> hypervolume_contributions(const std::vector<std::vector<double>>& points,
                                              const std::vector<double>& reference);

}  // namespace theriac::scoring
