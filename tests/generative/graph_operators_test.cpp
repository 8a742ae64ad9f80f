#include <catch2/catch.hpp>
#include <map>

#include "chem/error.hpp"
#include "generative/fragments.hpp"
#include "generative/graph_crossover.hpp"
#include "generative/graph_mutation.hpp"
#include "generative/plausibility.hpp"

using theriac::chem::CounterRandom;
using theriac::chem::molecular_graph;
using theriac::chem::MolecularGraph;
using theriac::chem::Molecule;
using namespace theriac::generative;

namespace {

MolecularGraph graph(const char* smiles) {
  return molecular_graph(Molecule::from_smiles(smiles));
}

const std::vector<const char*> parents{"CC(=O)Oc1ccccc1C(=O)O",
                                       "CN1CCN(Cc2ccc(cc2)C(=O)Nc2ccc(C)c(Nc3nccc(n3)-c3cccnc3)c2)CC1",
                                       "CC(C)Cc1ccc(cc1)C(C)C(=O)O",
                                       "O=[N+]([O-])c1ccc2[nH]ncc2c1",
                                       "CS(=O)(=O)c1ccc(cc1)C1=C(C(=O)OC1)c1ccccc1",
                                       "C1CC2CCC1CN2c1ncnc2[nH]ccc12",
                                       "FC(F)(F)c1ccc(Oc2ccc3ncccc3c2)cc1",
                                       "CC12CCC3C(CCC4=CC(=O)CCC34C)C1CCC2O"};

}  // namespace

TEST_CASE("every fragment attaches through its first atom") {
  for (const Fragment& f : fragments()) {
    INFO(f.smiles);
    CHECK(theriac::chem::free_valence(f.graph, 0) >= 1);
    MolecularGraph benzene = graph("c1ccccc1");
    const int root = theriac::chem::append(benzene, f.graph);
    benzene.bonds.push_back({0, root, 1});
    CHECK_NOTHROW(theriac::chem::molecule(benzene));
    CHECK(f.weight > 0);
  }
}

TEST_CASE("20,000 random edits keep every valence, sanitise and survive a round trip through SMILES") {
  CounterRandom random(7, "operators", "test");
  std::vector<MolecularGraph> pool;
  for (const char* smiles : parents) pool.push_back(graph(smiles));
  std::map<std::string, int> applied;
  int edits = 0, plausible = 0;
  while (edits < 20000) {
    const auto& a = pool[random.below(static_cast<std::uint32_t>(pool.size()))];
    const auto& b = pool[random.below(static_cast<std::uint32_t>(pool.size()))];
    Mutation kind{};
    const bool cross = random.uniform() < 0.4;
    const auto child = cross ? crossover(a, b, random) : mutate(a, random, &kind);
    if (!child) continue;
    ++edits;
    ++applied[cross ? "crossover" : name(kind)];
    REQUIRE(theriac::chem::valences_hold(*child));
    const Molecule built = theriac::chem::molecule(*child);
    REQUIRE(Molecule::from_smiles(built.smiles()).smiles() == built.smiles());
    REQUIRE(theriac::chem::molecular_graph(built).atom_count() == child->atom_count());
    if (!implausible_feature(*child).empty()) continue;
    ++plausible;
    if (pool.size() < 200)
      pool.push_back(*child);
    else
      pool[random.below(200)] = *child;
  }
  CHECK(applied.size() == mutation_count + 1);  // every kind of edit took part
  CHECK(plausible > 2000);
}

TEST_CASE("edits depend on the random stream alone") {
  const MolecularGraph a = graph(parents[1]), b = graph(parents[4]);
  for (int i = 0; i < 50; ++i) {
    CounterRandom one(1, "x", "y", static_cast<std::uint64_t>(i)),
        two(1, "x", "y", static_cast<std::uint64_t>(i));
    const auto first = mutate(a, one), second = mutate(a, two);
    REQUIRE(first.has_value() == second.has_value());
    if (first) CHECK(theriac::chem::molecule(*first).smiles() == theriac::chem::molecule(*second).smiles());
    const auto third = crossover(a, b, one), fourth = crossover(a, b, two);
    REQUIRE(third.has_value() == fourth.has_value());
    if (third) CHECK(theriac::chem::molecule(*third).smiles() == theriac::chem::molecule(*fourth).smiles());
  }
}

TEST_CASE("an edit without a place to act says so") {
  CounterRandom random(1, "x", "y");
  CHECK_FALSE(mutate(graph("FC(F)(F)F"), Mutation::append_atom, random));
  CHECK_FALSE(mutate(graph("CCO"), Mutation::open_ring, random));
  CHECK_FALSE(mutate(graph("CCO"), Mutation::fuse_ring, random));
  CHECK_FALSE(mutate(MolecularGraph{}, random));
  CHECK_FALSE(ring_crossover(graph("CCCCCO"), graph("CCCCN"), random));
  CHECK_FALSE(chain_crossover(graph("c1ccccc1"), graph("CCCCN"), random));
}
