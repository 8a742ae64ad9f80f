// Predictions as tables: CSV and HDF5, wide and long.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <set>

#include "chem/error.hpp"
#include "cli/prediction.hpp"
#include "datasets/durable_file.hpp"
#include "datasets/results_table.hpp"

namespace theriac::cli {
namespace {

using datasets::Cell;
using datasets::Column;
using datasets::ColumnType;
using datasets::real_column;
using datasets::Row;
using datasets::text_column;
using scoring::Score;
using scoring::ScoreKind;

std::string described(const ScoreKind& kind) {
  switch (kind.direction) {
    case scoring::Direction::higher_is_better:
      return kind.method + "; higher is better";
    case scoring::Direction::lower_is_better:
      return kind.method + "; lower is better";
    default:
      return kind.method;
  }
}

Cell real_cell(double value) {
  return std::isfinite(value) ? Cell(rounded(value)) : Cell();
}
Cell text_cell(const std::string& text) {
  return text.empty() ? Cell() : Cell(text);
}
Cell percentile_cell(const Prediction& row, std::size_t k) {
  return k < row.percentiles.size() && row.percentiles[k] ? real_cell(*row.percentiles[k]) : Cell();
}

/// The columns of a layout, and the rows of a prediction in them.
class Shape {
 public:
  Shape(ScoreKinds kinds, PredictionLayout layout) : kinds_(std::move(kinds)), layout_(std::move(layout)) {}

  std::vector<Column> columns() const {
    std::vector<Column> out = {{"record", ColumnType::int64, "", "number in the input, from 1", -1, {}},
                               text_column("name", ""),
                               text_column("smiles", "canonical, of what was looked at"),
                               text_column("status", "ok or failed"),
                               text_column("message", "why there is nothing")};
    layout_.wide ? add_wide(out) : add_long(out);
    std::set<std::string> taken;
    for (const Column& column : out) taken.insert(column.name);
    std::vector<Column> input;
    for (std::string name : layout_.input) {
      while (!taken.insert(name).second) name = "input_" + name;
      input.push_back(text_column(name, "of the input"));
    }
    out.insert(out.begin() + head_length, input.begin(), input.end());
    return out;
  }

  std::vector<Row> rows(const Prediction& row) const {
    Row head = {row.number, row.name, row.smiles, std::string(row.status()), row.message};
    for (const std::string& name : layout_.input) {
      const auto found = std::find_if(row.input.begin(), row.input.end(),
                                      [&](const auto& property) { return property.first == name; });
      head.push_back(found == row.input.end() ? Cell() : Cell(found->second));
    }
    return layout_.wide ? std::vector<Row>{wide(row, std::move(head))} : long_rows(row, head);
  }

  void add_wide(std::vector<Column>& out) const {
    for (const auto& kind : kinds_) {
      out.push_back(real_column(kind->name, kind->unit, described(*kind)));
      if (with_interval(*kind)) {
        if (kind->of_class) {
          out.push_back(
              text_column(kind->name + "_set", "classes that cannot be ruled out: 0, 1, 0|1 or none"));
        } else {
          out.push_back(real_column(kind->name + "_low", kind->unit, "lower end of the interval"));
          out.push_back(real_column(kind->name + "_high", kind->unit, "upper end of the interval"));
        }
        out.push_back(text_column(kind->name + "_domain", "in, edge or out"));
      }
      if (with_percentile(*kind))
        out.push_back(real_column(kind->name + "_percentile", "%", "among the molecules compared with"));
    }
    out.push_back(text_column("doubtful", "columns whose method does not know such molecules, or partly"));
    out.push_back(text_column("alerts",
                              "their names, and the atoms of each occurrence in the order of the "
                              "SMILES, from 0"));
    out.push_back(text_column("broken_limits", "of the rules, with the molecule's value"));
  }

