// The tier of a screen that keeps what resembles known ligands, or what does not.
//
// Tanimoto similarity of Morgan fingerprints (radius 2, 2048 bits: what the literature calls ECFP4) of parent
// structures. Two random drug-like molecules reach 0.1 to 0.2; what a chemist calls an analogue begins near
// 0.4.
#pragma once
#include <string>
#include <vector>

#include "chem/fingerprint.hpp"
#include "chem/molecule.hpp"
#include "datasets/results_table.hpp"

namespace theriac::cli {

struct SimilarityOptions {
  std::string known;           ///< file of known ligands
  double least = 0, most = 1;  ///< of the similarity, both included
};

class SimilarityTier {
 public:
  /// Reads the known ligands; those that cannot be read are left out. Throws InputError when none can, and
  /// UsageError for limits that nothing fits.
  explicit SimilarityTier(const SimilarityOptions& options);

  struct Nearest {
    double similarity = 0;  ///< 0 to 1
    std::string name;       ///< of the known ligand; of equals the first
  };
  /// `parent` as scoring::LigandIdentity holds it. Thread-safe, given a molecule of its own.
  Nearest nearest(const chem::Molecule& parent) const;
  /// "similarity 0.21 to imatinib, not >= 0.35"; empty when the limits hold.
  std::string violation(const Nearest& nearest) const;

  /// similarity and most_similar.
  static std::vector<datasets::Column> columns();
  static datasets::Row cells(const Nearest& nearest);

  std::size_t known() const { return names_.size(); }
  std::int64_t unreadable() const { return unreadable_; }

 private:
  SimilarityOptions options_;
  chem::FingerprintSet fingerprints_;
  std::vector<std::string> names_;
  std::int64_t unreadable_ = 0;
};

}  // namespace theriac::cli
