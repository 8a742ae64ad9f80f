// Cutting and regrowing a molecule: what stays is whole, what comes is within bounds.
#include "generative/molecule_edit.hpp"

#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "chem/carried_stereo.hpp"
#include "chem/error.hpp"
#include "chem/substructure.hpp"
#include "generative/action_sequence.hpp"
#include "generative/decoded_molecule.hpp"
#include "generative/random_policy.hpp"
#include "tests/generative/action_fixtures.hpp"

using Catch::Matchers::Contains;
using namespace theriac;
using namespace theriac::generative;
using chem::CounterRandom;
using chem::Molecule;

namespace {

struct Drawn {
  GenerationPlan plan;
  GraphState state;
  std::vector<Action> actions;
  EditedMolecule edited;
};

Drawn draw(const MoleculeEdits& edits, std::uint64_t seed, std::uint64_t number) {
  CounterRandom random(seed, "", "test", number);
  GenerationPlan plan = edits.plans(seed)(number);
  std::vector<Action> actions;
  GraphState state = sample(plan, random, {}, &actions);
  EditedMolecule edited = edits.edited(plan, state, actions);
  return {std::move(plan), state, std::move(actions), std::move(edited)};
}

/// The given atoms of a finished molecule alone, hydrogens where the grown part was.
std::multiset<std::string> components(std::string text) {
  std::multiset<std::string> out;
  for (std::size_t dot; (dot = text.find('.')) != std::string::npos; text = text.substr(dot + 1))
    out.insert(text.substr(0, dot));
  out.insert(text);
  return out;
}

std::string kept_part(const ActionVocabulary& vocabulary, const GraphState& state) {
  const chem::FlatGraph whole = flat_graph(vocabulary, state);
  chem::FlatGraph kept;
  std::vector<int> index;
  for (int i = 0; i < state.atom_count; ++i) {
    index.push_back(state.atom(i).given ? kept.graph.atom_count() : -1);
    if (!state.atom(i).given) continue;
    kept.graph.atoms.push_back(whole.graph.atoms[static_cast<std::size_t>(i)]);
    kept.valences.push_back(whole.valences[static_cast<std::size_t>(i)]);
  }
  for (const auto& b : whole.graph.bonds) {
    const int begin = index[static_cast<std::size_t>(b.begin)], end = index[static_cast<std::size_t>(b.end)];
    if (begin >= 0 && end >= 0) kept.graph.bonds.push_back({begin, end, b.order});
  }
  return chem::canonical_smiles(kept);
}

/// The same of the molecule that was cut.
std::string kept_part(const Molecule& molecule, const GenerationPlan& plan) {
  const chem::FlatGraph whole = chem::flat_graph(molecule.smiles());
  chem::FlatGraph kept;
  std::map<int, int> index;
  for (const GivenAtom& g : plan.given) {
    index[g.origin] = kept.graph.atom_count();
    kept.graph.atoms.push_back(whole.graph.atoms[static_cast<std::size_t>(g.origin)]);
    kept.valences.push_back(whole.valences[static_cast<std::size_t>(g.origin)]);
  }
  for (const auto& b : whole.graph.bonds)
    if (index.count(b.begin) && index.count(b.end))
      kept.graph.bonds.push_back({index[b.begin], index[b.end], b.order});
  return chem::canonical_smiles(kept);
}

const std::vector<std::string> drugs{
    "CC(=O)Nc1ccc(O)cc1",                                  // paracetamol
    "CCCCc1nc(Cl)c(CO)n1Cc1ccc(cc1)-c1ccccc1-c1nn[nH]n1",  // losartan
    "CN1CCN(CC1)c1ccc(cc1)Nc1ncc2c(n1)n(C)c(=O)cc2",       // a kinase inhibitor's shape
    "CC(C)Cc1ccc(cc1)C(C)C(=O)O",                          // ibuprofen
    "O=C(Nc1ccc([N+](=O)[O-])cc1)c1cc(Cl)ccc1O",           // niclosamide, less one chlorine
    "NS(=O)(=O)c1ccc(cc1)-n1nc(cc1-c1ccc(C)cc1)C(F)(F)F",  // celecoxib
    "O=C1CCC(CC1)CCN1CCCCC1"};

}  // namespace