  Row wide(const Prediction& row, Row cells) const {
    std::vector<std::string> doubtful, alerts, limits;
    for (std::size_t k = 0; k < kinds_.size(); ++k) {
      const bool interval = with_interval(*kinds_[k]), percentile = with_percentile(*kinds_[k]);
      if (row.scores.empty()) {
        cells.resize(cells.size() + 1 + (kinds_[k]->of_class ? 2 : 3) * interval + percentile);
        continue;
      }
      const Score& score = row.scores[k];
      cells.push_back(real_cell(score.value));
      if (interval) {
        if (kinds_[k]->of_class) {
          cells.push_back(text_cell(score.classes));
        } else {
          cells.push_back(real_cell(score.low));
          cells.push_back(real_cell(score.high));
        }
        cells.emplace_back(std::string(to_text(score.domain)));
      }
      if (percentile) cells.push_back(percentile_cell(row, k));
      if (score.domain != scoring::Domain::in)
        doubtful.push_back(fmt::format("{} {}", score.name(), to_text(score.domain)));
      if (score.detail.empty()) continue;
      const bool alert = score.name() == "pains" || score.name() == "brenk" || score.name() == "nih";
      (alert ? alerts : limits).push_back(fmt::format("{}: {}", score.name(), score.detail));
    }
    for (const auto* list : {&doubtful, &alerts, &limits})
      cells.emplace_back(fmt::format("{}", fmt::join(*list, " | ")));
    return cells;
  }

 private:
  static constexpr int head_length = 5, long_length = 11;

  bool with_interval(const ScoreKind& kind) const {
    return layout_.beside == Beside::all || (layout_.beside == Beside::estimates && kind.estimated);
  }
  bool with_percentile(const ScoreKind& kind) const { return layout_.percentiles || with_interval(kind); }

  void add_long(std::vector<Column>& out) const {
    out.push_back(text_column("property", ""));
    out.push_back(real_column("value", "", "in the unit of the next column"));
    out.push_back(text_column("unit", ""));
    out.push_back(real_column("low", "", "of the interval; the value itself where it is exact"));
    out.push_back(real_column("high", "", ""));
    out.push_back(
        text_column("set", "of a probability: classes that cannot be ruled out, 0, 1, 0|1 or none"));
    out.push_back(text_column("domain", "in, edge or out: does the method know such molecules"));
    out.push_back(real_column("percentile", "%", "among the molecules compared with"));
    out.push_back(text_column("neighbour", "nearest molecule that the model was trained on"));
    out.push_back(real_column("neighbour_similarity", "", "Tanimoto, 0 to 1"));
    out.push_back(text_column("detail", "names of alerts with their atoms, limits that are broken"));
  }

  std::vector<Row> long_rows(const Prediction& row, const Row& head) const {
    std::vector<Row> out;
    if (row.scores.empty()) {
      out.push_back(head);
      out.back().resize(head.size() + long_length);
    }
    for (std::size_t k = 0; k < row.scores.size(); ++k) {
      const Score& score = row.scores[k];
      out.push_back(head);
      out.back().insert(
          out.back().end(),
          {score.name(), real_cell(score.value), score.unit(), real_cell(score.low), real_cell(score.high),
           text_cell(score.classes), std::string(to_text(score.domain)), percentile_cell(row, k),
           score.neighbour, real_cell(score.neighbour_similarity), score.detail});
    }
    return out;
  }

  ScoreKinds kinds_;
  PredictionLayout layout_;
};

/// To a file, or to standard output.
class CsvPredictions : public PredictionFile {
 public:
  CsvPredictions(const std::string& path, const ScoreKinds& kinds, const PredictionLayout& layout)
      : shape_(kinds, layout), columns_(shape_.columns()) {
    if (path != "-") file_.emplace(path);
    std::string line;
    for (const Column& column : columns_)
      line += (line.empty() ? "" : ",") + datasets::csv_field(column.name);
    write(line + '\n');
  }

