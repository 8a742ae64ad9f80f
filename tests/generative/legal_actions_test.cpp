#include "generative/legal_actions.hpp"

#include <catch2/catch.hpp>
#include <map>

#include "action_fixtures.hpp"
#include "generative/action_sequence.hpp"
#include "generative/decoded_molecule.hpp"
#include "generative/random_policy.hpp"

using theriac::chem::CounterRandom;
using theriac::chem::Molecule;
using namespace theriac::generative;
namespace chem = theriac::chem;

namespace {

/// What the state keeps step by step, computed from its atoms and bonds alone.
void check_against_scratch(const ActionVocabulary& vocabulary, const GraphState& state) {
  std::vector<int> used(state.atom_count, 0), doubles(state.atom_count, 0), open(state.unit_count, 0);
  std::vector<MotifAtoms> bonded(state.unit_count, 0);
  std::vector<std::vector<int>> adjacent(state.atom_count);
  for (int i = 0; i < state.bond_count; ++i) {
    const StateBond& b = state.bonds[static_cast<std::size_t>(i)];
    for (const auto& [atom, other] : {std::pair<int, int>{b.begin, b.end}, {b.end, b.begin}}) {
      used[static_cast<std::size_t>(atom)] += b.order;
      doubles[static_cast<std::size_t>(atom)] += b.order == 2;
      adjacent[static_cast<std::size_t>(atom)].push_back(other);
      if (state.atom(atom).unit != state.atom(other).unit &&
          vocabulary.is_motif(state.unit(state.atom(atom).unit).type))
        bonded[state.atom(atom).unit] |= MotifAtoms(1) << state.atom(atom).position;
    }
  }
  const chem::FlatGraph flat = flat_graph(vocabulary, state);
  const auto ring_sizes = chem::smallest_ring_sizes(flat.graph);
  std::vector<bool> in_ring(state.atom_count, false);
  for (int i = 0; i < flat.graph.bond_count(); ++i)
    if (ring_sizes[static_cast<std::size_t>(i)] > 0)
      in_ring[static_cast<std::size_t>(flat.graph.bonds[static_cast<std::size_t>(i)].begin)] =
          in_ring[static_cast<std::size_t>(flat.graph.bonds[static_cast<std::size_t>(i)].end)] = true;
  int owed = 0;
  for (int i = 0; i < state.atom_count; ++i) {
    const StateAtom& a = state.atom(i);
    const auto n = static_cast<std::size_t>(i);
    REQUIRE(a.free == vocabulary.atom_type(a.type).valence - used[n]);
    REQUIRE(a.has_double == (doubles[n] > 0));
    REQUIRE(a.in_ring == in_ring[n]);
    open[a.unit] += a.free;
    owed += owed_atoms(vocabulary, a);
  }
  for (int u = 0; u < state.unit_count; ++u) {
    REQUIRE(state.unit(u).open == open[static_cast<std::size_t>(u)]);
    if (vocabulary.is_motif(state.unit(u).type))
      REQUIRE(state.unit(u).bonded == bonded[static_cast<std::size_t>(u)]);
  }
  REQUIRE(state.owed == owed);
  const auto together = chem::reachable(flat.graph, 0);
  REQUIRE(std::count(together.begin(), together.end(), 0) == 0);
}

}  // namespace

TEST_CASE("2,000 molecules of a policy that knows nothing are valid and come back from their SMILES") {
  const ActionVocabulary& vocabulary = starter_vocabulary();
  std::map<int, int> sizes;
  int rings_closed = 0;
  for (int i = 0; i < 2000; ++i) {
    const GenerationPlan plan(vocabulary, 1 + i % 50);
    CounterRandom random(11, "random policy", "test", static_cast<std::uint64_t>(i));
    std::vector<Action> actions;
    const GraphState state = sample(plan, random, {}, &actions);
    REQUIRE(state.atom_count <= 1 + i % 50);
    const std::string text = smiles(vocabulary, state);
    INFO(text);
    REQUIRE(Molecule::from_smiles(text).smiles() == text);
    REQUIRE(Molecule::from_smiles(text).heavy_atom_count() == state.atom_count);
    REQUIRE(atoms_of(chem::flat_graph(text)) == atoms_of(flat_graph(vocabulary, state)));
    REQUIRE(decode(plan, actions) == state);
    ++sizes[state.atom_count / 10];
    for (const Action a : actions) rings_closed += vocabulary.kind(a) == ActionKind::close_ring;
  }
  CHECK(sizes.size() >= 5);
  CHECK(rings_closed > 200);
}

