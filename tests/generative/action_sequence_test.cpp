#include "generative/action_sequence.hpp"

#include <catch2/catch.hpp>
#include <set>

#include "action_fixtures.hpp"
#include "chem/error.hpp"
#include "generative/action_corpus.hpp"
#include "generative/decoded_molecule.hpp"
#include "generative/legal_actions.hpp"
#include "generative/random_policy.hpp"

using theriac::chem::canonical_smiles;
using theriac::chem::CounterRandom;
using theriac::chem::Molecule;
using namespace theriac::generative;
namespace chem = theriac::chem;

namespace {

/// Of the starter molecules the only one with a charge that no neighbour balances: too rare for a type.
const std::string acetylcholine = "CC(=O)OCC[N+](C)(C)C";

/// Why the molecule does not come back from its actions; empty when it does.
std::string trouble(const ActionVocabulary& vocabulary, const std::string& text, int orders,
                    bool motifs = true) {
  UnitGraphBuilder builder(vocabulary);
  try {
    const chem::FlatGraph flat = chem::flat_graph(text);
    const std::string expected = canonical_smiles(flat);
    const UnitGraph units = builder.build(flat, motifs);
    CounterRandom random(3, text, "encode");
    for (int i = 0; i < orders; ++i) {
      const Encoding encoding = encode(vocabulary, units, random);
      const std::string got =
          smiles(vocabulary, decode(GenerationPlan(vocabulary, max_graph_atoms), encoding.actions));
      if (got != expected) return "became " + got;
    }
  } catch (const std::exception& e) {
    return e.what();
  }
  return {};
}

}  // namespace

TEST_CASE("every starter molecule comes back from its actions, in any order") {
  const ActionVocabulary& vocabulary = starter_vocabulary();
  for (const std::string& text : smiles_of_file(THERIAC_STARTER_MOLECULES)) {
    INFO(text);
    if (text == acetylcholine) continue;
    CHECK(trouble(vocabulary, text, 12) == "");
  }
}

TEST_CASE("ring systems outside the vocabulary are built atom by atom, and aromaticity comes back") {
  const ActionVocabulary& vocabulary = starter_vocabulary();
  int built = 0;
  for (const std::string& text : smiles_of_file(THERIAC_STARTER_MOLECULES)) {
    INFO(text);
    const std::string reason = trouble(vocabulary, text, 4, false);
    if (reason.empty())
      ++built;
    else if (text != acetylcholine)
      CHECK(reason.find("not allowed") != std::string::npos);
  }
  CHECK(built >= 200);
}

TEST_CASE("charges, hypervalent atoms and exocyclic double bonds come back") {
  const ActionVocabulary& vocabulary = starter_vocabulary();
  for (const std::string& text : unusual_molecules()) {
    INFO(text);
    CHECK(trouble(vocabulary, text, 12) == "");
  }
}

TEST_CASE("lone and paired charges are different types") {
  VocabularyCensus census;
  const std::vector<std::string> corpus{
      "CC(=O)OCC[N+](C)(C)C", "CC[N+](C)(C)C",    "C[n+]1ccccc1C",   "C[n+]1ccccc1CC",
      "C[n+]1ccccc1O",        "[O-][n+]1ccccc1C", "[O-][n+]1ccccc1", "[O-][n+]1cccc(C)c1",
      "CC[N+](=O)[O-]",       "CCC[N+](=O)[O-]",  "CC(=O)OC"};
  for (const std::string& text : corpus) census.add(chem::flat_graph(text));
  const ActionVocabulary vocabulary = census.vocabulary();
  for (const std::string& text : corpus) {
    INFO(text);
    CHECK(trouble(vocabulary, text, 12) == "");
  }
}

TEST_CASE("molecules that the vocabulary cannot hold are refused with the reason") {
  const ActionVocabulary& vocabulary = starter_vocabulary();
  CHECK(trouble(vocabulary, "C[Se]C", 1) == "atom 2 (Se) is not in the vocabulary");
  CHECK(trouble(vocabulary, "CC.O", 1) == "more than one component; a mixture or salt");
  CHECK(trouble(vocabulary, "C1CCCCCCCCCCC1", 1) ==
        "close a ring to unit 11 by a single bond is not allowed: a ring of 12 atoms");
  CHECK(trouble(vocabulary, std::string(130, 'C'), 1) == "130 heavy atoms; at most 128 are handled");
  CHECK(trouble(vocabulary, "C[N+](C)(C)C", 1) == "atom 2 (N+ alone) is not in the vocabulary");
}

