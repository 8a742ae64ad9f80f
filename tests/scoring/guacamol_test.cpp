// The goal-directed tasks of GuacaMol and PMO: values from the papers and from our own arithmetic.
#include "scoring/guacamol.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "chem/element_counts.hpp"
#include "chem/error.hpp"
#include "chem/pharmacophore_signature.hpp"
#include "scoring/goal_molecules.hpp"
#include "scoring/pmo.hpp"

using theriac::chem::Molecule;
using namespace theriac::scoring;
namespace chem = theriac::chem;

namespace {

double guacamol(const std::string& task, const std::string& smiles) {
  return guacamol_suite().task(task).score(MeasuredMolecule(Molecule::from_smiles(smiles)));
}

std::string formula(const Molecule& molecule) {
  const auto counts = chem::element_counts(molecule);
  std::string text;
  for (const char* symbol : {"C", "H", "Cl", "F", "N", "O", "S"}) {
    const int n = counts.of(chem::molecular_formula(symbol).front().atomic_number);
    if (n > 0) text += symbol + (n > 1 ? std::to_string(n) : std::string());
  }
  return text;
}

}  // namespace

TEST_CASE("the goal molecules have the formulas that pharmacopoeias give") {
  const std::vector<std::pair<std::string, std::string>> published = {
      {"celecoxib", "C17H14F3N3O2S"},  {"troglitazone", "C24H27NO5S"},
      {"thiothixene", "C23H29N3O2S2"}, {"aripiprazole", "C23H27Cl2N3O2"},
      {"albuterol", "C13H21NO3"},      {"mestranol", "C21H26O2"},
      {"camphor", "C10H16O"},          {"menthol", "C10H20O"},
      {"tadalafil", "C22H19N3O4"},     {"sildenafil", "C22H30N6O4S"},
      {"osimertinib", "C28H33N7O2"},   {"fexofenadine", "C32H39NO4"},
      {"ranolazine", "C24H33N3O4"},    {"perindopril", "C19H32N2O5"},
      {"amlodipine", "C20H25ClN2O5"},  {"sitagliptin", "C16H15F6N5O"},
      {"zaleplon", "C17H15N5O"}};
  for (const auto& [name, sum] : published)
    CHECK(formula(Molecule::from_smiles(goal_molecule(name).smiles)) == sum);
  CHECK(goal_molecules().size() == published.size() + 1);
}

TEST_CASE("modifiers follow their definitions") {
  CHECK(ScoreModifier::clip(0.75)(0.375) == Approx(0.5));
  CHECK(ScoreModifier::clip(0.75)(0.9) == 1);
  CHECK(ScoreModifier::gauss(2, 0.5)(3) == Approx(std::exp(-2.0)));
  CHECK(ScoreModifier::min_gauss(4, 1)(3.9) == 1);
  CHECK(ScoreModifier::min_gauss(4, 1)(5) == Approx(std::exp(-0.5)));
  CHECK(ScoreModifier::max_gauss(90, 10)(91) == 1);
  CHECK(ScoreModifier::max_gauss(90, 10)(80) == Approx(std::exp(-0.5)));
  CHECK(ScoreModifier::none()(-3.5) == -3.5);
}

TEST_CASE("isomer tasks: undecanes are perfect, decane is a carbon short") {
  CHECK(guacamol("c11h24", "CCCCCCCCCCC") == 1);
  CHECK(guacamol("c11h24", "CC(C)(C)CC(C)(C)C(C)C") == 1);
  // C10H22: one carbon, two hydrogens and three atoms too few
  CHECK(guacamol("7", "CCCCCCCCCC") == Approx(std::exp(-(0.5 + 2 + 1.125) / 3)));
}

TEST_CASE("rediscovery and similarity tasks give their goal full marks, whatever the stereochemistry") {
  CHECK(guacamol("celecoxib_rediscovery", goal_molecule("celecoxib").smiles) == 1);
  CHECK(guacamol("t05_albuterol_similarity", "CC(C)(C)NC[C@H](O)c1ccc(O)c(CO)c1") == 1);
  CHECK(guacamol("mestranol_similarity", "COc1ccc2[C@H]3CC[C@@]4(C)[C@@H](CC[C@@]4(O)C#C)[C@@H]3CCc2c1") ==
        1);
  CHECK(guacamol("aripiprazole_similarity", "CCO") == Approx(0.014492753623188404));
}

TEST_CASE("sitagliptin has the property values that two tasks aim at") {
  const MeasuredMolecule molecule(Molecule::from_smiles(goal_molecule("sitagliptin").smiles));
  CHECK(molecule.log_p() == Approx(2.0165));
  CHECK(molecule.polar_surface_area() == Approx(77.04));
  CHECK(molecule.bertz_complexity() == Approx(896.3804853871782));
  const auto& task = guacamol_suite().task("sitagliptin_mpo");
  const auto values = component_values(task, molecule);
  CHECK(values[0].raw == 1);  // similar to itself, which this task punishes
  CHECK(values[0].modified == Approx(std::exp(-50.0)));
  CHECK(values[3].modified == 1);
  CHECK(task.score(molecule) == Approx(std::exp(-12.5)));
}

