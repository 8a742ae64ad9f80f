// Which proteins are relatives: at least half of the aligned residues equal, over at least half of the
// shorter one.
//
// For splits that are honest. A model that has seen a homolog of a test protein repeats it, so whatever is
// related to the held-out ones leaves the training set. Pairs that share several words of four residues near
// one diagonal are aligned (local, affine gaps: match 2, mismatch -1, gap -3 - length) within a band around
// that diagonal; like the prefilters of the known search programs this can miss a distant relative, hardly
// one of 50 % identity.
#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

namespace theriac::generative {

struct RelativeRule {
  double identity = 0.5;  ///< equal residues among the columns of the alignment
  double coverage = 0.5;  ///< aligned residues of the shorter protein
};

/// One local alignment.
struct ProteinAlignment {
  int score = 0;
  std::int64_t equal = 0, columns = 0;
  std::int64_t first_a = 0, last_a = 0, first_b = 0, last_b = 0;  ///< [first, last)
};
/// Best alignment whose positions satisfy |position in b - position in a - diagonal| <= band.
ProteinAlignment aligned(std::string_view a, std::string_view b, std::int64_t diagonal, std::int64_t band);

/// For each of `candidates`: the number of a relative among `references`, or -1. Deterministic, on all
/// threads that TBB may use.
std::vector<std::int32_t> relatives(const std::vector<std::string_view>& references,
                                    const std::vector<std::string_view>& candidates,
                                    const RelativeRule& rule = {});

}  // namespace theriac::generative
