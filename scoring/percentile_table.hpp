// Where a value stands among the values of a set of molecules, by default approved drugs.
//
// For each property 101 knots are kept: its quantiles at 0, 1, ... 100 %, interpolated between order
// statistics. The percentile of a value is read off between the knots; on a run of equal knots (a count that
// many molecules share) it is the middle of the run. The knots hold nothing about single molecules, so a
// table can be shared without the set that it was made from.
#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "scoring/score.hpp"

namespace theriac::scoring {

class PercentileTable {
 public:
  /// CSV with the columns property, version, molecules, p0 ... p100. Throws InputError with file and line.
  static PercentileTable read(const std::string& path);
  /// Approved drugs: datasets/drugs/percentiles.csv, read once. Throws InputError when it is missing.
  static const PercentileTable& approved_drugs();
  /// Atomically. Throws StorageError.
  void write(const std::string& path) const;

  /// Knots from the values of a set; those that are not finite are left out. Nothing is added without values.
  void add(const ScoreKind& kind, std::vector<double> values);

  /// 0 to 100; nothing for a property that the table lacks, holds for another version of the method, or for
  /// a value that is not finite.
  std::optional<double> percentile(const ScoreKind& kind, double value) const;
  std::size_t size() const { return rows_.size(); }

 private:
  static constexpr std::size_t knot_count = 101;
  struct Knots {
    std::string version;
    std::int64_t molecules = 0;
    std::array<double, knot_count> at{};
  };
  std::map<std::string, Knots> rows_;
};

}  // namespace theriac::scoring
