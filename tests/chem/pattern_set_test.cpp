// Our substructure search and Morgan environments beside RDKit's, on the starter molecules and on what random
// edits make of them.
#include "chem/pattern_set.hpp"

#include <DataStructs/ExplicitBitVect.h>
#include <DataStructs/SparseIntVect.h>
#include <GraphMol/Descriptors/Crippen.h>
#include <GraphMol/Descriptors/Lipinski.h>
#include <GraphMol/Descriptors/MolSurf.h>
#include <GraphMol/FilterCatalog/FilterCatalog.h>
#include <GraphMol/Fingerprints/MorganFingerprints.h>
#include <GraphMol/MolOps.h>
#include <GraphMol/RWMol.h>
#include <GraphMol/SmilesParse/SmilesParse.h>
#include <GraphMol/SmilesParse/SmilesWrite.h>
#include <GraphMol/Substruct/SubstructMatch.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <map>
#include <memory>
#include <set>

#include "chem/atom_surface.hpp"
#include "chem/counter_random.hpp"
#include "chem/descriptors.hpp"
#include "chem/error.hpp"
#include "chem/fingerprint.hpp"
#include "chem/ionisable_groups.hpp"
#include "chem/molecular_features.hpp"
#include "chem/pattern_search.hpp"
#include "chem/structural_alerts.hpp"

using namespace theriac::chem;

namespace {

using Sets = std::vector<std::vector<int>>;

std::vector<std::string> starter_smiles() {
  std::ifstream file(THERIAC_STARTER "/starter_molecules.smi");
  std::vector<std::string> out;
  for (std::string smiles, name; file >> smiles >> name;) out.push_back(smiles);
  return out;
}

template <typename List>
auto& pick(List& list, CounterRandom& random) {
  return list[random.below(static_cast<std::uint32_t>(list.size()))];
}

/// One change that may or may not leave a valid molecule: an element, a charge, an isotope, a bond, an atom.
void edit(RDKit::RWMol& mol, CounterRandom& random) {
  static const std::vector<int> elements = {6, 7, 8, 16, 9, 17, 35, 53, 15, 14, 5, 34, 50};
  static const std::vector<RDKit::Bond::BondType> orders = {RDKit::Bond::SINGLE, RDKit::Bond::DOUBLE,
                                                            RDKit::Bond::TRIPLE};
  const auto atom = [&] { return random.below(mol.getNumAtoms()); };
  const unsigned a = atom(), b = atom();
  switch (random.below(6)) {
    case 0:
      mol.getAtomWithIdx(a)->setAtomicNum(pick(elements, random));
      break;
    case 1:
      mol.getAtomWithIdx(a)->setFormalCharge(static_cast<int>(random.below(3)) - 1);
      break;
    case 2:
      mol.getAtomWithIdx(a)->setIsotope(random.below(2) ? 13 : 0);
      break;
    case 3:
      if (a != b && !mol.getBondBetweenAtoms(a, b)) mol.addBond(a, b, pick(orders, random));
      break;
    case 4:
      if (auto* bond = mol.getBondWithIdx(random.below(mol.getNumBonds())))
        bond->setBondType(pick(orders, random));
      break;
    default: {
      const unsigned added = mol.addAtom(new RDKit::Atom(pick(elements, random)), false, true);
      mol.addBond(a, added, pick(orders, random));
    }
  }
}

/// Starter molecules first, then `n` edited ones.
std::vector<Molecule> molecules(int n) {
  std::vector<Molecule> out;
  const auto smiles = starter_smiles();
  for (const auto& s : smiles) out.push_back(Molecule::from_smiles(s));
  CounterRandom random(7, "", "pattern_set_test");
  while (n > 0) {
    RDKit::RWMol mol(pick(out, random).graph());
    RDKit::MolOps::Kekulize(mol, true);
    const auto edits = 1 + random.below(4);
    for (unsigned e = 0; e < edits; ++e) edit(mol, random);
    try {
      mol.clearComputedProps();
      for (auto* atom : mol.atoms()) atom->setNoImplicit(false), atom->setNumExplicitHs(0);
      RDKit::MolOps::sanitizeMol(mol);
      out.push_back(Molecule::from_smiles(RDKit::MolToSmiles(mol)));
      --n;
    } catch (const std::exception&) {
    }
  }
  return out;
}

Sets rdkit_sets(const Molecule& molecule, const RDKit::ROMol& query) {
  std::vector<RDKit::MatchVectType> matches;
  RDKit::SubstructMatch(molecule.graph(), query, matches, true, true, false, false, 100000);
  std::set<std::vector<int>> sets;
  for (const auto& match : matches) {
    std::vector<int> atoms;
    for (const auto& [in_query, in_molecule] : match) atoms.push_back(in_molecule);
    std::sort(atoms.begin(), atoms.end());
    sets.insert(std::move(atoms));
  }
  return {sets.begin(), sets.end()};
}

const std::vector<std::string>& many_smarts() {
  static const std::vector<std::string> smarts = {
      "[$([CH]),$(CC)]#CC(=O)[#6]",
      "[C;!R]=[N;!R]",
      "[R0;D2][R0;D2][R0;D2][R0;D2]",
      "C=!@CC=[O,S]",
      "[CR1]1[CR1][CR1]cc[CR1][CR1]1",
      "a1aa2a3a(a1)A=AA=A3=AA=A2",
      "F.F",
      "[15N]",
      "[13C]",
      "[!#6;!#1]~[#6](=[O,S,N])",
      "[$([N;+0;X3;v3]);!$(N[C,S]=O)]",
      "[$([A;R][!a])]",
      "[r5,r6]1[r5]~[r5]~[r5]~[r5]1",
      "[R2][R1]",
      "[x3]~[x2]",
      "[C;$(C(=O)N);!$(C(=O)N(C)C)]",
      "[c;$(c1ccccc1),$(c1ccncc1)][F,Cl,Br]",
      "[#6]:,=[#7]-,=[#6]",
      "*~*~*~*",
      "[-,+]",
      "[v4,v6]",
      "[D{2-3}]~[D1]",
      "[h1]",
      "[C@H](N)C",
      "C/C=C/C",
      "[^2]",
      "[O,N;!H0]-*-[O,N]",
      "[#6]1~[#6]~[#6]~[#6]~[#6]~[#6]~1",
      "[N,O].[S,P]",
      "[!$([#6,#7])]",
      "[$([#6]~[#8,#16]),$([#6]-[F,Cl,Br])]@*",
  };
  return smarts;
}

}  // namespace