TEST_CASE("what is kept of a molecule is in every result, and every result is valid") {
  const ActionVocabulary& vocabulary = starter_vocabulary();
  for (const std::string& drug : drugs) {
    INFO(drug);
    const MoleculeEdits edits(vocabulary, drug);
    const int atoms = edits.molecule().heavy_atom_count();
    std::set<std::string> replaced, molecules;
    for (std::uint64_t i = 0; i < 120; ++i) {
      const Drawn d = draw(edits, 5, i);
      const EditedMolecule& e = d.edited;
      INFO(e.molecule.smiles() << ", " << e.replaced << " > " << e.replacement);
      REQUIRE(Molecule::from_smiles(e.molecule.smiles()).smiles() == e.molecule.smiles());
      REQUIRE(components(kept_part(vocabulary, d.state)) == components(kept_part(edits.molecule(), d.plan)));
      REQUIRE(static_cast<int>(d.plan.given.size()) == e.kept_atoms);
      const int removed = atoms - e.kept_atoms, grown = d.state.atom_count - e.kept_atoms;
      REQUIRE(removed >= 1);
      REQUIRE(removed <= 12);
      REQUIRE(grown >= 1);
      REQUIRE(grown <= removed + 8);
      REQUIRE(decode(d.plan, d.actions) == d.state);
      REQUIRE(chem::flat_graph(e.replaced).open_sites.size() ==
              chem::flat_graph(e.replacement).open_sites.size());
      replaced.insert(e.replaced);
      molecules.insert(e.molecule.smiles());
    }
    CHECK(molecules.size() > 60);
    CHECK(replaced.size() > 5);
  }
}

TEST_CASE("substituents and cores are replaced, and the pieces say what was exchanged") {
  const MoleculeEdits edits(starter_vocabulary(), "CN1CCN(CC1)c1ccc(cc1)C(=O)Nc1ccncc1");
  int ends = 0, cores = 0, several = 0;
  for (std::uint64_t i = 0; i < 300; ++i) {
    const Drawn d = draw(edits, 6, i);
    const auto points =
        chem::flat_graph(d.edited.replaced.substr(0, d.edited.replaced.find('.'))).open_sites.size();
    if (!d.plan.extras.empty()) {
      ++cores;
      CHECK(points == d.plan.extras.size() + 1);
      CHECK_THAT(d.edited.replacement, Contains("[*:1]") && Contains("[*:2]"));
      CHECK_THAT(d.edited.replacement, !Contains("."));
    } else if (d.plan.sites.size() > 1) {
      ++several;
      CHECK_THAT(d.edited.replaced, Contains("."));
    } else {
      ++ends;
      CHECK(points == 1);
    }
  }
  CHECK(ends > 60);
  CHECK(several > 60);
  CHECK(cores > 60);
}

TEST_CASE("atoms of a pattern are never removed") {
  const ActionVocabulary& vocabulary = starter_vocabulary();
  EditOptions options;
  options.keep = "c1ccccc1C(=O)N";
  const MoleculeEdits edits(vocabulary, "CN1CCN(CC1)c1ccc(cc1)C(=O)Nc1ccncc1", options);
  const chem::SubstructurePattern pattern(options.keep);
  for (std::uint64_t i = 0; i < 200; ++i) {
    const Drawn d = draw(edits, 7, i);
    INFO(d.edited.molecule.smiles());
    REQUIRE(pattern.matches(d.edited.molecule));
    REQUIRE_FALSE(pattern.matches(Molecule::from_smiles(d.edited.replaced)));
  }
}

