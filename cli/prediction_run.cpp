#include "cli/prediction_run.hpp"

#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <filesystem>

#include "cli/predicted_records.hpp"
#include "cli/predictors.hpp"
#include "cli/record_blocks.hpp"
#include "datasets/durable_file.hpp"

namespace theriac::cli {

InputColumns::InputColumns(const std::vector<Prediction>& first) {
  for (const auto& row : first)
    for (const auto& [name, value] : row.input)
      if (!has(name)) names_.push_back(name);
}

bool InputColumns::has(const std::string& name) const {
  return std::find(names_.begin(), names_.end(), name) != names_.end();
}

ExplainedMolecules::ExplainedMolecules(const PredictOptions& options, const Predictors& predictors)
    : explainer_(predictors, options.columns, options.models),
      most_(static_cast<std::size_t>(options.explain_top)) {
  page_.asked = explainer_.asked_count();
  page_.others = explainer_.chooses() ? explainer_.others_count() : 0;
  page_.compared_with = options.compare_with.empty()
                            ? "approved drugs"
                            : std::filesystem::path(options.compare_with).filename().string();
}

void ExplainedMolecules::take(const std::vector<Prediction>& rows) {
  std::vector<Prediction> wanted;
  for (std::size_t i = 0; i < rows.size() && !full(); ++i) {
    wanted.push_back(rows[i]);
    wanted.back().text.clear();
    molecules_ += !rows[i].failed();
    ++page_.records;
  }
  if (wanted.size() < rows.size()) page_.all_read = false;
  for (auto& molecule : explainer_.explain(wanted)) page_.molecules.push_back(std::move(molecule));
}

void ExplainedMolecules::write(const std::string& path, const std::string& input) {
  page_.input = input;
  datasets::DurableFile file(path);
  file.write(explanation_html(page_));
  file.publish();
}

PredictionRun::PredictionRun(const PredictOptions& options, const Predictors& predictors, Session& session)
    : options_(options), predictors_(predictors), session_(session), values_(predictors.kinds()) {
  if (!options.explain.empty()) explained_.emplace(options, predictors);
}

RecordCounts PredictionRun::through(chem::RecordReader& reader, const std::string& input) {
  auto progress = session_.progress({"predict", "mol", 0, 0, 0, 0, ""});
  const auto next = record_blocks(reader, *progress, session_);
  try {
    for (auto block = next(); !block.empty(); block = next()) {
      take(block);
      if (options_.only_explains() && explained_->full()) break;
    }
  } catch (const StoppedEarly&) {
    if (counts_.total == 0) return counts_;
  }
  progress->finish();
  session_.terminal().end_warnings();
  if (file_) file_->publish();
  if (!options_.write_percentiles.empty()) values_.table().write(options_.write_percentiles);
  if (explained_) explained_->write(options_.explain, input);
  return counts_;
}

void PredictionRun::take(const std::vector<chem::RawRecord>& block) {
  auto rows = predicted(block, predictors_, options_.as_drawn, wants_coordinates(options_.out));
  if (!options_.out.empty() && !file_) {
    input_.emplace(rows);
    file_ = prediction_file(options_.out, predictors_.kinds(), layout_of(options_, input_->names()));
  }
  if (file_) tbb::parallel_for(std::size_t{0}, rows.size(), [&](std::size_t i) { file_->render(rows[i]); });
  if (explained_) explained_->take(rows);
  for (const Prediction& row : rows) {
    count(row);
    if (!options_.write_percentiles.empty()) values_.take(row);
    if (file_) file_->append(row);
  }
}

void PredictionRun::count(const Prediction& row) {
  ++counts_.total;
  if (row.failed()) {
    ++counts_.failed;
    session_.terminal().warn("no prediction", fmt::format("{}: {}", row.name, row.message));
  }
  if (!input_) return;
  for (const auto& [name, value] : row.input)
    if (!input_->has(name))
      session_.terminal().warn(
          "column of the input left out",
          fmt::format("'{}' of record {} is not in the first {} records; .jsonl and .sdf keep it", name,
                      row.number, block_records));
}

}  // namespace theriac::cli
