#include "cli/reference_sets.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "chem/error.hpp"
#include "chem/library_versions.hpp"
#include "cli/growing_table.hpp"
#include "cli/record_blocks.hpp"
#include "cli/session.hpp"
#include "datasets/sha256.hpp"

namespace theriac::cli {
namespace {

using generative::ReferenceSet;

std::string stem(const std::string& path) {
  const std::string name = std::filesystem::path(path).filename().string();
  return name.substr(0, name.find('.', 1));
}

std::string rdkit_version() {
  for (const auto& [name, version] : chem::chemistry_library_versions())
    if (name == "RDKit") return version;
  return {};
}

class ReferenceReader {
 public:
  ReferenceReader(const ReferenceFiles& files, const ChemNetWeights* chemnet, Session& session)
      : files_(files), chemnet_(chemnet), session_(session) {}

  NamedReference read(std::size_t index) {
    const std::string& path = files_.molecules[index];
    NamedReference reference{path, stem(path), {}};
    const std::string sha256 = datasets::sha256_of_file(path);
    const std::string kept = fmt::format("{}/{}.{}", files_.cache, reference.label, sha256.substr(0, 12));
    reference.set = described(path, sha256, kept + ".safetensors", index == 0);
    if (chemnet_)
      reference.set.statistics.activations =
          files_.activations.empty() ? computed_activations(reference, sha256, kept + ".chemnet.safetensors")
                                     : given_activations(reference, files_.activations[index]);
    for (const auto& unread : reference.set.unread)
      session_.terminal().warn("reference records that cannot be read", unread.message);
    return reference;
  }

 private:
  ReferenceSet described(const std::string& path, const std::string& sha256, const std::string& kept,
                         bool properties) {
    const std::string identity =
        fmt::format("reference statistics 1; input {}; theriac {}; RDKit {}; {} properties", sha256,
                    chem::theriac_version(), rdkit_version(), properties ? "with" : "without");
    if (auto set = generative::read_reference(kept, identity)) {
      session_.terminal().detail(fmt::format("statistics of {} taken from {}", path, kept));
      return std::move(*set);
    }
    const auto progress = session_.progress({"reference " + stem(path), "mol", 0, 0, 0, 0, ""});
    chem::RecordReader reader({path});
    ReferenceSet set = generative::describe_reference(record_blocks(reader, *progress, session_), properties);
    progress->finish();
    if (set.statistics.fingerprints.size() == 0)
      throw InputError(fmt::format("no molecule of '{}' can be read", path),
                       set.unread.empty() ? "" : set.unread.front().message);
    generative::write_reference(kept, set, identity);
    return set;
  }

  scoring::PointStatistics computed_activations(const NamedReference& reference, const std::string& sha256,
                                                const std::string& kept) {
    const std::string identity = fmt::format("ChemNet activations 1; input {}; weights {}; RDKit {}", sha256,
                                             chemnet_->sha256, rdkit_version());
    if (auto statistics = generative::read_activations(kept, identity)) {
      session_.terminal().detail(fmt::format("activations of {} taken from {}", reference.file, kept));
      return std::move(*statistics);
    }
    const auto progress =
        session_.progress({"ChemNet " + reference.label, "mol", reference.set.records, 0, 0, 0, ""});
    chem::RecordReader reader({reference.file});
    auto statistics =
        generative::describe_activations(record_blocks(reader, *progress, session_), chemnet_->net);
    progress->finish();
    generative::write_activations(kept, statistics, identity);
    return statistics;
  }

  scoring::PointStatistics given_activations(const NamedReference& reference, const std::string& path) {
    auto statistics = scoring::read_point_statistics(path);
    if (statistics.mean.size() != static_cast<std::size_t>(scoring::chemnet_outputs))
      throw InputError(fmt::format("'{}' holds statistics in {} dimensions, ChemNet has {}", path,
                                   statistics.mean.size(), scoring::chemnet_outputs));
    const auto molecules = static_cast<std::int64_t>(reference.set.statistics.fingerprints.size());
    if (statistics.count != 0 && statistics.count != molecules)
      session_.terminal().warn("activations of another set",
                               fmt::format("{} is of {} molecules, {} holds {}", path, statistics.count,
                                           reference.file, molecules));
    return statistics;
  }

  const ReferenceFiles& files_;
  const ChemNetWeights* chemnet_;
  Session& session_;
};

}  // namespace

std::vector<NamedReference> read_reference_sets(const ReferenceFiles& files, const ChemNetWeights* chemnet,
                                                Session& session) {
  make_folder(files.cache);
  ReferenceReader reader(files, chemnet, session);
  std::vector<NamedReference> references;
  for (std::size_t i = 0; i < files.molecules.size(); ++i) references.push_back(reader.read(i));
  return references;
}

}  // namespace theriac::cli
