#include "scoring/variant_effect.hpp"

namespace theriac::scoring {

const VariantWeights& variant_weights(bool with_homologs, bool with_language_model) {
  static const VariantWeights none{};
  (void)with_homologs;
  (void)with_language_model;
  return none;
}

}  // namespace theriac::scoring
