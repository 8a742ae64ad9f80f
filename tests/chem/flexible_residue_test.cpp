#include "chem/flexible_residue.hpp"

#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>

#include "chem/binding_box.hpp"
#include "chem/error.hpp"
#include "chem/receptor_file.hpp"
#include "chem/receptor_preparation.hpp"
#include "chem/text_file.hpp"
#include "tests/chem/ideal_peptide.hpp"

using namespace theriac;
using namespace theriac::chem;

namespace {

Receptor prepared(const std::vector<std::string>& names) {
  return prepare_receptor(parse_structure(peptide_pdb(names), "peptide.pdb")).receptor;
}

template <class Call>
std::string refusal(Call call) {
  try {
    call();
  } catch (const Error& error) {
    return std::string(error.what()) + " | " + error.hint();
  }
  return "no error";
}

std::vector<std::string> names_of(const FlexibleLigand& chain, std::size_t fragment) {
  std::vector<std::string> names;
  for (const int atom : chain.fragments[fragment].atoms)
    if (chain.atoms[atom].element > 1) names.push_back(chain.atoms[atom].name);
  return names;
}

}  // namespace

TEST_CASE("a side chain leaves the rigid receptor as a tree of its chi angles") {
  Receptor receptor = prepared({"ALA", "ILE", "ALA"});
  const std::size_t before = receptor.atoms.size();
  make_flexible(receptor, parse_residue_list("A:2"));
  REQUIRE(receptor.flexible_residues.size() == 1);
  const FlexibleResidue& residue = receptor.flexible_residues[0];
  const FlexibleLigand& chain = residue.chain;
  CHECK(residue.residue_name == "ILE");
  CHECK(chain.name == "ILE A:2");
  REQUIRE(chain.fragments.size() == 3);
  CHECK(names_of(chain, 0) == std::vector<std::string>{"CA"});
  CHECK(names_of(chain, 1) == std::vector<std::string>{"CB", "CG2"});
  CHECK(names_of(chain, 2) == std::vector<std::string>{"CG1", "CD1"});
  CHECK(chain.atoms[chain.fragments[2].axis_begin].name == "CB");
  CHECK(chain.atoms[chain.fragments[2].axis_end].name == "CG1");
  CHECK(chain.fragments[2].parent == 1);
  CHECK(chain.bonds.size() == chain.atoms.size() - 1);
  CHECK(receptor.atoms.size() + chain.atoms.size() == before);
  std::vector<std::string> left;
  for (const auto& atom : receptor.atoms)
    if (atom.residue.number == 2) left.push_back(atom.name);
  CHECK(left == std::vector<std::string>{"N", "C", "O", "H"});
}

TEST_CASE("every amino acid with chi angles can be flexible, rings stay whole") {
  for (const std::string name : {"SER", "CYS", "THR", "VAL", "LEU", "ILE", "MET", "LYS", "ARG", "ASP", "ASN",
                                 "GLU", "GLN", "PHE", "TYR", "HIS", "TRP"}) {
    INFO(name);
    Receptor receptor = prepared({"ALA", name, "ALA"});
    make_flexible(receptor, parse_residue_list("2"));
    const FlexibleLigand& chain = receptor.flexible_residues[0].chain;
    std::size_t members = 0;
    for (std::size_t f = 0; f < chain.fragments.size(); ++f) {
      members += chain.fragments[f].atoms.size();
      if (f == 0) continue;
      const auto& fragment = chain.fragments[f];
      CHECK(fragment.parent == static_cast<int>(f) - 1);
      CHECK(std::count(fragment.atoms.begin(), fragment.atoms.end(), fragment.axis_end) == 1);
      const auto& parent = chain.fragments[fragment.parent].atoms;
      CHECK(std::count(parent.begin(), parent.end(), fragment.axis_begin) == 1);
      CHECK(distance(chain.atoms[fragment.axis_begin].position, chain.atoms[fragment.axis_end].position) <
            1.9);
    }
    CHECK(members == chain.atoms.size());
  }
}

