// The file of an affinity model: members, measured pairs with the weights of the process, and trees.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "chem/error.hpp"
#include "datasets/model_file.hpp"
#include "datasets/model_file_writer.hpp"
#include "scoring/affinity_model.hpp"

namespace theriac::scoring {

using datasets::ModelFile;
using datasets::ModelFileWriter;
using datasets::TensorType;

namespace {

constexpr const char* architecture = "drug-target-affinity";
constexpr const char* format_version = "1";

void add_lines(ModelFileWriter& file, const std::string& name, const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) text += line + "\n";
  file.add_bytes(name, {static_cast<std::int64_t>(text.size())}, text, TensorType::uint8);
}

std::vector<std::string> lines_of(const ModelFile& file, const std::string& name) {
  std::vector<std::string> out;
  std::string line;
  for (const char c : file.bytes(name)) {
    if (c != '\n') {
      line += c;
      continue;
    }
    out.push_back(line);
    line.clear();
  }
  return out;
}

void add_trees(ModelFileWriter& file, const std::string& name, const BoostedTrees& trees) {
  std::vector<std::int64_t> splits;
  for (const auto& split : trees.splits) {
    splits.push_back(split.column);
    splits.push_back(split.above);
  }
  file.add(name + ".splits", {static_cast<std::int64_t>(trees.splits.size()), 2}, splits, TensorType::uint8);
  file.add(name + ".leaves", {static_cast<std::int64_t>(trees.leaves.size())}, trees.leaves,
           TensorType::float32);
  file.add(name + ".shape", {2}, std::vector<double>{static_cast<double>(trees.depth), trees.base});
}

BoostedTrees trees_of(const ModelFile& file, const std::string& name) {
  BoostedTrees out;
  const auto shape = file.doubles(name + ".shape", {2});
  out.depth = static_cast<int>(shape[0]);
  out.base = shape[1];
  const auto splits = file.integers(name + ".splits", {-1, 2});
  out.leaves = file.floats(name + ".leaves", {-1});
  for (std::size_t i = 0; i < splits.size(); i += 2) {
    if (splits[i] < 0 || splits[i] >= static_cast<std::int64_t>(PairFeatures::count) || splits[i + 1] < 0 ||
        splits[i + 1] > 255)
      throw ModelError(
          fmt::format("'{}' of '{}' asks about a feature that does not exist", name, file.source()));
    out.splits.push_back({static_cast<std::uint16_t>(splits[i]), static_cast<std::uint8_t>(splits[i + 1])});
  }
  if (out.depth < 1 || out.depth > 8 || out.splits.size() % static_cast<std::size_t>(out.depth) != 0 ||
      out.leaves.size() != (out.trees() << out.depth))
    throw ModelError(fmt::format("'{}' of '{}' has {} leaves for {} questions", name, file.source(),
                                 out.leaves.size(), out.splits.size()));
  return out;
}

std::string case_name(std::size_t which) {
  return fmt::format("case{}", which);
}

void add_case(ModelFileWriter& file, std::size_t which, const PairTrees& trees) {
  if (trees.empty()) return;
  const std::string name = case_name(which);
  std::vector<float> borders;
  std::vector<std::int64_t> counts;
  for (const auto& of : trees.borders) {
    borders.insert(borders.end(), of.begin(), of.end());
    counts.push_back(static_cast<std::int64_t>(of.size()));
  }
  file.add(name + ".borders", {static_cast<std::int64_t>(borders.size())}, borders, TensorType::float32);
  file.add(name + ".border_counts", {static_cast<std::int64_t>(counts.size())}, counts, TensorType::int32);
  file.add(name + ".interval", {2}, std::vector<double>{trees.least_error, trees.width});
  for (std::size_t m = 0; m < trees.members.size(); ++m)
    add_trees(file, fmt::format("{}.member{}", name, m), trees.members[m]);
  if (!trees.errors.empty()) add_trees(file, name + ".error", trees.errors.front());
}

PairTrees case_of_file(const ModelFile& file, std::size_t which) {
  PairTrees out;
  const std::string name = case_name(which);
  if (!file.contains(name + ".borders")) return out;
  const auto borders = file.floats(name + ".borders", {-1});
  const auto counts =
      file.integers(name + ".border_counts", {static_cast<std::int64_t>(PairFeatures::count)});
  std::size_t first = 0;
  for (const auto count : counts) {
    if (count < 0 || count > 254 || first + static_cast<std::size_t>(count) > borders.size())
      throw ModelError(fmt::format("the borders of '{}' in '{}' do not fit", name, file.source()));
    const auto begin = borders.begin() + static_cast<std::ptrdiff_t>(first);
    out.borders.emplace_back(begin, begin + static_cast<std::ptrdiff_t>(count));
    first += static_cast<std::size_t>(count);
  }
  const auto interval = file.doubles(name + ".interval", {2});
  out.least_error = interval[0];
  out.width = interval[1];
  for (std::size_t m = 0; file.contains(fmt::format("{}.member{}.leaves", name, m)); ++m)
    out.members.push_back(trees_of(file, fmt::format("{}.member{}", name, m)));
  if (out.members.empty()) throw ModelError(fmt::format("'{}' of '{}' has no trees", name, file.source()));
  if (file.contains(name + ".error.leaves")) out.errors = {trees_of(file, name + ".error")};
  return out;
}

std::vector<double> kernel_numbers(const PairKernel& k) {
  return {k.drug.constant,     k.drug.similarity, k.drug.root,       k.drug.identity, k.target.constant,
          k.target.similarity, k.target.root,     k.target.identity, k.noise};
}

PairKernel kernel_of(const std::vector<double>& n) {
  PairKernel out;
  out.drug = {n[0], n[1], n[2], n[3]};
  out.target = {n[4], n[5], n[6], n[7]};
  out.noise = n[8];
  return out;
}

}  // namespace