  void render(Prediction& row) const override {
    for (const Row& cells : shape_.rows(row))
      for (std::size_t i = 0; i < cells.size(); ++i) {
        row.text += datasets::csv_field(datasets::cell_text(cells[i], columns_[i]));
        row.text += i + 1 < cells.size() ? ',' : '\n';
      }
  }
  void append(const Prediction& row) override { write(row.text); }
  void publish() override {
    if (file_) return file_->publish();
    if (std::fflush(stdout) != 0) throw StorageError("cannot write to standard output");
  }

 private:
  void write(const std::string& text) {
    if (file_) return file_->write(text);
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size())
      throw StorageError("cannot write to standard output");
  }

  Shape shape_;
  std::vector<Column> columns_;
  std::optional<datasets::DurableFile> file_;
};

class Hdf5Predictions : public PredictionFile {
 public:
  Hdf5Predictions(std::string path, const ScoreKinds& kinds, const PredictionLayout& layout)
      : path_(std::move(path)),
        shape_(kinds, layout),
        file_(datasets::Hdf5File::create(temporary())),
        table_(file_, "/predictions", shape_.columns()) {
    file_.set_attribute("/", "format", std::string("theriac.predictions"));
    file_.set_attribute("/", "version", std::int64_t{1});
    for (const auto& kind : kinds) {
      const std::string column = "/predictions/" + kind->name;
      if (!file_.has(column)) continue;  // the long layout has no column of that name
      file_.set_attribute(column, "direction", std::string(to_text(kind->direction)));
      file_.set_attribute(column, "method", kind->method);
      file_.set_attribute(column, "method_version", kind->version);
    }
  }
  ~Hdf5Predictions() override {
    std::error_code ignored;
    if (!published_) std::filesystem::remove(temporary(), ignored);
  }

  void append(const Prediction& row) override {
    for (const Row& cells : shape_.rows(row)) table_.append(cells);
  }
  void publish() override {
    table_.flush();
    file_.close();
    datasets::publish_file(temporary(), path_);
    published_ = true;
  }

 private:
  std::string temporary() const { return path_ + ".tmp"; }

  std::string path_;
  Shape shape_;
  datasets::Hdf5File file_;
  datasets::Hdf5Table table_;
  bool published_ = false;
};

std::string extension(const std::string& path) {
  return path == "-" ? ".csv" : std::filesystem::path(path).extension().string();
}

}  // namespace

struct WideValues::Implementation {
  Shape shape;
};

WideValues::WideValues(ScoreKinds kinds)
    : implementation_(std::make_unique<Implementation>(Implementation{{std::move(kinds), {}}})) {}
WideValues::~WideValues() = default;

std::vector<Column> WideValues::columns() const {
  std::vector<Column> columns;
  implementation_->shape.add_wide(columns);
  return columns;
}

Row WideValues::cells(const Prediction& row) const {
  return implementation_->shape.wide(row, {});
}

double rounded(double value) {
  return std::round(value * 1e6) / 1e6;
}

void check_prediction_path(const std::string& path) {
  for (const char* known : {".csv", ".h5", ".jsonl", ".sdf"})
    if (extension(path) == known) return;
  throw UsageError(
      fmt::format("cannot tell the format of the output '{}'", path),
      "give it one of the extensions .csv, .h5, .jsonl and .sdf, or - for CSV on standard output");
}

bool wants_coordinates(const std::string& path) {
  return extension(path) == ".sdf";
}

std::unique_ptr<PredictionFile> prediction_file(const std::string& path, const ScoreKinds& kinds,
                                                const PredictionLayout& layout) {
  check_prediction_path(path);
  if (extension(path) == ".jsonl") return json_lines_file(path);
  if (extension(path) == ".sdf") return sdf_file(path);
  if (extension(path) == ".h5") return std::make_unique<Hdf5Predictions>(path, kinds, layout);
  return std::make_unique<CsvPredictions>(path, kinds, layout);
}

}  // namespace theriac::cli
