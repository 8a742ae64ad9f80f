// Several measurements of one molecule made one.
#pragma once
#include <vector>

#include "datasets/property_table.hpp"

namespace theriac::datasets {

/// Rows with the same SMILES and the same split become one row, at the place of the first. All values 0 and 1
/// without bounds: labels must agree, else the molecule leaves. Numbers: the median of the exact values, with
/// their spread; of bounds alone the tightest, unless they point both ways, then the molecule leaves. What
/// was done is added to `tallies`.
std::vector<Measurement> merged_replicates(std::vector<Measurement> rows, PropertyTallies& tallies);

}  // namespace theriac::datasets