TEST_CASE("hop tasks start at a half and a third of full marks") {
  // the start molecule: fully similar, sulfone and aminobenzothiazole still there, quinazoline kept
  const std::string start = goal_molecule("hop start").smiles;
  CHECK(guacamol("deco_hop", start) == Approx(0.5));
  CHECK(guacamol("scaffold_hop", start) == Approx(2.0 / 3));
  CHECK(guacamol_suite().scores(Molecule::without_atoms())[18] == Approx(0.5));
  CHECK(guacamol_suite().scores(Molecule::without_atoms())[19] == Approx(1.0 / 3));
}

TEST_CASE("strings that are no molecules are worth -1 in GuacaMol and 0 in PMO") {
  CHECK(guacamol_suite().scores({}) == std::vector<double>(20, -1.0));
  CHECK(pmo_suite().scores({}) == std::vector<double>(20, 0.0));
  CHECK(pmo_suite().scores(Molecule::without_atoms()) == std::vector<double>(20, 0.0));
}

TEST_CASE("PMO has 20 oracles, and its isomer term does not see attachment points") {
  const auto& suite = pmo_suite();
  CHECK(suite.tasks.size() == 20);
  const MeasuredMolecule open(Molecule::from_smiles("*c1ccccc1"));
  const double gauss = 0.5 * 1 + 0.5 * 9 + 0.5 * 4 + 0.5 * 4;  // C6H5 instead of C7H8N2O2
  const double eleven_of_19 = 0.5 * 16;
  CHECK(suite.task("isomers_c7h8n2o2").score(open) == Approx(std::exp(-(gauss + eleven_of_19) / 5)));
  CHECK(suite.task("median1").score(open) == guacamol_suite().task("9").score(open));
}

TEST_CASE("an unknown task is met with the nearest name") {
  CHECK_THROWS_WITH(guacamol_suite().task("deko_hop"),
                    "no task 'deko_hop' in GuacaMol, did you mean 'deco_hop'?");
  CHECK_THROWS_AS(pmo_suite().task("21"), theriac::UsageError);
  CHECK_THROWS_WITH(isomer_of("C6Hx"), "no element 'Hx' (in the formula 'C6Hx')");
  CHECK_THROWS_WITH(isomer_of("C(CH3)4"), "'C(CH3)4' is no molecular formula: '(' begins no element");
}

TEST_CASE("a list is judged by its distinct flat molecules, with zeros for what is missing") {
  const auto& task = guacamol_suite().task("albuterol_similarity");
  const double ethanol = guacamol("albuterol_similarity", "CCO");
  const auto one = list_score(task, std::vector<std::string>{"CCO", "OCC", "not a molecule", "C(O)C"});
  CHECK(one.top_means == std::vector<double>{ethanol, ethanol / 10, ethanol / 100});
  CHECK(one.score == Approx(ethanol * (1 + 0.1 + 0.01) / 3));
  const auto enantiomers = list_score(task, std::vector<std::string>{"CC(C)(C)NC[C@H](O)c1ccc(O)c(CO)c1",
                                                                     "CC(C)(C)NC[C@@H](O)c1ccc(O)c(CO)c1"});
  CHECK(enantiomers.top_means[1] == Approx(0.1));
  CHECK(list_score(guacamol_suite().task("c11h24"), std::vector<double>{1, 1}).score == Approx(2.0 / 159));
}

TEST_CASE("the area under the best is the trapezoid that PMO draws, its last value held") {
  const std::vector<double> perfect(250, 1.0);
  CHECK(top_auc(perfect, 10, 1000) == Approx(0.95));  // only the first hundred calls climb from 0
  std::vector<double> late(100, 0.5);
  late.push_back(1.0);
  CHECK(top_auc(late, 1, 200) == Approx((100 * 0.25 + 1 * 0.75 + 99 * 1.0) / 200));
  late.resize(200, 0.0);
  CHECK(top_auc(late, 1, 1000) == Approx((100 * 0.25 + 100 * 0.75 + 800 * 1.0) / 1000));
  CHECK(top_auc({0.2, 0.4}, 10, 4) == Approx((2 * 0.15 + 2 * 0.3) / 4));  // the mean of the two present
  CHECK(top_auc({}, 10, 100) == 0);
  CHECK_THROWS_AS(top_auc(perfect, 10, 200), theriac::UsageError);
  CHECK(top_mean({0.1, 0.9, 0.5}, 2) == Approx(0.7));
}
