// Which target of the store a protein sequence is, or is most like.
//
// Local alignment with affine gaps (T. F. Smith, M. S. Waterman, J. Mol. Biol. 147, 195 (1981); O. Gotoh, J.
// Mol. Biol. 162, 705 (1982)), BLOSUM62, a gap of k residues costs 11 + k as in BLAST. Only the targets that
// share most words of four residues are aligned.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "datasets/store.hpp"

namespace theriac::repurpose {

struct Alignment {
  int score = 0;      ///< BLOSUM62
  int identical = 0;  ///< pairs of equal residues
  int length = 0;     ///< columns, gaps included
  double identity() const { return length > 0 ? static_cast<double>(identical) / length : 0; }
};

/// Best local alignment of two sequences. Residues other than the twenty count as X.
Alignment local_alignment(const std::string& a, const std::string& b);

struct SimilarTarget {
  std::uint32_t target = 0;
  Alignment alignment;
  double coverage = 0;  ///< share of the query inside the alignment (columns over its length, at most 1)
};

/// The targets most like a sequence, best score first; those that share no word of four residues never
/// appear.
std::vector<SimilarTarget> similar_targets(const datasets::Store& store, const std::string& residues,
                                           std::size_t count = 5);

}  // namespace theriac::repurpose
