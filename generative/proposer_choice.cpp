#include "generative/proposer_choice.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "chem/error.hpp"
#include "chem/nearest_name.hpp"
#include "generative/genetic_gfn.hpp"
#include "generative/graph_evolution.hpp"
#include "generative/surrogate_screen.hpp"

namespace theriac::generative {
namespace {

/// As plain as the published graph genetic algorithms: any valid molecule up to 50 atoms may be born, and no
/// scaffold is limited. Benchmarks reward molecules that a chemist would not make.
EvolutionOptions benchmark_evolution() {
  EvolutionOptions options;
  options.population = 120;  // as PMO runs its Graph GA
  options.per_bucket = 0;
  options.rules = ChildRules::valid;
  options.plausibility.max_heavy_atoms = 50;
  return options;
}

std::unique_ptr<Proposer> graph_evolution(const ProposerSetting& setting) {
  EvolutionOptions options = setting.campaign.value_or(benchmark_evolution());
  options.seed = setting.seed;
  return std::make_unique<GraphEvolution>(setting.start, options);
}

std::unique_ptr<Proposer> genetic_gfn(const ProposerSetting& setting) {
  if (!setting.prior)
    throw UsageError("the proposer 'genetic-gfn' needs the weights of a generator", "name them by --model");
  GeneticGfnOptions options;
  options.evolution = setting.campaign.value_or(benchmark_evolution());
  options.evolution.seed = setting.seed;
  if (setting
          .campaign) {  // hundreds of dear molecules instead of ten thousand cheap ones: learn more from each
    options.learned_share = 0.5;
    options.replays_each = 20;
    options.rate = 5e-4;
  }
  return std::make_unique<GeneticGfn>(setting.start, setting.prior(), options);
}

std::unique_ptr<Proposer> screened_evolution(const ProposerSetting& setting) {
  return std::make_unique<SurrogateScreen>(graph_evolution(setting));
}

std::unique_ptr<Proposer> screened_gfn(const ProposerSetting& setting) {
  return std::make_unique<SurrogateScreen>(genetic_gfn(setting));
}

std::unique_ptr<Proposer> peptides(const ProposerSetting& setting) {
  if (!setting.peptides)
    throw UsageError("the proposer 'peptides' needs a target to propose for",
                     "a campaign file names its sequence");
  auto [model, options] = setting.peptides();
  options.seed = setting.seed;
  if (setting.campaign) options.population = setting.campaign->population;
  return std::make_unique<PeptideProposer>(setting.start, std::move(model), std::move(options));
}

}  // namespace

const std::vector<ProposerKind>& proposer_kinds() {
  static const std::vector<ProposerKind> kinds = {
      {"graph-evolution", "crossover and mutation of molecular graphs, no learning", false, graph_evolution},
      {"screened-evolution",
       "graph evolution with four ideas for each place; a Gaussian process on what was scored chooses", false,
       screened_evolution},
      {"genetic-gfn", "the neural generator, trained on what scored well, with graph evolution at its side",
       true, genetic_gfn},
      {"screened-gfn",
       "the neural generator, trained on what scored well, and graph evolution have four ideas for each "
       "place; "
       "a Gaussian process on what was scored chooses",
       true, screened_gfn},
      {"peptides",
       "peptides drawn from a protein language model that has read the target, and evolution on their "
       "sequences",
       false, peptides, true}};
  return kinds;
}

const ProposerKind& proposer_kind(const std::string& name) {
  std::vector<std::string> names;
  for (const ProposerKind& kind : proposer_kinds()) {
    if (kind.name == name) return kind;
    names.push_back(kind.name);
  }
  const std::string near = chem::nearest_name(name, names);
  throw UsageError(fmt::format("unknown proposer '{}'{}; known: {}", name,
                               near.empty() ? std::string() : fmt::format(", did you mean '{}'?", near),
                               fmt::join(names, ", ")));
}

}  // namespace theriac::generative
