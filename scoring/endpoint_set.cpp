#include "scoring/endpoint_set.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <set>

#include "chem/error.hpp"
#include "datasets/gzip.hpp"
#include "datasets/model_file.hpp"
#include "datasets/model_file_writer.hpp"

namespace theriac::scoring {
namespace {

using datasets::ModelFile;
using datasets::ModelFileWriter;
using datasets::TensorType;

constexpr const char* format_name = "theriac.endpoints/1";
constexpr auto words_per_fingerprint = static_cast<std::int64_t>(MoleculeLibrary::fingerprint_bits / 64);

template <typename T>
std::string raw_bytes(const std::vector<T>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

/// What of an endpoint is kept as text.
struct Field {
  const char* name;
  std::string Endpoint::*member;
};
constexpr Field text_fields[] = {{"group", &Endpoint::group},
                                 {"unit", &Endpoint::unit},
                                 {"meaning", &Endpoint::meaning},
                                 {"source", &Endpoint::source},
                                 {"licence", &Endpoint::licence},
                                 {"file", &Endpoint::file},
                                 {"network_task", &Endpoint::network_task}};

std::string key(const std::string& endpoint, const std::string& field) {
  return endpoint + "." + field;
}

void write_endpoint(ModelFileWriter& file, const EndpointModel& model, const EndpointSet::Facts& facts) {
  const Endpoint& e = model.endpoint;
  for (const Field& field : text_fields) file.set(key(e.name, field.name), e.*field.member);
  file.set(key(e.name, "kind"), e.kind == EndpointKind::value ? "value" : "probability");
  file.set(key(e.name, "metric"), metric_name(e.metric));
  file.set(key(e.name, "direction"), to_text(e.direction));
  file.set(key(e.name, "scale"), e.logarithmic ? "log10" : "linear");
  for (const auto& [name, text] : facts) file.set(key(e.name, "fact." + name), text);
  const auto members = static_cast<std::int64_t>(model.members.size());
  const int depth = model.members.front().depth;
  std::vector<std::int64_t> columns, above, trees;
  std::vector<float> leaves;
  std::vector<double> bases;
  for (const auto& m : model.members) {
    for (const auto& split : m.splits) {
      columns.push_back(split.column);
      above.push_back(split.above);
    }
    leaves.insert(leaves.end(), m.leaves.begin(), m.leaves.end());
    bases.push_back(m.base);
    trees.push_back(static_cast<std::int64_t>(m.trees()));
  }
  const auto all_trees = static_cast<std::int64_t>(columns.size()) / depth;
  const std::vector<std::int64_t> training(model.training.begin(), model.training.end());
  const auto& c = model.calibration;
  file.add(key(e.name, "columns"), {all_trees, depth}, columns, TensorType::uint16);
  file.add(key(e.name, "above"), {all_trees, depth}, above, TensorType::uint8);
  file.add(key(e.name, "leaves"), {all_trees, std::int64_t{1} << depth}, leaves, TensorType::float16);
  file.add(key(e.name, "bases"), {members}, bases);
  file.add(key(e.name, "trees"), {members}, trees, TensorType::int32);
  file.add(key(e.name, "training"), {static_cast<std::int64_t>(training.size())}, training,
           TensorType::uint32);
  file.add(key(e.name, "calibration"), {5},
           std::vector<double>{c.width, c.growth, c.slope, c.offset, model.network_weight});
  file.add(key(e.name, "limits"), {3}, std::vector<double>{c.one_from, c.zero_until, c.known_from});
}

Direction direction_named(const std::string& text) {
  for (const auto direction : {Direction::higher_is_better, Direction::lower_is_better})
    if (text == to_text(direction)) return direction;
  return Direction::neutral;
}

void refuse(const ModelFile& file, const std::string& what) {
  throw ModelError(fmt::format("{}: {}", file.source(), what));
}

EndpointModel read_endpoint(const ModelFile& file, const std::string& name, const FeatureBins& bins,
                            std::size_t library) {
  EndpointModel model;
  Endpoint& e = model.endpoint;
  e.name = name;
  for (const Field& field : text_fields) e.*field.member = file.metadata(key(name, field.name));
  e.kind = file.metadata(key(name, "kind")) == "value" ? EndpointKind::value : EndpointKind::probability;
  e.metric = metric_from_name(file.metadata(key(name, "metric")));
  e.direction = direction_named(file.metadata(key(name, "direction")));
  e.logarithmic = file.metadata(key(name, "scale")) == "log10";
  const auto columns = file.integers(key(name, "columns"), {-1, -1});
  const auto& shape = file.info(key(name, "columns")).shape;
  const std::int64_t depth = shape[1];
  if (depth < 1 || depth > 8) refuse(file, fmt::format("'{}' has trees of depth {}", name, depth));
  const auto above = file.integers(key(name, "above"), shape);
  const auto leaves = file.floats(key(name, "leaves"), {shape[0], std::int64_t{1} << depth});
  const auto bases = file.doubles(key(name, "bases"), {-1});
  const auto trees = file.integers(key(name, "trees"), {static_cast<std::int64_t>(bases.size())});
  std::int64_t used = 0;
  for (std::size_t m = 0; m < bases.size(); ++m) {
    if (trees[m] < 1 || used + trees[m] > shape[0])
      refuse(file, fmt::format("'{}' has other trees than it says", name));
    BoostedTrees member;
    member.depth = static_cast<int>(depth);
    member.base = bases[m];
    for (std::int64_t i = used * depth; i < (used + trees[m]) * depth; ++i) {
      const auto at = static_cast<std::size_t>(i);
      if (columns[at] < 0 || static_cast<std::size_t>(columns[at]) >= bins.columns())
        refuse(file,
               fmt::format("'{}' asks about feature {}, there are {}", name, columns[at], bins.columns()));
      member.splits.push_back(
          {static_cast<std::uint16_t>(columns[at]), static_cast<std::uint8_t>(above[at])});
    }
    member.leaves.assign(leaves.begin() + ((used << depth)), leaves.begin() + ((used + trees[m]) << depth));
    used += trees[m];
    model.members.push_back(std::move(member));
  }
  if (model.members.empty() || used != shape[0])
    refuse(file, fmt::format("'{}' has other trees than it says", name));
  for (const auto place : file.integers(key(name, "training"), {-1})) {
    if (place < 0 || static_cast<std::size_t>(place) >= library)
      refuse(file, fmt::format("'{}' was trained on molecule {} of {}", name, place, library));
    model.training.push_back(static_cast<std::uint32_t>(place));
  }
  const auto c = file.doubles(key(name, "calibration"), {5});
  model.calibration.width = c[0];
  model.calibration.growth = c[1];
  model.calibration.slope = c[2];
  model.calibration.offset = c[3];
  model.network_weight = c[4];
  if (file.contains(key(name, "limits"))) {  // files of before rule out no class
    const auto limits = file.doubles(key(name, "limits"), {3});
    model.calibration.one_from = limits[0];
    model.calibration.zero_until = limits[1];
    model.calibration.known_from = limits[2];
  }
  return model;
}

std::vector<std::vector<float>> read_borders(const ModelFile& file) {
  const auto counts = file.integers("border_counts", {-1});
  const auto flat = file.floats("borders", {-1});
  std::vector<std::vector<float>> out;
  std::size_t at = 0;
  for (const auto count : counts) {
    if (count < 0 || count > FeatureBins::most_borders || at + static_cast<std::size_t>(count) > flat.size())
      refuse(file, "the borders of the features contradict their number");
    out.emplace_back(flat.begin() + static_cast<std::ptrdiff_t>(at),
                     flat.begin() + static_cast<std::ptrdiff_t>(at + static_cast<std::size_t>(count)));
    at += static_cast<std::size_t>(count);
  }
  return out;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    out.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

chem::FingerprintSet read_fingerprints(const ModelFile& file, std::size_t count) {
  const std::string bytes = datasets::gunzip(file.bytes("library.fingerprints"));
  chem::FingerprintSet out(MoleculeLibrary::fingerprint_bits);
  constexpr std::size_t row = MoleculeLibrary::fingerprint_bits / 8;
  if (bytes.size() != count * row)
    refuse(file, fmt::format("{} training molecules have {} bytes of fingerprints", count, bytes.size()));
  for (std::size_t i = 0; i < count; ++i) {
    chem::Fingerprint fingerprint;
    fingerprint.words.resize(static_cast<std::size_t>(words_per_fingerprint));
    std::memcpy(fingerprint.words.data(), bytes.data() + i * row, row);
    out.add(fingerprint);
  }
  return out;
}

}  // namespace

/// Keeps only the molecules that a model was trained on.
EndpointSet::EndpointSet(FeatureBins bins, std::vector<EndpointModel> models, const MoleculeLibrary& library)
    : bins_(std::move(bins)), models_(std::move(models)) {
  std::set<std::uint32_t> used;
  for (const auto& model : models_) used.insert(model.training.begin(), model.training.end());
  std::map<std::uint32_t, std::uint32_t> place;
  for (const auto old : used) {
    place.emplace(old, static_cast<std::uint32_t>(smiles_.size()));
    smiles_.push_back(library[old].smiles);
    fingerprints_.add(library.fingerprints()[old]);
  }
  for (auto& model : models_)
    for (auto& molecule : model.training) molecule = place.at(molecule);
}

EndpointSet EndpointSet::joined(const std::vector<EndpointSet>& sets) {
  EndpointSet out;
  std::map<std::string, std::uint32_t> place;
  std::set<std::string> names;
  for (const auto& set : sets) {
    if (&set == &sets.front()) out.bins_ = set.bins_;
    if (set.bins_.borders() != out.bins_.borders())
      throw ModelError("endpoints that bin features differently do not fit into one file");
    std::vector<std::uint32_t> moved;
    for (std::size_t i = 0; i < set.smiles_.size(); ++i) {
      const auto [at, fresh] = place.emplace(set.smiles_[i], static_cast<std::uint32_t>(out.smiles_.size()));
      if (fresh) {
        out.smiles_.push_back(set.smiles_[i]);
        out.fingerprints_.add(set.fingerprints_[i]);
      }
      moved.push_back(at->second);
    }
    for (EndpointModel model : set.models_) {
      if (!names.insert(model.endpoint.name).second)
        throw ModelError(fmt::format("two models of '{}' do not fit into one file", model.endpoint.name));
      for (auto& molecule : model.training) molecule = moved[molecule];
      std::sort(model.training.begin(), model.training.end());
      out.facts_[model.endpoint.name] = set.facts(model.endpoint.name);
      out.models_.push_back(std::move(model));
    }
  }
  return out;
}

void EndpointSet::set_network(std::shared_ptr<const MessageNetwork> network, const std::string& file_name) {
  for (const auto& model : models_) {
    if (model.network_weight <= 0) continue;
    const auto& tasks = network->tasks();
    if (std::none_of(tasks.begin(), tasks.end(),
                     [&](const MessageTask& task) { return task.name == model.endpoint.network_task; }))
      throw ModelError(fmt::format("{} has no output '{}', which {} needs", file_name,
                                   model.endpoint.network_task, model.endpoint.name));
  }
  network_ = std::move(network);
  network_file_ = file_name;
}

void EndpointSet::recalibrate(const std::string& endpoint, const EndpointCalibration& calibration,
                              double network_weight) {
  const auto model = std::find_if(models_.begin(), models_.end(),
                                  [&](const EndpointModel& m) { return m.endpoint.name == endpoint; });
  if (model == models_.end()) throw UsageError(fmt::format("the set has no endpoint '{}'", endpoint));
  model->calibration = calibration;
  model->network_weight = network_weight;
}

const EndpointSet::Facts& EndpointSet::facts(const std::string& endpoint) const {
  static const Facts none;
  const auto found = facts_.find(endpoint);
  return found == facts_.end() ? none : found->second;
}

void EndpointSet::save(const std::string& path, const std::map<std::string, std::string>& metadata) const {
  ModelFileWriter file;
  for (const auto& [name, text] : metadata) file.set(name, text);
  file.set("format", format_name);
  file.set("architecture", "endpoints: boosted symmetric trees on molecular features");
  file.set("features_version", std::to_string(chem::features_version));
  std::string names, smiles;
  for (const auto& model : models_) names += (names.empty() ? "" : ",") + model.endpoint.name;
  file.set("endpoints", names);
  if (!network_file_.empty()) file.set("network", network_file_);
  std::vector<float> borders;
  std::vector<std::int64_t> counts;
  for (const auto& of_one : bins_.borders()) {
    counts.push_back(static_cast<std::int64_t>(of_one.size()));
    borders.insert(borders.end(), of_one.begin(), of_one.end());
  }
  file.add("borders", {static_cast<std::int64_t>(borders.size())}, borders);
  file.add("border_counts", {static_cast<std::int64_t>(counts.size())}, counts, TensorType::uint8);
  for (const auto& s : smiles_) smiles += s + "\n";
  std::string packed = datasets::gzip(smiles, 9);
  const auto smiles_bytes = static_cast<std::int64_t>(packed.size());
  file.add_bytes("library.smiles", {smiles_bytes}, std::move(packed), TensorType::uint8);
  std::vector<std::uint64_t> words;
  for (std::size_t i = 0; i < fingerprints_.size(); ++i)
    words.insert(words.end(), fingerprints_.row(i), fingerprints_.row(i) + words_per_fingerprint);
  packed = datasets::gzip(raw_bytes(words), 9);
  const auto word_bytes = static_cast<std::int64_t>(packed.size());
  file.add_bytes("library.fingerprints", {word_bytes}, std::move(packed), TensorType::uint8);
  for (const auto& model : models_) write_endpoint(file, model, facts(model.endpoint.name));
  file.write(path);
}

EndpointSet EndpointSet::load(const std::string& path) {
  const auto file = ModelFile::read(path);
  if (file.metadata("format") != format_name)
    refuse(file,
           fmt::format("format is '{}', trained endpoints have '{}'", file.metadata("format"), format_name));
  if (file.metadata("features_version") != std::to_string(chem::features_version))
    refuse(file, fmt::format("made with features of version {}, this program has {}: train it again",
                             file.metadata("features_version"), chem::features_version));
  EndpointSet set;
  set.bins_ = FeatureBins(read_borders(file));
  set.smiles_ = lines_of(datasets::gunzip(file.bytes("library.smiles")));
  set.fingerprints_ = read_fingerprints(file, set.smiles_.size());
  std::string names = file.metadata("endpoints") + ",";
  for (std::size_t at = 0; at < names.size();) {
    const std::size_t end = names.find(',', at);
    set.models_.push_back(read_endpoint(file, names.substr(at, end - at), set.bins_, set.smiles_.size()));
    at = end + 1;
  }
  for (const auto& [name, text] : file.metadata()) {
    const auto mark = name.find(".fact.");
    if (mark != std::string::npos) set.facts_[name.substr(0, mark)][name.substr(mark + 6)] = text;
  }
  set.metadata_ = file.metadata();
  const std::string network = file.metadata("network");
  if (network.find('/') != std::string::npos)
    refuse(file, fmt::format("its network '{}' is not beside it", network));
  if (!network.empty()) {
    const auto beside = std::filesystem::path(path).parent_path() / network;
    set.set_network(std::make_shared<MessageNetwork>(MessageNetwork::load(beside.string())), network);
  }
  return set;
}

}  // namespace theriac::scoring