TEST_CASE("residues that cannot be flexible are refused and nothing changes") {
  Receptor receptor = prepared({"ALA", "GLY", "PRO", "SER", "ALA"});
  const std::size_t before = receptor.atoms.size();
  const auto refused = [&](const std::string& list) {
    return refusal([&] { make_flexible(receptor, parse_residue_list(list)); });
  };
  CHECK(refused("A:4,A:2") ==
        "residue A:2 (GLY) cannot be flexible: it has no chi angle to turn | leave it out; Gly, Ala and Pro "
        "are rigid");
  CHECK(refused("A:3").substr(0, 35) == "residue A:3 (PRO) cannot be flexibl");
  CHECK(refused("A:9") ==
        "no residue A:9 in peptide.pdb | nearest are A:5 (ALA), A:4 (SER), A:3 (PRO), A:2 (GLY)");
  CHECK(refused("A:4,4") == "residue A:4 is named twice among the flexible residues | ");
  CHECK(receptor.atoms.size() == before);
  CHECK(receptor.flexible_residues.empty());
  receptor.atoms.erase(std::find_if(receptor.atoms.begin(), receptor.atoms.end(),
                                    [](const auto& atom) { return atom.name == "OG"; }));
  CHECK(refused("A:4") ==
        "residue A:4 (SER) cannot be flexible: its atoms OG are missing | prepare the receptor from PDB with "
        "--fill-sidechains yes");
}

TEST_CASE("flexible residues are written and read back") {
  Receptor receptor = prepared({"ALA", "LYS", "TYR", "ALA"});
  make_flexible(receptor, parse_residue_list("A:2,A:3"));
  const std::string text = flexible_residues_pdbqt(receptor);
  const auto again = parse_flexible_residues(text, "flex.pdbqt");
  REQUIRE(again.size() == 2);
  CHECK(again[0].residue.text() == "A:2");
  CHECK(again[1].residue_name == "TYR");
  for (std::size_t r = 0; r < 2; ++r) {
    const FlexibleLigand &a = receptor.flexible_residues[r].chain, &b = again[r].chain;
    CHECK(a.heavy_atom_count() == b.heavy_atom_count());
    REQUIRE(a.fragments.size() == b.fragments.size());
    for (std::size_t f = 1; f < a.fragments.size(); ++f) {
      CHECK(a.fragments[f].parent == b.fragments[f].parent);
      CHECK(a.atoms[a.fragments[f].axis_end].name == b.atoms[b.fragments[f].axis_end].name);
    }
  }
}

TEST_CASE("bad flexible residue files are refused with the line") {
  const auto message = [](const std::string& text) {
    return refusal([&] { parse_flexible_residues(text, "flex.pdbqt"); });
  };
  CHECK(message("REMARK\n") ==
        "no flexible residues in 'flex.pdbqt' | they stand between BEGIN_RES and END_RES");
  CHECK(message("BEGIN_RES SER A 2\nROOT\n") ==
        "'flex.pdbqt' ends before END_RES | the file may have been cut short");
  CHECK(message("BEGIN_RES SER\n").substr(0, 60) ==
        "'BEGIN_RES SER' is not BEGIN_RES NAME CHAIN NUMBER (flex.pdb");
  CHECK(message("REMARK\nBEGIN_RES SER A 2\nROOT\nATOM      1  CA  SER A   2       1.000     x\n")
            .find("ends before") != std::string::npos);
  CHECK(message("REMARK\nBEGIN_RES SER A 2\nROOT\nATOM      1  CA  SER A   2       1.000     x   "
                "\nENDROOT\nEND_RES\n")
            .find("flex.pdbqt, line 4") != std::string::npos);
  CHECK(message("ATOM      1  CA  SER A   2       1.000   2.000   3.000\n").substr(0, 40) ==
        "an atom outside BEGIN_RES and END_RES (f");
}

TEST_CASE("AutoDock Vina docks beside a flexible residue that Theriac wrote") {
  if (std::system("vina --version > /dev/null 2>&1") != 0) {
    WARN("skipped: vina is not installed");
    return;
  }
  const auto folder = std::filesystem::temp_directory_path() / ("theriac_flex_" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  Receptor receptor = prepared({"ALA", "LYS", "TYR", "ALA"});
  make_flexible(receptor, parse_residue_list("A:2,A:3"));
  const std::string base = folder.string();
  write_receptor_pdbqt(receptor, base + "/rigid.pdbqt");
  write_text_file(base + "/flex.pdbqt", flexible_residues_pdbqt(receptor));
  write_text_file(
      base + "/ligand.pdbqt",
      "ROOT\nATOM      1  C   LIG A   1       5.000   5.000   5.000  1.00  0.00    +0.000 C \nENDROOT\n"
      "TORSDOF 0\n");
  const std::string command =
      "cd '" + base +
      "' && vina --receptor rigid.pdbqt --flex flex.pdbqt --ligand ligand.pdbqt --center_x 5 "
      "--center_y 5 --center_z 5 --size_x 20 --size_y 20 --size_z 20 --exhaustiveness 1 "
      "--cpu 1 --seed 1 --out out.pdbqt > log 2>&1";
  CHECK(std::system(command.c_str()) == 0);
  CHECK(read_text_file(base + "/out.pdbqt").find("BEGIN_RES LYS A") != std::string::npos);
  std::filesystem::remove_all(folder);
}
