#include "scoring/pose_affinity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <sstream>

#include "chem/error.hpp"
#include "datasets/model_file.hpp"
#include "datasets/model_file_writer.hpp"

namespace theriac::scoring {
namespace {

constexpr const char* architecture = "pose-affinity";
constexpr const char* format_version = "1";
constexpr std::array<SizeForm, 3> forms{SizeForm::atoms, SizeForm::root, SizeForm::logarithm};

std::string joined(const std::vector<std::string>& names) {
  return fmt::format("{}", fmt::join(names, " "));
}

std::vector<std::string> split(const std::string& names) {
  std::istringstream in(names);
  return {std::istream_iterator<std::string>(in), std::istream_iterator<std::string>()};
}

/// Weights in the order of this program's descriptors; those that the file did not know weigh nothing.
std::vector<double> placed(const std::vector<std::string>& names, const std::vector<double>& weights,
                           const std::string& path) {
  const auto& ours = pose_descriptor_names();
  std::vector<double> out(ours.size(), 0);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto at = std::find(ours.begin(), ours.end(), names[i]);
    if (at == ours.end())
      throw ModelError(fmt::format("'{}' weighs '{}', which this program does not compute", path, names[i]),
                       "train it again with theriac train pose-affinity");
    out[static_cast<std::size_t>(at - ours.begin())] = weights[i];
  }
  return out;
}

SizeForm size_form(const std::string& text, const std::string& path) {
  for (const SizeForm form : forms)
    if (text == name(form)) return form;
  throw ModelError(
      fmt::format("'{}' corrects for size by '{}', which this program does not know", path, text),
      "train it again with theriac train pose-affinity");
}

}  // namespace

const char* name(SizeForm form) {
  switch (form) {
    case SizeForm::atoms:
      return "heavy atoms";
    case SizeForm::root:
      return "square root of heavy atoms";
    case SizeForm::logarithm:
      break;
  }
  return "logarithm of heavy atoms";
}

double size_measure(SizeForm form, double heavy_atoms) {
  const double n = std::max(1.0, heavy_atoms);
  switch (form) {
    case SizeForm::atoms:
      return n;
    case SizeForm::root:
      return std::sqrt(n);
    case SizeForm::logarithm:
      break;
  }
  return std::log(n);
}

double PoseAffinityModel::affinity(const PoseFeatures& pose) const {
  return intercept + weighted_sum(pose, table, descriptors);
}

double PoseAffinityModel::size_corrected(const PoseFeatures& pose) const {
  return affinity(pose) - size.at(pose[PoseDescriptor::heavy_atoms]);
}

PoseAffinityModel PoseAffinityModel::read(const std::string& path) {
  const auto file = datasets::ModelFile::read(path);
  if (file.metadata("architecture") != architecture)
    throw ModelError(
        fmt::format("'{}' holds no affinity of poses but '{}'", path, file.metadata("architecture")),
        "theriac train pose-affinity makes one");
  if (file.metadata("format_version") != format_version)
    throw ModelError(
        fmt::format("'{}' is an affinity of poses of version '{}'; this program reads version {}", path,
                    file.metadata("format_version"), format_version));
  const auto names = split(file.metadata("descriptors"));
  PoseAffinityModel model;
  model.name = file.metadata("name");
  model.table = file.finite_doubles("table", {contact_kind_count, environment_size});
  model.descriptors =
      placed(names, file.finite_doubles("descriptors", {static_cast<std::int64_t>(names.size())}), path);
  const auto numbers = file.finite_doubles("intercept_and_size", {3});
  model.intercept = numbers[0];
  model.size = {size_form(file.metadata("size_form"), path), numbers[1], numbers[2]};
  return model;
}

void PoseAffinityModel::save(const std::string& path, const std::map<std::string, std::string>& card) const {
  datasets::ModelFileWriter file;
  for (const auto& [key, text] : card) file.set(key, text);
  file.set("architecture", architecture);
  file.set("format_version", format_version);
  file.set("name", name);
  file.set("descriptors", joined(pose_descriptor_names()));
  file.set("units", "pK");
  file.set("size_form", scoring::name(size.form));
  const auto single = [](const std::vector<double>& numbers) {
    return std::vector<float>(numbers.begin(), numbers.end());
  };
  file.add("table", {contact_kind_count, environment_size}, single(table));
  file.add("descriptors", {static_cast<std::int64_t>(descriptors.size())}, single(descriptors));
  file.add("intercept_and_size", {3}, std::vector<double>{intercept, size.start, size.slope});
  file.write(path);
}

}  // namespace theriac::scoring
