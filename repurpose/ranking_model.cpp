#include "repurpose/ranking_model.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "chem/data_file.hpp"
#include "chem/error.hpp"
#include "datasets/model_file_writer.hpp"

namespace theriac::repurpose {
namespace {

constexpr const char* architecture =
    "repurposing ranking: two logistic models of path counts, places and agreements";

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : "|") + name;
  return text;
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> names;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('|', at), text.size());
    names.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return names;
}

void add(datasets::ModelFileWriter& file, const std::string& prefix, const CalibratedModel& part) {
  const auto vector = [&](const std::string& name, const std::vector<double>& values) {
    file.add(prefix + name, {static_cast<std::int64_t>(values.size())}, values);
  };
  file.set(prefix + "features", joined(part.model.features()));
  vector("scales", part.model.scales());
  vector("slopes", part.model.slopes());
  vector("intercept", {part.model.intercept()});
  vector("calibration_scores", part.calibration.scores());
  vector("calibration_probabilities", part.calibration.probabilities());
  vector("prevalence", {part.calibration.prevalence()});
}

CalibratedModel part_of(const datasets::ModelFile& file, const std::string& prefix) {
  const auto vector = [&](const std::string& name) { return file.doubles(prefix + name, {-1}); };
  const auto one = [&](const std::string& name) { return file.doubles(prefix + name, {1}).front(); };
  return {LogisticModel(split(file.metadata(prefix + "features")), vector("scales"), vector("slopes"),
                        one("intercept")),
          IsotonicCalibration(vector("calibration_scores"), vector("calibration_probabilities"),
                              one("prevalence"))};
}

}  // namespace

std::string RankingModel::description() const {
  return fmt::format("{} ({}), fitted on {}", name, date, fitted_on);
}

RankingModel RankingModel::from_file(const datasets::ModelFile& file) {
  if (file.metadata("architecture") != architecture)
    throw ModelError(fmt::format("'{}' holds no weights for repurposing, its architecture is '{}'",
                                 file.source(), file.metadata("architecture")),
                     "theriac train repurposing makes such a file");
  RankingModel model;
  model.untreated = part_of(file, "untreated.");
  model.treated = part_of(file, "treated.");
  model.name = file.metadata("name");
  model.date = file.metadata("date");
  model.fitted_on = file.metadata("training_data");
  model.licence = file.metadata("data_licence");
  model.figures = file.metadata("metrics");
  return model;
}

RankingModel RankingModel::read(const std::string& path) {
  return from_file(datasets::ModelFile::read(path));
}

RankingModel RankingModel::shipped_for(const datasets::Store& store) {
  const auto& treats = store.links(datasets::LinkKind::treats);
  const bool starter = std::all_of(treats.source.begin(), treats.source.end(), [&](std::uint16_t source) {
    return store.sources()[source].name.rfind("Theriac starter tables", 0) == 0;
  });
  return read(
      chem::data_file(starter ? "models/repurposing-starter.safetensors" : "models/repurposing.safetensors"));
}

namespace {

datasets::ModelFileWriter writer_of(const RankingModel& model) {
  datasets::ModelFileWriter file;
  file.set("architecture", architecture);
  file.set("name", model.name);
  file.set("date", model.date);
  file.set("training_data", model.fitted_on);
  file.set("data_licence", model.licence);
  file.set("metrics", model.figures);
  file.set(
      "units",
      "slopes: logit per asinh of a path count over its scale, per place (natural logarithm), per agreement");
  add(file, "untreated.", model.untreated);
  add(file, "treated.", model.treated);
  return file;
}

}  // namespace

std::string RankingModel::bytes() const {
  return writer_of(*this).bytes();
}

void RankingModel::write(const std::string& path) const {
  writer_of(*this).write(path);
}

}  // namespace theriac::repurpose
