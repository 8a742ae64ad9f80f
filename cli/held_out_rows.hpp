// What trees and network said of the training rows of an endpoint while their scaffolds were held out, as a
// table (CSV): enough to calibrate the endpoint again without training anything.
#pragma once
#include <string>
#include <vector>

#include "scoring/endpoint_model.hpp"

namespace theriac::cli {

struct HeldOutRows {
  std::vector<std::string> smiles;  ///< of the parents
  scoring::MeasuredSet measured;    ///< without places in a library when it was read from a file
  scoring::OutOfFold trees;
  scoring::NetworkEvidence network;  ///< NaN where the network learned from the row
};

/// Columns smiles, fold, observed, bound (1: at least, -1: at most), trees and network (both on the model's
/// scale) and similarity to the nearest molecule of the other folds. Throws StorageError.
void write_held_out_rows(const std::string& path, const HeldOutRows& rows);
/// Throws InputError with file, line and value.
HeldOutRows read_held_out_rows(const std::string& path);

}  // namespace theriac::cli
