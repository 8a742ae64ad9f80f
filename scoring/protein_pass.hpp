// One pass of some rows of tokens through the layers of ProteinEngine, step by step.
#pragma once
#include <vector>

#include "scoring/protein_engine.hpp"

namespace theriac::scoring {

/// Panels of one quantity: features x lanes numbers each.
struct Panels {
  int features = 0, lanes = 0;
  AlignedFloats numbers;
  /// New numbers are 0, old ones stay as they are.
  void resize(int panels, int features_of_each, int lanes_of_each);
  long stride() const { return static_cast<long>(features) * lanes; }
  float* at(int panel, int feature = 0) {
    return numbers.data() + panel * stride() + static_cast<long>(feature) * lanes;
  }
  const float* at(int panel, int feature = 0) const {
    return numbers.data() + panel * stride() + static_cast<long>(feature) * lanes;
  }
};

class ProteinPass {
 public:
  /// Embeds the rows.
  ProteinPass(const ProteinEngine& engine, const std::vector<TokenRow>& rows);

  /// Up to queries, keys and values of a layer, turned; for parallel models also past its network.
  void before_attention(int layer);
  /// Every token attends to its row.
  void attend();
  /// From what was attended to the end of the layer.
  void after_attention(int layer);
  /// After the final norm, row-major, tokens x width.
  void finish(float* out);

  int tokens() const { return starts_.back(); }
  const std::vector<int>& starts() const { return starts_; }  ///< of the rows, and the end
  /// Features 0 .. width - 1 are queries, then keys, then values.
  Panels& projected() { return projected_; }
  Panels& attended() { return attended_; }

 private:
  struct Scratch {
    Panels normed, inner;
  };
  void embed(const std::vector<TokenRow>& rows);
  void fill_rotation(const std::vector<TokenRow>& rows);
  void rotate(int panel);
  void attend_head(int row, int head);
  void network(int layer, int first, int count, Scratch& scratch);
  template <typename Work>
  void for_groups(const Work& work);

  const ProteinEngine& engine_;
  const ProteinShape& shape_;
  const ProteinKernel& kernel_;
  std::vector<int> starts_;
  int panels_ = 0, group_ = 1;
  Panels states_, projected_, attended_, cosine_, sine_;
};

/// A product of the kernel over panels `first` .. `first + count - 1` of x (counted from its own panel 0).
void multiply(const ProteinKernel& kernel, const PackedLinear& layer, int count, const float* x,
              long x_stride, float* y, long y_stride, bool add, int activation);
int gelu_of(const ProteinShape& shape);

}  // namespace theriac::scoring
