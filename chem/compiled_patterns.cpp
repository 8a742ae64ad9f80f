#include "chem/compiled_patterns.hpp"

#include <GraphMol/ROMol.h>
#include <GraphMol/SmilesParse/SmilesParse.h>
#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace theriac::chem {
namespace {

/// Molecules by which common tests are told from rare ones, so that searches begin at the rare atom.
constexpr const char* ordinary_molecules[] = {
    "CC(=O)Nc1ccc(O)cc1",
    "CN1CCN(CC1)c1nc2ccccc2s1",
    "COc1ccc(CCNC(=O)C2CCCO2)cc1F",
    "Cc1ccc(cc1)S(=O)(=O)NC(C)C(=O)O",
    "O=C(NCc1ccncc1)c1cc(Cl)ccc1N",
    "CCOC(=O)C1=C(C)NC(=O)NC1c1ccco1",
    "CC(C)(C)OC(=O)NC(Cc1c[nH]c2ccccc12)C(N)=O",
};

const std::vector<SearchGraph>& ordinary_graphs() {
  static const auto graphs = [] {
    std::vector<SearchGraph> out;
    for (const char* smiles : ordinary_molecules) {
      const std::unique_ptr<RDKit::ROMol> graph(RDKit::SmilesToMol(smiles));
      out.push_back(search_graph(*graph));
    }
    return out;
  }();
  return graphs;
}

struct QueryBond {
  int a, b;
  BondForms forms;
};

/// A pattern of which everything is understood.
struct QueryGraph {
  std::vector<int> tests;  ///< per atom
  std::vector<QueryBond> bonds;
};

/// Per bond: whether it closes a ring, so that its ends stay connected without it.
std::vector<bool> ring_bonds(std::size_t atoms, const std::vector<QueryBond>& bonds) {
  std::vector<bool> out;
  for (const auto& cut : bonds) {
    std::vector<bool> reached(atoms, false);
    reached[static_cast<std::size_t>(cut.a)] = true;
    for (bool grows = true; grows;) {
      grows = false;
      for (const auto& bond : bonds) {
        if (&bond == &cut) continue;
        const auto a = static_cast<std::size_t>(bond.a), b = static_cast<std::size_t>(bond.b);
        if (reached[a] == reached[b]) continue;
        reached[a] = reached[b] = grows = true;
      }
    }
    out.push_back(reached[static_cast<std::size_t>(cut.b)]);
  }
  return out;
}

class Compiler {
 public:
  explicit Compiler(PatternSet::Compiled& out) : out_(out) {}

  CompiledPattern compile(std::shared_ptr<const RDKit::ROMol> query) {
    CompiledPattern pattern;
    const auto graph = read(*query);
    pattern.query = std::move(query);
    if (graph) fill(pattern, *graph);
    return pattern;
  }

 private:
  std::optional<QueryGraph> read(const RDKit::ROMol& query) {
    QueryGraph graph;
    for (const auto bond : query.bonds()) {
      const auto forms = bond_forms(*bond);
      if (!forms) return std::nullopt;
      graph.bonds.push_back(
          {static_cast<int>(bond->getBeginAtomIdx()), static_cast<int>(bond->getEndAtomIdx()), *forms});
    }
    std::vector<int> bonds(query.getNumAtoms(), 0), in_rings = bonds;
    const auto in_ring = ring_bonds(query.getNumAtoms(), graph.bonds);
    for (std::size_t i = 0; i < in_ring.size(); ++i) {
      auto& bond = graph.bonds[i];
      if (in_ring[i]) bond.forms &= ring_forms;  // a ring of the pattern can only lie on rings
      for (const int end : {bond.a, bond.b}) {
        ++bonds[static_cast<std::size_t>(end)];
        in_rings[static_cast<std::size_t>(end)] += in_ring[i];
      }
    }
    for (const auto atom : query.atoms()) {
      auto test = atom_test(*atom, [this](const RDKit::ROMol& inner) { return recursion(inner); });
      if (!test) return std::nullopt;
      const std::size_t i = atom->getIdx();
      graph.tests.push_back(number_of(with_bonds(std::move(*test), bonds[i], in_rings[i])));
    }
    return graph;
  }

  std::optional<int> recursion(const RDKit::ROMol& query) {
    if (query.hasProp(RDKit::common_properties::_queryRootAtom)) return std::nullopt;
    const auto graph = read(query);
    if (!graph) return std::nullopt;
    std::string key;
    for (const int test : graph->tests) key += fmt::format("{} ", test);
    for (const auto& bond : graph->bonds) key += fmt::format("{}-{}:{} ", bond.a, bond.b, bond.forms);
    const auto [place, fresh] = recursions_.emplace(key, static_cast<int>(out_.recursions.size()));
    if (fresh) {
      out_.recursions.emplace_back();
      fill(out_.recursions.back(), *graph);
    }
    return place->second;
  }

  int number_of(AtomTest test) {
    const auto [place, fresh] = tests_.emplace(test.text(), static_cast<int>(out_.tests.size()));
    if (fresh) {
      out_.tests.push_back(std::move(test));
      commonness_.push_back(commonness(place->second));
    }
    return place->second;
  }

  int number_of(const QueryBond& bond, const QueryGraph& graph) {
    const int a = graph.tests[static_cast<std::size_t>(bond.a)],
              b = graph.tests[static_cast<std::size_t>(bond.b)];
    const BondFeature feature{std::min(a, b), std::max(a, b), bond.forms};
    const auto [place, fresh] =
        features_.emplace(fmt::format("{} {} {}", feature.test_a, feature.test_b, feature.forms),
                          static_cast<int>(out_.features.size()));
    if (fresh) out_.features.push_back(feature);
    return place->second;
  }

