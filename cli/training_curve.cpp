#include "cli/training_curve.hpp"

#include <cmath>

#include "datasets/results_table.hpp"

namespace theriac::cli {

void write_training_curve(const std::string& path, const CurveNames& names,
                          const std::vector<CurvePoint>& points) {
  const auto real = [](const std::string& name, const std::string& unit, int decimals) {
    return datasets::Column{name, datasets::ColumnType::float64, unit, "", decimals, {}};
  };
  datasets::CsvTable table(path, {{"step", datasets::ColumnType::int64, "", "", -1, {}},
                                  real("epoch", "", 4),
                                  real("rate", "", names.rate_decimals),
                                  real(names.training, names.unit, 4),
                                  real(names.validation, names.unit, 4),
                                  real("seconds", "s", 1),
                                  real(names.speed, "1/s", 1)});
  for (const auto& p : points)
    table.append({p.step, p.epoch, p.rate, p.training,
                  std::isnan(p.validation) ? datasets::Cell{} : datasets::Cell{p.validation}, p.seconds,
                  p.speed});
  table.publish();
}

}  // namespace theriac::cli
