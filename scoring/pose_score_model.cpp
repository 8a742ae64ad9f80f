#include "scoring/pose_score_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "chem/error.hpp"
#include "datasets/model_file.hpp"
#include "datasets/model_file_writer.hpp"
#include "scoring/portable_math.hpp"

namespace theriac::scoring {
namespace {

constexpr const char* architecture = "pose-score";
constexpr const char* format_version = "3";

std::string joined(const std::vector<std::string>& names) {
  return fmt::format("{}", fmt::join(names, " "));
}

}  // namespace

double network_log_odds(double probability) {
  constexpr double least = 1e-3;
  const double p = std::isfinite(probability) ? std::clamp(probability, least, 1 - least) : least;
  return std::log(p / (1 - p));
}

std::vector<double> share_logits(const std::vector<double>& scores) {
  std::vector<double> out(scores.size());
  if (scores.empty()) return out;
  const double top = *std::max_element(scores.begin(), scores.end());
  double all = 0;
  for (const double s : scores) all += portable_exp(s - top);
  for (std::size_t i = 0; i < scores.size(); ++i) {
    double others = 0;  // summed apart: 1 - q would lose its digits
    for (std::size_t j = 0; j < scores.size(); ++j)
      if (j != i) others += portable_exp(scores[j] - top);
    out[i] = std::clamp(scores[i] - top - std::log(std::max(others, 1e-12)), -7.0, 7.0);
  }
  return out;
}

std::vector<double> calibrated_probabilities(const std::vector<double>& scores, double rotors,
                                             const std::array<double, 3>& calibration) {
  if (scores.size() < 2) return std::vector<double>(scores.size(), std::numeric_limits<double>::quiet_NaN());
  std::vector<double> out;
  for (const double logit : share_logits(scores))
    out.push_back(1 /
                  (1 + portable_exp(-(calibration[0] + calibration[1] * logit + calibration[2] * rotors))));
  return out;
}

PoseScoreModel PoseScoreModel::for_rotors(double rotors) const {
  PoseScoreModel out = *this;
  const auto factor = [&](PosePart part) {
    return parts[static_cast<std::size_t>(part)] + parts_by_rotors * rotors;
  };
  for (auto& weight : out.table) weight *= factor(PosePart::contacts);
  for (std::size_t d = 0; d < out.descriptors.size(); ++d)
    out.descriptors[d] *= factor(part_of(static_cast<PoseDescriptor>(d)));
  out.descriptors[static_cast<std::size_t>(PoseDescriptor::scaled_gap)] -= energy[0] + energy[1] * rotors;
  out.parts = {{1, 1, 1, 1, 1, 1}};
  out.parts_by_rotors = 0;
  out.energy = {{0, 0}};
  return out;
}

std::vector<double> PoseScoreModel::scores(const std::vector<PoseFeatures>& poses) const {
  std::vector<double> out;
  if (poses.empty()) return out;
  const PoseScoreModel of = for_rotors(rotors(poses.front()));
  for (const auto& pose : poses) out.push_back(weighted_sum(pose, of.table, of.descriptors));
  return out;
}

std::vector<double> PoseScoreModel::probabilities(const std::vector<double>& scores, double rotors) const {
  return calibrated_probabilities(scores, rotors, calibration);
}

std::vector<double> PoseScoreModel::probabilities(const std::vector<double>& scores, double rotors,
                                                  const std::vector<double>& network) const {
  std::vector<double> fused;
  for (std::size_t i = 0; i < scores.size(); ++i)
    fused.push_back(fusion[0] * scores[i] + fusion[1] * network_log_odds(network[i]));
  return calibrated_probabilities(fused, rotors, fused_calibration);
}

PoseScoreModel PoseScoreModel::read(const std::string& path) {
  const auto file = datasets::ModelFile::read(path);
  if (file.metadata("architecture") != architecture)
    throw ModelError(fmt::format("'{}' holds no pose scorer but '{}'", path, file.metadata("architecture")),
                     "theriac train pose-scorer makes one");
  if (file.metadata("format_version") != format_version)
    throw ModelError(fmt::format("'{}' is a pose scorer of version '{}'; this program reads version {}", path,
                                 file.metadata("format_version"), format_version));
  if (file.metadata("descriptors") != joined(pose_descriptor_names()))
    throw ModelError(fmt::format("'{}' was trained on other descriptors than this program computes", path),
                     "train it again with theriac train pose-scorer");
  PoseScoreModel model;
  model.name = file.metadata("name");
  model.table = file.finite_doubles("table", {contact_kind_count, environment_size});
  model.descriptors =
      file.finite_doubles("descriptors", {static_cast<std::int64_t>(pose_descriptor_names().size())});
  const auto mixture = file.finite_doubles("mixture", {pose_part_count + 3});
  std::copy(mixture.begin(), mixture.begin() + pose_part_count, model.parts.begin());
  model.parts_by_rotors = mixture[pose_part_count];
  model.energy = {{mixture[pose_part_count + 1], mixture[pose_part_count + 2]}};
  const auto calibration = file.finite_doubles("calibration", {3});
  std::copy(calibration.begin(), calibration.end(), model.calibration.begin());
  const auto fusion = file.finite_doubles("fusion", {5});
  model.fusion = {{fusion[0], fusion[1]}};
  std::copy(fusion.begin() + 2, fusion.end(), model.fused_calibration.begin());
  return model;
}

void PoseScoreModel::save(const std::string& path, const std::map<std::string, std::string>& card) const {
  datasets::ModelFileWriter file;
  for (const auto& [key, text] : card) file.set(key, text);
  file.set("architecture", architecture);
  file.set("format_version", format_version);
  file.set("name", name);
  file.set("descriptors", joined(pose_descriptor_names()));
  file.set("units", "log odds");
  const auto single = [](const std::vector<double>& numbers) {
    return std::vector<float>(numbers.begin(), numbers.end());
  };
  file.add("table", {contact_kind_count, environment_size}, single(table));
  file.add("descriptors", {static_cast<std::int64_t>(descriptors.size())}, single(descriptors));
  std::vector<double> mixture(parts.begin(), parts.end());
  mixture.insert(mixture.end(), {parts_by_rotors, energy[0], energy[1]});
  file.add("mixture", {pose_part_count + 3}, mixture);
  file.add("calibration", {3}, std::vector<double>(calibration.begin(), calibration.end()));
  file.add("fusion", {5},
           std::vector<double>{fusion[0], fusion[1], fused_calibration[0], fused_calibration[1],
                               fused_calibration[2]});
  file.write(path);
}

}  // namespace theriac::scoring
