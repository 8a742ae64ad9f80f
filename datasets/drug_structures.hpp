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

/// Compounds that only the Drug Repurposing Hub names become part of the one other drug with the same key, if
/// there is exactly one and it has at least eight heavy atoms (smaller ones are the acids of many salts).
/// Returns how many.
std::size_t unite_same_structures(StoreBuilder& store);

}  // namespace theriac::datasets
