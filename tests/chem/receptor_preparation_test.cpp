#include "chem/receptor_preparation.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>

#include "chem/error.hpp"
#include "chem/receptor_file.hpp"
#include "chem/text_file.hpp"
#include "tests/chem/ideal_peptide.hpp"

using namespace theriac;
using namespace theriac::chem;
using Catch::Matchers::Contains;

namespace {

PreparedReceptor prepare(const std::string& pdb, const PreparationOptions& options = {}) {
  return prepare_receptor(parse_structure(pdb, "test.pdb"), options);
}

const ReceptorAtom* find(const Receptor& receptor, int number, const std::string& name) {
  for (const auto& atom : receptor.atoms)
    if (atom.residue.number == number && atom.name == name) return &atom;
  return nullptr;
}

int hydrogens_of(const Receptor& receptor, int number) {
  return static_cast<int>(std::count_if(receptor.atoms.begin(), receptor.atoms.end(), [&](const auto& atom) {
    return atom.residue.number == number && atom.element == 1;
  }));
}

std::string type_of(const Receptor& receptor, int number, const std::string& name) {
  const auto* atom = find(receptor, number, name);
  return atom ? atom->autodock_type : "absent";
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

bool contains_line(const std::vector<std::string>& lines, const std::string& wanted) {
  return std::find(lines.begin(), lines.end(), wanted) != lines.end();
}

const std::vector<std::string> twenty{"ALA", "GLY", "SER", "CYS", "THR", "VAL", "PRO",
                                      "LEU", "ILE", "MET", "LYS", "ARG", "ASP", "ASN",
                                      "GLU", "GLN", "PHE", "TYR", "HIS", "TRP", "ALA"};

}  // namespace

TEST_CASE("every amino acid gets the hydrogens of its formula at pH 7.4") {
  const std::map<std::string, int> expected{{"GLY", 3},  {"SER", 5},  {"CYS", 5},  {"THR", 7}, {"VAL", 9},
                                            {"PRO", 7},  {"LEU", 11}, {"ILE", 11}, {"MET", 9}, {"LYS", 13},
                                            {"ARG", 13}, {"ASP", 4},  {"ASN", 6},  {"GLU", 6}, {"GLN", 8},
                                            {"PHE", 9},  {"TYR", 9},  {"HIS", 7},  {"TRP", 10}};
  const auto prepared = prepare(peptide_pdb(twenty));
  for (std::size_t i = 1; i + 1 < twenty.size(); ++i) {
    INFO(twenty[i]);
    CHECK(hydrogens_of(prepared.receptor, static_cast<int>(i) + 1) == expected.at(twenty[i]));
  }
  CHECK(hydrogens_of(prepared.receptor, 1) == 7);  // NH3+, HA, three HB
  CHECK(prepared.report.residues == 21);
  CHECK(contains_line(prepared.report.termini, "A:1 ALA NH3+"));
}

TEST_CASE("hydrogens stand at bond length from one heavy atom and clear of all others") {
  const auto receptor = prepare(peptide_pdb(twenty)).receptor;
  for (const auto& hydrogen : receptor.atoms) {
    if (hydrogen.element != 1) continue;
    INFO(hydrogen.name << " " << hydrogen.residue_name);
    int bonded = 0;
    double nearest_hydrogen = 9;
    for (const auto& other : receptor.atoms) {
      const double d = distance(hydrogen.position, other.position);
      if (&other == &hydrogen) continue;
      if (other.element == 1)
        nearest_hydrogen = std::min(nearest_hydrogen, d);
      else
        bonded += d < 1.4;
    }
    CHECK(bonded == 1);
    CHECK(nearest_hydrogen > 1.5);
  }
}

TEST_CASE("AutoDock types tell aromatic carbons, acceptors and polar hydrogens") {
  const auto receptor = prepare(peptide_pdb(twenty)).receptor;
  CHECK(type_of(receptor, 17, "CZ") == "A");
  CHECK(type_of(receptor, 17, "CB") == "C");
  CHECK(type_of(receptor, 19, "ND1") == "NA");  // epsilon tautomer
  CHECK(type_of(receptor, 19, "NE2") == "N");
  CHECK(type_of(receptor, 19, "HE2") == "HD");
  CHECK(type_of(receptor, 19, "CD2") == "A");
  CHECK(type_of(receptor, 20, "HE1") == "HD");
  CHECK(type_of(receptor, 20, "NE1") == "N");
  CHECK(type_of(receptor, 20, "HZ2") == "H");
  CHECK(type_of(receptor, 10, "SD") == "SA");
  CHECK(type_of(receptor, 13, "OD1") == "OA");
  CHECK(type_of(receptor, 12, "HH11") == "HD");
  CHECK(type_of(receptor, 11, "HZ3") == "HD");
  CHECK(type_of(receptor, 5, "N") == "N");
  for (const auto& atom : receptor.atoms) CHECK(autodock_type_element(atom.autodock_type) == atom.element);
}

TEST_CASE("L amino acids keep their handedness when side chains are rebuilt") {
  for (const std::string name : {"THR", "ILE", "VAL", "LEU", "LYS", "TRP", "ARG", "HIS"}) {
    INFO(name);
    auto atoms = ideal_peptide({"ALA", name, "ALA"});
    const auto full = atoms;
    atoms.erase(std::remove_if(atoms.begin(), atoms.end(),
                               [](const auto& a) {
                                 return a.number == 2 && a.name.size() > 1 && a.name != "CA" &&
                                        a.name != "CB";
                               }),
                atoms.end());
    const auto prepared = prepare(pdb_text(atoms));
    REQUIRE(prepared.report.missing_atoms.size() == 1);
    CHECK_THAT(prepared.report.missing_atoms[0], Contains("rebuilt"));
    for (const auto& atom : full) {
      const auto* rebuilt = find(prepared.receptor, atom.number, atom.name);
      REQUIRE(rebuilt);
      // nothing hinders the first rotamer here, so the atoms come back where they were
      CHECK(distance(rebuilt->position, atom.position) < 0.01);
    }
  }
}

TEST_CASE("a side chain half present keeps its angles and gets the missing atoms") {
  auto atoms = ideal_peptide({"ALA", "VAL", "ALA"});
  const auto lost = std::find_if(atoms.begin(), atoms.end(), [](const auto& a) { return a.name == "CG2"; });
  const Vector3 place = lost->position;
  atoms.erase(lost);
  const auto prepared = prepare(pdb_text(atoms));
  CHECK(distance(find(prepared.receptor, 2, "CG2")->position, place) < 0.01);
  CHECK(prepared.report.missing_atoms[0] == "A:2 VAL: CG2, rebuilt");

  PreparationOptions leave;
  leave.fill_side_chains = false;
  const auto left = prepare(pdb_text(atoms), leave);
  CHECK(find(left.receptor, 2, "CG2") == nullptr);
  CHECK(left.report.missing_atoms[0] == "A:2 VAL: CG2, left as it is");
}

TEST_CASE("a rebuilt side chain turns away from an obstacle") {
  auto atoms = ideal_peptide({"ALA", "PHE", "ALA"});
  const auto ring = std::find_if(atoms.begin(), atoms.end(), [](const auto& a) { return a.name == "CZ"; });
  const Vector3 taken = ring->position;
  atoms.erase(std::remove_if(atoms.begin(), atoms.end(),
                             [](const auto& a) {
                               return a.number == 2 && a.name.size() > 1 && a.name != "CA" && a.name != "CB";
                             }),
              atoms.end());
  const std::string zinc = pdb_line("HETATM", "ZN", "ZN", 'A', 301, taken, "ZN");
  const auto prepared = prepare(pdb_text(atoms) + zinc);
  CHECK(distance(find(prepared.receptor, 2, "CZ")->position, taken) > 3.0);
}

TEST_CASE("the best occupied alternate is taken, or the one asked for") {
  auto atoms = ideal_peptide({"ALA", "SER", "ALA"});
  std::string pdb;
  for (const auto& atom : atoms) {
    if (atom.name != "OG") {
      pdb += pdb_text({atom});
      continue;
    }
    pdb += pdb_line("ATOM", "OG", "SER", 'A', 2, atom.position, "O", 'A', 0.4);
    pdb += pdb_line("ATOM", "OG", "SER", 'A', 2, atom.position + Vector3{0, 0.5, 0}, "O", 'B', 0.6);
  }
  const auto serine_oxygen = [](const PreparedReceptor& prepared) {
    return find(prepared.receptor, 2, "OG")->position;
  };
  const auto best = prepare(pdb);
  REQUIRE(best.report.alternates.size() == 1);
  CHECK(best.report.alternates[0] == "A:2 SER: B (0.60) of A, B");
  PreparationOptions first;
  first.alternate = 'A';
  CHECK(distance(serine_oxygen(best), serine_oxygen(prepare(pdb, first))) == Approx(0.5).margin(0.002));
}

TEST_CASE("selenomethionine becomes methionine and phosphoserine stays") {
  std::string pdb = peptide_pdb({"ALA", "MET", "SEP", "ALA"});
  for (std::size_t at; (at = pdb.find("SD  MET")) != std::string::npos;) pdb.replace(at, 7, "SE  MSE");
  for (std::size_t at; (at = pdb.find("MET")) != std::string::npos;) pdb.replace(at, 3, "MSE");
  const auto prepared = prepare(pdb);
  CHECK(prepared.report.mapped == std::vector<std::string>{"A:2 MSE taken as MET"});
  CHECK(type_of(prepared.receptor, 2, "SD") == "SA");
  CHECK(type_of(prepared.receptor, 3, "P") == "P");
  CHECK(hydrogens_of(prepared.receptor, 3) == 4);
  CHECK(prepared.report.chain_gaps.empty());
}

TEST_CASE("waters, ions and ligands go, metals and cofactors stay, and all is listed") {
  const std::string groups = pdb_line("HETATM", "O", "HOH", 'A', 401, {10, 10, 10}, "O") +
                             pdb_line("HETATM", "O", "HOH", 'A', 402, {14, 10, 10}, "O") +
                             pdb_line("HETATM", "ZN", "ZN", 'A', 301, {0, 10, 0}, "ZN") +
                             pdb_line("HETATM", "CL", "CL", 'A', 302, {30, 0, 0}, "CL") +
                             pdb_line("HETATM", "C1", "LIG", 'A', 303, {30, 20, 0}, "C");
  const std::string pdb = peptide_pdb({"ALA", "SER", "ALA"}) + groups;
  const auto prepared = prepare(pdb);
  CHECK(prepared.report.removed ==
        std::vector<std::pair<std::string, int>>{{"CL", 1}, {"HOH", 2}, {"LIG", 1}});
  CHECK(prepared.report.kept == std::vector<std::string>{"ZN A:301, metal"});
  CHECK(type_of(prepared.receptor, 301, "ZN") == "Zn");
  CHECK(prepared.report.summary()[1].substr(0, 33) == "removed 2 waters, 1 CL, 1 LIG; ad");

  PreparationOptions options;
  options.keep_het = std::vector<std::string>{"CL"};
  options.waters = WaterRule::all;
  const auto other = prepare(pdb, options);
  CHECK(type_of(other.receptor, 302, "CL") == "Cl");
  CHECK(find(other.receptor, 301, "ZN") == nullptr);
  CHECK(hydrogens_of(other.receptor, 401) == 2);

  options = {};
  options.site = Box{{10, 10, 10}, {4, 4, 4}, ""};
  options.waters = WaterRule::near_site;
  options.water_distance = 1.0;
  const auto near = prepare(pdb, options);
  CHECK(near.report.kept.empty());  // the zinc is 8 angstrom from the site
  CHECK(hydrogens_of(near.receptor, 401) == 2);
  CHECK(hydrogens_of(near.receptor, 402) == 0);
}

TEST_CASE("a ligand of interest is taken out even when it is a cofactor") {
  std::string pdb = peptide_pdb({"ALA", "SER", "ALA"}) +
                    pdb_line("HETATM", "C1", "ADP", 'A', 303, {30, 20, 0}, "C") +
                    pdb_line("HETATM", "C2", "ADP", 'A', 303, {31.5, 20, 0}, "C");
  CHECK(find(prepare(pdb).receptor, 303, "C1") != nullptr);
  PreparationOptions options;
  options.take_out.push_back(parse_residue_selection("ADP"));
  CHECK(find(prepare(pdb, options).receptor, 303, "C1") == nullptr);
}

TEST_CASE("a histidine gives its hydrogen to an acceptor and leaves a metal free") {
  const auto atoms = ideal_peptide({"ALA", "HIS", "ALA"});
  const auto at = [&](const std::string& name) {
    return std::find_if(atoms.begin(), atoms.end(),
                        [&](const auto& a) { return a.number == 2 && a.name == name; })
        ->position;
  };
  const auto beyond = [&](const char* n, const char* left, const char* right, double length) {
    return at(n) + length * unit(2.0 * at(n) - at(left) - at(right));
  };
  const Vector3 delta = beyond("ND1", "CG", "CE1", 2.8), epsilon = beyond("NE2", "CD2", "CE1", 2.1);
  const auto state = [](const PreparedReceptor& p) { return p.report.histidines.at(0); };

  CHECK(state(prepare(pdb_text(atoms))) == "A:2 HIE: ND1 faces nothing, NE2 nothing");
  const std::string carbonyl =
      pdb_line("ATOM", "O", "GLY", 'B', 1, delta, "O") +
      pdb_line("ATOM", "C", "GLY", 'B', 1, delta + 1.23 * unit(delta - at("ND1")), "C");
  CHECK(state(prepare(pdb_text(atoms) + carbonyl)) == "A:2 HID: ND1 faces 1 acceptor, NE2 nothing");
  const std::string zinc = pdb_line("HETATM", "ZN", "ZN", 'A', 301, epsilon, "ZN");
  const auto bound = prepare(pdb_text(atoms) + zinc);
  CHECK(state(bound) == "A:2 HID: ND1 faces nothing, NE2 metal");
  CHECK(type_of(bound.receptor, 2, "NE2") == "NA");

  PreparationOptions options;
  options.states = parse_residue_states("A:2=HIP");
  const auto charged = prepare(pdb_text(atoms), options);
  CHECK(hydrogens_of(charged.receptor, 2) == 8);
  CHECK(state(charged) == "A:2 HIP: given");
}

TEST_CASE("disulfides lose their hydrogens, a metal-bound cysteine too") {
  const auto first = ideal_peptide({"ALA", "CYS", "ALA"});
  const auto sulphur =
      std::find_if(first.begin(), first.end(), [](const auto& a) { return a.name == "SG"; })->position;
  auto second = ideal_peptide({"ALA", "CYS", "ALA"});
  for (auto& atom : second)
    atom.position = 2.0 * sulphur + Vector3{0, 2.03, 0} - atom.position;  // a mirror image at 2.03
  const auto prepared = prepare(pdb_text(first) + pdb_text(second, 'B'));
  CHECK(prepared.report.disulfides == std::vector<std::string>{"A:2 - B:2"});
  CHECK(find(prepared.receptor, 2, "HG") == nullptr);

  const std::string zinc = pdb_line("HETATM", "ZN", "ZN", 'A', 301, sulphur + Vector3{0, 2.3, 0}, "ZN");
  const auto thiolate = prepare(pdb_text(first) + zinc);
  CHECK(find(thiolate.receptor, 2, "HG") == nullptr);
  CHECK(thiolate.report.protonation == std::vector<std::string>{"A:2 CYS thiolate, binds a metal"});
  CHECK(find(prepare(pdb_text(first)).receptor, 2, "HG") != nullptr);
}

TEST_CASE("two acids that touch share a proton") {
  const auto first = ideal_peptide({"ALA", "ASP", "ALA"});
  const auto oxygen =
      std::find_if(first.begin(), first.end(), [](const auto& a) { return a.name == "OD2"; })->position;
  const auto carbon =
      std::find_if(first.begin(), first.end(), [](const auto& a) { return a.name == "CG"; })->position;
  auto second = first;
  for (auto& atom : second) atom.position = 2.0 * oxygen + 2.6 * unit(oxygen - carbon) - atom.position;
  const auto prepared = prepare(pdb_text(first) + pdb_text(second, 'B'));
  REQUIRE(prepared.report.protonation.size() == 1);
  CHECK(prepared.report.protonation[0] == "A:2 ASP neutral, shares its proton with B:2 ASP (2.6 A)");
  CHECK(type_of(prepared.receptor, 2, "HD2") == "HD");
}

TEST_CASE("the pH moves acids and lysines") {
  const std::string pdb = peptide_pdb({"ALA", "ASP", "LYS", "HIS", "ALA"});
  PreparationOptions acid, base;
  acid.ph = 3.0;
  base.ph = 11.0;
  const auto low = prepare(pdb, acid), high = prepare(pdb, base);
  CHECK(hydrogens_of(low.receptor, 2) == 5);
  CHECK(hydrogens_of(low.receptor, 4) == 8);
  CHECK(hydrogens_of(high.receptor, 3) == 12);
  CHECK(hydrogens_of(high.receptor, 1) == 6);  // NH2
}

TEST_CASE("a hydroxyl turns to the acceptor beside it") {
  const auto atoms = ideal_peptide({"ALA", "SER", "ALA"});
  const auto oxygen =
      std::find_if(atoms.begin(), atoms.end(), [](const auto& a) { return a.name == "OG"; })->position;
  const auto carbon = std::find_if(atoms.begin(), atoms.end(), [](const auto& a) {
                        return a.number == 2 && a.name == "CB";
                      })->position;
  const Vector3 acceptor = place_atom(carbon + Vector3{0, 0, 1}, carbon, oxygen, 2.8, 109.5, 65);
  const std::string carbonyl =
      pdb_line("ATOM", "O", "GLY", 'B', 1, acceptor, "O") +
      pdb_line("ATOM", "C", "GLY", 'B', 1, acceptor + 1.23 * unit(acceptor - oxygen), "C");
  const auto prepared = prepare(pdb_text(atoms) + carbonyl);
  CHECK(distance(find(prepared.receptor, 2, "HG")->position, acceptor) < 2.0);
}

TEST_CASE("hydrogens of the file are replaced unless they are asked for") {
  const auto built = prepare(peptide_pdb(twenty));
  const std::string with_hydrogens = receptor_pdb(built.receptor);
  const auto again = prepare(with_hydrogens);
  CHECK(again.report.hydrogens_dropped == built.report.hydrogens_added);
  CHECK(again.report.hydrogens_added == built.report.hydrogens_added);

  PreparationOptions keep;
  keep.keep_hydrogens = true;
  const auto kept = prepare(with_hydrogens, keep);
  CHECK(kept.report.hydrogens_added == 0);
  CHECK(kept.receptor.atoms.size() == built.receptor.atoms.size());
  CHECK(type_of(kept.receptor, 19, "ND1") == "NA");
}

TEST_CASE("gaps, insertion codes and several models are in the report") {
  auto atoms = ideal_peptide({"ALA", "SER", "GLY", "ALA"});
  atoms.erase(std::remove_if(atoms.begin(), atoms.end(), [](const auto& a) { return a.number == 3; }),
              atoms.end());
  std::string pdb = pdb_text(atoms);
  const auto prepared = prepare("MODEL        1\n" + pdb + "ENDMDL\nMODEL        2\n" + pdb + "ENDMDL\n");
  CHECK(prepared.report.chain_gaps == std::vector<std::string>{"A:2 to A:4, 1 residue missing"});
  CHECK_THAT(prepared.report.text(), Contains("first of 2 models"));
  CHECK(hydrogens_of(prepared.receptor, 4) == 5);  // the N behind the gap is neutral

  for (std::size_t at; (at = pdb.find("SER A   2 ")) != std::string::npos;) pdb.replace(at, 10, "SER A   1A");
  CHECK(prepare(pdb).report.insertion_codes == std::vector<std::string>{"A:1A"});
}

TEST_CASE("chains are chosen, and copies recognised") {
  const auto atoms = ideal_peptide({"ALA", "SER", "ALA"});
  auto far = atoms;
  for (auto& atom : far) atom.position = atom.position + Vector3{0, 0, 50};
  const std::string pdb = pdb_text(atoms) + pdb_text(far, 'B');
  PreparationOptions options;
  options.chains = {"A"};
  const auto prepared = prepare(pdb, options);
  CHECK(prepared.report.residues == 3);
  CHECK(prepared.report.summary()[0] == "test.pdb: chain A of A,B (2 identical copies), 3 residues, pH 7.4");
  options.chains = {"C"};
  CHECK(refusal([&] { prepare(pdb, options); }) == "no protein chain 'C' in test.pdb | its chains are A, B");
}

TEST_CASE("what cannot be a receptor is refused") {
  std::string alphas;
  for (int i = 1; i <= 5; ++i) alphas += pdb_line("ATOM", "CA", "ALA", 'A', i, {3.8 * i, 0, 0}, "C");
  CHECK(refusal([&] { prepare(alphas); }) ==
        "only CA atoms in test.pdb (5 residues) | docking needs all atoms: take the full entry, or rebuild "
        "main and "
        "side chains first");
  CHECK(refusal([&] {
          prepare(pdb_line("HETATM", "C1", "LIG", 'A', 1, {0, 0, 0}, "C"));
        }) == "no protein residues in test.pdb | a receptor needs at least one amino-acid chain");
  const std::string pdb = peptide_pdb({"ALA", "HIS", "ALA"});
  PreparationOptions options;
  options.states = parse_residue_states("A:2=HIX");
  CHECK(refusal([&] { prepare(pdb, options); }) ==
        "unknown protonation state 'HIX' for residue A:2 | known are HID HIE HIP ASP ASH GLU GLH LYS LYN CYS "
        "CYM");
  options.states = parse_residue_states("A:3=HID");
  CHECK(refusal([&] { prepare(pdb, options); }) == "residue A:3 is ALA, which has no state 'HID' | ");
  options.states = parse_residue_states("A:9=HID");
  CHECK(refusal([&] { prepare(pdb, options); }) == "no residue A:9 to give the state 'HID' | ");
  CHECK(refusal([] { parse_residue_states("A:9"); }) ==
        "'A:9' is not CHAIN:NUMBER=STATE | for example A:41=HIE");
}

TEST_CASE("a PDBQT receptor is not prepared again") {
  const auto taken = read_receptor(THERIAC_TEST_DATA "/zinc_site.pdbqt");
  CHECK_FALSE(taken.report.prepared);
  CHECK(taken.receptor.atoms.size() == 14);
  CHECK(taken.report.text() == "zinc_site.pdbqt: PDBQT, taken as it is, 12 heavy atoms\n");
}

TEST_CASE("AutoDock Vina loads a prepared receptor") {
  if (std::system("vina --version > /dev/null 2>&1") != 0) {
    WARN("skipped: vina is not installed");
    return;
  }
  const auto folder =
      std::filesystem::temp_directory_path() / ("theriac_vina_" + std::to_string(std::rand()));
  std::filesystem::create_directories(folder);
  const std::string base = folder.string();
  write_receptor_pdbqt(prepare(peptide_pdb(twenty)).receptor, base + "/receptor.pdbqt");
  write_text_file(
      base + "/ligand.pdbqt",
      "ROOT\nATOM      1  C   LIG A   1       5.000   5.000   5.000  1.00  0.00    +0.000 C \nENDROOT\n"
      "TORSDOF 0\n");
  const std::string command = "vina --receptor " + base + "/receptor.pdbqt --ligand " + base +
                              "/ligand.pdbqt --score_only --center_x 5 --center_y 5 --center_z 5 --size_x 20 "
                              "--size_y 20 --size_z 20 > " +
                              base + "/log 2>&1";
  CHECK(std::system(command.c_str()) == 0);
  CHECK_THAT(read_text_file(base + "/log"), Contains("Estimated Free Energy of Binding"));
  std::filesystem::remove_all(folder);
}
