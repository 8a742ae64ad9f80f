// The chance of a residue given the few before it, counted: the baseline that a language model must beat.
//
// Interpolated n-grams with Witten-Bell smoothing (I. H. Witten, T. C. Bell, IEEE Trans. Inf. Theory 37, 1085
// (1991)): after a history h that was seen c(h) times, with t(h) different residues after it,
//
//   P_n(x | h) = (c(hx) + t(h) P_{n-1}(x | h')) / (c(h) + t(h)),   h' = h without its first residue,
//
// down to the uniform 1/20. At the start of a protein, and behind a letter that is none of the twenty, the
// history is as long as there is. No end token: the chances of the twenty add up to one.
#pragma once
#include <cstdint>
#include <vector>

#include "generative/protein_corpus.hpp"

namespace theriac::generative {

class ResidueNgram {
 public:
  /// Orders 1 to `order`, at most 5. Throws UsageError otherwise.
  explicit ResidueNgram(int order);
  /// Counts record `i` of a corpus.
  void add(const ProteinCorpus& corpus, std::size_t i);

  /// Of order n <= order(): nats of record i, and how many of the twenty were scored in it.
  double nats(const ProteinCorpus& corpus, std::size_t i, int n, std::int64_t& residues) const;
  /// P_n(residue | history), numbers 0..19 in the order ACDEFGHIKLMNPQRSTVWY; only the last n - 1 of the
  /// history count.
  double probability(const std::vector<int>& history, int residue, int n) const;
  int order() const { return order_; }

 private:
  int order_;
  std::vector<std::vector<std::uint32_t>> counts_;  ///< of order n: 20^n, the last residue fastest
};

}  // namespace theriac::generative
