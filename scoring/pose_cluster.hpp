// Which poses are worth keeping: a greedy pick of distinct ones.
#pragma once
#include <vector>

#include "chem/symmetric_rmsd.hpp"

namespace theriac::scoring {

/// Indices of poses no two of which are closer than `least` angstrom, taken in the given order, at most
/// `at_most`.
std::vector<std::size_t> distinct_poses(const std::vector<const std::vector<chem::Vector3>*>& poses,
                                        const chem::SymmetricDistance& distance, double least,
                                        std::size_t at_most);

}  // namespace theriac::scoring