TEST_CASE("patterns match the same sets of atoms as in RDKit") {
  const PatternSet patterns(many_smarts());
  std::vector<std::unique_ptr<RDKit::ROMol>> queries;
  for (const auto& smarts : many_smarts()) queries.emplace_back(RDKit::SmartsToMol(smarts));
  int matched = 0;
  for (const auto& molecule : molecules(1500)) {
    PatternSearch search(patterns, SubstructureTarget(molecule));
    int matching = 0;
    for (std::size_t i = 0; i < patterns.size(); ++i) {
      const Sets expected = rdkit_sets(molecule, *queries[i]);
      INFO(molecule.smiles() << "  " << many_smarts()[i]);
      if (expected.size() < 1000) REQUIRE(search.atom_sets(i) == expected);
      REQUIRE(search.matches(i) == !expected.empty());
      REQUIRE(search.count(i) == static_cast<int>(std::min<std::size_t>(expected.size(), 1000)));
      matching += !expected.empty();
    }
    REQUIRE(search.matching() == matching);
    matched += matching;
  }
  CHECK(matched > 10000);
}

TEST_CASE("first atoms are those at which RDKit's matches begin") {
  const PatternSet patterns({"[O,N]~*", "[#6]=O", "[$(cN)]", "c1ccccc1"});
  const Molecule paracetamol = Molecule::from_smiles("CC(=O)Nc1ccc(O)cc1");
  PatternSearch search(patterns, SubstructureTarget(paracetamol));
  CHECK(search.first_atoms(0) == std::vector<int>{2, 3, 8});
  CHECK(search.first_atoms(1) == std::vector<int>{1});
  CHECK(search.first_atoms(2) == std::vector<int>{4});
  CHECK(search.first_atoms(3) == std::vector<int>{4, 5, 6, 7, 9, 10});
}