TEST_CASE("the actions of a molecule depend on the random stream alone, not on how it is written") {
  const ActionVocabulary& vocabulary = starter_vocabulary();
  UnitGraphBuilder builder(vocabulary);
  const auto strings = [&](const char* text) {
    const UnitGraph units = builder.build(chem::flat_graph(text));
    std::set<std::vector<Action>> out;
    CounterRandom random(5, "any", "encode");
    for (int i = 0; i < 200; ++i)
      out.insert(encode(vocabulary, units, random, NeighbourOrder::canonical).actions);
    return out;
  };
  const auto one = strings("CC(=O)Nc1ccc(O)cc1"), two = strings("Oc1ccc(cc1)NC(C)=O");
  CHECK(one == two);
  CHECK(one.size() <= 6);  // one for each unit that it can begin with
}

TEST_CASE("paracetamol is written as in docs/graph_actions.md") {
  const ActionVocabulary& vocabulary = starter_vocabulary();
  UnitGraphBuilder builder(vocabulary);
  const chem::FlatGraph flat = chem::flat_graph("CC(=O)Nc1ccc(O)cc1");
  const UnitGraph units = builder.build(flat);
  CounterRandom random(1, "docs", "encode");
  const int carbonyl = 2;  // benzene is unit 0, then the atoms in the order of the SMILES
  std::vector<std::string> lines;
  for (const Action a : encode_from(vocabulary, units, carbonyl, random, NeighbourOrder::canonical).actions)
    lines.push_back(vocabulary.describe(a));
  CHECK(lines == std::vector<std::string>{"add C by a single bond", "add C by a single bond",
                                          "add O by a double bond", "add N by a single bond", "next focus",
                                          "add c1ccccc1 by a single bond", "next focus", "site 3",
                                          "add O by a single bond", "stop"});
}

TEST_CASE("a new order can be drawn from a string alone") {
  const ActionVocabulary& vocabulary = starter_vocabulary();
  const GenerationPlan plan(vocabulary, max_graph_atoms);
  UnitGraphBuilder builder(vocabulary);
  ActionCorpus corpus;
  CounterRandom random(1, "corpus", "encode");
  std::vector<std::string> expected;
  for (const std::string& text : smiles_of_file(THERIAC_STARTER_MOLECULES)) {
    if (text == acetylcholine) continue;
    const chem::FlatGraph flat = chem::flat_graph(text);
    expected.push_back(canonical_smiles(flat));
    corpus.add(encode(vocabulary, builder.build(flat), random).actions);
  }
  REQUIRE(corpus.size() == expected.size());
  for (std::size_t i = 0; i < corpus.size(); ++i) {
    const UnitGraph units = unit_graph(vocabulary, decode(plan, corpus.sequence(i)));
    const auto again = encode(vocabulary, units, random);
    CHECK(smiles(vocabulary, decode(plan, again.actions)) == expected[i]);
  }
  CHECK(corpus.bytes() < 100 * corpus.size());
}

TEST_CASE("a damaged string is refused where it goes wrong") {
  const ActionVocabulary& vocabulary = starter_vocabulary();
  const GenerationPlan plan(vocabulary);
  UnitGraphBuilder builder(vocabulary);
  CounterRandom random(1, "damage", "encode");
  const auto good = encode(vocabulary, builder.build(chem::flat_graph("CC(=O)Nc1ccc(O)cc1")), random).actions;
  auto cut = good;
  cut.pop_back();
  CHECK_THROWS_WITH(decode(plan, cut), Catch::Contains("not finished"));
  auto foreign = good;
  foreign[1] = 60000;
  CHECK_THROWS_WITH(decode(plan, foreign), Catch::Contains("action 2 of"));
  auto longer = good;
  longer.push_back(ActionVocabulary::stop);
  CHECK_THROWS_AS(decode(plan, longer), theriac::ModelError);
  int survived = 0;
  for (int i = 0; i < 2000; ++i) {  // any damage gives an error or another valid molecule
    auto damaged = good;
    damaged[random.below(static_cast<std::uint32_t>(damaged.size()))] =
        static_cast<Action>(random.below(static_cast<std::uint32_t>(vocabulary.size() + 10)));
    try {
      const std::string text = smiles(vocabulary, decode(plan, damaged));
      CHECK(Molecule::from_smiles(text).smiles() == text);
      ++survived;
    } catch (const theriac::ModelError&) {
    }
  }
  CHECK(survived > 10);
}