TEST_CASE("what a state keeps step by step equals what its atoms and bonds say") {
  const ActionVocabulary& vocabulary = starter_vocabulary();
  const GenerationPlan plan(vocabulary, 40);
  for (int i = 0; i < 300; ++i) {
    CounterRandom random(12, "scratch", "test", static_cast<std::uint64_t>(i));
    std::vector<Action> actions;
    sample(plan, random, {}, &actions);
    Replay replay(plan, actions);
    while (const auto step = replay.next()) {
      REQUIRE(step->legal.contains(step->action));
      if (step->state.unit_count > 0) check_against_scratch(vocabulary, step->state);
    }
    check_against_scratch(vocabulary, replay.state());
  }
}

TEST_CASE("copies of a state grow apart") {
  const ActionVocabulary& vocabulary = starter_vocabulary();
  const GenerationPlan plan(vocabulary);
  GraphState one = start(plan);
  apply(plan, one, *vocabulary.find_addition(vocabulary.find_atom_type(6, 0, 4), 1));
  GraphState two = one;
  REQUIRE(one == two);
  apply(plan, two, *vocabulary.find_addition(vocabulary.find_atom_type(8, 0, 2), 2));
  CHECK_FALSE(one == two);
  CHECK(smiles(vocabulary, one) == "C");
  CHECK(smiles(vocabulary, two) == "C=O");
}

TEST_CASE("symmetry is merged: benzene has one site, then three, then two") {
  const ActionVocabulary& vocabulary = starter_vocabulary();
  const GenerationPlan plan(vocabulary);
  const int benzene = vocabulary.find_motif("c1ccccc1")->unit;
  const Action methyl = *vocabulary.find_addition(vocabulary.find_atom_type(6, 0, 4), 1);
  const auto sites = [&](const GraphState& state) {
    int n = 0;
    legal_actions(plan, state).for_each([&](Action a) { n += vocabulary.kind(a) == ActionKind::site; });
    return n;
  };
  GraphState state = start(plan);
  apply(plan, state, *vocabulary.find_addition(benzene, 1));
  CHECK(sites(state) == 1);
  apply(plan, state, vocabulary.site(0));
  apply(plan, state, methyl);
  CHECK(sites(state) == 3);
  std::vector<Action> open;
  legal_actions(plan, state).for_each([&](Action a) {
    if (vocabulary.kind(a) == ActionKind::site) open.push_back(a);
  });
  int para = 0;
  for (const Action a : open) {  // para keeps the mirror plane, ortho and meta do not
    GraphState next = state;
    apply(plan, next, a);
    apply(plan, next, methyl);
    para += sites(next) == 2;
    CHECK((sites(next) == 1 || sites(next) == 2 || sites(next) == 4));
  }
  CHECK(para == 1);
}

TEST_CASE("at the limit of atoms everything owed can still be paid") {
  const ActionVocabulary& vocabulary = starter_vocabulary();
  const GenerationPlan plan(vocabulary, 4);
  const int sulphur = vocabulary.find_atom_type(16, 0, 6), carbon = vocabulary.find_atom_type(6, 0, 4);
  GraphState state = start(plan);
  apply(plan, state, *vocabulary.find_addition(carbon, 1));
  // dimethyl sulphone would need five atoms: CS(=O)(=O)C
  CHECK_FALSE(legal_actions(plan, state).contains(*vocabulary.find_addition(sulphur, 1)));
  CHECK(legal_actions(GenerationPlan(vocabulary, 5), state).contains(*vocabulary.find_addition(sulphur, 1)));
  const int nitro = vocabulary.find_atom_type(7, 1, 4, true);
  apply(plan, state, *vocabulary.find_addition(nitro, 1));
  CHECK(state.owed == 2);
  CHECK_FALSE(legal_actions(plan, state).contains(ActionVocabulary::stop));
  apply(plan, state, ActionVocabulary::next_focus);
  const Action oxide = *vocabulary.find_addition(vocabulary.find_atom_type(8, -1, 1, true), 1);
  CHECK(legal_actions(plan, state).contains(oxide));
  apply(plan, state, oxide);
  for (const Action a : legal_actions(plan, state).actions()) CHECK(vocabulary.addition(a).order == 2);
  apply(plan, state, *vocabulary.find_addition(vocabulary.find_atom_type(8, 0, 2), 2));
  CHECK(smiles(vocabulary, state) == "C[N+](=O)[O-]");
  CHECK(legal_actions(plan, state).actions() == std::vector<Action>{ActionVocabulary::stop});
}

TEST_CASE("the smallest molecule wanted is waited for") {
  const ActionVocabulary& vocabulary = starter_vocabulary();
  GenerationPlan plan(vocabulary, 30);
  plan.min_atoms = 20;
  int reached = 0;
  for (int i = 0; i < 200; ++i) {
    CounterRandom random(13, "least", "test", static_cast<std::uint64_t>(i));
    reached += sample(plan, random).atom_count >= 20;
  }
  CHECK(reached > 150);  // a molecule whose last valence is used up stays smaller
}
