// theriac train and generate as a user runs them.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "chem/substructure.hpp"
#include "datasets/results_table.hpp"
#include "tests/cli/transcript.hpp"

using Catch::Matchers::Contains;

namespace {

const std::string tiny =
    "train generator --hidden 16 --layers 1 --embedding 16 --batch 16 --epochs 2 --validate_every 5 --motifs "
    "64 "
    "--patience 0 --cpu 1 ";

/// Trained once for all cases.
const TemporaryFolder& trained() {
  static const TemporaryFolder folder;
  static const auto run = run_theriac(tiny + "--data " + THERIAC_STARTER_MOLECULES + " -o g", folder);
  INFO(run.err);
  REQUIRE(run.exit_code == 0);
  return folder;
}

std::vector<std::vector<std::string>> rows(const TemporaryFolder& folder, const std::string& file) {
  return theriac::datasets::read_csv(theriac::datasets::read_file(folder / file));
}

}  // namespace

TEST_CASE("a generator is trained, described in a card, and the same command changes nothing more") {
  const auto& folder = trained();
  const std::string weights = theriac::datasets::read_file(folder / "g/generator.safetensors");
  CHECK_THAT(theriac::datasets::read_file(folder / "g/card.md"),
             Contains("validation_nats_per_molecule") && Contains("training_molecules | 221"));
  CHECK(rows(folder, "g/curve.csv").size() > 2);
  const auto again = run_theriac(tiny + "--data " + THERIAC_STARTER_MOLECULES + " -o g", folder);
  CHECK(again.exit_code == 0);
  const auto other = run_theriac(tiny + "--rate 0.01 --data " + THERIAC_STARTER_MOLECULES + " -o g", folder);
  CHECK(other.exit_code == 6);
  CHECK_THAT(other.err, Contains("made with rate 0.001, now it is 0.01"));
}

TEST_CASE("molecules are generated, unique, the same in whole and in part") {
  const auto& folder = trained();
  const auto run =
      run_theriac("generate --model g/generator.safetensors -n 60 -o a.csv --properties", folder);
  INFO(run.err);
  REQUIRE(run.exit_code == 0);
  const auto all = rows(folder, "a.csv");
  REQUIRE(all.size() == 61);
  CHECK(all[0][3] == "mw");
  std::set<std::string> seen;
  for (std::size_t i = 1; i < all.size(); ++i) seen.insert(all[i][1]);
  CHECK(seen.size() == 60);
  REQUIRE(run_theriac("generate --model g/generator.safetensors -n 20 -o b.csv --properties --cpu 1", folder)
              .exit_code == 0);
  const auto some = rows(folder, "b.csv");
  for (std::size_t i = 0; i < some.size(); ++i) CHECK(some[i] == all[i]);
}

TEST_CASE("one JSON object stands on standard output after generating or preparing or training") {
  const auto& folder = trained();
  const auto made = run_theriac("generate --model g/generator.safetensors -n 7 -o j.csv --json", folder);
  CHECK(made.exit_code == 0);
  const auto molecules = nlohmann::json::parse(made.out);
  CHECK(molecules["schema"] == "theriac.result/1");
  CHECK(molecules["command"] == "generate");
  CHECK(molecules["molecules"] == 7);
  CHECK(molecules["drawn"] >= 7);
  CHECK(molecules["exit_code"] == 0);
  CHECK(run_theriac("generate --model g/generator.safetensors -n 7 -o k.csv", folder).out.empty());

  const auto ready = run_theriac("prepare --smiles 'CCO ethanol' -o ready.sdf --json", folder);
  CHECK(nlohmann::json::parse(ready.out)["records"] == 1);

  const auto learned = run_theriac(tiny + "--json --data " + THERIAC_STARTER_MOLECULES + " -o g", folder);
  INFO(learned.err);
  CHECK(learned.exit_code == 0);
  const auto training = nlohmann::json::parse(learned.out);
  CHECK(training["command"] == "train");
  CHECK(training["task"] == "generator");
  CHECK(training["finished"] == true);
  CHECK(training["steps"] > 0);
}

