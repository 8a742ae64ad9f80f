// Docking scores: the results.csv of a run folder of theriac dock, or any table with a score in kcal/mol, as
// links between drugs of the store and one target. Molecules that the store does not know are rejected: a
// docked library is no list of drugs.
#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "chem/error.hpp"
#include "datasets/durable_file.hpp"
#include "datasets/import/drug_identity.hpp"
#include "datasets/import/importers.hpp"
#include "datasets/run_folder.hpp"

namespace theriac::datasets {
namespace {

constexpr auto drug = EntityKind::drug;
constexpr std::size_t skeleton_letters = 14;
constexpr double largest_score = 100;  ///< kcal/mol; beyond it a number is no docking score

/// "UHFFFAOYSA": the second block of an InChIKey when no stereochemistry is stated.
bool states_no_stereo(const std::string& inchikey) {
  return inchikey.compare(skeleton_letters + 1, 10, "UHFFFAOYSA") == 0;
}

/// Drugs of the store by structure.
class DrugKeys {
 public:
  explicit DrugKeys(const StoreBuilder& store) : store_(store) {
    for (std::uint32_t row = 0; row < store.size(drug); ++row) {
      const std::string key = key_of(row);
      if (key.size() <= skeleton_letters) continue;
      by_key_.emplace(key, row);
      by_skeleton_.emplace(key.substr(0, skeleton_letters), row);
    }
  }

  /// The only drug with this key, or with this skeleton where one of the two states no stereochemistry; else
  /// -1.
  std::int64_t find(const std::string& inchikey) const {
    if (inchikey.size() <= skeleton_letters) return -1;
    if (by_key_.count(inchikey) == 1) return by_key_.find(inchikey)->second;
    const std::string skeleton = inchikey.substr(0, skeleton_letters);
    if (by_key_.count(inchikey) > 1 || by_skeleton_.count(skeleton) != 1) return -1;
    const std::uint32_t row = by_skeleton_.find(skeleton)->second;
    return states_no_stereo(inchikey) || states_no_stereo(key_of(row)) ? row : -1;
  }
  /// Both have a structure and their skeletons differ.
  bool differs(std::uint32_t row, const std::string& inchikey) const {
    const std::string own = key_of(row);
    return own.size() > skeleton_letters && inchikey.size() > skeleton_letters &&
           own.compare(0, skeleton_letters, inchikey, 0, skeleton_letters) != 0;
  }

 private:
  std::string key_of(std::uint32_t row) const { return store_.text(drug, row, "inchikey"); }