/// May look into the model.
class AffinityFile {
 public:
  static void write(const AffinityModel& model, const std::string& path,
                    const std::map<std::string, std::string>& about) {
    ModelFileWriter file;
    for (const auto& [key, text] : about) file.set(key, text);
    file.set("architecture", architecture);
    file.set("format_version", format_version);
    file.set("name", model.name);
    file.set("unit", model.unit);
    file.set("family", model.family);
    file.set("data_licence", model.licence);
    const auto& table = model.table_;
    add_lines(file, "drugs", table.smiles);
    add_lines(file, "target_names", table.targets);
    add_lines(file, "sequences", table.sequences);
    std::vector<std::int64_t> drugs, targets;
    std::vector<float> values, weights;
    const auto& process = model.features_->process();
    for (const auto& entry : table.entries) {
      drugs.push_back(entry.drug);
      targets.push_back(entry.target);
      values.push_back(entry.value);
      weights.push_back(process.weights(entry.drug, entry.target));
    }
    const auto n = static_cast<std::int64_t>(values.size());
    file.add("pair_drugs", {n}, drugs, TensorType::uint16);
    file.add("pair_targets", {n}, targets, TensorType::uint16);
    file.add("pair_values", {n}, values, TensorType::float32);
    file.add("pair_weights", {n}, weights, TensorType::float32);
    file.add("kernel", {9}, kernel_numbers(process.kernel));
    file.add("range", {3}, std::vector<double>{model.lowest_, model.highest_, process.mean});
    std::vector<float> half;
    for (std::size_t i = 0; i < table.sequences.size(); ++i)
      for (std::size_t j = 0; j < i; ++j) half.push_back(model.target_similarity_(i, j));
    file.add("target_similarity", {static_cast<std::int64_t>(half.size())}, half, TensorType::float32);
    for (std::size_t c = 0; c < pair_cases; ++c) add_case(file, c, model.trees_[c]);
    file.write(path);
  }

