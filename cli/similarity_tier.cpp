#include "cli/similarity_tier.hpp"

#include <fmt/format.h>

#include "chem/error.hpp"
#include "chem/record_reader.hpp"
#include "chem/standardise.hpp"
#include "scoring/docking_columns.hpp"

namespace theriac::cli {

SimilarityTier::SimilarityTier(const SimilarityOptions& options) : options_(options) {
  if (options_.least > options_.most)
    throw UsageError(fmt::format("--min_similarity {:g} is above --max_similarity {:g}: nothing fits",
                                 options_.least, options_.most));
  chem::RecordReader reader({options_.known});
  while (const auto record = reader.next()) {
    try {
      if (!record->molecule) throw InputError(record->message);
      fingerprints_.add(chem::morgan_fingerprint(chem::standardised(*record->molecule)));
      names_.push_back(record->name);
    } catch (const Error&) {
      ++unreadable_;
    }
  }
  if (names_.empty())
    throw InputError(fmt::format("'{}' holds no molecule to compare with", options_.known),
                     "give a file of known ligands with --similar_to");
}

SimilarityTier::Nearest SimilarityTier::nearest(const chem::Molecule& parent) const {
  const auto best = fingerprints_.nearest(chem::morgan_fingerprint(parent));
  return {best.similarity, names_[best.index]};
}

std::string SimilarityTier::violation(const Nearest& nearest) const {
  if (nearest.similarity < options_.least)
    return fmt::format("similarity {:.3f} to {}, not >= {:g}", nearest.similarity, nearest.name,
                       options_.least);
  if (nearest.similarity > options_.most)
    return fmt::format("similarity {:.3f} to {}, not <= {:g}", nearest.similarity, nearest.name,
                       options_.most);
  return {};
}

std::vector<datasets::Column> SimilarityTier::columns() {
  return {scoring::real_column(
              "similarity", "",
              "Tanimoto similarity to the most similar known ligand, Morgan radius 2, 2048 bits", 3),
          scoring::text_column("most_similar", "that known ligand")};
}

datasets::Row SimilarityTier::cells(const Nearest& nearest) {
  return {nearest.similarity, nearest.name};
}

}  // namespace theriac::cli
