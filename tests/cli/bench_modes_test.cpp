// theriac bench modes and generate-speed: the drugs that are asked about, and the answers of an untrained
// network.
#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "chem/error.hpp"
#include "chem/molecule.hpp"
#include "cli/design_drugs.hpp"
#include "datasets/results_table.hpp"
#include "generative/generation_request.hpp"
#include "generative/molecule_edit.hpp"
#include "tests/cli/untrained_generator.hpp"

using Catch::Matchers::Contains;
using namespace theriac;
using chem::Molecule;

namespace {

std::vector<std::map<std::string, std::string>> rows(const std::string& file) {
  const auto cells = datasets::read_csv(datasets::read_file(untrained_folder() / file));
  std::vector<std::map<std::string, std::string>> out;
  for (std::size_t i = 1; i < cells.size(); ++i) {
    out.emplace_back();
    for (std::size_t k = 0; k < cells[i].size(); ++k) out.back()[cells[0][k]] = cells[i][k];
  }
  return out;
}

}  // namespace

TEST_CASE("each of the 20 drugs holds its scaffold and its two warheads, with something between them") {
  const auto drugs = cli::design_drugs();
  REQUIRE(drugs.size() == 20);
  std::set<std::string> molecules, names;
  for (const auto& drug : drugs) {
    INFO(drug.name);
    const Molecule molecule = Molecule::from_smiles(drug.smiles);
    molecules.insert(molecule.smiles());
    names.insert(drug.name);
    CHECK(chem::flat_smiles(molecule) == molecule.smiles());
    CHECK_THAT(drug.scaffold, Contains("[*:1]"));
    CHECK(cli::holds_piece(molecule, drug.scaffold));
    const auto linkers = cli::linker_lengths(molecule, drug.warheads);
    REQUIRE_FALSE(linkers.empty());
    CHECK(linkers.front() >= 1);
    CHECK(linkers.back() <= 8);
    generative::GenerationRequest grow, link;
    grow.scaffold = drug.scaffold;
    link.warheads = drug.warheads;
    CHECK(generative::CheckedRequest(untrained_vocabulary(), grow).given_atoms() <
          molecule.heavy_atom_count());
    CHECK(generative::CheckedRequest(untrained_vocabulary(), link).given_atoms() <
          molecule.heavy_atom_count());
    CHECK(generative::MoleculeEdits(untrained_vocabulary(), drug.smiles).ways_to_cut() > 10);
  }
  CHECK(molecules.size() == 20);
  CHECK(names.size() == 20);
}

TEST_CASE("linkers are measured between warheads that share no atom") {
  const auto lengths = [](const std::string& smiles, const std::string& a, const std::string& b) {
    return cli::linker_lengths(Molecule::from_smiles(smiles), {a, b});
  };
  CHECK(lengths("c1ccncc1CCN1CCOCC1", "[*]c1cccnc1", "[*]N1CCOCC1") == std::vector<int>{2});
  CHECK(lengths("c1ccncc1N1CCOCC1", "[*]c1cccnc1", "[*]N1CCOCC1") == std::vector<int>{0});
  CHECK(lengths("c1ccncc1CC", "[*]c1cccnc1", "[*]N1CCOCC1").empty());
  // the phenyl ring of the benzotrifluoride is no second warhead
  CHECK(lengths("c1ccccc1CCc1ccc(cc1)C(F)(F)F", "[*]c1ccccc1", "[*]c1ccc(cc1)C(F)(F)F") ==
        std::vector<int>{2});
  CHECK_FALSE(cli::holds_piece(Molecule::from_smiles("c1ccccc1C(=O)N"), "[*:1]c1ccc(cc1)C(=O)N"));
  CHECK(cli::holds_piece(Molecule::from_smiles("Cc1ccc(cc1)C(=O)N"), "[*:1]c1ccc(cc1)C(=O)N"));
}

TEST_CASE("in all modes every molecule is valid and holds what was given") {
  const auto run = run_theriac(
      "bench modes --model g.safetensors --draws 30 --drugs gefitinib,fluoxetine,quetiapine --random-policy "
      "-o m",
      untrained_folder());
  INFO(run.err);
  REQUIRE(run.exit_code == 0);
  CHECK_THAT(run.out, Contains("GenMol v2") && Contains("the drugs themselves") &&
                          Contains("random policy") && Contains("with given pieces"));
  const auto all = rows("m/modes.csv");
  REQUIRE(all.size() == 3 * 4 * 2);
  for (auto row : all) {
    INFO(row["drug"] << ", " << row["mode"] << ", " << row["source"]);
    CHECK(row["status"] == "ok");
    CHECK(row["draws"] == "30");
    CHECK(row["valid"] == "1");
    CHECK(std::stod(row["unique"]) > 0.5);
    CHECK(std::stod(row["diversity"]) > 0.1);
    if (row["mode"] == "scaffold" || row["mode"] == "link") CHECK(row["satisfied"] == "1");
  }
  const auto molecules = rows("m/molecules.csv");
  REQUIRE(molecules.size() == all.size() * 30);
  for (auto row : molecules) {
    CHECK(Molecule::from_smiles(row["smiles"]).smiles() == row["smiles"]);
    if (row["mode"] == "scaffold" && row["drug"] == "gefitinib")
      CHECK(cli::holds_piece(Molecule::from_smiles(row["smiles"]), "*Nc1ncnc2cc(OC)c(O*)cc12"));
  }
  CHECK_THAT(datasets::read_file(untrained_folder() / "m/modes.md"), Contains("scaffold decoration"));
  const std::string first = datasets::read_file(untrained_folder() / "m/molecules.csv");
  REQUIRE(run_theriac("bench modes --model g.safetensors --draws 30 --drugs gefitinib,fluoxetine,quetiapine "
                      "--random-policy -o m --cpu 1",
                      untrained_folder())
              .exit_code == 0);
  CHECK(datasets::read_file(untrained_folder() / "m/molecules.csv") == first);
}

TEST_CASE("unknown drugs and modes are met with the name that was probably meant") {
  const auto drug = run_theriac("bench modes --model g.safetensors --drugs gefitinb", untrained_folder());
  CHECK(drug.exit_code == 2);
  CHECK_THAT(drug.err, Contains("no drug 'gefitinb'") && Contains("did you mean 'gefitinib'?"));
  const auto mode = run_theriac("bench modes --model g.safetensors --modes scafold", untrained_folder());
  CHECK(mode.exit_code == 2);
  CHECK_THAT(mode.err, Contains("did you mean 'scaffold'?"));
}

TEST_CASE("the speed of generating is measured with one thread and with all, beside the random policy") {
  const auto run = run_theriac(
      "bench generate-speed --model g.safetensors --draws 100 --repeats 2 --cpu 2 -o s", untrained_folder());
  INFO(run.err);
  REQUIRE(run.exit_code == 0);
  CHECK_THAT(run.out, Contains("molecules/s") && Contains("64 lanes a batch"));
  const auto all = rows("s/speed.csv");
  REQUIRE(all.size() == 2 * 2 * 2);
  for (auto row : all) {
    CHECK(row["molecules"] == "100");
    CHECK(std::stod(row["molecules_per_second"]) > 0);
    CHECK((std::stod(row["network_seconds"]) > 0) == (row["source"] == "network"));
  }
  CHECK_THAT(datasets::read_file(untrained_folder() / "s/speed.md"), Contains("per processor second"));
}
