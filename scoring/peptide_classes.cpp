#include "scoring/peptide_classes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "chem/data_file.hpp"
#include "chem/error.hpp"
#include "chem/peptide_properties.hpp"
#include "datasets/model_file.hpp"
#include "datasets/model_file_writer.hpp"

namespace theriac::scoring {
namespace {

using datasets::TensorType;
using nlohmann::json;

constexpr const char* architecture = "peptide-classes";

std::vector<double> place_of(std::string_view residues) {
  std::vector<double> out(20);
  const double n = static_cast<double>(residues.size());
  for (const char c : residues) out[static_cast<std::size_t>(chem::residue_number(c))] += 1 / n;
  out.push_back(std::log(n));
  out.push_back(chem::net_charge(residues, 7.0) / n);
  out.push_back(chem::gravy(residues));
  return out;
}

json interval_json(const Interval& interval) {
  return {interval.value, interval.low, interval.high};
}

Interval interval_of(const json& numbers) {
  return {numbers.at(0).get<double>(), numbers.at(1).get<double>(), numbers.at(2).get<double>()};
}

json facts_of(const PeptideClass& c) {
  return {{"name", c.name},
          {"meaning", c.meaning},
          {"direction", to_text(c.direction)},
          {"data", c.data},
          {"licence", c.licence},
          {"peptides", c.peptides},
          {"positives", c.positives},
          {"auroc", interval_json(c.auroc)},
          {"length_and_composition_auroc", interval_json(c.baseline_auroc)},
          {"calibration_error", c.calibration_error},
          {"slope", c.slope},
          {"offset", c.offset},
          {"domain_mean", c.domain.mean},
          {"domain_deviation", c.domain.deviation},
          {"in_until", c.domain.in_until},
          {"edge_until", c.domain.edge_until},
          {"depth", c.trees.depth},
          {"base", c.trees.base}};
}

PeptideClass class_of(const json& facts) {
  PeptideClass c;
  c.name = facts.at("name");
  c.meaning = facts.at("meaning");
  const std::string direction = facts.at("direction");
  c.direction = direction == "higher"  ? Direction::higher_is_better
                : direction == "lower" ? Direction::lower_is_better
                                       : Direction::neutral;
  c.data = facts.at("data");
  c.licence = facts.at("licence");
  c.peptides = facts.at("peptides");
  c.positives = facts.at("positives");
  c.auroc = interval_of(facts.at("auroc"));
  c.baseline_auroc = interval_of(facts.at("length_and_composition_auroc"));
  c.calibration_error = facts.at("calibration_error");
  c.slope = facts.at("slope");
  c.offset = facts.at("offset");
  c.domain.mean = facts.at("domain_mean").get<std::vector<double>>();
  c.domain.deviation = facts.at("domain_deviation").get<std::vector<double>>();
  c.domain.in_until = facts.at("in_until");
  c.domain.edge_until = facts.at("edge_until");
  c.trees.depth = facts.at("depth");
  c.trees.base = facts.at("base");
  return c;
}

void read_trees(const datasets::ModelFile& file, const std::string& prefix, BoostedTrees& trees) {
  const auto splits = file.integers(prefix + ".splits", {-1, 2});
  const std::size_t columns = peptide_feature_names().size();
  if (trees.depth < 1 || trees.depth > 8 || splits.size() / 2 % static_cast<std::size_t>(trees.depth) != 0)
    throw ModelError(fmt::format("trees of '{}' have depth {} and {} questions ({})", prefix, trees.depth,
                                 splits.size() / 2, file.source()));
  for (std::size_t i = 0; i < splits.size(); i += 2) {
    if (splits[i] < 0 || splits[i] >= static_cast<std::int64_t>(columns) || splits[i + 1] < 0 ||
        splits[i + 1] > 255)
      throw ModelError(fmt::format("a tree of '{}' asks about column {} above {} ({})", prefix, splits[i],
                                   splits[i + 1], file.source()));
    trees.splits.push_back({static_cast<std::uint16_t>(splits[i]), static_cast<std::uint8_t>(splits[i + 1])});
  }
  const auto leaves = static_cast<std::int64_t>(trees.trees() << trees.depth);
  trees.leaves = file.floats(prefix + ".leaves", {leaves});
}

}  // namespace

PeptideDomain PeptideDomain::of(const std::vector<std::string>& peptides) {
  PeptideDomain domain;
  std::vector<std::vector<double>> places;
  for (const auto& peptide : peptides) places.push_back(place_of(peptide));
  const std::size_t columns = places.at(0).size();
  const double n = static_cast<double>(places.size());
  domain.mean.assign(columns, 0);
  domain.deviation.assign(columns, 0);
  for (const auto& place : places)
    for (std::size_t c = 0; c < columns; ++c) domain.mean[c] += place[c] / n;
  for (const auto& place : places)
    for (std::size_t c = 0; c < columns; ++c)
      domain.deviation[c] += std::pow(place[c] - domain.mean[c], 2) / n;
  for (double& each : domain.deviation) each = std::max(std::sqrt(each), 1e-3);
  std::vector<double> distances;
  for (const auto& peptide : peptides) distances.push_back(domain.distance(peptide));
  domain.in_until = quantile(distances, 0.95);
  domain.edge_until = quantile(distances, 0.995);
  return domain;
}

double PeptideDomain::distance(std::string_view residues) const {
  const auto place = place_of(residues);
  double sum = 0;
  for (std::size_t c = 0; c < place.size(); ++c) sum += std::pow((place[c] - mean[c]) / deviation[c], 2);
  return std::sqrt(sum / static_cast<double>(place.size()));
}

Domain PeptideDomain::verdict(std::string_view residues) const {
  const double d = distance(residues);
  return d <= in_until ? Domain::in : d <= edge_until ? Domain::edge : Domain::out;
}

PeptideClasses PeptideClasses::read(const std::string& path) {
  const auto file = datasets::ModelFile::read(path);
  if (file.metadata("architecture") != architecture)
    throw ModelError(
        fmt::format("'{}' holds '{}', not classes of peptides", path, file.metadata("architecture")),
        "theriac train peptides makes such a file");
  PeptideClasses model(PeptideBins(file.floats("borders", {-1})));
  try {
    for (const auto& facts : json::parse(file.metadata("classes"))) {
      auto added = class_of(facts);
      if (added.domain.mean.size() != place_of("A").size() ||
          added.domain.deviation.size() != added.domain.mean.size())
        throw ModelError(fmt::format("the domain of '{}' has {} numbers ({})", added.name,
                                     added.domain.mean.size(), path));
      read_trees(file, added.name, added.trees);
      model.add(std::move(added));
    }
  } catch (const json::exception& error) {
    throw ModelError(fmt::format("what '{}' says of its classes cannot be read: {}", path, error.what()));
  }
  return model;
}

const PeptideClasses& PeptideClasses::shipped() {
  static const PeptideClasses model = read(chem::data_file("models/peptides.safetensors"));
  return model;
}

void PeptideClasses::write(const std::string& path, const std::string& about, const std::string& date) const {
  datasets::ModelFileWriter file;
  json facts = json::array();
  file.set("architecture", architecture);
  file.set("description", about);
  const auto& borders = bins_.borders();
  file.add("borders", {static_cast<std::int64_t>(borders.size())}, borders);
  for (const auto& c : classes_) {
    facts.push_back(facts_of(c));
    std::vector<std::int64_t> splits;
    for (const auto& split : c.trees.splits) splits.insert(splits.end(), {split.column, split.above});
    file.add(c.name + ".splits", {static_cast<std::int64_t>(c.trees.splits.size()), 2}, splits,
             TensorType::uint16);
    file.add(c.name + ".leaves", {static_cast<std::int64_t>(c.trees.leaves.size())}, c.trees.leaves,
             TensorType::float16);
  }
  std::string data, licences;
  for (const auto& c : classes_) {
    data += fmt::format("{}{}: {}", data.empty() ? "" : "; ", c.name, c.data);
    licences += fmt::format("{}{}: {}", licences.empty() ? "" : "; ", c.name, c.licence);
  }
  file.set("training_data", data);
  file.set("data_licence", licences);
  file.set("date", date);
  file.set("classes", facts.dump());
  file.write(path);
}

std::vector<PeptideClassProbability> PeptideClasses::predict(std::string_view residues) const {
  const auto bins = bins_.bins(peptide_features(residues));
  std::vector<std::uint8_t> block(bins.size() * BoostedTrees::lanes);
  for (std::size_t c = 0; c < bins.size(); ++c) block[c * BoostedTrees::lanes] = bins[c];
  std::vector<PeptideClassProbability> out;
  for (const auto& c : classes_) {
    std::array<float, BoostedTrees::lanes> sums{};
    c.trees.add_predictions(block.data(), sums.data());
    out.push_back({1 / (1 + std::exp(-(c.slope * static_cast<double>(sums[0]) + c.offset))),
                   c.domain.verdict(residues)});
  }
  return out;
}

}  // namespace theriac::scoring
