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
  std::string stem;  ///< file name without extensions; "hetionet_*" is any ending
  std::string format;
  ImportSource source;  ///< empty fields: those of the format
};

/// In the order of the import. A stem comes before a pattern that also fits it.
const std::vector<KnownFile>& known_files() {
  static const std::vector<KnownFile> files = {
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
      {"drugs_master", "drugs-master", {}},
      {"drugcentral2016_identifiers", "drugcentral-identifiers", {}},
      {"medi_approved_drugs", "medi", {}},
      {"drugcentral2023_structures", "drugcentral-structures", {}},
      {"drugcentral2023_fda_approved", "drugcentral-approved", {}},
      {"biosnap_drugs", "drug-structures", {}},
      {"broad_hub_samples_20200324", "drug-hub-samples", {}},
      {"broad_hub_drugs_20200324", "drug-hub", {}},
      {"drugbank42_slim", "drugbank-slim", {}},
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
      {"medline_disease_disease", "disease-comentions", {}},
      {"pathways", "pathways", {}},
      {"go_direct_experimental", "go", {}},
      {"sider41_side_effects", "side-effect-names", {}},
      {"sider41_CcSE", "side-effects", {}},
      {"sider41_frequencies", "side-effects", {}},
  };
  return files;
}

bool fits(const std::string& stem, const std::string& pattern) {
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

}  // namespace

