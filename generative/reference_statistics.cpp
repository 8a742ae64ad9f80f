#include "generative/reference_statistics.hpp"

#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include <charconv>
#include <cstring>
#include <filesystem>

#include "chem/error.hpp"
#include "datasets/model_file.hpp"
#include "datasets/model_file_writer.hpp"

namespace theriac::generative {
namespace {

using datasets::ModelFile;
using datasets::ModelFileWriter;
using datasets::TensorType;

constexpr std::size_t unread_shown = 100;
constexpr const char* identity_key = "identity";

struct PropertyTensor {
  const char* name;
  std::vector<double> SetStatistics::*values;
};
constexpr PropertyTensor properties[] = {{"log_p", &SetStatistics::log_p},
                                         {"sa", &SetStatistics::sa},
                                         {"qed", &SetStatistics::qed},
                                         {"weight", &SetStatistics::weight}};

std::int64_t length(std::size_t n) {
  return static_cast<std::int64_t>(n);
}

[[noreturn]] void damaged(const ModelFile& file, const std::string& what) {
  throw ModelError(fmt::format("'{}' is damaged: {}", file.source(), what), "delete it: it is made anew");
}

/// "SMILES<tab>count" lines.
void add_counts(ModelFileWriter& out, const std::string& name, const SmilesCounts& counts) {
  std::string text;
  for (const auto& [smiles, count] : counts) text += fmt::format("{}\t{}\n", smiles, count);
  out.add_bytes(name, {length(text.size())}, text, TensorType::uint8);
}

SmilesCounts counts_in(const ModelFile& file, const std::string& name) {
  SmilesCounts counts;
  std::string_view rest = file.bytes(name);
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n'), tab = rest.find('\t');
    std::int64_t count = 0;
    if (end == std::string_view::npos || tab > end ||
        std::from_chars(rest.data() + tab + 1, rest.data() + end, count).ptr != rest.data() + end ||
        count < 1)
      damaged(file, fmt::format("{} are not lines of SMILES and count", name));
    counts[std::string(rest.substr(0, tab))] = count;
    rest.remove_prefix(end + 1);
  }
  return counts;
}

void add_fingerprints(ModelFileWriter& out, const chem::FingerprintSet& set) {
  std::string bytes;
  for (std::size_t i = 0; i < set.size(); ++i)
    bytes.append(reinterpret_cast<const char*>(set.row(i)), set.bits() / 8);
  out.add_bytes("fingerprints", {length(set.size()), length(set.bits() / 64)}, std::move(bytes),
                TensorType::uint64);
}

chem::FingerprintSet fingerprints_in(const ModelFile& file, std::size_t bits) {
  const auto& info = file.info("fingerprints");
  if (info.type != TensorType::uint64 || info.shape.size() != 2 || info.shape[1] != length(bits / 64))
    damaged(file, "its fingerprints have another length");
  chem::FingerprintSet set(bits);
  const auto bytes = file.bytes("fingerprints");
  chem::Fingerprint row{std::vector<std::uint64_t>(bits / 64)};
  for (std::size_t at = 0; at < bytes.size(); at += bits / 8) {
    std::memcpy(row.words.data(), bytes.data() + at, bits / 8);
    set.add(row);
  }
  return set;
}

std::optional<ModelFile> kept_file(const std::string& path, const ReferenceIdentity& identity) {
  if (!std::filesystem::exists(path)) return std::nullopt;
  auto file = ModelFile::read(path);
  if (file.metadata(identity_key) != identity) return std::nullopt;
  return file;
}

/// Canonical SMILES of the records that can be read.
std::vector<std::string> canonical_smiles(const std::vector<chem::RawRecord>& records) {
  std::vector<std::string> smiles(records.size());
  tbb::parallel_for(std::size_t{0}, records.size(), [&](std::size_t i) {
    const auto record = chem::parse(records[i]);
    if (record.good() && record.molecule) smiles[i] = record.molecule->smiles();
  });
  smiles.erase(std::remove(smiles.begin(), smiles.end(), std::string()), smiles.end());
  return smiles;
}

}  // namespace

