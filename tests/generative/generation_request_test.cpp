#include "generative/generation_request.hpp"

#include <catch2/catch.hpp>
#include <set>

#include "action_fixtures.hpp"
#include "chem/error.hpp"
#include "generative/action_sequence.hpp"
#include "generative/decoded_molecule.hpp"
#include "generative/legal_actions.hpp"
#include "generative/random_policy.hpp"

using Catch::Contains;
using theriac::InputError;
using theriac::UsageError;
using theriac::chem::CounterRandom;
using theriac::chem::Molecule;
using namespace theriac::generative;
namespace chem = theriac::chem;

namespace {

/// The atoms that the request gave, as one or several molecules of their own.
std::multiset<std::string> given_parts(const ActionVocabulary& vocabulary, const GraphState& state) {
  const chem::FlatGraph whole = flat_graph(vocabulary, state);
  std::vector<char> keep(state.atom_count, 0);
  for (int i = 0; i < state.atom_count; ++i) keep[static_cast<std::size_t>(i)] = state.atom(i).given;
  chem::FlatGraph given;
  given.graph = chem::subgraph(whole.graph, keep);
  for (std::size_t i = 0; i < keep.size(); ++i)
    if (keep[i]) given.valences.push_back(whole.valences[i]);
  std::multiset<std::string> out;
  std::string text = chem::canonical_smiles(given);
  for (std::size_t dot; (dot = text.find('.')) != std::string::npos; text = text.substr(dot + 1))
    out.insert(text.substr(0, dot));
  out.insert(text);
  return out;
}

std::string without_points(const std::string& smiles) {
  return chem::canonical_smiles(chem::flat_graph(smiles));
}

/// Bonds between given and grown atoms.
int bonds_grown(const GraphState& state) {
  int n = 0;
  for (int i = 0; i < state.bond_count; ++i) {
    const StateBond& b = state.bonds[static_cast<std::size_t>(i)];
    n += state.atom(b.begin).given != state.atom(b.end).given;
  }
  return n;
}

/// Grown atoms on the shortest way between given atoms of different pieces.
int linker_length(const ActionVocabulary& vocabulary, const GraphState& state) {
  const chem::FlatGraph flat = flat_graph(vocabulary, state);
  const auto adjacent = chem::neighbours(flat.graph);
  int first = 0;
  while (!state.atom(first).given) ++first;
  std::vector<int> distance(state.atom_count, -1), queue{first};
  distance[static_cast<std::size_t>(first)] = 0;  // given atoms of the first piece lie at 0
  for (std::size_t head = 0; head < queue.size(); ++head) {
    const int atom = queue[head];
    const int here = distance[static_cast<std::size_t>(atom)];
    for (const auto& n : adjacent[static_cast<std::size_t>(atom)]) {
      if (distance[static_cast<std::size_t>(n.atom)] >= 0) continue;
      const bool given = state.atom(n.atom).given;
      if (given && here == 0) {
        distance[static_cast<std::size_t>(n.atom)] = 0;
        queue.insert(queue.begin() + static_cast<std::ptrdiff_t>(head) + 1, n.atom);
      } else if (given) {
        return here;
      } else {
        distance[static_cast<std::size_t>(n.atom)] = here + 1;
        queue.push_back(n.atom);
      }
    }
  }
  return 0;  // bound to each other: one piece
}

const std::vector<std::string> scaffolds{"[*:1]c1ccc(cc1)C(=O)N[*:2]",
                                         "[*:1]C1CCN([*:2])CC1",
                                         "[*:1]c1ccc2[nH]ccc2c1",
                                         "[*:1]S(=O)(=O)c1ccc([*:2])cc1",
                                         "[*:1]c1cc([*:2])c2ccccc2n1",
                                         "O=C1CC2(C1)CC([*:1])C2",
                                         "*=C1CCN(C)CC1",
                                         "[*:1]N([*:1])C",
                                         "[*:1]c1ccc([N+](=O)[O-])cc1",
                                         "Cn1c([*:2])nc2c1c(=O)n([*:1])c(=O)n2C"};

}  // namespace

TEST_CASE("a decorated scaffold stays whole, grows where it must and nowhere else") {
  const ActionVocabulary& vocabulary = starter_vocabulary();
  for (const std::string& text : scaffolds) {
    INFO(text);
    GenerationRequest wanted;
    wanted.scaffold = text;
    const CheckedRequest request(vocabulary, wanted);
    const auto points = static_cast<int>(chem::flat_graph(text).open_sites.size());
    std::set<std::string> molecules;
    for (int i = 0; i < 60; ++i) {
      CounterRandom random(31, text, "decorate", static_cast<std::uint64_t>(i));
      const GenerationPlan plan = request.plan(random);
      std::vector<Action> actions;
      const GraphState state = sample(plan, random, {}, &actions);
      REQUIRE(given_parts(vocabulary, state) == std::multiset<std::string>{without_points(text)});
      REQUIRE(bonds_grown(state) == points);
      REQUIRE(state.atom_count <= request.request().max_atoms);
      const std::string smiles_out = smiles(vocabulary, state);
      REQUIRE(Molecule::from_smiles(smiles_out).smiles() == smiles_out);
      REQUIRE(decode(plan, actions) == state);
      molecules.insert(smiles_out);
    }
    CHECK(molecules.size() > 20);
  }
}

