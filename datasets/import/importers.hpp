// One function per format. Each reads the columns that it needs by name (docs/store.md lists them) and adds
// what the rows say; bad rows are rejected, missing columns throw InputError.
#pragma once
#include <string>
#include <string_view>

#include "datasets/import/import_run.hpp"

namespace theriac::datasets {

// hetionet.cpp
void import_hetionet_nodes(ImportRun& run);  ///< id (Kind::id), name, kind
void import_hetionet_edges(
    ImportRun& run);  ///< source, target[, metaedge]; else the metaedge ends the file name
void import_disease_genes(ImportRun& run);  ///< doid_id, entrez_gene_id, sources, license

// genes.cpp
void import_genes(ImportRun& run);      ///< entrez_gene_id, symbol, uniprot_ids
void import_sequences(ImportRun& run);  ///< uniprot, sequence
void import_pathways(ImportRun& run);   ///< identifier, name, source, license, coding_genes
void import_go(ImportRun& run);         ///< go_id, go_name, go_domain, gene_ids

// diseases.cpp
void import_disease_slim(ImportRun& run);   ///< slim_id, slim_name, subsumed_id, subsumed_name, min_distance
void import_disease_xrefs(ImportRun& run);  ///< doid_code, doid_name, resource, resource_id
void import_mondo_references(ImportRun& run);    ///< ontology_id, ontology, mondo_id
void import_disease_hierarchy(ImportRun& run);   ///< child, parent[, child_name, parent_name]
void import_disease_comentions(ImportRun& run);  ///< doid_code_0, doid_code_1, enrichment, p_fisher ...
void import_open_targets(ImportRun& run);        ///< diseaseId, targetId, score

// drugs.cpp
void import_drugs_master(ImportRun& run);             ///< the joined DrugCentral library
void import_medi(ImportRun& run);                     ///< Every Cure's list of approved drugs
void import_drugcentral_identifiers(ImportRun& run);  ///< DRUG_ID, DRUG_NAME, ID_TYPE, IDENTIFIER
void import_drugcentral_structures(ImportRun& run);   ///< SMILES, InChIKey, ID, INN
void import_drugcentral_approved(ImportRun& run);     ///< struct_id, drug_name
void import_drug_structures(ImportRun& run);          ///< drugbank_id, smiles
void import_drugbank_slim(ImportRun& run);  ///< drugbank_id, name, type, groups, atc_codes, inchikey

// drug_hub.cpp
void import_drug_hub(ImportRun& run);          ///< pert_iname, clinical_phase, moa, target
void import_drug_hub_samples(ImportRun& run);  ///< broad_id, pert_iname, smiles, InChIKey, pubchem_cid

// indications.cpp
void import_drugcentral_indications(ImportRun& run);  ///< DRUG_ID, DRUG_NAME, INDICATION_FDB, UMLS_CUI, DOID
void import_curated_indications(ImportRun& run);      ///< doid_id, drugbank_id, category (DM, SYM, NOT)
void import_repodb(ImportRun& run);  ///< drug_id, ind_id, ind_name, status, phase, DetailedStatus

// drug_classes.cpp
void import_drugcentral_classes(ImportRun& run);      ///< class_id, class_name, class_type
void import_drugcentral_members(ImportRun& run);      ///< drugbank_id, class_id, class_name
void import_drugcentral_pharm_class(ImportRun& run);  ///< DRUG_ID, TYPE, CLASS_SOURCE_ID, CLASS, SOURCE

// binding.cpp
void import_drugcentral_targets(ImportRun& run);  ///< DRUG_ID, UNIPROT, GENE, ACTION_TYPE, SOURCE, REFERENCE
void import_drugcentral_target_list(ImportRun& run);  ///< uniprot_accession, struct_id, target_name
void import_binding_evidence(ImportRun& run);  ///< drugbank_id, entrez_gene_id, actions, affinity_nM, license
void import_bindingdb_genes(ImportRun& run);   ///< drugbank_id, entrez_gene, affinity_nM
void import_bindingdb(ImportRun& run);         ///< BindingDB's own TSV
void import_chembl_activities(ImportRun& run);  ///< ChEMBL's activity download

// docking.cpp
void import_docking(ImportRun& run);  ///< score_kcal_mol, name or inchikey or drug_id[, status, target]
/// The table of `path`, a run folder of theriac dock or a table itself; fills what the folder says of source
/// and run where it is empty. Throws InputError (no docking run) and what verify_published throws.
std::string docking_results(const std::string& path, ImportSource& source, DockingContext& docking);

// side_effects.cpp
void import_side_effect_names(ImportRun& run);  ///< umls_cui, meddra_name
void import_side_effects(ImportRun& run);       ///< drugbank_id, umls_cui[, freq_lower, freq_upper]
void import_sider_labels(ImportRun& run);  ///< meddra_all_se.tsv as SIDER publishes it, which has no header

// starter_tables.cpp: the tables of datasets/tables, columns in their README
void import_starter_diseases(ImportRun& run);
void import_starter_targets(ImportRun& run);
void import_starter_drugs(ImportRun& run);
void import_starter_drug_targets(ImportRun& run);
void import_starter_drug_diseases(ImportRun& run);
void import_starter_disease_targets(ImportRun& run);
void import_starter_pathways(ImportRun& run);
void import_starter_target_pathways(ImportRun& run);
void import_starter_interactions(ImportRun& run);

// triples.cpp
void import_triples(
    ImportRun& run);  ///< head, relation, tail: "drug:DB00945", a name of a link, "disease:DOID:..."

}  // namespace theriac::datasets
