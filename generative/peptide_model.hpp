// A protein language model asked about peptides that bind a target.
//
// Two kinds of models answer. Causal ones (ProGen2 layout, Theriac's own, fine-tuned on pairs) read the
// target and then write or judge the peptide residue by residue: `1TARGET2` `1PEPTIDE2`. Masked ones (ESM-2,
// PepMLM: T. Chen et al., arXiv 2310.03842) see the target followed by as many masks as the peptide has
// residues.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "generative/peptide_design.hpp"

namespace theriac::generative {

/// A model that has read a target. Safe to ask from many threads.
class PeptideContext {
 public:
  virtual ~PeptideContext() = default;
  /// For each peptide the natural log of the chance of every residue, among the twenty. Causal: given those
  /// before it; masked: as Judgement says. What is said of a peptide does not depend on the others.
  virtual std::vector<std::vector<double>> log_probabilities(
      const std::vector<std::string>& peptides) const = 0;
  /// Peptides of these lengths, residues drawn, each from its own random numbers.
  virtual std::vector<std::string> sampled(const std::vector<int>& lengths, const PeptideDesign& design,
                                           std::vector<chem::CounterRandom> random) const = 0;
};

/// How masked models fill a peptide; causal models have one way.
enum class Unmasking {
  one_pass,   ///< every residue drawn independently, as PepMLM is published
  iterative,  ///< the surest position first, the rest asked again
};

/// What masked models say of a given peptide; causal models have one way.
enum class Judgement {
  one_pass,     ///< the whole peptide hidden: one pass a length, however many peptides
  by_position,  ///< each residue hidden alone, the others seen: the pseudo-likelihood, one pass a residue
};

class PeptideModel {
 public:
  virtual ~PeptideModel() = default;
  virtual bool masked() const = 0;
  /// Room is left for peptides of `peptide_length` residues.
  virtual std::unique_ptr<PeptideContext> read_target(const std::string& target,
                                                      int peptide_length) const = 0;
  /// Residues of a target that are read beside a peptide of that length; what is more is cut off at the
  /// front.
  virtual int target_residues(int peptide_length) const = 0;
  virtual std::string description() const = 0;  ///< for the terminal and the results
};

/// From a folder or file as theriac protein info takes it. `device` as scoring::prediction_device() takes it,
/// for masked models; causal ones go token by token on the processor, and for them a GPU is a UsageError.
/// Throws InputError, ModelError and DeviceError.
std::unique_ptr<PeptideModel> read_peptide_model(const std::string& path,
                                                 Unmasking unmasking = Unmasking::one_pass,
                                                 Judgement judgement = Judgement::one_pass,
                                                 const std::string& device = "cpu");

/// Nats a residue: the mean of each peptide's log probabilities.
std::vector<double> mean_log_probabilities(const PeptideContext& context,
                                           const std::vector<std::string>& peptides);

}  // namespace theriac::generative
