// Drugs for one target: those known to act on it, those that look like its ligands, and what is known of a
// variant.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "cli/affinity_evidence.hpp"
#include "repurpose/drug_filter.hpp"
#include "repurpose/ligand_similarity.hpp"
#include "repurpose/target_variant.hpp"

namespace theriac::cli {

/// A drug with its links to the target.
struct KnownLigand {
  std::uint32_t drug = 0;
  std::vector<std::uint32_t> links;  ///< rows of `binds`, the strongest first
  double strength = 0;               ///< largest -log10 of Kd, Ki or IC50; NaN when none is on record
  double docking = 0;                ///< stored score, kcal/mol; NaN when there is none
};

/// A drug not known to bind, that resembles those that do, or has a stored score.
struct LikelyLigand {
  std::uint32_t drug = 0;
  repurpose::EnsembleSimilarity similarity;
  double docking = 0, predicted = 0;  ///< stored scores, kcal/mol and -log10 Kd; NaN when there are none
};

struct TargetDrugs {
  std::uint32_t target = 0;
  std::vector<KnownLigand> known;    ///< strongest first
  std::vector<LikelyLigand> likely;  ///< E up to 1 or with a stored score; lowest E first
  std::vector<repurpose::VariantFact> variant_facts;
  std::string variant;                        ///< as asked, or empty
  std::vector<PredictedAffinity> affinities;  ///< of the first drugs of both lists, in their order
  std::string affinity_note;                  ///< what they are, or why there are none; often empty
};

/// `licences` empty: all.
TargetDrugs drugs_of_target(const datasets::Store& store, std::uint32_t target,
                            const repurpose::DrugFilter& filter,
                            const std::vector<datasets::LicenceClass>& licences);

/// Fills in the affinities of the first `top` drugs of each list (0: all), where the model is installed.
void predict_affinities(const datasets::Store& store, TargetDrugs& found, std::size_t top);

std::string target_drugs_text(const datasets::Store& store, const TargetDrugs& found, std::size_t top);
std::string target_drugs_json(const datasets::Store& store, const TargetDrugs& found, std::size_t top);

}  // namespace theriac::cli
