#include "scoring/drug_likeness.hpp"

#include <catch2/catch.hpp>

using namespace theriac::scoring;
using theriac::chem::descriptors;
using theriac::chem::Molecule;
using theriac::chem::SubstructureTarget;

namespace {

double qed_of(const char* smiles) {
  return qed(Molecule::from_smiles(smiles));
}

}  // namespace

TEST_CASE("QED equals the values of the authors' implementation") {
  // famotidine, cimetidine, tegaserod: Bickerton 2012, as listed in RDKit's Chem.QED
  CHECK(qed_of("N=C(CCSCc1csc(N=C(N)N)n1)NS(N)(=O)=O") == Approx(0.253).margin(1e-3));
  CHECK(qed_of("CNC(=NCCSCc1nc[nH]c1C)NC#N") == Approx(0.234).margin(1e-3));
  CHECK(qed_of("CCCCCNC(=N)NN=Cc1c[nH]c2ccc(CO)cc12") == Approx(0.234).margin(1e-3));
}

TEST_CASE("QED of a fragment-like drug lies high, of a fatty acid low") {
  CHECK(qed_of("CC(=O)Nc1ccc(O)cc1") > 0.5);
  CHECK(qed_of("CCCCCCCCCCCCCCCCCC(=O)O") < 0.4);
}

TEST_CASE("QED is invariant to the order of atoms and explicit hydrogens") {
  CHECK(qed_of("OC(=O)c1ccccc1OC(C)=O") == Approx(qed_of("CC(=O)Oc1ccccc1C(=O)O")).epsilon(1e-12));
  CHECK(qed_of("[H]OC(=O)c1ccccc1OC(C)=O") == Approx(qed_of("CC(=O)Oc1ccccc1C(=O)O")).epsilon(1e-12));
}

TEST_CASE("the three weightings of QED differ and none exceeds 1") {
  const auto molecule = Molecule::from_smiles("CC(=O)Oc1ccccc1C(=O)O");
  const double mean = qed(molecule), max = qed(molecule, QedWeights::max),
               none = qed(molecule, QedWeights::none);
  CHECK(mean != max);
  CHECK(max != none);
  for (const double q : {mean, max, none}) CHECK((q > 0 && q <= 1));
}

TEST_CASE("QED counts 116 kinds of unwanted groups") {
  CHECK(unwanted_groups().size() == 116);
  const auto molecule = Molecule::from_smiles("CC(=O)Oc1ccccc1C(=O)O");
  const auto p = qed_properties(SubstructureTarget(molecule), descriptors(molecule));
  CHECK(p.aromatic_rings == 1);
  CHECK(p.donors == 1);
  CHECK(p.acceptors == 4);        // the acid OH counts here
  CHECK(p.unwanted_groups == 2);  // phenol ester, and its acetate
}

TEST_CASE("the rule of five counts broken limits") {
  CHECK(rule_of_five_violations(descriptors(Molecule::from_smiles("CC(=O)Oc1ccccc1C(=O)O"))) == 0);
  // cyclosporin: weight, donors count NH only, acceptors
  const char* cyclosporin =
      "CCC1C(=O)N(CC(=O)N(C(C(=O)NC(C(=O)N(C(C(=O)NC(C(=O)NC(C(=O)N(C(C(=O)N(C(C(=O)N(C(C(=O)N(C(C(=O)N1)"
      "C(C(C)CC=CC)O)C)C(C)C)C)CC(C)C)C)CC(C)C)C)C)C)CC(C)C)C)C(C)C)CC(C)C)C)C";
  CHECK(rule_of_five_violations(descriptors(Molecule::from_smiles(cyclosporin))) >= 2);
}