TEST_CASE("attachment points may be optional, and the smallest molecule is just large enough") {
  const ActionVocabulary& vocabulary = starter_vocabulary();
  GenerationRequest wanted;
  wanted.scaffold = "[*:1]c1ccc(cc1)C(=O)N[*:2]";
  wanted.optional_points = {2};
  const CheckedRequest request(vocabulary, wanted);
  std::set<int> grown;
  for (int i = 0; i < 100; ++i) {
    CounterRandom random(32, "optional", "decorate", static_cast<std::uint64_t>(i));
    grown.insert(bonds_grown(sample(request.plan(random), random)));
  }
  CHECK(grown == std::set<int>{1, 2});

  wanted.optional_points.clear();
  wanted.max_atoms = 11;  // nine of the scaffold and one at each point
  const CheckedRequest tight(vocabulary, wanted);
  for (int i = 0; i < 100; ++i) {
    CounterRandom random(33, "tight", "decorate", static_cast<std::uint64_t>(i));
    const GraphState state = sample(tight.plan(random), random);
    CHECK(state.atom_count == 11);
    CHECK(bonds_grown(state) == 2);
  }
}

TEST_CASE("linked warheads stay whole and the linker has the length asked for") {
  const ActionVocabulary& vocabulary = starter_vocabulary();
  const std::vector<std::vector<std::string>> sets{{"[*]c1ccncc1", "[*]N1CCOCC1"},
                                                   {"[*]C(=O)Nc1ccccc1", "[*]S(=O)(=O)C"},
                                                   {"[*]C12CC(C1)C2", "[*]c1ccc(F)cc1"},
                                                   {"[*]c1ccccc1", "[*]C(=O)N", "[*]C#N"},
                                                   {"[*]c1ccccc1", "[*]C(=O)N", "[*]C#N", "[*]C(F)(F)F"}};
  const std::vector<std::pair<int, int>> ranges{{0, 2}, {1, 1}, {2, 4}, {5, 5}, {3, 0}};
  for (const auto& warheads : sets)
    for (const auto& [shortest, longest] : ranges) {
      GenerationRequest wanted;
      wanted.warheads = warheads;
      wanted.min_linker = shortest;
      wanted.max_linker = longest;
      const CheckedRequest request(vocabulary, wanted);
      std::multiset<std::string> expected;
      for (const std::string& w : warheads) expected.insert(without_points(w));
      for (int i = 0; i < 25; ++i) {
        CounterRandom random(34, warheads[0], "link", static_cast<std::uint64_t>(i));
        const GenerationPlan plan = request.plan(random);
        std::vector<Action> actions;
        const GraphState state = sample(plan, random, {}, &actions);
        const std::string text = smiles(vocabulary, state);
        INFO(text << ", linker of " << shortest << " to " << longest);
        REQUIRE(Molecule::from_smiles(text).smiles() == text);
        const int length = linker_length(vocabulary, state);
        REQUIRE(length >= request.request().min_linker);
        REQUIRE(length <= request.request().max_linker);
        if (length > 0) REQUIRE(given_parts(vocabulary, state) == expected);
        REQUIRE(state.atom_count <= request.request().max_atoms);
        REQUIRE(decode(plan, actions) == state);
      }
    }
}

TEST_CASE("no request for a linker, however tight, ends where nothing is legal") {
  const ActionVocabulary& vocabulary = starter_vocabulary();
  const std::vector<std::string> pieces{"[*]C", "[*]C#N", "[*]c1ccncc1", "[*]S(=O)(=O)C",
                                        "[*]C(=O)Nc1ccccc1"};
  for (int i = 0; i < 1500; ++i) {
    CounterRandom random(36, "requests", "link", static_cast<std::uint64_t>(i));
    GenerationRequest wanted;
    int given = 0;
    for (std::uint32_t n = 2 + random.below(3); n > 0; --n) {
      wanted.warheads.push_back(pieces[random.below(static_cast<std::uint32_t>(pieces.size()))]);
      given += chem::flat_graph(wanted.warheads.back()).graph.atom_count();
    }
    wanted.min_linker = 1 + static_cast<int>(random.below(7));
    wanted.max_linker = wanted.min_linker + static_cast<int>(random.below(3));
    wanted.max_atoms = given + wanted.min_linker + static_cast<int>(random.below(12));
    const CheckedRequest request(vocabulary, wanted);
    const GenerationPlan plan = request.plan(random);
    RandomPolicy policy;
    policy.place_extra = 0.1;
    policy.next_focus = 2;
    const GraphState state = sample(plan, random, policy);
    REQUIRE(state.extras_placed == (1 << (wanted.warheads.size() - 1)) - 1);
    REQUIRE(state.atom_count <= wanted.max_atoms);
    const int length = linker_length(vocabulary, state);
    REQUIRE(length >= wanted.min_linker);
    REQUIRE(length <= wanted.max_linker);
  }
}

