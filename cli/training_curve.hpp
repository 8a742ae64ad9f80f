// curve.csv of a training: loss and speed over the steps.
#pragma once
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace theriac::cli {

/// What the columns are called, with their unit: "validation_nats_per_molecule".
struct CurveNames {
  std::string training, validation, speed;
  std::string unit = "nat";  ///< of the losses
  int rate_decimals = 8;
};

struct CurvePoint {
  std::int64_t step = 0;
  double epoch = 0, rate = 0, training = 0;
  double validation = std::numeric_limits<double>::quiet_NaN();  ///< an empty cell where it was not measured
  double seconds = 0, speed = 0;
};

/// Throws StorageError.
void write_training_curve(const std::string& path, const CurveNames& names,
                          const std::vector<CurvePoint>& points);

}  // namespace theriac::cli