const std::vector<ImportFormat>& import_formats() {
  static const std::vector<ImportFormat> formats = {
      {"hetionet-nodes",
       "id, name, kind",
       {"Hetionet v1.0 nodes", "2016, v1.0", "CC0 1.0", "https://het.io"},
       import_hetionet_nodes},
      {"hetionet-edges",
       "source, target, metaedge (or the metaedge at the end of the file name)",
       {"Hetionet v1.0", "2016, v1.0", "CC0 1.0", "https://het.io"},
       import_hetionet_edges},
      {"disease-genes",
       "doid_id, entrez_gene_id, sources, license",
       {"Hetionet v1.0 DaG", "2016, v1.0", "stated per row", "https://het.io"},
       import_disease_genes},
      {"genes",
       "entrez_gene_id, symbol, uniprot_ids",
       {"Entrez Gene and UniProt", "2015", "CC BY 4.0 (UniProt); Entrez Gene is public domain",
        "https://www.ncbi.nlm.nih.gov/gene"},
       import_genes},
      {"sequences",
       "uniprot, sequence",
       {"UniProt sequences", "", "CC BY 4.0", "https://www.uniprot.org"},
       import_sequences},
      {"disease-slim",
       "slim_id, slim_name, subsumed_id, subsumed_name, min_distance",
       {"Disease Ontology slim", "2015", "CC BY 3.0", "https://disease-ontology.org"},
       import_disease_slim},
      {"mondo-references",
       "ontology_id, ontology, mondo_id",
       {"MONDO cross-references", "2023", "CC BY 4.0", "https://mondo.monarchinitiative.org"},
       import_mondo_references},
      {"disease-xrefs",
       "doid_code, doid_name, resource, resource_id",
       {"Disease Ontology cross-references", "2015", "CC BY 3.0", "https://disease-ontology.org"},
       import_disease_xrefs},
      {"disease-hierarchy",
       "child, parent, optional child_name, parent_name",
       {"disease hierarchy", "", "", ""},
       import_disease_hierarchy},
      {"drugs-master",
       "drugcentral_id, name, smiles, inchikey, drugbank_ids",
       {"DrugCentral 2023 with MEDI", "2023, commit 37a81bf71e82", "CC BY-SA 4.0", "https://drugcentral.org"},
       import_drugs_master},
      {"medi",
       "curie, name, smiles, drugbank_ids, approved_usa, approved_europe, approved_japan, "
       "is_combination_therapy",
       {"MEDI approved drugs (Every Cure)", "commit 5a38972c98ba", "CC0 1.0",
        "https://github.com/everycure-org/medi"},
       import_medi},
      {"drugcentral-identifiers",
       "DRUG_ID, DRUG_NAME, ID_TYPE, IDENTIFIER",
       {"DrugCentral 2016 identifiers", "2016, commit 64630f7c2bc0", "CC BY 4.0", "https://drugcentral.org"},
       import_drugcentral_identifiers},
      {"drugcentral-structures",
       "ID, INN, SMILES, InChIKey",
       {"DrugCentral 2023 structures", "2023, commit 37a81bf71e82", "CC BY-SA 4.0",
        "https://drugcentral.org"},
       import_drugcentral_structures},
      {"drugcentral-approved",
       "struct_id, drug_name",
       {"DrugCentral 2023 FDA approvals", "2023, commit 37a81bf71e82", "CC BY-SA 4.0",
        "https://drugcentral.org"},
       import_drugcentral_approved},
      {"drug-structures",
       "drugbank_id, smiles",
       {"BIOSNAP structures", "commit 47ac16b8c158", "CC BY-NC 4.0 (DrugBank) may apply",
        "https://github.com/kexinhuang12345/MolTrans"},
       import_drug_structures},
      {"drugbank-slim",
       "drugbank_id, name, groups",
       {"DrugBank 4.2", "2015, commit 6b9ae386d6ba", "CC BY-NC 4.0", "https://go.drugbank.com"},
       import_drugbank_slim},
      {"drug-hub-samples",
       "broad_id, pert_iname, smiles, InChIKey",
       {"Drug Repurposing Hub samples", "2020-03-24", "non-commercial use (Broad Institute)",
        "https://clue.io/repurposing"},
       import_drug_hub_samples},
      {"drug-hub",
       "pert_iname, clinical_phase, moa, target",
       {"Drug Repurposing Hub", "2020-03-24", "non-commercial use (Broad Institute)",
        "https://clue.io/repurposing"},
       import_drug_hub},
      {"drugcentral-classes",
       "class_id, class_name, class_type",
       {"DrugCentral 2015 classes", "2016, commit 0e085ddb6aa4", "CC BY 4.0", "https://drugcentral.org"},
       import_drugcentral_classes},
      {"drugcentral-members",
       "drugbank_id, class_id, class_name",
       {"DrugCentral 2015 class members", "2016, commit 0e085ddb6aa4", "CC BY 4.0",
        "https://drugcentral.org"},
       import_drugcentral_members},
      {"drugcentral-pharm-class",
       "DRUG_ID, DRUG_NAME, TYPE, CLASS_SOURCE_ID, CLASS",
       {"DrugCentral 2016 classes", "2016, commit 64630f7c2bc0", "CC BY 4.0", "https://drugcentral.org"},
       import_drugcentral_pharm_class},
      {"drugcentral-targets",
       "DRUG_ID, DRUG_NAME, TARGET_NAME, UNIPROT, ACTION_TYPE",
       {"DrugCentral 2016 targets", "2016, commit 64630f7c2bc0", "CC BY 4.0", "https://drugcentral.org"},
       import_drugcentral_targets},
      {"drugcentral-target-list",
       "uniprot_accession, struct_id",
       {"DrugCentral 2023 targets", "2023, commit 37a81bf71e82", "CC BY-SA 4.0", "https://drugcentral.org"},
       import_drugcentral_target_list},
      {"binding-evidence",
       "drugbank_id, entrez_gene_id, sources, license",
       {"CbG evidence", "2016, commit 93feba1765fb", "stated per row",
        "https://github.com/dhimmel/integrate"},
       import_binding_evidence},
      {"bindingdb-genes",
       "drugbank_id, entrez_gene, affinity_nM, sources",
       {"BindingDB 2015", "2015, commit 28dc70275103", "CC BY-SA 3.0 (ChEMBL), else CC BY 3.0",
        "https://www.bindingdb.org"},
       import_bindingdb_genes},
      {"bindingdb",
       "Ligand SMILES, Ki (nM), UniProt (SwissProt) Primary ID of Target Chain",
       {"BindingDB", "", "CC BY 4.0", "https://www.bindingdb.org"},
       import_bindingdb},
      {"chembl-activities",
       "Molecule ChEMBL ID, Standard Type, Standard Value, Standard Units, Target ChEMBL ID",
       {"ChEMBL activities", "", "CC BY-SA 3.0", "https://www.ebi.ac.uk/chembl"},
       import_chembl_activities},
      {"open-targets",
       "diseaseId, targetId, score",
       {"Open Targets associations", "", "CC0 1.0", "https://platform.opentargets.org"},
       import_open_targets},
      {"curated-indications",
       "doid_id, drugbank_id, category",
       {"PharmacotherapyDB", "2016, commit 11d535ba0884", "CC0 1.0",
        "https://doi.org/10.7490/f1000research.1112008.1"},
       import_curated_indications},
      {"repodb",
       "drug_id, ind_id, status",
       {"repoDB 2017", "2017", "licence of the table not stated", "https://doi.org/10.1038/sdata.2017.29"},
       import_repodb},
      {"drugcentral-indications",
       "DRUG_ID, DRUG_NAME, INDICATION_FDB, UMLS_CUI, DOID",
       {"DrugCentral 2016 indications", "2016, commit 64630f7c2bc0", "CC BY 4.0", "https://drugcentral.org"},
       import_drugcentral_indications},
      {"disease-comentions",
       "doid_code_0, doid_code_1, cooccurrence, enrichment, p_fisher",
       {"MEDLINE co-mentions", "2015, commit 0c9e2905ccf8", "CC0 1.0", "https://github.com/dhimmel/medline"},
       import_disease_comentions},
      {"pathways",
       "identifier, name, source, license, coding_genes",
       {"Pathways", "2015, commit 1bd2c68853e3", "stated per row", "https://github.com/dhimmel/pathways"},
       import_pathways},
      {"go",
       "go_id, go_name, go_domain, gene_ids",
       {"Gene Ontology, direct experimental", "2015, commit d57fd938f90c", "CC BY 4.0",
        "https://geneontology.org"},
       import_go},
      {"side-effect-names",
       "umls_cui, meddra_name",
       {"SIDER 4.1 names", "2015, 4.1", "CC BY-NC-SA 4.0", "http://sideeffects.embl.de"},
       import_side_effect_names},
      {"side-effects",
       "drugbank_id, umls_cui, optional freq_lower, freq_upper",
       {"SIDER 4.1", "2015, 4.1", "CC BY-NC-SA 4.0", "http://sideeffects.embl.de"},
       import_side_effects},
      {"triples",
       "head, relation, tail, optional head_name, tail_name, strength, direction, reference, note",
       {"triples", "", "", ""},
       import_triples},
  };
  return formats;
}

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
                        const ImportSource& given, LicenceChoice choice) {
  ImportSource source = format.source;
  for (auto field : {&ImportSource::name, &ImportSource::version, &ImportSource::licence, &ImportSource::url})
    if (!(given.*field).empty()) source.*field = given.*field;
  // rows may have a licence of their own; else the whole file stands or falls with its one
  const bool per_row = source.licence == "stated per row" || format.name == "bindingdb-genes" ||
                       format.name == "hetionet-edges";
  ImportRun run(store, path, source, choice);
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
    const std::string stem = file_stem(file);
    const auto known = std::find_if(known_files().begin(), known_files().end(),
                                    [&](const KnownFile& each) { return fits(stem, each.stem); });
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
  report.rejected_structures = complete_structures(store);
  return report;
}

}  // namespace theriac::datasets