TEST_CASE("similarity is that of Morgan fingerprints, and the bounds decide what is accepted") {
  const ActionVocabulary& vocabulary = starter_vocabulary();
  const std::string drug = drugs[5];
  EditOptions options;
  options.min_similarity = 0.6;
  options.max_similarity = 0.8;
  const MoleculeEdits near(vocabulary, drug, options);
  const auto reference = chem::morgan_fingerprint(Molecule::from_smiles(drug));
  int accepted = 0, refused = 0;
  for (std::uint64_t i = 0; i < 200; ++i) {
    const Drawn d = draw(near, 8, i);
    const double similarity = chem::tanimoto(
        reference, chem::morgan_fingerprint(Molecule::from_smiles(d.edited.molecule.smiles())));
    CHECK(d.edited.similarity == similarity);
    CHECK(near.accepts(d.edited) == (similarity >= 0.6 && similarity <= 0.8));
    ++(near.accepts(d.edited) ? accepted : refused);
  }
  CHECK(accepted > 40);
  CHECK(refused > 0);
  const EditedMolecule itself{Molecule::from_smiles(drug), 1, 20, "", ""};
  CHECK_FALSE(MoleculeEdits(vocabulary, drug).accepts(itself));
}

TEST_CASE("a plan depends on seed and number only") {
  const ActionVocabulary& vocabulary = starter_vocabulary();
  const PlanSource plans = edit_plans(vocabulary, drugs[1], {}, 3);
  const MoleculeEdits edits(vocabulary,
                            "c1(-c2ccccc2-c2n[nH]nn2)ccc(Cn2c(CCCC)nc(Cl)c2CO)cc1");  // the same drug
  const auto text = [](const GenerationPlan& p) {
    std::string out = std::to_string(p.max_atoms) + "/" + std::to_string(p.min_linker);
    for (const GivenAtom& g : p.given) out += " " + std::to_string(g.origin) + ":" + std::to_string(g.unit);
    return out;
  };
  std::set<std::string> seen;
  for (std::uint64_t i = 20; i > 0; --i) {
    CHECK(text(plans(i)) == text(edits.plans(3)(i)));
    seen.insert(text(plans(i)));
  }
  CHECK(seen.size() > 10);
  CHECK(text(edits.plans(4)(1)) != text(plans(1)));
}

TEST_CASE("the configuration of what is kept is carried over") {
  const ActionVocabulary& vocabulary = starter_vocabulary();
  EditOptions options;
  options.keep = "C[C@H](N)C(=O)N/C=C/C";
  const MoleculeEdits edits(vocabulary, "C[C@H](NC(=O)c1ccccc1)C(=O)N/C=C/CN1CCOCC1", options);
  const chem::SubstructurePattern flat("CC(N)C(=O)NC=CC");
  for (std::uint64_t i = 0; i < 100; ++i) {
    const Drawn d = draw(edits, 9, i);
    INFO(d.edited.molecule.smiles() << ", " << d.edited.replaced << " > " << d.edited.replacement);
    REQUIRE(flat.matches(d.edited.molecule));
    CHECK_THAT(d.edited.molecule.smiles(), Contains("@"));
    CHECK_THAT(d.edited.molecule.smiles(), Contains("/") || Contains("\\"));
  }
}