TEST_CASE("ranges, scaffolds, linkers and stereoisomers are what was asked for") {
  const auto& folder = trained();
  const std::string generate = "generate --model g/generator.safetensors ";
  REQUIRE(run_theriac(generate + "-n 20 --mw 150:300 -o mw.csv", folder).exit_code == 0);
  const auto light = rows(folder, "mw.csv");
  for (std::size_t i = 1; i < light.size(); ++i) {
    CHECK(std::stod(light[i][3]) >= 150);
    CHECK(std::stod(light[i][3]) <= 300);
  }
  REQUIRE(
      run_theriac(generate + "-n 20 --scaffold '[*:1]c1ccc(cc1)C(=O)N[*:2]' --optional 2 -o s.csv", folder)
          .exit_code == 0);
  const theriac::chem::SubstructurePattern scaffold("*c1ccc(cc1)C(=O)N");
  const auto grown = rows(folder, "s.csv");
  for (std::size_t i = 1; i < grown.size(); ++i)
    CHECK(scaffold.matches(theriac::chem::Molecule::from_smiles(grown[i][1])));
  REQUIRE(
      run_theriac(generate + "-n 10 --link '[*]c1ccncc1' '[*]N1CCOCC1' --max_linker 5 --stereo 4 -o l.csv",
                  folder)
          .exit_code == 0);
  const theriac::chem::SubstructurePattern pyridine("c1ccncc1"), morpholine("N1CCOCC1");
  const auto linked = rows(folder, "l.csv");
  CHECK(linked.size() >= 11);
  for (std::size_t i = 1; i < linked.size(); ++i) {
    const auto molecule = theriac::chem::Molecule::from_smiles(linked[i][1]);
    CHECK(pyridine.matches(molecule));
    CHECK(morpholine.matches(molecule));
  }
}

TEST_CASE("requests that cannot be fulfilled are refused before anything is grown") {
  const auto& folder = trained();
  const std::string generate = "generate --model g/generator.safetensors -n 5 -o no.csv ";
  const auto refused = [&](const std::string& request, int code, const std::string& message) {
    const auto run = run_theriac(generate + request, folder);
    INFO(request << "\n" << run.err);
    CHECK(run.exit_code == code);
    CHECK_THAT(run.err, Contains(message));
  };
  refused("--scaffold c1ccccc1", 2, "attachment point");
  refused("--scaffold '[*:1]c1ccc([SeH])cc1'", 3, "Se");
  refused("--scaffold 'c1cc(C'", 3, "c1cc(C");
  refused("--mw 400:300", 2, "nothing lies in the range");
  refused("--mw heavy", 2, "no ':'");
  refused("--min_atoms 40 --max_atoms 20", 2, "40");
  refused("--link '[*]c1ccncc1' 'N1CCOCC1'", 2, "attachment point");
  CHECK_FALSE(std::ifstream(folder / "no.csv").good());
  const auto absent = run_theriac("generate --model none.safetensors -n 5 -o no.csv", folder);
  CHECK(absent.exit_code == 3);
  std::ofstream(folder / "broken.safetensors") << "not weights at all";
  const auto broken = run_theriac("generate --model broken.safetensors -n 5 -o no.csv", folder);
  CHECK(broken.exit_code == 6);
}

TEST_CASE("a corpus with garbage trains on the rest and says what it left out, and an empty one is refused") {
  const TemporaryFolder folder;
  {
    std::ifstream in(THERIAC_STARTER_MOLECULES);
    std::ofstream out(folder / "dirty.smi");
    std::string line;
    for (int i = 0; std::getline(in, line); ++i) out << (i % 20 == 3 ? "C1CC(( broken" : line) << "\n";
    std::ofstream(folder / "empty.smi");
  }
  const auto dirty = run_theriac(tiny + "--data dirty.smi -o d", folder);
  INFO(dirty.err);
  CHECK(dirty.exit_code == 0);
  CHECK_THAT(dirty.err, Contains("unreadable") && Contains("dirty.smi, line 4"));
  const auto empty = run_theriac(tiny + "--data empty.smi -o e", folder);
  CHECK(empty.exit_code == 3);
  CHECK_THAT(empty.err, Contains("empty.smi"));
}

