#include "scoring/variant_effect.hpp"

// Fitted to 22 deep mutational scans of 19 proteins (docs/protein.md names them), homologs from 130,265
// Swiss-Prot sequences of 2014 clustered at 50 % identity. The command, whose weights.txt these numbers are:
//
//     theriac bench variants --data dms --database swissprot2014_nr50_train.fasta.gz

namespace theriac::scoring {
namespace {

constexpr VariantWeights with_relatives = {{
    0.0342,   // log-odds of the profile
    0.1175,   // log-odds of close relatives
    -0.0396,  // log frequency of the new residue
    0.0305,   // new residue seen in a relative
    -0.0564,  // log frequency of the old residue
    -0.1329,  // relative entropy
    0.0098,   // entropy
    -0.1744,  // share of relatives with a residue
    0.0032,   // relative entropy, 3 positions to both sides
    -0.0461,  // relative entropy, 3 and 4 positions away
    -0.0511,  // mean hydropathy of relatives
    -0.0611,  // the same, 1 to 4 positions away
    0.0723,   // BLOSUM62
    0.1099,   // hydropathy less that mean
    -0.0130,  // its size
    -0.0976,  // its size in deviations of relatives
    -0.0083,  // volume less the mean of relatives
    -0.0561,  // its size
    -0.0325,  // helix propensity
    -0.0761,  // proline
    0.0000,   // log-odds of the language model
}};

constexpr VariantWeights sequence_alone = {{
    -0.0028,  // log-odds of the profile
    -0.0028,  // log-odds of close relatives
    -0.0107,  // log frequency of the new residue
    0.0000,   // new residue seen in a relative
    -0.0077,  // log frequency of the old residue
    -0.0739,  // relative entropy
    0.0161,   // entropy
    0.0000,   // share of relatives with a residue
    -0.0118,  // relative entropy, 3 positions to both sides
    -0.0408,  // relative entropy, 3 and 4 positions away
    -0.0865,  // mean hydropathy of relatives
    -0.1267,  // the same, 1 to 4 positions away
    0.1567,   // BLOSUM62
    0.1123,   // hydropathy less that mean
    -0.0221,  // its size
    -0.0387,  // its size in deviations of relatives
    -0.0229,  // volume less the mean of relatives
    -0.0460,  // its size
    -0.0489,  // helix propensity
    -0.0569,  // proline
    0.0000,   // log-odds of the language model
}};

}  // namespace

const VariantWeights& variant_weights(bool with_homologs) {
  return with_homologs ? with_relatives : sequence_alone;
}

}  // namespace theriac::scoring
