// Many short continuations of one long beginning: peptides behind their target.
//
// A causal model reads the target once; keys and values of its tokens are kept, and every peptide is then
// asked at the price of its own few tokens. Numbers are those of ProteinLanguageModel for the whole row
// (tests hold the two to 1e-4), and depend on nothing but the row: not on other continuations, threads or
// processor. ProGen2 layout only (also Theriac's own models).
#pragma once
#include <memory>
#include <vector>

#include "scoring/protein_weights.hpp"

namespace theriac::scoring {

/// Keys and values of tokens that were read, layer by layer. Cheap to copy: what was read is shared.
class ReadTokens {
 public:
  int count() const { return count_; }

 private:
  friend class ProteinContinuation;
  /// Of one stretch of tokens: per layer keys and values, tokens x width each.
  struct Stretch {
    std::vector<std::vector<float>> keys, values;
    int count = 0;
  };
  std::vector<std::shared_ptr<const Stretch>> stretches_;
  int count_ = 0;
};

class ProteinContinuation {
 public:
  /// Throws ModelError for a model that is not of the ProGen2 layout or has no head.
  explicit ProteinContinuation(ProteinWeights weights);

  const ProteinWeights& weights() const { return weights_; }

  /// What follows `before` read too; `logits`, when given, gets one row of shape().columns numbers a token.
  /// Throws UsageError when the row becomes longer than the model reads, or holds no such token.
  ReadTokens read(const ReadTokens& before, const std::vector<int>& tokens,
                  std::vector<float>* logits = nullptr) const;

 private:
  struct Block;
  void read_block(const ReadTokens& before, const int* tokens, int count, ReadTokens::Stretch& out,
                  std::vector<float>* logits) const;
  /// Queries are turned in place; keys, turned, and values are kept.
  void project(const ProteinLayer& layer, Block& block, int position, int count,
               ReadTokens::Stretch& out) const;
  void attend(const ReadTokens& before, const ReadTokens::Stretch& own, std::size_t layer, Block& block,
              int count) const;

  ProteinWeights weights_;
};

}  // namespace theriac::scoring
