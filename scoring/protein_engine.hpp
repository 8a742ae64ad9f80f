// The forward pass of a protein language model, fast: what ProteinLanguageModel computes with.
//
// Rows of tokens are packed one behind another without padding, in panels of as many tokens as a kernel has
// lanes (protein_kernel.h), so that only real tokens cost anything. A step of a layer runs over some panels
// at a time while they are in the cache; attention runs over one row, one head and one panel of queries at a
// time and never stores more than that many scores. Weights are reordered once, when the model is read.
//
// A token's numbers come from loops that are the same wherever it lies, so they do not depend on the other
// rows, on their order, or on threads.
#pragma once
#include <cstddef>
#include <new>
#include <vector>

#include "scoring/protein_weights.hpp"

struct ProteinKernel;

namespace theriac::scoring {

/// Vectors that begin at a cache line.
template <typename T>
struct CacheLineAllocator {
  using value_type = T;
  CacheLineAllocator() = default;
  template <typename U>
  CacheLineAllocator(const CacheLineAllocator<U>&) {}
  T* allocate(std::size_t n) { return static_cast<T*>(::operator new(n * sizeof(T), std::align_val_t(64))); }
  void deallocate(T* at, std::size_t) { ::operator delete(at, std::align_val_t(64)); }
  friend bool operator==(const CacheLineAllocator&, const CacheLineAllocator&) { return true; }
  friend bool operator!=(const CacheLineAllocator&, const CacheLineAllocator&) { return false; }
};
using AlignedFloats = std::vector<float, CacheLineAllocator<float>>;

/// What a model reads at once.
struct TokenRow {
  std::vector<int> tokens;
  /// Places of the tokens, from 0 on (of ESM-1b: rows of its table); empty: as the model counts them.
  std::vector<int> positions;
};

/// A LinearLayer as the kernel wants it: outputs padded to a multiple of the rows of a tile.
struct PackedLinear {
  int inputs = 0, outputs = 0;
  AlignedFloats weight, bias;
};

class ProteinEngine {
 public:
  /// `simd` as docking_kernel(): "auto", "baseline", "avx2", "avx512".
  ProteinEngine(const ProteinWeights& weights, const std::string& simd);

  /// After the final norm, for all tokens of the rows one after another, width numbers each. Every row has
  /// its positions; tokens and positions must be in range.
  std::vector<float> hidden_states(const std::vector<TokenRow>& rows) const;
  /// The head: `count` x width hidden states to count x columns logits.
  std::vector<float> logits(const std::vector<float>& hidden) const;

  const ProteinShape& shape() const { return shape_; }
  const ProteinKernel& kernel() const { return kernel_; }

 private:
  friend class ProteinPass;
  struct Layer {
    NormLayer norm, second_norm;
    PackedLinear attention;  ///< query, key and value one after another
    PackedLinear output, up, down;
  };
  ProteinShape shape_;
  const ProteinKernel& kernel_;
  int mask_ = -1;
  std::vector<float> embedding_, position_embedding_;
  std::vector<double> rotary_frequencies_;
  NormLayer embedding_norm_, final_norm_, dense_norm_;
  std::vector<Layer> layers_;
  PackedLinear dense_, head_;
};

}  // namespace theriac::scoring
