// Weights of the variant terms as a text file: what `theriac bench variants` fits and `theriac protein
// variants
// --weights` takes in place of the shipped ones, for example with a large language model of the user's own.
//
// A set is a line with its name and one line a term, "+0.0342  // log-odds of the profile", in the order of
// variant_term_kinds(). Sets: `sequence` (no homologs), `combined` (with homologs), and both with `_model`.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "scoring/variant_effect.hpp"

namespace theriac::scoring {

using NamedVariantWeights = std::vector<std::pair<std::string, VariantWeights>>;

std::string variant_weights_text(const NamedVariantWeights& sets);

/// `source` stands in messages. Throws InputError naming the line: a set that is cut short, a term that is
/// not the one expected there, something that is no finite number, a name that comes twice.
NamedVariantWeights read_variant_weights(const std::string& text, const std::string& source);

/// The set for a question with or without relatives and language model. Throws InputError when it is not
/// there.
const VariantWeights& chosen_variant_weights(const NamedVariantWeights& sets, bool with_homologs,
                                             bool with_model, const std::string& source);

}  // namespace theriac::scoring