TEST_CASE("LibTorch is loaded by commands that need it, and by no other") {
  const auto& folder = trained();
  const auto loads = [&](const std::string& arguments) {
    const auto run = run_theriac(arguments, folder, "LD_DEBUG=files");
    CHECK_THAT(run.err, Contains("libtbb.so"));  // the list is there
    return run.err.find("libtorch_cpu.so") != std::string::npos;
  };
  CHECK_FALSE(loads("--version"));
  CHECK_FALSE(loads("generate --help"));
  CHECK_FALSE(loads("dock -r none.pdb -l none.smi"));
  CHECK_FALSE(loads("model info g/generator.safetensors"));
  CHECK_FALSE(loads("generate --model g/generator.safetensors -n 1 -o one.csv"));
  CHECK(loads(tiny + "--data " + THERIAC_STARTER_MOLECULES + " -o loads"));
}

TEST_CASE("without the library of networks, the commands that need it say what is missing") {
  const auto& folder = trained();
  const std::string absent = "THERIAC_NETWORKS=/no/such/libtheriac_networks.so";
  const auto run = run_theriac(tiny + "--data " + THERIAC_STARTER_MOLECULES + " -o n", folder, absent);
  CHECK(run.exit_code == 6);
  CHECK(run_theriac("generate --model g/generator.safetensors -n 5 -o n.csv", folder, absent).exit_code == 0);
  CHECK_THAT(run.err, Contains("there is no '/no/such/libtheriac_networks.so'") && Contains("hint: build"));
  const auto doctor = run_theriac("doctor", folder, absent);
  CHECK(doctor.exit_code == 0);
  CHECK_THAT(doctor.out, Contains("- neural networks") && Contains("-> build with scripts/build"));
  CHECK_THAT(run_theriac("doctor", folder).out,
             Contains("LibTorch") && Contains("lib/theriac/libtheriac_networks.so"));
}

TEST_CASE("a molecule is cut and grown anew within bounds, alike with one thread and with two") {
  const auto& folder = trained();
  const std::string generate = "generate --model g/generator.safetensors -n 40 ";
  const std::string drug = "CN1CCN(CC1)c1ccc(cc1)C(=O)Nc1ccncc1";
  const std::string edit =
      "--optimise '" + drug + "' --keep 'c1ccccc1C(=O)N' --min_similarity 0.45 --max_cut 9 ";
  const auto run = run_theriac(generate + edit + "-o e.csv --cpu 2", folder);
  INFO(run.err);
  REQUIRE(run.exit_code == 0);
  CHECK_THAT(run.err, Contains("ways to cut") && Contains("outside the bounds of similarity"));
  const auto all = rows(folder, "e.csv");
  REQUIRE(all.size() == 41);
  CHECK(all[0] == std::vector<std::string>{"name", "smiles", "log_likelihood", "similarity", "kept_atoms",
                                           "replaced", "replacement"});
  const theriac::chem::SubstructurePattern kept("c1ccccc1C(=O)N");
  for (std::size_t i = 1; i < all.size(); ++i) {
    INFO(all[i][1]);
    CHECK(kept.matches(theriac::chem::Molecule::from_smiles(all[i][1])));
    CHECK(std::stod(all[i][3]) >= 0.45);
    CHECK(std::stoi(all[i][4]) >= 22 - 9);
    CHECK_THAT(all[i][5], Contains("[*:1]"));
    CHECK_THAT(all[i][6], Contains("[*:1]"));
  }
  REQUIRE(run_theriac(generate + edit + "-o f.csv --cpu 1", folder).exit_code == 0);
  CHECK(theriac::datasets::read_file(folder / "e.csv") == theriac::datasets::read_file(folder / "f.csv"));
  std::ofstream(folder / "drug.smi") << drug << " d\n";
  REQUIRE(run_theriac(generate + "--optimise drug.smi -o h.csv --mw 200:350 --stereo 2", folder).exit_code ==
          0);
  for (const auto& row : rows(folder, "h.csv"))
    if (row[0] != "name") CHECK(std::stod(row[7]) <= 350);
}