ReferenceSet describe_reference(const RecordBlocks& next, bool with_properties) {
  SampleOptions options;
  options.reread = options.filters = false;
  options.properties = with_properties;
  SampleBuilder builder(options);
  for (auto block = next(); !block.empty(); block = next()) builder.add(block);
  MoleculeSample sample = builder.take();
  ReferenceSet set;
  set.records = sample.records;
  set.unread_count = length(sample.unread.size());
  sample.unread.resize(std::min(sample.unread.size(), unread_shown));
  set.unread = std::move(sample.unread);
  set.statistics = std::move(sample.statistics);
  set.times = std::move(sample.times);
  return set;
}

scoring::PointStatistics describe_activations(const RecordBlocks& next, const scoring::ChemNet& net) {
  scoring::PointMoments moments(scoring::chemnet_outputs);
  std::int64_t molecules = 0;
  for (auto block = next(); !block.empty(); block = next()) {
    const auto smiles = canonical_smiles(block);
    molecules += length(smiles.size());
    moments.add(net.activations(smiles));
  }
  if (molecules < 2)
    throw InputError(fmt::format("{} molecules have no covariance, at least 2 are needed", molecules));
  return moments.statistics();
}

void write_reference(const std::string& path, const ReferenceSet& set, const ReferenceIdentity& identity) {
  ModelFileWriter out;
  out.set(identity_key, identity);
  out.set("content",
          "statistics of a reference set of molecules: Morgan fingerprints (radius 2), BRICS fragments, "
          "Murcko scaffolds, log P, SA, QED, weight in dalton");
  out.add("records", {2}, std::vector<std::int64_t>{set.records, set.unread_count});
  std::string unread;
  for (const auto& each : set.unread)
    for (const auto& text : {fmt::format("{}", each.record), each.name, each.text, each.message})
      unread += text + '\0';
  out.add_bytes("unread", {length(unread.size())}, unread, TensorType::uint8);
  add_fingerprints(out, set.statistics.fingerprints);
  add_counts(out, "fragments", set.statistics.fragments);
  add_counts(out, "scaffolds", set.statistics.scaffolds);
  for (const auto& [name, values] : properties)
    out.add(name, {length((set.statistics.*values).size())}, set.statistics.*values);
  out.write(path);
}

std::optional<ReferenceSet> read_reference(const std::string& path, const ReferenceIdentity& identity) {
  const auto file = kept_file(path, identity);
  if (!file) return std::nullopt;
  ReferenceSet set;
  const auto records = file->integers("records", {2});
  set.records = records[0];
  set.unread_count = records[1];
  std::vector<std::string> cells;
  for (std::string_view rest = file->bytes("unread"); !rest.empty();) {
    const std::size_t end = std::min(rest.find('\0'), rest.size());
    cells.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  for (std::size_t i = 0; i + 3 < cells.size(); i += 4) {
    UnreadRecord each{0, cells[i + 1], cells[i + 2], cells[i + 3]};
    std::from_chars(cells[i].data(), cells[i].data() + cells[i].size(), each.record);
    set.unread.push_back(std::move(each));
  }
  set.statistics.fingerprints = fingerprints_in(*file, set.statistics.fingerprints.bits());
  set.statistics.fragments = counts_in(*file, "fragments");
  set.statistics.scaffolds = counts_in(*file, "scaffolds");
  for (const auto& [name, values] : properties) set.statistics.*values = file->doubles(name, {-1});
  return set;
}

void write_activations(const std::string& path, const scoring::PointStatistics& statistics,
                       const ReferenceIdentity& identity) {
  ModelFileWriter out;
  out.set(identity_key, identity);
  out.set("content", "mean and covariance (divided by n - 1) of ChemNet's activations of a set of molecules");
  const std::int64_t d = length(statistics.mean.size());
  out.add("mean", {d}, statistics.mean);
  out.add("covariance", {d, d}, statistics.covariance);
  out.add("n", {}, std::vector<std::int64_t>{statistics.count});
  out.write(path);
}

std::optional<scoring::PointStatistics> read_activations(const std::string& path,
                                                         const ReferenceIdentity& identity) {
  const auto file = kept_file(path, identity);
  if (!file) return std::nullopt;
  const std::int64_t d = scoring::chemnet_outputs;
  return scoring::PointStatistics{file->doubles("mean", {d}), file->doubles("covariance", {d, d}),
                                  file->integers("n", {})[0]};
}

}  // namespace theriac::generative
