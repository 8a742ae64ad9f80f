// Which protein and which substitutions `theriac protein variants` is asked about.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "chem/mutation.hpp"

namespace theriac::datasets {
class Store;
}

namespace theriac::cli {

struct VariantQuestionOptions {
  std::vector<std::string> mutations;  ///< "EGFR:L858R"
  std::string mutations_file;
  std::string sequence;  ///< FASTA file, or residues
  std::string store;     ///< where genes are looked up; empty: the store that ships
  std::string gene;
  bool all = false;
};

struct VariantQuestion {
  std::string gene;  ///< may be empty
  std::string name;  ///< of the sequence, for messages
  std::string residues;
  std::vector<chem::Mutant> mutants;
  bool named_alone = false;  ///< mutants of the command line only: a wrong one is an error, not a row
};

/// Throws UsageError when nothing is asked, two genes are named, or the sequence is missing, InputError when
/// files or the store do not hold what is asked for.
VariantQuestion variant_question(const VariantQuestionOptions& options);

/// Residues of a gene in a store of targets; none when the store does not hold them. Throws InputError when
/// the gene is unknown.
std::optional<std::string> stored_sequence(const std::string& store, const std::string& gene);
/// The same of a target of an open store, by its number.
std::optional<std::string> stored_residues(const datasets::Store& store, std::uint32_t target);

}  // namespace theriac::cli
