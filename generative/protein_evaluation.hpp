// How good a protein language model is: perplexity with an interval, beside n-grams on the same proteins, and
// whether binders are likelier behind their own target than behind others.
#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "generative/protein_training.hpp"

namespace theriac::generative {

/// Nats of each protein, and how many of the twenty were scored in it.
struct ProteinLoss {
  std::vector<double> nats;
  std::vector<std::int64_t> residues;
  double nats_per_residue() const;
  double perplexity() const;  ///< exp of all nats over all residues
};

/// Of records of a corpus. The choice is among the twenty; the end is not scored.
ProteinLoss protein_loss(ProteinTrainer& trainer, const ProteinCorpus& corpus,
                         const std::vector<std::size_t>& records, int row);
/// The same of a whole corpus.
ProteinLoss protein_loss(ProteinTrainer& trainer, const ProteinCorpus& corpus, int row);

/// n-grams of order 1 to 5 counted on `learned`, their loss on `held_out`.
std::vector<ProteinLoss> ngram_losses(const ProteinCorpus& learned, const ProteinCorpus& held_out);

struct Interval {
  double value = 0, low = 0, high = 0;  ///< low, high: 95 %, by drawing proteins 1000 times
};
Interval perplexity_interval(const ProteinLoss& loss, std::uint64_t seed);

/// Pairs of a target and its known binder, each peptide also behind `others` targets of other pairs.
struct BinderSpecificity {
  Interval share;    ///< comparisons in which the own target is the better one
  double own = 0;    ///< perplexity of the peptides behind their own target
  double other = 0;  ///< behind other targets
  double alone = 0;  ///< without a target
  std::size_t pairs = 0;
};
BinderSpecificity binder_specificity(ProteinTrainer& trainer,
                                     const std::vector<std::pair<std::string, std::string>>& pairs,
                                     int others, int row, std::uint64_t seed);

}  // namespace theriac::generative
