// theriac dock as its users meet it: rows, messages, exit codes, and the promise of equal bytes.
#include <signal.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

#include "datasets/gzip.hpp"
#include "datasets/hdf5_file.hpp"
#include "datasets/results_table.hpp"
#include "tests/cli/transcript.hpp"

using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
using theriac::datasets::gunzip;
using theriac::datasets::Hdf5File;
using theriac::datasets::read_csv;
using theriac::datasets::read_file;

namespace {

const std::string site = " -r '" THERIAC_TEST_DATA
                         "/zinc_site.pdbqt' --center_x 11 --center-y 11.5 --center_z 13"
                         " --size_x 18 --size_y 18 --size_z 18 --exhaustiveness 0.5 ";

const char* const results[] = {
    "results.csv", "failures.csv", "results.h5", "poses.sdf.gz",          "view.pml",
    "box.pdb",     "box.txt",      "run.toml",   "receptor_prepared.pdb", "receptor_report.txt"};

void write(const std::string& path, const std::string& text) {
  std::ofstream(path) << text;
}

/// Every result file but provenance.json, which may differ.
std::string bytes_of(const TemporaryFolder& folder, const std::string& run) {
  std::string all;
  for (const char* name : results) all += std::string(name) + '\n' + read_file(folder / (run + "/" + name));
  return all;
}

/// A small library: names, a bad record, a repetition.
void write_library(const TemporaryFolder& folder, int copies = 1) {
  std::string text;
  const char* const molecules[] = {"CCO",      "CC(=O)Oc1ccccc1C(=O)O",     "c1ccccc(N",
                                   "OCC",      "NS(=O)(=O)c1ccccc1",        "CC(C)Cc1ccc(cc1)C(C)C(=O)O",
                                   "C1CCNCC1", "Cn1cnc2c1c(=O)n(C)c(=O)n2C"};
  for (int copy = 0; copy < copies; ++copy)
    for (const char* smiles : molecules)
      text += std::string(copy, 'C') + smiles + " m" + std::to_string(copy) + "_" + smiles[0] + '\n';
  write(folder / "ligands.smi", text);
}

std::string cell(const std::vector<std::vector<std::string>>& table, std::size_t row,
                 const std::string& column) {
  for (std::size_t i = 0; i < table[0].size(); ++i)
    if (table[0][i] == column) return table.at(row + 1).at(i);
  FAIL("no column " << column);
  return {};
}

std::uintmax_t size_of(const std::string& path) {
  std::error_code absent;
  const auto size = std::filesystem::file_size(path, absent);
  return absent ? 0 : size;
}

/// Starts the program and sends it `signal_number` as soon as `moment` has come. Its wait status.
template <typename Moment>
int run_and_signal(const TemporaryFolder& folder, const std::string& arguments, int signal_number,
                   Moment moment) {
  const pid_t child = fork();
  if (child == 0) {
    const std::string line =
        "cd '" + folder.path() + "' && exec '" THERIAC_PROGRAM "' " + arguments + " > .out 2> .err";
    execl("/bin/sh", "sh", "-c", line.c_str(), nullptr);
    _exit(127);
  }
  int status = 0;
  while (waitpid(child, &status, WNOHANG) == 0) {
    if (moment()) {
      kill(child, signal_number);
      waitpid(child, &status, 0);
      return status;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return status;
}

/// Kills the program once its journal has grown by some bytes (more or less, by `attempt`), and once while it
/// writes the results. True when it ended by itself, with 0.
bool finished_before_kill(const TemporaryFolder& folder, const std::string& arguments, int attempt) {
  const std::string journal = folder / "killed/journal", table = folder / "killed/results.csv";
  const auto enough = size_of(journal) + 1 + static_cast<std::uintmax_t>(attempt * 7919 % 30000);
  const bool spare_results = size_of(table) > 0;
  const int status = run_and_signal(folder, arguments, SIGKILL, [&] {
    return size_of(journal) >= enough || (!spare_results && size_of(table) > 0);
  });
  if (WIFEXITED(status)) REQUIRE(WEXITSTATUS(status) == 0);
  return WIFEXITED(status);
}

}  // namespace

TEST_CASE("dock writes one row per record and all files of a run folder") {
  TemporaryFolder folder;
  write_library(folder);
  const auto run = run_theriac("dock" + site + "-l ligands.smi -o run1", folder);
  INFO(run.err);
  CHECK(run.exit_code == 0);  // one of eight failed: below 20 %
  CHECK_THAT(run.out, StartsWith("rank  name"));
  CHECK_THAT(run.err,
             Contains("ligands   ligands.smi: 8 records") && Contains("docked 6 of 8") && Contains("line 3"));
  const auto table = read_csv(read_file(folder / "run1/results.csv"));
  REQUIRE(table.size() == 9);
  CHECK(cell(table, 2, "status") == "failed");
  CHECK_THAT(cell(table, 2, "message"), Contains("c1ccccc(N") && Contains("line 3"));
  CHECK(cell(table, 3, "status") == "duplicate");
  CHECK(cell(table, 3, "score_kcal_mol") == cell(table, 0, "score_kcal_mol"));
  CHECK(cell(table, 1, "smiles") == "CC(=O)Oc1ccccc1C(=O)[O-]");
  CHECK(std::stod(cell(table, 1, "score_kcal_mol")) < -1);
  CHECK(cell(table, 0, "inchikey") == "LFQSCWFLJHTTHZ-UHFFFAOYSA-N");
  std::set<std::string> ranks;
  for (std::size_t i = 0; i < 8; ++i) ranks.insert(cell(table, i, "rank"));
  CHECK(ranks == std::set<std::string>{"", "1", "2", "3", "4", "5", "6"});
  for (const char* name : results) CHECK(std::ifstream(folder / (std::string("run1/") + name)).good());
  const std::string poses = gunzip(read_file(folder / "run1/poses.sdf.gz"));
  CHECK(poses.substr(poses.size() - 5) == "$$$$\n");
  CHECK_THAT(poses, Contains(">  <docking_score>") && Contains(">  <minimizedAffinity>"));
  const auto file = Hdf5File::open(folder / "run1/results.h5");
  CHECK(file.read_text("/molecules/name").size() == 8);
  CHECK(file.unit("/docking/zinc_site/scores/score") == "kcal/mol");
}

TEST_CASE("one thread and two give the same bytes") {
  TemporaryFolder folder;
  write_library(folder);
  CHECK(run_theriac("dock" + site + "-l ligands.smi -o one --cpu 1 -q", folder).exit_code == 0);
  CHECK(run_theriac("dock" + site + "-l ligands.smi -o two --cpu 2 -q", folder).exit_code == 0);
  CHECK(bytes_of(folder, "one") == bytes_of(folder, "two"));
}

TEST_CASE("a run killed again and again ends in the bytes of one that was left alone") {
  TemporaryFolder folder;
  write_library(folder, 4);
  REQUIRE(run_theriac("dock" + site + "-l ligands.smi -o whole -q", folder).exit_code == 0);
  int kills = 0;
  while (!finished_before_kill(folder, "dock" + site + "-l ligands.smi -o killed -q --checkpoint 0", kills))
    ++kills;
  INFO(kills << " kills");
  CHECK(kills >= 5);
  CHECK(bytes_of(folder, "whole") == bytes_of(folder, "killed"));
}

TEST_CASE("SIGTERM ends with 75, and the same command continues") {
  TemporaryFolder folder;
  write_library(folder, 6);
  REQUIRE(run_theriac("dock" + site + "-l ligands.smi -o whole -q", folder).exit_code == 0);
  const std::string command = "dock" + site + "-l ligands.smi -o stopped --cpu 1";
  const int status = run_and_signal(folder, command + " --checkpoint 0", SIGTERM,
                                    [&] { return size_of(folder / "stopped/journal") > 5000; });
  REQUIRE(WIFEXITED(status));
  REQUIRE(WEXITSTATUS(status) == 75);
  CHECK_THAT(read_file(folder / ".err"), Contains("run the same command to continue"));
  const auto rest = run_theriac(command, folder);
  CHECK(rest.exit_code == 0);
  CHECK_THAT(rest.err,
             Contains("inputs, box, seed and version are the same: continuing") || Contains("docked"));
  CHECK(bytes_of(folder, "whole") == bytes_of(folder, "stopped"));
  const auto again = run_theriac(command, folder);
  CHECK(again.exit_code == 0);
  CHECK_THAT(again.err, Contains("is complete, with the same inputs"));
}

TEST_CASE("Ctrl-C ends with 130 and keeps what was done") {
  TemporaryFolder folder;
  write_library(folder, 6);
  const int status = run_and_signal(folder, "dock" + site + "-l ligands.smi -o stopped --checkpoint 0",
                                    SIGINT, [&] { return size_of(folder / "stopped/journal") > 5000; });
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 130);
  CHECK_THAT(read_file(folder / ".err"), Contains("they are safe in stopped"));
}

TEST_CASE("a time limit stops with 75") {
  TemporaryFolder folder;
  write_library(folder, 200);
  const auto run = run_theriac("dock" + site + "-l ligands.smi -o r --max-time 1s", folder);
  CHECK(run.exit_code == 75);
  CHECK_THAT(run.err, Contains("--max-time is over: run the same command to continue"));
}

TEST_CASE("a full disk ends with 5 and says what is safe, and with space the run goes on") {
  TemporaryFolder folder;
  write_library(folder, 3);
  REQUIRE(run_theriac("dock" + site + "-l ligands.smi -o whole -q", folder).exit_code == 0);
  const auto full =
      run_theriac("dock" + site + "-l ligands.smi -o full --checkpoint 0", folder, "ulimit -f 64 &&");
  INFO(full.err);
  CHECK(full.exit_code == 5);  // a limit on file sizes fails writes as a full disk does
  CHECK_THAT(full.err, Contains("disk full while writing 'full/journal'") && Contains("records are safe") &&
                           Contains("hint: free some space and run the same command"));
  CHECK(run_theriac("dock" + site + "-l ligands.smi -o full -q", folder).exit_code == 0);
  CHECK(bytes_of(folder, "whole") == bytes_of(folder, "full"));
}

TEST_CASE("a run of another program in the folder is met with a clear error") {
  TemporaryFolder folder;
  write_library(folder, 20);
  std::string second_error;
  int second_code = -1;
  run_and_signal(folder, "dock" + site + "-l ligands.smi -o r --checkpoint 0", SIGKILL, [&] {
    if (size_of(folder / "r/journal") < 3000) return false;
    const std::string line = "cd '" + folder.path() + "' && '" THERIAC_PROGRAM "' dock" + site +
                             "-l ligands.smi -o r > .out2 2> .err2";
    const int status = std::system(line.c_str());
    second_code = WEXITSTATUS(status);
    second_error = read_file(folder / ".err2");
    return true;
  });
  CHECK(second_code == 5);
  CHECK_THAT(second_error, Contains("another theriac process is running in 'r'"));
}

TEST_CASE("a changed results file is refused by show") {
  TemporaryFolder folder;
  write(folder / "one.smi", "CCO ethanol\n");
  REQUIRE(run_theriac("dock" + site + "-l one.smi -o r -q", folder).exit_code == 0);
  write(folder / "r/results.csv", "rubbish\n");
  const auto show = run_theriac("show r", folder);
  CHECK(show.exit_code == 5);
  CHECK_THAT(show.err, Contains("'r/results.csv' is damaged or was changed"));
}

TEST_CASE("a flexible side chain moves with the ligand and its poses are kept") {
  TemporaryFolder folder;
  const std::string examples = THERIAC_SOURCE_DIR "/datasets/examples/";
  const auto run = run_theriac("dock -r '" + examples + "2xnb_receptor.pdb' --autobox_ligand '" + examples +
                                   "2xnb_ligand.sdf' -l '" + examples +
                                   "2xnb_ligand.sdf' --flexres A:33 --exhaustiveness 0.5 -o r -q",
                               folder);
  INFO(run.err);
  REQUIRE(run.exit_code == 0);
  CHECK_THAT(gunzip(read_file(folder / "r/side_chains.pdb.gz")),
             StartsWith("MODEL") && Contains("LYS A  33"));
  const auto table = read_csv(read_file(folder / "r/results.csv"));
  CHECK_FALSE(cell(table, 0, "rmsd_ref").empty());
  CHECK(std::ifstream(folder / "r/reference.sdf").good());
}

TEST_CASE("another seed in the same folder is refused, and run.toml repeats a run") {
  TemporaryFolder folder;
  write_library(folder);
  REQUIRE(run_theriac("dock" + site + "-l ligands.smi -o run1 -q", folder).exit_code == 0);
  const auto other = run_theriac("dock" + site + "-l ligands.smi -o run1 --seed 2", folder);
  CHECK(other.exit_code == 2);
  CHECK_THAT(other.err, Contains("'run1' holds another run: seed was 1, now 2"));
  REQUIRE(run_theriac("dock --config run1/run.toml -o run2 -q", folder).exit_code == 0);
  CHECK(bytes_of(folder, "run1") == bytes_of(folder, "run2"));
}

TEST_CASE("a single SDF says that poses of PDBQT ligands are not in it") {
  TemporaryFolder folder;
  write(folder / "one.smi", "CCO ethanol\n");
  REQUIRE(run_theriac("dock" + site + "-l one.smi -q -o one.pdbqt", folder).exit_code == 0);
  const std::string model = read_file(folder / "one.pdbqt");
  const auto end = model.find("ENDMDL");
  REQUIRE(end != std::string::npos);
  write(folder / "ligand.pdbqt", model.substr(model.find('\n') + 1, end - model.find('\n') - 1));
  for (const std::string out : {"again.sdf", "-"}) {
    const auto run = run_theriac("dock" + site + "-l ligand.pdbqt -o " + out, folder);
    INFO(run.err);
    CHECK(run.exit_code == 0);
    CHECK_THAT(run.err, Contains("1 of 1 ligands came as PDBQT") && Contains("docked.pdbqt"));
  }
  CHECK_THAT(run_theriac("dock" + site + "-l ligand.pdbqt -o again.pdbqt", folder).err,
             !Contains("came as PDBQT"));
  CHECK_THAT(read_file(folder / "again.pdbqt"), Contains("REMARK VINA RESULT:"));
}

TEST_CASE("single-file outputs leave nothing else behind") {
  TemporaryFolder folder;
  write(folder / "one.smi", "CCO ethanol\n");
  for (const char* name : {"a.sdf", "a.sdf.gz", "a.csv", "a.h5", "a.pdbqt"}) {
    INFO(name);
    CHECK(run_theriac("dock" + site + "-l one.smi -q -o " + name, folder).exit_code == 0);
    CHECK(std::ifstream(folder / name).good());
    CHECK_FALSE(std::ifstream(folder / (std::string(name) + ".part/provenance.json")).good());
  }
  CHECK_THAT(read_file(folder / "a.pdbqt"), Contains("REMARK VINA RESULT:"));
  CHECK(run_theriac("dock" + site + "-l one.smi -q -o a.sdf", folder).exit_code == 2);
  CHECK_THAT(run_theriac("dock" + site + "--smiles 'CCO ethanol' -q -o -", folder).out,
             StartsWith("ethanol\n"));
}

TEST_CASE("scoring alone (--score_only) of a docked pose gives its score back") {
  TemporaryFolder folder;
  REQUIRE(run_theriac("dock" + site + "--smiles 'NS(=O)(=O)c1ccccc1 s' -q -o pose.sdf --num_modes 1", folder)
              .exit_code == 0);
  REQUIRE(run_theriac("dock" + site + "-l pose.sdf --as_drawn --score_only -q -o s.csv", folder).exit_code ==
          0);
  REQUIRE(run_theriac("dock" + site + "-l pose.sdf --as_drawn --minimize -q -o m.csv", folder).exit_code ==
          0);
  const auto scored = read_csv(read_file(folder / "s.csv")), moved = read_csv(read_file(folder / "m.csv"));
  const std::string sdf = read_file(folder / "pose.sdf");
  const auto at = sdf.find(">  <docking_score>\n") + 19;
  const double docked = std::stod(sdf.substr(at));
  CHECK(std::stod(cell(scored, 0, "score_kcal_mol")) ==
        Approx(docked).margin(0.01));  // SDF keeps four decimals
  CHECK(std::stod(cell(moved, 0, "score_kcal_mol")) <= docked + 0.01);
}

TEST_CASE("a box off the receptor, a missing file, no box, no molecules: each with its own message") {
  TemporaryFolder folder;
  write(folder / "one.smi", "CCO ethanol\n");
  write(folder / "bad.smi", "c1cc x\n");
  const std::string receptor = " -r '" THERIAC_TEST_DATA "/zinc_site.pdbqt' ";
  const auto off = run_theriac("dock" + receptor +
                                   "-l one.smi -o r --center_x 500 --center_y 500 --center_z 500 --size_x 20 "
                                   "--size_y 20 --size_z 20",
                               folder);
  CHECK(off.exit_code == 3);
  CHECK_THAT(off.err, Contains("the search box does not touch the receptor") && Contains("A away"));
  const auto missing = run_theriac("dock" + site + "-l oen.smi -o r", folder);
  CHECK(missing.exit_code == 3);
  CHECK_THAT(missing.err, Contains("oen.smi") && Contains("one.smi"));
  const auto half = run_theriac("dock" + receptor + "-l one.smi -o r --center_x 3", folder);
  CHECK(half.exit_code == 2);
  CHECK_THAT(half.err, Contains("--center_y") && Contains("--autobox_ligand STI"));
  const auto none = run_theriac("dock" + site + "-l bad.smi -o r", folder);
  CHECK(none.exit_code == 3);
  CHECK_THAT(none.err, Contains("no usable molecule among 1 records"));
  const auto nowhere = run_theriac("dock" + site + "-l one.smi -o /proc/theriac/r", folder);
  CHECK(nowhere.exit_code == 5);
}

TEST_CASE("an empty file among others is one failed row and nothing but empty files is an error") {
  const TemporaryFolder folder;
  std::filesystem::create_directories(folder / "ligands");
  write(folder / "ligands/a.smi", "");
  write(folder / "ligands/b.smi", "CCO ethanol\n");
  write(folder / "ligands/c.sdf", "");
  const auto run = run_theriac("dock -l ligands -o out --max-failed 100%" + site, folder);
  INFO(run.err);
  CHECK(run.exit_code == 0);
  const auto table = read_csv(read_file(folder / "out/results.csv"));
  REQUIRE(table.size() == 4);
  CHECK(cell(table, 0, "status") == "failed");
  CHECK_THAT(cell(table, 0, "message"), Contains("'ligands/a.smi' is empty"));
  CHECK(cell(table, 1, "status") == "ok");
  CHECK_THAT(cell(table, 2, "message"), Contains("'ligands/c.sdf' is empty"));
  for (const char* command :
       {"dock -l ligands -o none", "screen plan ligands --shards 2 --sample 0 -o plan"}) {
    write(folder / "ligands/b.smi", "");
    const auto none = run_theriac(command + site, folder);
    CHECK(none.exit_code == 3);
    CHECK_THAT(none.err, Contains("all 3 files are empty"));
  }
}

TEST_CASE("limits: --strict, --filter and --max-failed") {
  TemporaryFolder folder;
  write_library(folder);
  CHECK(run_theriac("dock" + site + "-l ligands.smi -o a --strict -q", folder).exit_code == 4);
  CHECK(run_theriac("dock" + site + "-l ligands.smi -o b --max-failed 0 -q", folder).exit_code == 4);
  CHECK(run_theriac("dock" + site + "-l ligands.smi -o c --filter 'mw<100' -q", folder).exit_code == 0);
  const auto table = read_csv(read_file(folder / "c/results.csv"));
  CHECK(cell(table, 1, "status") == "skipped");
  CHECK_THAT(cell(table, 1, "message"), Contains("mw"));
}

TEST_CASE("a dry run prints values with their origin and touches nothing") {
  TemporaryFolder folder;
  write(folder / "one.smi", "CCO ethanol\n");
  const auto dry = run_theriac("dock" + site + "-l one.smi -o r --dry-run", folder, "THERIAC_ENERGY_RANGE=2");
  CHECK(dry.exit_code == 0);
  CHECK_THAT(dry.out, Contains("energy_range") && Contains("THERIAC_ENERGY_RANGE") &&
                          Contains("command line") && Contains("tried"));
  CHECK_FALSE(std::ifstream(folder / "r/journal").good());
}

TEST_CASE("columns of the input travel to the end") {
  TemporaryFolder folder;
  write(folder / "hits.csv", "id,SMILES,supplier\nx1,CCO,\"A, B\"\nx2,CCN,C\n");
  REQUIRE(run_theriac("dock" + site + "-l hits.csv -o r -q", folder).exit_code == 0);
  const auto table = read_csv(read_file(folder / "r/results.csv"));
  CHECK(cell(table, 0, "supplier") == "A, B");
  const auto show = run_theriac("show r --filter 'mw<46' --columns name,mw", folder);
  CHECK(show.exit_code == 0);
  CHECK(std::count(show.out.begin(), show.out.end(), '\n') == 2);
  CHECK_THAT(run_theriac("show r --sort mv", folder).err, Contains("did you mean 'mw'?"));
}
