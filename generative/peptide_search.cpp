#include "generative/peptide_search.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "chem/error.hpp"
#include "chem/peptide_properties.hpp"

namespace theriac::generative {
namespace {

constexpr std::size_t drawn_at_once = 64;

/// The start with fixed residues put in.
std::string fixed_start(const std::string& start, const PeptideDesign& design) {
  chem::check_residues(start);
  std::string out = start;
  for (const auto& [position, residue] : design.fixed) {
    if (position > static_cast<int>(start.size()))
      throw UsageError(
          fmt::format("position {} is fixed, but '{}' has {} residues", position, start, start.size()));
    out[static_cast<std::size_t>(position - 1)] = residue;
  }
  return out;
}

class Chain {
 public:
  Chain(const std::string& start, const PeptideDesign& design, std::uint64_t seed, std::uint64_t number)
      : design_(design), random_(seed, start, "improve", number), current(start) {}

  /// One residue changed where that is allowed; the current one when nothing can be.
  std::string mutant() {
    for (int attempt = 0; attempt < 50; ++attempt) {
      const auto at = random_.below(static_cast<std::uint32_t>(current.size()));
      const char residue = chem::standard_residues[random_.below(20)];
      std::string out = current;
      out[at] = residue;
      if (residue != current[at] && fits(design_, out)) return out;
    }
    return current;
  }
  void decide(const std::string& mutant, double mutant_worth, double temperature) {
    const double drawn = random_.uniform();
    if (mutant_worth < worth && drawn >= std::exp((mutant_worth - worth) / temperature)) return;
    current = mutant;
    worth = mutant_worth;
  }

 private:
  const PeptideDesign& design_;
  chem::CounterRandom random_;

 public:
  std::string current;
  double worth = 0;
};

}  // namespace

ProposedPeptides drawn_peptides(const PeptideContext& context, const PeptideDesign& design, int number,
                                const std::string& target, std::uint64_t seed, chem::StopToken stop) {
  check_design(design);
  ProposedPeptides out;
  std::set<std::string> seen;
  const std::int64_t most = 20 * static_cast<std::int64_t>(number) + 1000;
  while (static_cast<int>(out.peptides.size()) < number && out.drawn < most && !stop.stop_requested()) {
    std::vector<chem::CounterRandom> random;
    std::vector<int> lengths;
    for (std::size_t i = 0; i < drawn_at_once; ++i) {
      random.emplace_back(seed, target, "peptide", static_cast<std::uint64_t>(out.drawn) + i);
      const auto range = static_cast<std::uint32_t>(design.longest - design.shortest + 1);
      lengths.push_back(design.shortest + static_cast<int>(random.back().below(range)));
    }
    const auto batch = context.sampled(lengths, design, std::move(random));
    for (const auto& peptide : batch) {
      if (static_cast<int>(out.peptides.size()) == number) break;
      ++out.drawn;
      if (!fits(design, peptide))
        ++out.unfit;
      else if (!seen.insert(peptide).second)
        ++out.repeated;
      else
        out.peptides.push_back(peptide);
    }
  }
  return out;
}

std::vector<std::string> improved_peptides(const std::string& start, const PeptideDesign& wanted,
                                           const PeptideWorth& worth, int number, std::uint64_t seed,
                                           const ImprovementOptions& options, chem::StopToken stop) {
  PeptideDesign design = wanted;
  design.shortest = design.longest = static_cast<int>(start.size());
  const std::string first = fixed_start(start, design);
  check_design(design);
  std::map<std::string, double> met = {{first, worth({first}).at(0)}};
  std::vector<Chain> chains;
  for (int c = 0; c < options.chains; ++c) {
    chains.emplace_back(first, design, seed, static_cast<std::uint64_t>(c));
    chains.back().worth = met.begin()->second;
  }
  for (int step = 0; step < options.steps && !stop.stop_requested(); ++step) {
    std::vector<std::string> mutants, asked;
    for (auto& chain : chains) {
      mutants.push_back(chain.mutant());
      if (!met.count(mutants.back()) && std::find(asked.begin(), asked.end(), mutants.back()) == asked.end())
        asked.push_back(mutants.back());
    }
    const auto worths = worth(asked);
    for (std::size_t i = 0; i < asked.size(); ++i) met[asked[i]] = worths[i];
    const double part = options.steps > 1 ? static_cast<double>(step) / (options.steps - 1) : 1;
    const double temperature =
        options.first_temperature * std::pow(options.last_temperature / options.first_temperature, part);
    for (std::size_t c = 0; c < chains.size(); ++c)
      chains[c].decide(mutants[c], met[mutants[c]], temperature);
  }
  std::vector<std::pair<double, std::string>> ranked;
  for (const auto& [peptide, value] : met)
    if (fits(design, peptide)) ranked.emplace_back(-value, peptide);
  std::sort(ranked.begin(), ranked.end());
  std::vector<std::string> out;
  for (const auto& [value, peptide] : ranked)
    if (static_cast<int>(out.size()) < number) out.push_back(peptide);
  return out;
}

}  // namespace theriac::generative