TEST_CASE("molecules that cannot be optimised are refused with a remedy") {
  const auto& folder = trained();
  const auto refused = [&](const std::string& request, int code, const std::string& message) {
    const auto run =
        run_theriac("generate --model g/generator.safetensors -n 5 -o no.csv " + request, folder);
    INFO(request << "\n" << run.err);
    CHECK(run.exit_code == code);
    CHECK_THAT(run.err, Contains(message));
  };
  refused("--optimise CC[Se]C", 3, "(Se) is not in the vocabulary");
  refused("--optimise absent.sdf", 3, "absent.sdf");
  refused("--optimise c1ccccc1", 2, "no single bond outside rings");
  refused("--optimise CCO --scaffold '[*:1]C'", 2, "--scaffold and --optimise exclude each other");
  refused("--optimise CCO --link '[*]C' '[*]N'", 2, "--link and --optimise exclude each other");
  refused("--optimise CCO --keep S", 2, "does not match");
  refused("--optimise CCO --min_similarity 0.9 --max_similarity 0.2", 2, "contradict each other");
  refused("--optimise CCO --min_similarity 2", 2, "min_similarity");
  refused("--keep CCO", 2, "--optimise");
  std::ofstream(folder / "two.smi") << "CCO a\nCCN b\n";
  refused("--optimise two.smi", 2, "more than one molecule");
  CHECK_FALSE(std::ifstream(folder / "no.csv").good());
}

TEST_CASE("legal actions at random give valid molecules without a likelihood") {
  const auto& folder = trained();
  const auto run = run_theriac(
      "generate --model g/generator.safetensors -n 50 --random-policy --scaffold '[*:1]c1ccccc1' -o r.csv",
      folder);
  INFO(run.err);
  REQUIRE(run.exit_code == 0);
  const auto table = rows(folder, "r.csv");
  REQUIRE(table.size() == 51);
  const theriac::chem::SubstructurePattern benzene("c1ccccc1");
  for (std::size_t i = 1; i < table.size(); ++i) {
    CHECK(benzene.matches(theriac::chem::Molecule::from_smiles(table[i][1])));
    CHECK(table[i][2].empty());
  }
  const auto both = run_theriac(
      "generate --model g/generator.safetensors -n 5 --random-policy --temperature 2 -o s.csv", folder);
  CHECK(both.exit_code == 2);
}

TEST_CASE("a dry run of training, generating or preparing says what it would do and writes nothing") {
  const auto& folder = trained();
  const auto train =
      run_theriac(tiny + "--dry-run --data " + THERIAC_STARTER_MOLECULES + " -o never", folder);
  CHECK(train.exit_code == 0);
  CHECK_THAT(train.err, Contains("of 224 records") && Contains("would go to never"));
  const auto generate =
      run_theriac("generate --model g/generator.safetensors -n 50 --dry-run -o never.csv", folder);
  CHECK(generate.exit_code == 0);
  CHECK_THAT(generate.err, Contains("50 molecules of g/generator.safetensors would go to never.csv"));
  CHECK(run_theriac("generate --model g/generator.safetensors --scaffold CCC --dry-run -o never.csv", folder)
            .exit_code == 2);
  CHECK_THAT(run_theriac("prepare --smiles CCO --dry-run -o never.sdf", folder).err,
             Contains("would write never.sdf"));
  CHECK(!std::filesystem::exists(folder / "never.sdf"));
  CHECK(!std::filesystem::exists(folder / "never"));
  CHECK(!std::filesystem::exists(folder / "never.csv"));
}
