// The baseline that a model of drugs and targets has to beat: a plain network on what each side is made of.
//
// Inputs: atom environments of radius 2 folded to 1,024 places, log(1 + count), beside the shares of the
// twenty residues and of their pairs in the sequence, standardised. Two hidden layers of 256 and 64 rectified
// units, 20 % of the first dropped while learning; Adam (D. P. Kingma, J. Ba, ICLR 2015) on squared errors,
// the rate falling along half a cosine. Such networks are the FNN rows of published tables.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "scoring/pair_process.hpp"

namespace theriac::scoring {

struct FingerprintNetworkOptions {
  int batch = 256;
  double rate = 1e-3, dropped = 0.2;
  int most_epochs = 60;         ///< of small sets
  std::size_t looks = 800'000;  ///< pairs looked at in all: larger sets get fewer epochs, at least 8
  std::uint64_t seed = 1;
};

/// A row a molecule; from SMILES. Throws MoleculeError.
FloatMatrix environment_inputs(const std::vector<std::string>& smiles);
/// A row a sequence; standardised over the rows.
FloatMatrix composition_inputs(const std::vector<std::string>& sequences);

/// Learns from `known`, predicts `asked`; the same bytes for any number of threads. Throws UsageError when
/// there is nothing to learn from.
std::vector<double> fingerprint_network(const FloatMatrix& drugs, const FloatMatrix& targets,
                                        const std::vector<PairValue>& known,
                                        const std::vector<PairValue>& asked,
                                        const FingerprintNetworkOptions& options = {});

}  // namespace theriac::scoring
