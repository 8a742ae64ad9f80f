// Where the relatives and the language model of a variant question come from: files, a database, or nothing.
#pragma once
#include <optional>
#include <string>

#include "chem/homologs.hpp"
#include "chem/sequence_database.hpp"
#include "scoring/protein_language_model.hpp"

namespace theriac::cli {

class Session;

struct VariantEvidenceOptions {
  std::string homologs;  ///< FASTA, aligned FASTA or A3M
  std::string database;  ///< FASTA to search
  int rounds = 2;
  double e_value = 1e-3;
  std::string language_model;  ///< file, folder or "default"; empty: none
  std::string device = "cpu";  ///< of the language model: scoring::prediction_device()
};

/// The database of a search, read once; none when none is asked for. Says what it read.
std::optional<chem::SequenceDatabase> variant_database(const VariantEvidenceOptions& options,
                                                       Session& session);

/// Relatives found in the database; says how many and how long it took.
chem::Homologs found_homologs(const chem::SequenceDatabase& database, const std::string& name,
                              const std::string& residues, const VariantEvidenceOptions& options,
                              Session& session);

std::optional<scoring::ProteinLanguageModel> variant_language_model(const VariantEvidenceOptions& options,
                                                                    Session& session);

}  // namespace theriac::cli
