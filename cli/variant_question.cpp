#include "cli/variant_question.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "chem/data_file.hpp"
#include "chem/error.hpp"
#include "chem/sequence.hpp"
#include "chem/text_file.hpp"
#include "datasets/store.hpp"
#include "repurpose/entity_name.hpp"

namespace theriac::cli {
namespace {

/// One protein sequence of a file, or the text itself.
chem::Sequence one_sequence(const std::string& text) {
  const bool file = std::filesystem::exists(text);
  const bool residues = text.find_first_of("./\\") == std::string::npos && text.size() > 10;
  auto sequences =
      file || !residues ? chem::read_sequences(text) : chem::sequences_from_text(text, "--sequence");
  if (sequences.size() > 1)
    throw UsageError(fmt::format("'{}' holds {} sequences", text, sequences.size()),
                     "variants are scored for one protein at a time");
  if (chem::looks_like_nucleotides(sequences.front().residues))
    throw InputError(fmt::format("'{}' is a nucleotide sequence", file ? text : "--sequence"),
                     "substitutions are scored in a protein: translate it first");
  if (sequences.front().name.empty()) sequences.front().name = file ? text : "the sequence";
  return sequences.front();
}

/// The one gene that options and mutants name; empty: none does.
std::string gene_of(const VariantQuestionOptions& options, const std::vector<chem::Mutant>& mutants) {
  std::string gene = options.gene;
  for (const auto& mutant : mutants) {
    if (mutant.gene.empty() || mutant.gene == gene) continue;
    if (!gene.empty())
      throw UsageError(fmt::format("'{}' and '{}' are two genes", gene, mutant.gene),
                       "variants are scored for one protein at a time");
    gene = mutant.gene;
  }
  return gene;
}

}  // namespace

std::optional<std::string> stored_sequence(const std::string& path, const std::string& gene) {
  const auto store = datasets::Store::open(path);
  return stored_residues(store, repurpose::find_entity(store, datasets::EntityKind::target, gene).entity);
}

std::optional<std::string> stored_residues(const datasets::Store& store, std::uint32_t target) {
  const auto& sequences = store.entities(datasets::EntityKind::target).text("sequence");
  if (target >= sequences.size() || sequences[target].empty()) return std::nullopt;
  return std::string(sequences[target]);
}

VariantQuestion variant_question(const VariantQuestionOptions& options) {
  VariantQuestion question;
  for (const auto& text : options.mutations) question.mutants.push_back(chem::parse_mutant(text));
  question.named_alone = options.mutations_file.empty();
  if (!options.mutations_file.empty())
    for (auto& mutant :
         chem::mutants_from_text(chem::read_text_file(options.mutations_file), options.mutations_file))
      question.mutants.push_back(std::move(mutant));
  if (options.all && !question.mutants.empty())
    throw UsageError("both mutations and --all are given", "--all scores every single substitution");
  question.gene = gene_of(options, question.mutants);
  if (!options.sequence.empty()) {
    const auto sequence = one_sequence(options.sequence);
    question.name = sequence.name;
    question.residues = sequence.residues;
  } else if (!question.gene.empty()) {
    const std::string store = options.store.empty() ? chem::data_file("store/starter.h5") : options.store;
    const auto residues = stored_sequence(store, question.gene);
    if (!residues)
      throw InputError(
          fmt::format("'{}' holds no sequence of {}", store, question.gene),
          fmt::format("give it: --sequence {}.fasta (from UniProt), or --store a store with sequences",
                      question.gene));
    question.name = question.gene;
    question.residues = *residues;
  } else {
    throw UsageError("which protein?", "--sequence FILE.fasta, or the gene before the mutation: EGFR:L858R");
  }
  if (options.all || (options.mutations.empty() && options.mutations_file.empty()))
    question.mutants = chem::single_mutants(question.residues);
  return question;
}

}  // namespace theriac::cli
