// Continues a row of tokens with a causal model, one token a step, without reading the row again.
//
// Keys and values of past tokens are kept. What all continuations share, the prompt, is read and kept once,
// so a hundred peptides for one target cost one pass over the target.
//
//     scoring::ProteinDecoder decoder(model, {3}, 100);      // "1": a hundred proteins from the N terminus
//     while (...) decoder.append(tokens_drawn_from(decoder.logits()));
//
// A continuation's numbers do not depend on the others. They equal those of ProteinLanguageModel::logits up
// to the order of sums, which is another one (tests: 1e-4).
#pragma once
#include <vector>

#include "scoring/protein_language_model.hpp"

namespace theriac::scoring {

class ProteinDecoder {
 public:
  /// The model must outlive the decoder. Throws UsageError when it is masked or cannot read the prompt,
  /// ModelError when it has no head.
  ProteinDecoder(const ProteinLanguageModel& model, const std::vector<int>& prompt, int continuations);

  int continuations() const { return static_cast<int>(tails_.size()); }
  /// Tokens of a continuation, the prompt included.
  int length() const { return length_; }
  /// What follows the last token: continuations x model.columns().
  const std::vector<float>& logits() const { return logits_; }

  /// One token to each continuation. Throws UsageError when the numbers differ, for a number that is no
  /// token, and when the row would be longer than the model's positions.
  void append(const std::vector<int>& tokens);
  /// Goes on with these only, by their index; one may be there several times.
  void keep(const std::vector<int>& chosen);

 private:
  /// For each layer panels of 2 x width features: keys, then values.
  using Cache = std::vector<AlignedFloats>;
  void store(int layer, const float* projected, Cache& tail) const;
  void attend(int layer, class ProteinPass& pass) const;

  const ProteinLanguageModel& model_;
  int prompt_length_ = 0, length_ = 0, lanes_ = 0;
  Cache prompt_;
  std::vector<Cache> tails_;
  std::vector<float> logits_;
};

}  // namespace theriac::scoring
