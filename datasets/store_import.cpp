#include "datasets/store_import.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "chem/error.hpp"
#include "chem/nearest_name.hpp"
#include "datasets/drug_structures.hpp"
#include "datasets/import/importers.hpp"

namespace theriac::datasets {
namespace {

namespace fs = std::filesystem;

struct KnownFile {
  std::string stem;  ///< file name without extensions; "hetionet_*" is any ending; "drugs.csv" the whole name
  std::string format;
  ImportSource source;  ///< empty fields: those of the format
};

/// In the order of the import. A stem comes before a pattern that also fits it.
const std::vector<KnownFile>& known_files() {
  static const std::vector<KnownFile> files = {
      {"diseases.csv", "starter-diseases", {}},
      {"targets.csv", "starter-targets", {}},
      {"drugs.csv", "starter-drugs", {}},
      {"drug_targets.csv", "starter-drug-targets", {}},
      {"drug_diseases.csv", "starter-drug-diseases", {}},
      {"disease_targets.csv", "starter-disease-targets", {}},
      {"pathways.csv", "starter-pathways", {}},
      {"target_pathways.csv", "starter-target-pathways", {}},
      {"target_interactions.csv", "starter-target-interactions", {}},
      {"hetionet_nodes", "hetionet-nodes", {}},
      {"hetionet-v1.0-nodes", "hetionet-nodes", {}},
      {"genes_entrez_symbol_uniprot", "genes", {}},
      {"do_slim_terms_prop", "disease-slim", {}},
      {"mondo_references", "mondo-references", {}},
      {"do_slim_xrefs_prop", "disease-xrefs", {}},
      {"drugcentral_classes", "drugcentral-classes", {}},
      {"drugcentral_PCiC", "drugcentral-members", {}},
      {"bindingdb2015_drugbank_gene", "bindingdb-genes", {}},
      {"repodb_2017", "repodb", {}},
      {"drugbank42_slim", "drugbank-slim", {}},
      {"drugs_master", "drugs-master", {}},
      {"drugcentral2016_identifiers", "drugcentral-identifiers", {}},
      {"medi_approved_drugs", "medi", {}},
      {"drugcentral2023_structures", "drugcentral-structures", {}},
      {"drugcentral2023_fda_approved", "drugcentral-approved", {}},
      {"biosnap_drugs", "drug-structures", {}},
      {"broad_hub_samples_20200324", "drug-hub-samples", {}},
      {"uniprot_sequences", "sequences", {}},
      {"drugcentral2016_pharm_class", "drugcentral-pharm-class", {}},
      {"drugcentral2016_targets", "drugcentral-targets", {}},
      {"drugcentral2023_targets", "drugcentral-target-list", {}},
      {"binding_evidence_CbG", "binding-evidence", {}},
      {"hetionet_DaG", "disease-genes", {}},
      {"hetionet_*", "hetionet-edges", {}},
      {"hetionet-v1.0-edges", "hetionet-edges", {}},
      {"pharmacotherapydb_indications", "curated-indications", {}},
      {"drugcentral_indications_rephetio",
       "curated-indications",
       {"DrugCentral indications (Rephetio)", "2016, commit 0e085ddb6aa4", "CC BY 4.0",
        "https://github.com/dhimmel/drugcentral"}},
      {"drugcentral2016_indications", "drugcentral-indications", {}},
      {"broad_hub_drugs_20200324", "drug-hub", {}},
      {"medline_disease_disease", "disease-comentions", {}},
      {"pathways", "pathways", {}},
      {"go_direct_experimental", "go", {}},
      {"sider41_side_effects", "side-effect-names", {}},
      {"meddra_all_se", "sider-labels", {}},
      {"sider41_CcSE", "side-effects", {}},
      {"sider41_frequencies", "side-effects", {}},
  };
  return files;
}

bool fits(const std::string& path, const std::string& pattern) {
  if (pattern.find(".csv") != std::string::npos) return fs::path(path).filename() == pattern;
  const std::string stem = file_stem(path);
  if (pattern.back() != '*') return stem == pattern;
  return stem.compare(0, pattern.size() - 1, pattern, 0, pattern.size() - 1) == 0;
}

std::vector<std::string> files_below(const std::vector<std::string>& folders) {
  std::vector<std::string> files;
  for (const auto& folder : folders) {
    if (!fs::is_directory(folder))
      throw InputError(fs::exists(folder) ? fmt::format("'{}' is not a folder", folder)
                                          : fmt::format("folder not found: '{}'", folder));
    for (const auto& entry :
         fs::recursive_directory_iterator(folder, fs::directory_options::skip_permission_denied))
      if (entry.is_regular_file()) files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  files.erase(std::unique(files.begin(), files.end()), files.end());
  return files;
}

/// Reads a table of genes again; its rejects are listed already.
void name_late_genes(StoreBuilder& store, const std::string& file, LicenceChoice licence) {
  const std::size_t before = store.rejected().size();
  import_file(store, import_format("genes"), file, {}, licence);
  store.forget_rejected(before);
}

}  // namespace

const ImportFormat& import_format(const std::string& name) {
  std::vector<std::string> names;
  for (const auto& format : import_formats()) {
    if (format.name == name) return format;
    names.push_back(format.name);
  }
  const std::string near = chem::nearest_name(name, names);
  throw UsageError(fmt::format("unknown format '{}'{}", name,
                               near.empty() ? "" : fmt::format(", did you mean '{}'?", near)),
                   "theriac store formats lists them");
}

ImportTally import_file(StoreBuilder& store, const ImportFormat& format, const std::string& path,
                        const ImportSource& given, LicenceChoice choice, const std::string& docking_target) {
  ImportSource source = format.source;
  for (auto field : {&ImportSource::name, &ImportSource::version, &ImportSource::licence, &ImportSource::url})
    if (!(given.*field).empty()) source.*field = given.*field;
  // rows may have a licence of their own; else the whole file stands or falls with its one
  const bool per_row = source.licence == "stated per row" || format.name == "bindingdb-genes" ||
                       format.name == "hetionet-edges";
  DockingContext docking{docking_target, "", ""};
  const std::string table = format.name == "docking" ? docking_results(path, source, docking) : path;
  ImportRun run(store, table, source, choice, format.header);
  run.docking = docking;
  if (!per_row && !allows(choice, licence_class(source.licence))) {
    run.tally.left_out = true;
    return run.tally;
  }
  if (!per_row) run.source();
  format.read(run);
  return run.tally;
}

BuildReport import_folders(StoreBuilder& store, const BuildOptions& options) {
  const auto files = files_below(options.folders);
  std::vector<std::vector<std::string>> of_known(known_files().size());
  BuildReport report;
  for (const auto& file : files) {
    const auto known = std::find_if(known_files().begin(), known_files().end(),
                                    [&](const KnownFile& each) { return fits(file, each.stem); });
    if (known == known_files().end())
      report.unknown_files.push_back(file);
    else
      of_known[static_cast<std::size_t>(known - known_files().begin())].push_back(file);
  }
  for (std::size_t i = 0; i < of_known.size(); ++i)
    for (const auto& file : of_known[i]) {
      if (options.on_file) options.on_file(file);
      const auto& known = known_files()[i];
      report.tallies.push_back(
          import_file(store, import_format(known.format), file, known.source, options.licence));
    }
  if (report.tallies.empty()) {
    std::string names;
    for (const auto& known : known_files()) names += (names.empty() ? "" : ", ") + known.stem;
    throw InputError(fmt::format("no file below '{}' has a known name", options.folders.front()),
                     fmt::format("known: {}; theriac store import takes files of other names", names));
  }
  // genes without a protein are taken when something is said of them, and it is said by now
  for (std::size_t i = 0; i < of_known.size(); ++i)
    if (known_files()[i].format == "genes")
      for (const auto& file : of_known[i]) name_late_genes(store, file, options.licence);
  report.rejected_structures = complete_structures(store);
  unite_same_structures(store);
  return report;
}

}  // namespace theriac::datasets
