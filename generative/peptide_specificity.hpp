// Whether a peptide is likelier behind its own target than behind others.
//
// A language model finds some peptides likely whatever the target. What is left after subtracting that is the
// part that may have to do with binding: mean log p of the residues behind the target, minus the mean behind
// shuffled copies of the target and behind other proteins. The permutation test of PepMLM (T. Chen et al.,
// arXiv 2310.03842, Fig. 1e) and its kin. No measurement of binding.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "chem/sequence.hpp"
#include "generative/peptide_model.hpp"

namespace theriac::generative {

/// Six small, well-known proteins without much in common: ubiquitin, lysozyme, GFP, myoglobin, ribonuclease A
/// and KRAS.
const std::vector<chem::Sequence>& comparison_proteins();

/// The same residues in an order drawn from seed, target and number.
std::string shuffled_target(const std::string& target, std::uint64_t seed, std::uint64_t number);

/// Nats a residue.
struct PeptideSpecificity {
  double target = 0;    ///< mean log p behind the target
  double shuffled = 0;  ///< mean over the shuffled targets
  double others = 0;    ///< mean over the other proteins
  /// target minus the mean of shuffled and others.
  double value() const { return target - (shuffled + others) / 2; }
};

class SpecificityPanel {
 public:
  /// Reads the target, `shuffles` shuffled copies and the comparison proteins; those that share a quarter of
  /// their three-residue words with the target are left out. `peptide_length`: the
  /// longest that will be asked about. The model outlives this.
  SpecificityPanel(const PeptideModel& model, const std::string& target, int peptide_length, int shuffles,
                   std::uint64_t seed);

  const PeptideContext& target() const { return *target_; }
  /// In the order of the peptides, on all threads.
  std::vector<PeptideSpecificity> judged(const std::vector<std::string>& peptides) const;

 private:
  std::unique_ptr<PeptideContext> target_;
  std::vector<std::unique_ptr<PeptideContext>> shuffled_, others_;
};

}  // namespace theriac::generative
