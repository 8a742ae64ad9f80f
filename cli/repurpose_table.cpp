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

using datasets::real_column;
using datasets::text_column;

Column whole_column(const char* name, const char* description) {
  return {name, ColumnType::int32, "", description, -1, {}};
}

std::vector<Column> columns_of(const RepurposeAnswer& answer) {
  std::vector<Column> columns = {
      whole_column("rank", "place among all drugs of the store, from 1"),
      text_column("list", "ranked, other_mechanism or contraindicated"),
      text_column("drug_id", "DrugBank id where known"),
      text_column("drug", "preferred name"),
      real_column("probability", "", "calibrated to the stated prevalence; higher is better", 6),
      real_column("logit", "", "intercept plus the contributions"),
      real_column("percentile", "%", "among the drugs ranked for this question", 6),
      real_column("percentile_among_diseases", "%",
                  "among the diseases of the drug, from the table of all pairs", 6),
      text_column("status", "what is on record for this disease; no part of the score"),
      whole_column("withdrawn", "1: withdrawn from a market"),
      text_column("against", "what is on record against it; no part of the score"),
      text_column("effect", "action of the drug against the change that would help"),
      real_column("popularity_share", "", "of what speaks for the drug, 0 to 1", 6),
      text_column("main_reason", "line that contributes most, popularity apart"),
  };
  for (const auto& line : answer.ranking.lines) {
    columns.push_back(real_column("value_" + line.name, "", line.meaning, 6));
    columns.push_back(real_column("logit_" + line.name, "", "contribution of: " + line.meaning));
  }
  return columns;
}

datasets::Cell real_or_missing(double value) {
  return std::isfinite(value) ? datasets::Cell(value) : datasets::Cell();
}

Row row_of(const RepurposeAnswer& answer, const repurpose::AnswerRow& row, const char* list) {
  const auto kind = datasets::EntityKind::drug;
  Row cells = {static_cast<std::int64_t>(row.rank),
               std::string(list),
               entity_id(*answer.store, kind, row.ranked.drug),
               entity_name(*answer.store, kind, row.ranked.drug),
               real_or_missing(row.ranked.probability),
               real_or_missing(row.ranked.logit),
               real_or_missing(row.ranked.percentile),
               real_or_missing(row.disease_percentile),
               repurpose::use_status_name(row.status),
               static_cast<std::int64_t>(row.withdrawn),
               against_text(*answer.store, row),
               repurpose::effect_verdict_name(row.effect),
               real_or_missing(row.popularity_share),
               main_reason(answer, row)};
  for (std::size_t i = 0; i < answer.ranking.lines.size(); ++i) {
    cells.push_back(real_or_missing(row.ranked.values[i]));
    cells.push_back(real_or_missing(row.ranked.contributions[i]));
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