  const StoreBuilder& store_;
  std::multimap<std::string, std::uint32_t> by_key_, by_skeleton_;
};

/// Row of the drug that a docked molecule is; rejects the row of the table when there is none.
std::int64_t docked_drug(ImportRun& run, const DrugKeys& keys, const std::string& id, const std::string& name,
                         const std::string& inchikey) {
  std::int64_t row = id.empty() ? -1 : run.store.find(drug, id);
  if (row < 0) row = keys.find(inchikey);
  if (row >= 0) return row;
  if (!name.empty()) row = run.store.find(drug, name);
  if (row < 0 && !name.empty()) row = run.store.find_named(drug, name);
  if (row >= 0 && keys.differs(static_cast<std::uint32_t>(row), inchikey)) {
    run.reject(fmt::format("'{}' has another structure than the drug of that name", name));
    return -1;
  }
  if (row < 0) run.reject(fmt::format("no drug of the store is '{}'", name.empty() ? inchikey : name));
  return row;
}

std::int64_t docked_target(ImportRun& run, const std::string& asked) {
  for (const auto& id : {asked, "UNIPROT:" + asked}) {
    const std::int64_t row = run.store.find(EntityKind::target, id);
    if (row >= 0) return row;
  }
  return run.store.find_named(EntityKind::target, asked);
}

struct BestScore {
  double score = 0;
  std::string note;
};

}  // namespace

std::string docking_results(const std::string& path, ImportSource& source, DockingContext& docking) {
  if (!std::filesystem::is_directory(path)) {
    if (source.name.empty()) source.name = "docking " + file_stem(path);
    return path;
  }
  verify_published(path, "results.csv");
  const auto json = nlohmann::json::parse(read_file(path + "/provenance.json"), nullptr, false);
  const auto& identity = json.is_object() && json.contains("identity") ? json["identity"] : json;
  if (!identity.is_object() || identity.value("command", "") != "dock")
    throw InputError(fmt::format("'{}' is no docking run", path), "theriac dock -o makes one");
  const auto settings = identity.value("settings", nlohmann::json::object());
  docking.receptor = std::filesystem::path(settings.value("receptor", std::string())).filename().string();
  docking.run = "run:" + json.value("fingerprint", std::string()).substr(0, 12);
  if (source.name.empty())
    source.name = fmt::format("docking into {} ({}, exhaustiveness {})", docking.receptor,
                              settings.value("scoring", std::string("vina")),
                              settings.value("exhaustiveness", std::string("?")));
  if (source.version.empty())
    source.version = fmt::format("theriac {}, seed {}, {}", identity.value("version", std::string("?")),
                                 identity.value("seed", std::string("?")),
                                 json.value("created_utc", std::string()).substr(0, 10));
  return path + "/results.csv";
}

void import_docking(ImportRun& run) {
  auto& t = run.table;
  const auto score =
      t.column({"score_kcal_mol", "minimizedAffinity", "docking_score", "affinity", "vina_affinity"});
  const auto id = t.optional_column({"drug_id", "drugbank_id", "id"}),
             name = t.optional_column({"name", "drug"}),
             inchikey = t.optional_column({"inchikey", "InChIKey"}), status = t.optional_column({"status"}),
             checks = t.optional_column({"failed_checks"}), gene = t.optional_column({"target", "gene"});
  if (run.docking.target.empty() && gene == ImportTable::npos)
    throw UsageError(fmt::format("'{}' does not say into which target was docked", t.path()),
                     "--target GENE, or a column 'target'");
  const DrugKeys keys(run.store);
  std::map<std::pair<std::int64_t, std::int64_t>, BestScore> best;  // a drug may stand there as several salts
  while (run.next()) {
    const std::string state = run.text(status);
    if (!state.empty() && state != "ok" && state != "duplicate") {
      run.pass_over();
      continue;
    }
    const auto value = run.number(score);
    if (!value || std::abs(*value) > largest_score) {
      run.reject(fmt::format("'{}' is no docking score in kcal/mol", run[score]));
      continue;
    }
    const std::string asked = run.docking.target.empty() ? run.text(gene) : run.docking.target;
    const std::int64_t to = docked_target(run, asked);
    if (to < 0) {
      run.reject(fmt::format("no target of the store is '{}'", asked));
      continue;
    }
    const auto from = docked_drug(run, keys, run.text(id), run.text(name), plain_inchikey(run[inchikey]));
    if (from < 0) continue;
    const auto [at, fresh] = best.try_emplace({from, to});
    if (!fresh && at->second.score <= *value) continue;
    at->second.score = *value;
    at->second.note = run[checks].empty() ? "" : fmt::format("pose fails {}", run[checks]);
  }
  for (const auto& [ends, found] : best) {
    LinkFacts link;
    link.kind = LinkKind::docked;
    link.from = static_cast<std::uint32_t>(ends.first);
    link.to = static_cast<std::uint32_t>(ends.second);
    link.strength = static_cast<float>(found.score);
    link.note = run.docking.receptor;
    if (!found.note.empty()) link.note += (link.note.empty() ? "" : "; ") + found.note;
    link.reference = run.docking.run;
    link.source = run.source();
    run.link(link);
  }
}

}  // namespace theriac::datasets
