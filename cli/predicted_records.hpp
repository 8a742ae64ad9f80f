// Records as `theriac predict` reads them: each a row with its molecule and its predictions, or with the
// reason why there are none.
#pragma once
#include <vector>

#include "cli/prediction.hpp"

namespace theriac::cli {

class Predictors;

/// In order, in parallel. `as_drawn`: the molecule as it stands, not its neutral parent. `keep_coordinates`:
/// the rows get `drawn` where the record is spatial.
std::vector<Prediction> predicted(const std::vector<chem::RawRecord>& records, const Predictors& predictors,
                                  bool as_drawn, bool keep_coordinates);

}  // namespace theriac::cli
