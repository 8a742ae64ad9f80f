// The example that ships with Theriac: CDK2 with its inhibitor, PDB entry 2XNB.
#include <algorithm>
#include <catch2/catch.hpp>

#include "chem/binding_box.hpp"
#include "chem/ligand_coordinates.hpp"
#include "chem/molecule.hpp"
#include "chem/pocket.hpp"
#include "chem/receptor_preparation.hpp"
#include "chem/text_file.hpp"

using namespace theriac::chem;

namespace {

const std::string folder = THERIAC_EXAMPLES;

}  // namespace

TEST_CASE("the example receptor is CDK2, complete but for the two disordered residues") {
  const auto prepared = read_receptor(folder + "/2xnb_receptor.pdb");
  CHECK(prepared.report.residues == 296);
  CHECK(prepared.report.heavy_atoms == 2382);
  CHECK(prepared.report.missing_atoms.empty());
  CHECK(prepared.report.chain_gaps == std::vector<std::string>{"A:40 to A:43, 2 residues missing"});
  CHECK(prepared.report.removed.empty());
  CHECK(prepared.report.hydrogens_added == 2437);
}

TEST_CASE("the example ligand sits in the ATP site, bound to the hinge") {
  const auto receptor = read_receptor(folder + "/2xnb_receptor.pdb").receptor;
  const Molecule ligand = Molecule::from_mol_block(read_text_file(folder + "/2xnb_ligand.sdf"));
  CHECK(ligand.smiles() == Molecule::from_smiles("Cc1c(-c2ccnc(Nc3ccc(N4CCNCC4)cc3)n2)sc(=O)n1C").smiles());
  double nearest = 99, hinge = 99;
  for (const auto& place : ligand.coordinates())
    for (const auto& atom : receptor.atoms) {
      const double d = distance(place, atom.position);
      if (atom.element > 1) nearest = std::min(nearest, d);
      if (atom.residue.number == 83 && atom.name == "O") hinge = std::min(hinge, d);
    }
  CHECK(nearest > 2.6);
  CHECK(hinge == Approx(2.90).margin(0.01));
  CHECK(check_box(box_from_ligand_file(folder + "/2xnb_ligand.sdf"), receptor).empty());
}

TEST_CASE("the largest pocket of CDK2 is its ATP site") {
  const auto receptor = read_receptor(folder + "/2xnb_receptor.pdb").receptor;
  const Box box = box_from_pocket(receptor);
  const auto molecules = read_ligand_coordinates(folder + "/2xnb_ligand.sdf");
  for (const auto& atom : molecules.front())
    for (int axis = 0; axis < 3; ++axis) {
      CHECK(atom[axis] > box.low()[axis]);
      CHECK(atom[axis] < box.high()[axis]);
    }
}
