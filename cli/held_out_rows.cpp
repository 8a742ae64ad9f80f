#include "cli/held_out_rows.hpp"

#include <cmath>
#include <limits>

#include "cli/table_reader.hpp"
#include "datasets/results_table.hpp"

namespace theriac::cli {

using datasets::Cell;
using datasets::Column;
using datasets::ColumnType;

void write_held_out_rows(const std::string& path, const HeldOutRows& rows) {
  const auto real = [](const char* name) { return Column{name, ColumnType::float64, "", "", -1, {}}; };
  const auto count = [](const char* name) { return Column{name, ColumnType::int64, "", "", -1, {}}; };
  datasets::CsvTable table(path, {{"smiles", ColumnType::text, "", "", -1, {}},
                                  count("fold"),
                                  real("observed"),
                                  count("bound"),
                                  real("trees"),
                                  real("network"),
                                  real("similarity")});
  const auto& measured = rows.measured;
  for (std::size_t i = 0; i < measured.values.size(); ++i) {
    const auto bound = measured.bounds.empty() ? scoring::Bound::exact : measured.bounds[i];
    table.append({rows.smiles[i], std::int64_t{measured.folds[i]}, double{measured.values[i]},
                  static_cast<std::int64_t>(bound), rows.trees.raw[i],
                  std::isnan(rows.network[i]) ? Cell{} : Cell{rows.network[i]}, rows.trees.similarity[i]});
  }
  table.publish();
}

HeldOutRows read_held_out_rows(const std::string& path) {
  const TableReader table(path);
  HeldOutRows out;
  for (std::size_t row = 0; row < table.size(); ++row) {
    out.smiles.push_back(table.text(row, "smiles"));
    out.measured.folds.push_back(static_cast<int>(table.number(row, "fold")));
    out.measured.values.push_back(static_cast<float>(table.number(row, "observed")));
    out.measured.bounds.push_back(static_cast<scoring::Bound>(table.number(row, "bound")));
    out.measured.molecules.push_back(scoring::MoleculeLibrary::unknown);
    out.trees.raw.push_back(table.number(row, "trees"));
    out.trees.similarity.push_back(table.number(row, "similarity"));
    out.network.push_back(table.text(row, "network").empty() ? std::numeric_limits<double>::quiet_NaN()
                                                             : table.number(row, "network"));
  }
  return out;
}

}  // namespace theriac::cli