TEST_CASE("configurations follow the atoms, not the way of writing") {
  const auto carried = [](const std::string& original, const std::string& edited, std::vector<int> atom_of) {
    return chem::with_carried_stereo(Molecule::from_smiles(original), chem::flat_graph(edited), atom_of)
        .smiles();
  };
  const auto canonical = [](const std::string& smiles) { return Molecule::from_smiles(smiles).smiles(); };
  // one substituent exchanged: F for Br
  CHECK(carried("C[C@H](O)F", "CC(O)Br", {0, 1, 2, -1}) == canonical("C[C@H](O)Br"));
  CHECK(carried("C[C@@H](O)F", "BrC(C)O", {2, 1, 3, -1}) == canonical("C[C@@H](O)Br"));
  CHECK(carried("C[C@](N)(O)F", "OC(N)(C)I", {3, 1, 2, 0, -1}) == canonical("C[C@](N)(O)I"));
  // two exchanged: nobody can say which is which
  CHECK(carried("C[C@](N)(O)F", "CC(N)(Cl)Br", {0, 1, 2, -1, -1}) == canonical("CC(N)(Cl)Br"));
  // a centre that has become none
  CHECK(carried("C[C@H](O)F", "CC(O)C", {0, 1, 2, -1}) == "CC(C)O");
  CHECK(carried("C/C=C/F", "CC=CCl", {0, 1, 2, -1}) == canonical("C/C=C/Cl"));
  CHECK(carried("C/C=C\\F", "ClC=CC", {3, 2, 1, -1}) == canonical("C/C=C\\Cl"));
  CHECK(carried("CC=CF", "CC=CCl", {0, 1, 2, -1}) == "CC=CCl");
}

TEST_CASE("molecules that cannot be edited are refused with the reason") {
  const ActionVocabulary& vocabulary = starter_vocabulary();
  const auto edit = [&](const std::string& smiles, EditOptions options = {}) {
    return MoleculeEdits(vocabulary, smiles, std::move(options));
  };
  const auto with = [](auto change) {
    EditOptions options;
    change(options);
    return options;
  };
  const std::string drug = drugs[0];
  CHECK_THROWS_AS(edit("C[Se]CC"), InputError);
  CHECK_THROWS_WITH(edit("C[Se]CC"), Contains("atom 2 (Se) is not in the vocabulary"));
  CHECK_THROWS_WITH(edit("CC(=O)[O-].[NH4+]"), Contains("more than one component"));
  CHECK_THROWS_WITH(edit("c1ccccc1("), Contains("c1ccccc1("));
  CHECK_THROWS_AS(edit("c1ccc2ccccc2c1"), UsageError);
  CHECK_THROWS_WITH(edit("c1ccc2ccccc2c1"),
                    "the molecule 'c1ccc2ccccc2c1' cannot be cut: it has no single bond outside rings");
  CHECK_THROWS_WITH(edit("[*:1]Cc1ccccc1"), Contains("attachment point"));
  CHECK_THROWS_WITH(edit(drug, with([](auto& o) { o.keep = "S"; })), Contains("'S' does not match"));
  CHECK_THROWS_WITH(edit(drug, with([](auto& o) { o.keep = "C(("; })), Contains("not a valid SMARTS"));
  CHECK_THROWS_WITH(edit(drug, with([](auto& o) { o.keep = "*"; })), Contains("is left outside '*'"));
  CHECK_THROWS_WITH(edit("c1ccccc1-c1ccccc1", with([](auto& o) { o.max_cut = 3; })),
                    Contains("it has no part of up to 3 heavy atoms"));
  CHECK_THROWS_WITH(edit(drug, with([](auto& o) { o.max_cut = 0; })), Contains("at least one heavy atom"));
  CHECK_THROWS_WITH(edit(drug, with([](auto& o) { o.min_similarity = 0.9, o.max_similarity = 0.5; })),
                    "a similarity of at least 0.9 and at most 0.5 contradict each other");
  CHECK_THROWS_WITH(edit(drug, with([](auto& o) { o.max_similarity = 1.5; })), Contains("between 0 and 1"));
  CHECK_THROWS_WITH(edit("CCCCCCCCCCc1ccccc1", with([](auto& o) { o.max_atoms = 3, o.max_cut = 2; })),
                    Contains("leaves no room to grow within 3 heavy atoms"));
  CHECK_THROWS_WITH(edit(drug, with([](auto& o) { o.min_atoms = 30, o.max_atoms = 20; })),
                    "at least 30 and at most 20 heavy atoms contradict each other");
}