TEST_CASE("matches from an atom are all of RDKit's that begin there, in the order of the pattern") {
  std::vector<std::shared_ptr<const RDKit::ROMol>> queries;
  for (const auto& smarts : many_smarts()) queries.emplace_back(RDKit::SmartsToMol(smarts));
  const PatternSet patterns = PatternSet::of(queries);
  std::size_t compared = 0;
  for (const auto& molecule : molecules(300)) {
    const SearchGraph flat = search_graph(molecule.graph());
    if (!flat.complete) continue;
    GraphSearch search(patterns.compiled(), flat);
    for (std::size_t i = 0; i < queries.size(); ++i) {
      const auto& pattern = patterns.compiled().patterns[i];
      if (!pattern.understood) continue;
      std::vector<RDKit::MatchVectType> matches;
      RDKit::SubstructMatch(molecule.graph(), *queries[i], matches, false, true, false, false, 100000);
      std::vector<Sets> expected(molecule.graph().getNumAtoms());
      for (const auto& match : matches) {
        std::vector<int> atoms(match.size());
        for (const auto& [in_query, in_molecule] : match)
          atoms[static_cast<std::size_t>(in_query)] = in_molecule;
        expected[static_cast<std::size_t>(atoms.front())].push_back(atoms);
      }
      for (std::size_t atom = 0; atom < expected.size(); ++atom) {
        Sets found = search.matches_from(pattern, static_cast<int>(atom), 100000);
        std::sort(found.begin(), found.end());
        std::sort(expected[atom].begin(), expected[atom].end());
        INFO(molecule.smiles() << "  " << many_smarts()[i] << " at " << atom);
        REQUIRE(found == expected[atom]);
        compared += found.size();
        if (found.size() > 1) REQUIRE(search.matches_from(pattern, static_cast<int>(atom), 1).size() == 1);
      }
    }
  }
  CHECK(compared > 20000);
}

TEST_CASE("stereocentres are those that RDKit finds when it ranks the atoms of every molecule") {
  using namespace RDKit::common_properties;
  int centres = 0, without = 0;
  for (const auto& molecule : molecules(2000)) {
    RDKit::ROMol own(molecule.graph());
    RDKit::MolOps::assignStereochemistry(own, false, true, true);
    int expected = 0;
    for (const auto atom : own.atoms())
      expected += atom->hasProp(_CIPCode) || atom->hasProp(_ChiralityPossible);
    INFO(molecule.smiles());
    REQUIRE(complexity(molecule).stereocentres == expected);
    centres += expected;
    without += expected == 0;
  }
  CHECK(centres > 1000);
  CHECK(without > 500);
}

TEST_CASE("surfaces, heteroatoms and Morgan bits are what RDKit computes") {
  for (const auto& molecule : molecules(2000)) {
    const RDKit::ROMol own(molecule.graph());
    INFO(molecule.smiles());
    REQUIRE(polar_surface_area(molecule) == RDKit::Descriptors::calcTPSA(own));
    REQUIRE(descriptors(molecule).tpsa == RDKit::Descriptors::calcTPSA(own));
    REQUIRE(descriptors(molecule).heteroatoms ==
            static_cast<int>(RDKit::Descriptors::calcNumHeteroatoms(own)));
    double hydrogens = 0;
    std::vector<double> surface(own.getNumAtoms());
    RDKit::Descriptors::getLabuteAtomContribs(own, surface, hydrogens, true, true);
    REQUIRE(free_surface(own) == surface);
    const auto bits = morgan_fingerprint(molecule, 2, 1024);
    const std::unique_ptr<ExplicitBitVect> expected(
        RDKit::MorganFingerprints::getFingerprintAsBitVect(own, 2, 1024));
    for (unsigned b = 0; b < 1024; ++b) REQUIRE(bits.test(b) == expected->getBit(b));
  }
}

TEST_CASE("what is computed of a molecule leaves no mark on the graph that threads share") {
  const auto marks = [](const RDKit::ROMol& graph) {
    std::size_t n = graph.getPropList(true, true).size();
    for (const auto atom : graph.atoms()) n += atom->getPropList(true, true).size();
    for (const auto bond : graph.bonds()) n += bond->getPropList(true, true).size();
    return n;
  };
  for (const auto& molecule : molecules(200)) {
    INFO(molecule.smiles());
    const auto before = marks(molecule.graph());
    descriptors(molecule);
    complexity(molecule);
    molecular_features(molecule);
    ionisable_sites(molecule);
    structural_alerts(molecule);
    morgan_fingerprint(molecule, 2, 1024);
    REQUIRE(marks(molecule.graph()) == before);
  }
}

