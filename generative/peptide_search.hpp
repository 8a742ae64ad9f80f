// Peptides for a target: drawn from a model, or a given one improved step by step.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "chem/stop_token.hpp"
#include "generative/peptide_specificity.hpp"

namespace theriac::generative {

struct ProposedPeptides {
  std::vector<std::string> peptides;  ///< each once, all of them fit the design
  std::int64_t drawn = 0;             ///< those that were no use included
  std::int64_t repeated = 0, unfit = 0;
};

/// Draws until there are `number`, at most 20 a wanted one and 1,000 more: then there are fewer. Lengths are
/// drawn evenly from the range. Draw i depends on seed, target and i alone.
ProposedPeptides drawn_peptides(const PeptideContext& context, const PeptideDesign& design, int number,
                                const std::string& target, std::uint64_t seed, chem::StopToken stop);

/// Larger is better; one number a peptide.
using PeptideWorth = std::function<std::vector<double>(const std::vector<std::string>&)>;

struct ImprovementOptions {
  int chains = 32, steps = 40;
  double first_temperature = 0.1, last_temperature = 0.01;  ///< in units of worth
};

/// Mutates and accepts (N. Metropolis et al., J. Chem. Phys. 21, 1087 (1953)), ever more strictly: chains
/// that begin at `start` change a residue a step. Its length stays; fixed and banned residues are obeyed. The
/// best `number` met, best first, the start among them when it fits. Throws UsageError when a fixed position
/// lies beyond the start.
std::vector<std::string> improved_peptides(const std::string& start, const PeptideDesign& design,
                                           const PeptideWorth& worth, int number, std::uint64_t seed,
                                           const ImprovementOptions& options, chem::StopToken stop);

}  // namespace theriac::generative
