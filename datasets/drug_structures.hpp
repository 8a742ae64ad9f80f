// Keys of drugs: the canonical SMILES of the standardised parent, by which the drugs of a store are compared
// with molecules from elsewhere.
#pragma once
#include <cstddef>

#include "datasets/store_builder.hpp"

namespace theriac::datasets {

/// Fills `key` of every drug that has SMILES and no key, and `inchikey` where there is none, on all threads.
/// A structure that cannot be read is rejected with its reason and taken away; the drug stays. Complexes of
/// metals keep their counter-ions. Returns how many were rejected.
std::size_t complete_structures(StoreBuilder& store);

}  // namespace theriac::datasets
