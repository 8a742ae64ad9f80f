#include "generative/graph_evolution.hpp"

#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <unordered_set>

#include "chem/counter_random.hpp"
#include "chem/error.hpp"
#include "chem/molecular_graph.hpp"
#include "generative/graph_crossover.hpp"
#include "generative/graph_mutation.hpp"

namespace theriac::generative {
namespace {

constexpr int attempts_per_child = 12;  ///< edits tried until one is plausible
constexpr int children_per_batch = 64;  ///< made in parallel between two checks for duplicates
constexpr int batches_before_dry = 40;  ///< batches without a new molecule until the proposer has run dry

struct Breeder {
  std::string smiles;
  chem::MolecularGraph graph;
  double fitness = 0;
  std::string bucket;
};

bool fitter(const Breeder& a, const Breeder& b) {
  return a.fitness != b.fitness ? a.fitness > b.fitness : a.smiles < b.smiles;
}

std::optional<chem::MolecularGraph> graph_of(const chem::Molecule& molecule) {
  try {
    return chem::molecular_graph(molecule);
  } catch (const MoleculeError&) {
    return {};
  }
}

bool acceptable(const chem::MolecularGraph& graph, const EvolutionOptions& options) {
  if (options.rules == ChildRules::plausible) return implausible_feature(graph, options.plausibility).empty();
  return graph.atom_count() > 0 && graph.atom_count() <= options.plausibility.max_heavy_atoms &&
         chem::valences_hold(graph);
}

}  // namespace

struct GraphEvolution::Implementation {
  std::vector<chem::Molecule> seeds;
  EvolutionOptions options;
  std::vector<Breeder> population;  ///< sorted, best first
  std::unordered_set<std::string>
      known;  ///< canonical SMILES of all candidates and seeds; only asked, never walked
  bool learnt = false;

  const Breeder& parent(chem::CounterRandom& random) const;
  std::optional<Candidate> child(int round, std::uint64_t index) const;
  void select();
};

/// Rank selection: the rank is n u^p, so that with p = 2 the best quarter has half of the children.
const Breeder& GraphEvolution::Implementation::parent(chem::CounterRandom& random) const {
  const double power = learnt ? options.selection_pressure : 1.0;
  const double rank = std::pow(random.uniform(), power) * static_cast<double>(population.size());
  return population[std::min(static_cast<std::size_t>(rank), population.size() - 1)];
}

std::optional<Candidate> GraphEvolution::Implementation::child(int round, std::uint64_t index) const {
  chem::CounterRandom random(options.seed, "evolve", fmt::format("round {}", round), index);
  for (int attempt = 0; attempt < attempts_per_child; ++attempt) {
    std::optional<chem::MolecularGraph> graph;
    std::string origin;
    Mutation done{};
    if (random.uniform() < options.crossover_share) {
      graph = crossover(parent(random).graph, parent(random).graph, random);
      origin = "crossover";
      if (graph && random.uniform() < options.mutation_share) {
        graph = mutate(*graph, random, &done);
        origin += " + " + name(done);
      }
    } else {
      graph = mutate(parent(random).graph, random, &done);
      origin = name(done);
    }
    if (!graph || !acceptable(*graph, options)) continue;
    try {
      return Candidate{chem::molecule(*graph), origin};
    } catch (const MoleculeError&) {  // an aromatic system that RDKit does not accept
    }
  }
  return {};
}

void GraphEvolution::Implementation::select() {
  std::sort(population.begin(), population.end(), fitter);
  std::map<std::string, int> taken;
  std::vector<Breeder> kept;
  for (Breeder& b : population) {
    if (static_cast<int>(kept.size()) >= options.population) break;
    if (options.per_bucket > 0 && !b.bucket.empty() && ++taken[b.bucket] > options.per_bucket) continue;
    kept.push_back(std::move(b));
  }
  population = std::move(kept);
}

GraphEvolution::GraphEvolution(std::vector<chem::Molecule> seeds, EvolutionOptions options)
    : implementation_(std::make_unique<Implementation>()) {
  if (seeds.empty()) throw InputError("evolution needs at least one molecule to start from");
  implementation_->options = options;
  for (chem::Molecule& seed : seeds) {
    if (!implementation_->known.insert(seed.smiles()).second) continue;
    if (auto graph = graph_of(seed))
      implementation_->population.push_back({seed.smiles(), std::move(*graph), 0, {}});
    implementation_->seeds.push_back(std::move(seed));
  }
  if (implementation_->population.empty())
    throw InputError(fmt::format("none of the {} starting molecules can be edited as a graph", seeds.size()),
                     "radicals, metals and rare elements cannot evolve");
}

GraphEvolution::~GraphEvolution() = default;

std::vector<Candidate> GraphEvolution::propose(int n, int round) {
  auto& own = *implementation_;
  std::vector<Candidate> out;
  if (round == 0) {
    for (const chem::Molecule& seed : own.seeds) out.push_back({seed, "start"});
    return out;
  }
  std::uint64_t next = 0;
  for (int barren = 0; static_cast<int>(out.size()) < n && barren < batches_before_dry; ++barren) {
    std::vector<std::optional<Candidate>> batch(children_per_batch);
    tbb::parallel_for(std::size_t{0}, batch.size(),
                      [&](std::size_t i) { batch[i] = own.child(round, next + i); });
    next += batch.size();
    for (auto& candidate : batch) {
      if (static_cast<int>(out.size()) >= n) break;
      if (!candidate || !own.known.insert(candidate->molecule.smiles()).second) continue;
      out.push_back(std::move(*candidate));
      barren = -1;
    }
  }
  return out;
}

void GraphEvolution::recall(const std::vector<std::string>& smiles) {
  implementation_->known.insert(smiles.begin(), smiles.end());
}

void GraphEvolution::forget(const std::vector<std::string>& smiles) {
  for (const std::string& name : smiles) implementation_->known.erase(name);
}

void GraphEvolution::learn(const std::vector<Lesson>& lessons) {
  auto& own = *implementation_;
  std::unordered_set<std::string> told;
  for (const Lesson& lesson : lessons) told.insert(lesson.smiles);
  std::vector<Breeder> next;
  if (own.learnt)  // what is told again gets its new fitness
    for (const Breeder& b : own.population)
      if (told.count(b.smiles) == 0) next.push_back(b);
  for (const Lesson& lesson : lessons) {
    if (!(lesson.fitness > 0)) continue;
    auto graph = graph_of(chem::Molecule::from_smiles(lesson.smiles));
    if (graph) next.push_back({lesson.smiles, std::move(*graph), lesson.fitness, lesson.bucket});
  }
  if (next.empty()) return;  // nothing was worth anything: whoever bred before goes on
  own.learnt = true;
  own.population = std::move(next);
  own.select();
}

std::vector<std::string> GraphEvolution::breeders() const {
  std::vector<std::string> out;
  for (const Breeder& b : implementation_->population) out.push_back(b.smiles);
  return out;
}

}  // namespace theriac::generative