  /// Atoms of the ordinary molecules that may pass.
  int commonness(int test) const {
    int atoms = 0;
    for (const auto& graph : ordinary_graphs())
      for (const TraitWord atom : graph.atoms) atoms += out_.verdict(test, unpacked(atom)) != Verdict::no;
    return atoms;
  }

  int commonness_of_atom(const QueryGraph& graph, int atom) const {
    return commonness_[static_cast<std::size_t>(graph.tests[static_cast<std::size_t>(atom)])];
  }

  int commonness_of_feature(int feature) const {
    const auto& f = out_.features[static_cast<std::size_t>(feature)];
    return commonness_[static_cast<std::size_t>(f.test_a)] * commonness_[static_cast<std::size_t>(f.test_b)];
  }

  void fill(CompiledPattern& pattern, const QueryGraph& graph) {
    pattern.understood = true;
    pattern.plan = plan(graph, -1);
    pattern.plan_from_first = plan(graph, 0);
    for (const auto& bond : graph.bonds) pattern.features.push_back(number_of(bond, graph));
    std::sort(pattern.features.begin(), pattern.features.end());
    pattern.features.erase(std::unique(pattern.features.begin(), pattern.features.end()),
                           pattern.features.end());
    std::stable_sort(pattern.features.begin(), pattern.features.end(),
                     [this](int a, int b) { return commonness_of_feature(a) < commonness_of_feature(b); });
    std::map<int, int> counts;
    for (const int test : graph.tests) ++counts[test];
    for (const auto& [test, at_least] : counts)
      if (at_least > 1 || graph.bonds.empty()) pattern.counts.push_back({test, at_least});
    std::stable_sort(pattern.counts.begin(), pattern.counts.end(),
                     [](const auto& a, const auto& b) { return a.at_least > b.at_least; });
  }

  /// Atom after atom: the given first one, else the rarest; then always the rarest that hangs on those.
  SearchPlan plan(const QueryGraph& graph, int first) const {
    const int atoms = static_cast<int>(graph.tests.size());
    SearchPlan out;
    std::vector<int> step_of(graph.tests.size(), -1);
    while (static_cast<int>(out.steps.size()) < atoms) {
      int best = -1;
      bool best_hangs = false;
      for (int atom = 0; atom < atoms; ++atom) {
        if (step_of[static_cast<std::size_t>(atom)] >= 0) continue;
        const bool hangs = std::any_of(graph.bonds.begin(), graph.bonds.end(), [&](const QueryBond& b) {
          return (b.a == atom && step_of[static_cast<std::size_t>(b.b)] >= 0) ||
                 (b.b == atom && step_of[static_cast<std::size_t>(b.a)] >= 0);
        });
        if (best < 0 || (hangs && !best_hangs) ||
            (hangs == best_hangs && commonness_of_atom(graph, atom) < commonness_of_atom(graph, best))) {
          best = atom;
          best_hangs = hangs;
        }
      }
      if (out.steps.empty() && first >= 0) best = first;
      append_step(out, graph, best, step_of);
    }
    return out;
  }

  static void append_step(SearchPlan& out, const QueryGraph& graph, int atom, std::vector<int>& step_of) {
    SearchPlan::Step step{atom, graph.tests[static_cast<std::size_t>(atom)], -1, 0, {}};
    for (const auto& bond : graph.bonds) {
      if (bond.a != atom && bond.b != atom) continue;
      const int other = step_of[static_cast<std::size_t>(bond.a == atom ? bond.b : bond.a)];
      if (other < 0) continue;
      if (step.from < 0) {
        step.from = other;
        step.forms = bond.forms;
      } else {
        step.closures.push_back({other, bond.forms});
      }
    }
    step_of[static_cast<std::size_t>(atom)] = static_cast<int>(out.steps.size());
    out.steps.push_back(std::move(step));
  }

  PatternSet::Compiled& out_;
  std::vector<int> commonness_;  // per test
  std::map<std::string, int> tests_, features_, recursions_;
};

}  // namespace

Verdict PatternSet::Compiled::verdict(int test, const AtomTraits& traits) const {
  return tests[static_cast<std::size_t>(test)].verdict(traits, [&](int recursion) {
    const auto& plan = recursions[static_cast<std::size_t>(recursion)].plan_from_first;
    const Verdict root = verdict(plan.steps.front().test, traits);
    return plan.steps.size() == 1 || root == Verdict::no ? root : Verdict::maybe;
  });
}

std::unique_ptr<SearchMemory> PatternSet::Compiled::memory() const {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      auto out = std::move(idle_.back());
      idle_.pop_back();
      return out;
    }
  }
  auto out = std::make_unique<SearchMemory>();
  out->possible.words = out->certain.words = tests.size() / 64 + 1;
  out->features.words = features.size() / 64 + 1;
  return out;
}

void PatternSet::Compiled::give_back(std::unique_ptr<SearchMemory> memory) const {
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(memory));
}

std::unique_ptr<PatternSet::Compiled> compiled_patterns(
    std::vector<std::shared_ptr<const RDKit::ROMol>> queries) {
  auto out = std::make_unique<PatternSet::Compiled>();
  Compiler compiler(*out);
  for (auto& query : queries) out->patterns.push_back(compiler.compile(std::move(query)));
  return out;
}

}  // namespace theriac::chem
