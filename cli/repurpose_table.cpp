#include <fmt/format.h>

#include <cmath>
#include <filesystem>

#include "chem/error.hpp"
#include "chem/library_versions.hpp"
#include "cli/repurpose_answer.hpp"
#include "datasets/hdf5_file.hpp"
#include "datasets/results_table.hpp"

namespace theriac::cli {
namespace {

using datasets::Column;
using datasets::ColumnType;
using datasets::Row;

std::vector<Column> columns_of(const RepurposeAnswer& answer) {
  std::vector<Column> columns = {
      {"rank", ColumnType::int32, "", "place among all drugs of the store, from 1"},
      {"list", ColumnType::text, "", "ranked, other_mechanism or contraindicated"},
      {"drug_id", ColumnType::text, "", "DrugBank id where known"},
      {"drug", ColumnType::text, "", "preferred name"},
      {"probability", ColumnType::float64, "", "calibrated to the stated prevalence; higher is better"},
      {"logit", ColumnType::float64, "", "intercept plus the contributions"},
      {"percentile", ColumnType::float64, "%", "among the drugs ranked for this question"},
      {"status", ColumnType::text, "", "what is on record for this disease; no part of the score"},
      {"withdrawn", ColumnType::int32, "", "1: withdrawn from a market"},
      {"effect", ColumnType::text, "", "action of the drug against the change that would help"},
      {"popularity_share", ColumnType::float64, "", "of what speaks for the drug, 0 to 1"},
      {"main_reason", ColumnType::text, "", "line that contributes most, popularity apart"},
  };
  for (const auto& line : answer.ranking.lines) {
    columns.push_back({"value_" + line.name, ColumnType::float64, "", line.meaning});
    columns.push_back({"logit_" + line.name, ColumnType::float64, "", "contribution of: " + line.meaning});
  }
  for (auto& column : columns)
    if (column.type == ColumnType::float64) column.decimals = column.name.rfind("logit", 0) == 0 ? -1 : 6;
  return columns;
}

datasets::Cell real(double value) {
  return std::isfinite(value) ? datasets::Cell(value) : datasets::Cell();
}

Row row_of(const RepurposeAnswer& answer, const repurpose::AnswerRow& row, const char* list) {
  const auto kind = datasets::EntityKind::drug;
  Row cells = {static_cast<std::int64_t>(row.rank),
               std::string(list),
               entity_id(*answer.store, kind, row.ranked.drug),
               entity_name(*answer.store, kind, row.ranked.drug),
               real(row.ranked.probability),
               real(row.ranked.logit),
               real(row.ranked.percentile),
               repurpose::use_status_name(row.status),
               static_cast<std::int64_t>(row.withdrawn),
               repurpose::effect_verdict_name(row.effect),
               real(row.popularity_share),
               main_reason(answer, row)};
  for (std::size_t i = 0; i < answer.ranking.lines.size(); ++i) {
    cells.push_back(real(row.ranked.values[i]));
    cells.push_back(real(row.ranked.contributions[i]));
  }
  return cells;
}

template <class Table>
void append_all(Table& table, const RepurposeAnswer& answer) {
  for (const auto& row : answer.answer.rows) table.append(row_of(answer, row, "ranked"));
  for (const auto& row : answer.answer.other_mechanisms) table.append(row_of(answer, row, "other_mechanism"));
  for (const auto& row : answer.answer.contraindicated) table.append(row_of(answer, row, "contraindicated"));
}

void write_hdf5(const RepurposeAnswer& answer, const std::string& path) {
  const std::string unfinished = path + ".part";
  {
    auto file = datasets::Hdf5File::create(unfinished);
    file.set_attribute("/", "format", std::string("theriac repurposing answer"));
    file.set_attribute("/", "theriac_version", chem::theriac_version());
    file.set_attribute("/", "question", answer.question);
    file.set_attribute("/", "model", answer.model);
    file.set_attribute("/", "store", answer.store->created());
    file.set_attribute("/", "intercept", std::vector<double>{answer.ranking.intercept});
    file.set_attribute("/", "prevalence", std::vector<double>{answer.ranking.prevalence});
    datasets::Hdf5Table table(file, "/drugs", columns_of(answer));
    append_all(table, answer);
    table.flush();
    file.close();
  }
  std::error_code error;
  std::filesystem::rename(unfinished, path, error);
  if (error) throw StorageError(fmt::format("cannot write '{}': {}", path, error.message()));
}

}  // namespace

void write_repurpose_table(const RepurposeAnswer& answer, const std::string& path) {
  const std::string ending = std::filesystem::path(path).extension();
  if (ending == ".csv") {
    datasets::CsvTable table(path, columns_of(answer));
    append_all(table, answer);
    table.publish();
  } else if (ending == ".h5" || ending == ".hdf5") {
    write_hdf5(answer, path);
  } else {
    throw UsageError(fmt::format("cannot tell what to write from the ending of '{}'", path),
                     "name a .csv, .h5, .json or .html file");
  }
}

}  // namespace theriac::cli