TEST_CASE("a linker with no atom to spare is found") {
  const ActionVocabulary& vocabulary = starter_vocabulary();
  GenerationRequest wanted;
  wanted.warheads = {"[*]c1ccncc1", "[*]N1CCOCC1"};
  wanted.min_linker = wanted.max_linker = 4;
  wanted.max_atoms = 16;
  const CheckedRequest request(vocabulary, wanted);
  for (int i = 0; i < 200; ++i) {
    CounterRandom random(35, "tight", "link", static_cast<std::uint64_t>(i));
    const GraphState state = sample(request.plan(random), random);
    CHECK(state.atom_count == 16);
    CHECK(linker_length(vocabulary, state) == 4);
  }
}

TEST_CASE("impossible requests are refused before anything is grown") {
  const ActionVocabulary& vocabulary = starter_vocabulary();
  const auto decorate = [&](const std::string& scaffold, std::vector<int> optional = {}, int most = 0,
                            int least = 0) {
    GenerationRequest r;
    r.scaffold = scaffold;
    r.optional_points = std::move(optional);
    r.max_atoms = most;
    r.min_atoms = least;
    return CheckedRequest(vocabulary, r);
  };
  const auto link = [&](std::vector<std::string> warheads, int shortest = 1, int longest = 0, int most = 0) {
    GenerationRequest r;
    r.warheads = std::move(warheads);
    r.min_linker = shortest;
    r.max_linker = longest;
    r.max_atoms = most;
    return CheckedRequest(vocabulary, r);
  };
  CHECK_THROWS_AS(decorate("c1ccccc1"), UsageError);
  CHECK_THROWS_WITH(decorate("c1ccccc1"), "the scaffold 'c1ccccc1' has no attachment point");
  CHECK_THROWS_WITH(decorate("[*:1]c1ccccc1", {3}),
                    "attachment point 3 may stay open, but the scaffold has 1 only");
  CHECK_THROWS_AS(decorate("[*:1]c1cccc1["), InputError);
  CHECK_THROWS_WITH(
      decorate("[*:1]C[Se]C"),
      "the generator cannot use the scaffold '[*:1]C[Se]C': atom 2 (Se) is not in the vocabulary");
  CHECK_THROWS_WITH(decorate("[*:1]C1CCCCCCCCCCC1"), Contains("a ring of 12 atoms"));
  CHECK_THROWS_WITH(decorate("[*:1]CC.CC"), Contains("more than one component"));
  CHECK_THROWS_WITH(decorate("C*C"), Contains("has 2 neighbours"));
  CHECK_THROWS_WITH(
      decorate("[*:1]c1ccccc1", {}, 6),
      "the request needs at least 7 heavy atoms (given: 6, and what must grow), but at most 6 are allowed");
  CHECK_THROWS_WITH(decorate("[*:1]c1ccccc1", {}, 20, 30),
                    "at least 30 and at most 20 heavy atoms contradict each other");
  CHECK_THROWS_WITH(decorate("[*:1]c1ccccc1", {}, 500), "at most 128 heavy atoms are possible, not 500");
  CHECK_THROWS_AS(decorate("[*:1]c1ccccc1", {}, -1), UsageError);
  CHECK_THROWS_WITH(link({"[*]c1ccccc1"}), "linking needs 2 to 4 warheads, not 1");
  CHECK_THROWS_WITH(link({"[*]c1ccccc1", "CC"}), Contains("has 0 attachment points; it needs one"));
  CHECK_THROWS_WITH(link({"[*]c1ccccc1", "[*]C[*]"}), Contains("has 2 attachment points; it needs one"));
  CHECK_THROWS_WITH(link({"[*]c1ccccc1", "[*]=CC"}), Contains("not attached by a single bond"));
  CHECK_THROWS_WITH(link({"[*]C", "[*]C"}, 5, 3),
                    "the shortest linker wanted (5 atoms) is longer than the longest (3 atoms)");
  CHECK_THROWS_WITH(link({"[*]CCC", "[*]CCC"}, 5, 8, 10), Contains("needs at least 11 heavy atoms"));
  GenerationRequest both;
  both.scaffold = "[*:1]CC";
  both.warheads = {"[*]C", "[*]C"};
  CHECK_THROWS_WITH(CheckedRequest(vocabulary, both), Contains("exclude each other"));
}