  static AffinityModel read(const std::string& path) {
    const ModelFile file = ModelFile::read(path);
    if (file.metadata("architecture") != architecture)
      throw ModelError(fmt::format("'{}' is no model of drug-target affinity but '{}'", path,
                                   file.metadata("architecture")),
                       "theriac train affinity makes one");
    if (file.metadata("format_version") != format_version)
      throw ModelError(fmt::format("'{}' has format {}; this program reads {}", path,
                                   file.metadata("format_version"), format_version));
    AffinityModel out;
    out.name = file.metadata("name");
    out.unit = file.metadata("unit");
    out.family = file.metadata("family");
    out.licence = file.metadata("data_licence");
    read_table(file, out.table_);
    const auto range = file.doubles("range", {3});
    out.lowest_ = range[0];
    out.highest_ = range[1];
    PairProcess process;
    process.kernel = kernel_of(file.doubles("kernel", {9}));
    process.mean = range[2];
    process.weights = FloatMatrix(out.table_.smiles.size(), out.table_.sequences.size());
    const auto weights = file.floats("pair_weights", {static_cast<std::int64_t>(out.table_.entries.size())});
    std::vector<PairValue> pairs;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      const auto& entry = out.table_.entries[i];
      process.weights(entry.drug, entry.target) = weights[i];
      pairs.push_back({entry.drug, entry.target, entry.value});
    }
    out.target_similarity_ = target_similarity(file, out.table_.sequences.size());
    out.drug_fingerprints_ = drug_fingerprints(out.table_.smiles);
    out.features_ = std::make_shared<const PairFeatures>(drug_similarities(out.drug_fingerprints_),
                                                         out.target_similarity_, pairs, std::move(process));
    for (std::size_t c = 0; c < pair_cases; ++c) out.trees_[c] = case_of_file(file, c);
    return out;
  }

 private:
  static void read_table(const ModelFile& file, datasets::AffinityTable& table) {
    table.smiles = lines_of(file, "drugs");
    table.targets = lines_of(file, "target_names");
    table.sequences = lines_of(file, "sequences");
    if (table.sequences.size() != table.targets.size())
      throw ModelError(fmt::format("'{}' has {} sequences for {} targets", file.source(),
                                   table.sequences.size(), table.targets.size()));
    const auto drugs = file.integers("pair_drugs", {-1});
    const auto n = static_cast<std::int64_t>(drugs.size());
    const auto targets = file.integers("pair_targets", {n});
    const auto values = file.floats("pair_values", {n});
    for (std::size_t i = 0; i < drugs.size(); ++i) {
      if (drugs[i] < 0 || static_cast<std::size_t>(drugs[i]) >= table.smiles.size() || targets[i] < 0 ||
          static_cast<std::size_t>(targets[i]) >= table.sequences.size())
        throw ModelError(
            fmt::format("pair {} of '{}' names a drug or target that is not there", i, file.source()));
      table.entries.push_back(
          {static_cast<std::uint32_t>(drugs[i]), static_cast<std::uint32_t>(targets[i]), values[i], 0});
    }
    if (table.entries.empty()) throw ModelError(fmt::format("'{}' holds no pairs", file.source()));
  }

  static FloatMatrix target_similarity(const ModelFile& file, std::size_t targets) {
    const auto half =
        file.floats("target_similarity", {static_cast<std::int64_t>(targets * (targets - 1) / 2)});
    FloatMatrix out(targets, targets, 1);
    for (std::size_t i = 0, k = 0; i < targets; ++i)
      for (std::size_t j = 0; j < i; ++j) out(i, j) = out(j, i) = half[k++];
    return out;
  }
};

void AffinityModel::save(const std::string& path, const std::map<std::string, std::string>& about) const {
  AffinityFile::write(*this, path, about);
}

AffinityModel AffinityModel::load(const std::string& path) {
  return AffinityFile::read(path);
}

}  // namespace theriac::scoring
