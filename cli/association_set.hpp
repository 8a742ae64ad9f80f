// The published benchmark sets of drug-disease associations, as tables.
//
// Fdataset (the gold standard of A. Gottlieb et al., Mol. Syst. Biol. 7, 496 (2011)), LRSSL (X. Liang et al.,
// Bioinformatics 33, 1187 (2017)), Bdataset and Kdataset (Y. Gu et al., REDDA, Comput. Biol. Med. 150, 106127
// (2022)).
#pragma once
#include <string>
#include <vector>

#include "repurpose/association_data.hpp"

namespace theriac::cli {

/// Fdataset, LRSSL, Bdataset, Kdataset.
std::vector<std::string> known_association_sets();

/// From `folder`, or its sub-folder benchmarks: NAME_assoc.tsv.gz (pairs of indices), NAME_drugs and
/// NAME_diseases (a row each), and the similarities as NAME_drug_sim.tsv.gz (triples i, j, value) or
/// NAME_drug_sim_matrix.csv.gz (square), the same for diseases. A set without drug similarities but with
/// structures (column SMILES) gets the Tanimoto similarity of Morgan fingerprints, radius 2, 2048 bits. Any
/// NAME is read, not only the known ones; the .gz is optional. Throws InputError with file, line and value.
repurpose::AssociationData read_association_set(const std::string& folder, const std::string& name);

}  // namespace theriac::cli
