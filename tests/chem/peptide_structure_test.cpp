#include "chem/peptide_structure.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "chem/conformer.hpp"
#include "chem/error.hpp"
#include "chem/peptide_recognition.hpp"

using namespace theriac;
using namespace theriac::chem;

TEST_CASE("a chain of all twenty residues is the molecule that RDKit makes of the sequence") {
  // RDKit 2022.09.3, MolToSmiles(MolFromSequence("ACDEFGHIKLMNPQRSTVWY"))
  CHECK(
      peptide_molecule("ACDEFGHIKLMNPQRSTVWY").smiles() ==
      "CC[C@H](C)[C@H](NC(=O)[C@H](Cc1c[nH]cn1)NC(=O)CNC(=O)[C@H](Cc1ccccc1)NC(=O)[C@H](CCC(=O)O)NC(=O)[C@H]("
      "CC(=O)O)NC(=O)[C@H](CS)NC(=O)[C@H](C)N)C(=O)N[C@@H](CCCCN)C(=O)N[C@@H](CC(C)C)C(=O)N[C@@H](CCSC)C(=O)"
      "N["
      "C@@H](CC(N)=O)C(=O)N1CCC[C@H]1C(=O)N[C@@H](CCC(N)=O)C(=O)N[C@@H](CCCNC(=N)N)C(=O)N[C@@H](CO)C(=O)N[C@"
      "H]("
      "C(=O)N[C@H](C(=O)N[C@@H](Cc1c[nH]c2ccccc12)C(=O)N[C@@H](Cc1ccc(O)cc1)C(=O)O)C(C)C)[C@@H](C)O");
}

TEST_CASE("every residue alone is the amino acid") {
  // RDKit 2022.09.3, MolToSmiles(MolFromSequence(letter))
  const std::pair<const char*, const char*> acids[] = {{"A", "C[C@H](N)C(=O)O"},
                                                       {"C", "N[C@@H](CS)C(=O)O"},
                                                       {"G", "NCC(=O)O"},
                                                       {"H", "N[C@@H](Cc1c[nH]cn1)C(=O)O"},
                                                       {"I", "CC[C@H](C)[C@H](N)C(=O)O"},
                                                       {"P", "O=C(O)[C@@H]1CCCN1"},
                                                       {"T", "C[C@@H](O)[C@H](N)C(=O)O"},
                                                       {"W", "N[C@@H](Cc1c[nH]c2ccccc12)C(=O)O"}};
  for (const auto& [letter, smiles] : acids) CHECK(peptide_molecule(letter).smiles() == smiles);
}

TEST_CASE("cyclo-RGDFV, oxytocin and capped ends equal RDKit's molecules from HELM") {
  // PEPTIDE1{R.G.D.F.V}$PEPTIDE1,PEPTIDE1,5:R2-1:R1$$$
  PeptideForm ring;
  ring.head_to_tail = true;
  CHECK(peptide_molecule("RGDFV", ring).smiles() ==
        "CC(C)[C@@H]1NC(=O)[C@H](Cc2ccccc2)NC(=O)[C@H](CC(=O)O)NC(=O)CNC(=O)[C@H](CCCNC(=N)N)NC1=O");
  CHECK(peptide_molecule("VRGDF", ring).smiles() == peptide_molecule("RGDFV", ring).smiles());
  // PEPTIDE1{C.Y.I.Q.N.C.P.L.G.[am]}$PEPTIDE1,PEPTIDE1,1:R3-6:R3$$$
  PeptideForm oxytocin;
  oxytocin.disulfides = single_disulfide("CYIQNCPLG");
  oxytocin.amide_c = true;
  CHECK(peptide_molecule("CYIQNCPLG", oxytocin).smiles() ==
        "CC[C@H](C)[C@@H]1NC(=O)[C@H](Cc2ccc(O)cc2)NC(=O)[C@@H](N)CSSC[C@@H](C(=O)N2CCC[C@H]2C(=O)N[C@@H](CC("
        "C)C)C("
        "=O)NCC(N)=O)NC(=O)[C@H](CC(N)=O)NC(=O)[C@H](CCC(N)=O)NC1=O");
  // PEPTIDE1{[ac].A.P.G.[am]}$$$$
  PeptideForm capped;
  capped.acetyl_n = capped.amide_c = true;
  CHECK(peptide_molecule("APG", capped).smiles() == "CC(=O)N[C@@H](C)C(=O)N1CCC[C@H]1C(=O)NCC(N)=O");
}

TEST_CASE("proline may close a ring, and closed rings may hold a disulfide") {
  PeptideForm form;
  form.head_to_tail = true;
  form.disulfides = {{2, 5}};
  const Molecule both = peptide_molecule("PCGGCF", form);
  CHECK(both.smiles().find("SS") != std::string::npos);
  CHECK(both.heavy_atom_count() == 7 + 6 + 4 + 4 + 6 + 11);
}

TEST_CASE("a molecule tells which peptide it is") {
  PeptideForm ring, bridge, capped;
  ring.head_to_tail = true;
  bridge.disulfides = {{1, 6}};
  capped.acetyl_n = capped.amide_c = true;
  const std::string all = "ACDEFGHIKLMNPQRSTVWY";
  for (const auto& form : {PeptideForm{}, capped})
    CHECK(peptide_residues(peptide_molecule(all, form)) == all);
  CHECK(peptide_residues(peptide_molecule("RGDFV", ring)) == "DFVRG");
  CHECK(peptide_residues(peptide_molecule("CYIQNCPLG", bridge)) == "CYIQNCPLG");
  for (const char* smiles : {"c1ccccc1", "CC(=O)Oc1ccccc1C(=O)O", "NC(C)(C)C(=O)NCC(=O)O", "NCCC(=O)O"})
    CHECK_THROWS_AS(peptide_residues(Molecule::from_smiles(smiles)), InputError);
}

TEST_CASE("a short peptide gets 3D coordinates, open and closed") {
  PeptideForm ring;
  ring.head_to_tail = true;
  for (const auto& form : {PeptideForm{}, ring}) {
    const Molecule with_3d = embedded(peptide_molecule("GPF", form));
    CHECK(with_3d.has_3d());
    CHECK(stereo_is_kept(with_3d));
  }
}

TEST_CASE("impossible peptides are refused with the reason") {
  PeptideForm ring;
  ring.head_to_tail = true;
  CHECK_THROWS_WITH(peptide_smiles("AG", ring), Catch::Contains("too short to be closed"));
  ring.amide_c = true;
  CHECK_THROWS_AS(peptide_smiles("AGAG", ring), UsageError);
  CHECK_THROWS_WITH(single_disulfide("CAC"
                                     "C"),
                    "'CACC' has 3 cysteines; a disulfide needs exactly 2");
  PeptideForm bridge;
  bridge.disulfides = {{1, 2}};
  CHECK_THROWS_WITH(peptide_smiles("CAC", bridge), "no cysteine at position 2 of 'CAC' for a disulfide");
  bridge.disulfides = {{1, 3}, {3, 1}};
  CHECK_THROWS_WITH(peptide_smiles("CAC", bridge), Catch::Contains("two disulfides"));
  CHECK_THROWS_AS(peptide_smiles(std::string(61, 'A')), InputError);
  CHECK_THROWS_AS(peptide_smiles("AXA"), InputError);
}