TEST_CASE("the alerts are those of RDKit's FilterCatalog, with the atoms that match") {
  using Parameters = RDKit::FilterCatalogParams;
  std::map<AlertSet, std::unique_ptr<RDKit::FilterCatalog>> catalogs;
  for (const auto& [set, name] : {std::pair{AlertSet::pains_a, Parameters::PAINS_A},
                                  {AlertSet::pains_b, Parameters::PAINS_B},
                                  {AlertSet::pains_c, Parameters::PAINS_C},
                                  {AlertSet::brenk, Parameters::BRENK},
                                  {AlertSet::nih, Parameters::NIH}})
    catalogs[set] = std::make_unique<RDKit::FilterCatalog>(name);
  std::size_t alerts = 0;
  for (const auto& molecule : molecules(2000)) {
    INFO(molecule.smiles());
    const auto found = structural_alerts(molecule);
    auto next = found.begin();
    for (const auto& [set, catalog] : catalogs)
      for (const auto& entry : catalog->getMatches(molecule.graph())) {
        REQUIRE(next != found.end());
        CHECK(next->set == set);
        REQUIRE(next->name == entry->getDescription());
        std::vector<RDKit::FilterMatch> matches;
        entry->getFilterMatches(molecule.graph(), matches);
        std::vector<int> atoms;
        for (const auto& [in_query, in_molecule] : matches.at(0).atomPairs) atoms.push_back(in_molecule);
        std::sort(atoms.begin(), atoms.end());
        REQUIRE(std::count(next->atoms.begin(), next->atoms.end(), atoms) == 1);
        ++next;
      }
    REQUIRE(next == found.end());
    alerts += found.size();
  }
  CHECK(alerts > 3000);
}

TEST_CASE("log P and refractivity are RDKit's to the last digit but rounding") {
  for (const auto& molecule : molecules(2000)) {
    double log_p = 0, refractivity = 0;
    RDKit::Descriptors::calcCrippenDescriptors(RDKit::ROMol(molecule.graph()), log_p, refractivity);
    const auto d = descriptors(molecule);
    INFO(molecule.smiles());
    REQUIRE(d.clogp == Approx(log_p).margin(1e-9));
    REQUIRE(d.molar_refractivity == Approx(refractivity).margin(1e-9));
  }
}

TEST_CASE("Morgan environments are RDKit's, also of isotopes, ions and molecules of more than 128 bonds") {
  auto all = molecules(1500);
  std::string wax = "C";
  for (int i = 0; i < 70; ++i) wax += "C(F)C(=O)";
  for (const std::string& smiles : {wax, std::string("C"), std::string("[Na+].[Cl-]"), std::string("[2H]OC"),
                                    std::string("[3H]N([18O])C[14CH3]")})
    all.push_back(Molecule::from_smiles(smiles));
  for (const auto& molecule : all)
    for (const unsigned radius : {0u, 1u, 2u, 3u}) {
      INFO(molecule.smiles() << " radius " << radius);
      const std::unique_ptr<RDKit::SparseIntVect<std::uint32_t>> expected(
          RDKit::MorganFingerprints::getFingerprint(molecule.graph(), radius));
      const std::map<std::uint32_t, int>& counts = expected->getNonzeroElements();
      const auto ours = morgan_counts(molecule, static_cast<int>(radius));
      REQUIRE(ours.size() == counts.size());
      REQUIRE(std::equal(ours.begin(), ours.end(), counts.begin(), [](const auto& a, const auto& b) {
        return a.first == b.first && a.second == b.second;
      }));
    }
}

TEST_CASE("a molecule that does not fit into small numbers is searched all the same") {
  const PatternSet patterns({"[Fe]", "C"});
  const Molecule dative = Molecule::from_smiles("CN->[Fe]");
  PatternSearch search(patterns, SubstructureTarget(dative));
  CHECK(search.matches(0));
  CHECK(search.count(1) == 1);
  CHECK(search.first_atoms(1) == std::vector<int>{0});
}

TEST_CASE("a set refuses an invalid SMARTS") {
  CHECK_THROWS_AS(PatternSet(std::vector<std::string>{"C", "C(C"}), theriac::UsageError);
}
