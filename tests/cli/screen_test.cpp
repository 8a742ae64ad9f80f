// theriac screen: the same rows as one docking run, whatever happens on the way.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "datasets/gzip.hpp"
#include "datasets/results_table.hpp"
#include "datasets/shard_lease.hpp"
#include "tests/cli/fake_slurm.hpp"
#include "tests/cli/result_rows.hpp"
#include "tests/cli/transcript.hpp"

using Catch::Matchers::Contains;
using theriac::datasets::read_csv;
using theriac::datasets::read_file;
using theriac::datasets::ShardLease;
namespace fs = std::filesystem;

namespace {

const std::string site = " -r '" THERIAC_TEST_DATA
                         "/zinc_site.pdbqt' --center_x 11 --center_y 11.5 --center_z 13"
                         " --size_x 18 --size_y 18 --size_z 18 --exhaustiveness 0.5 --num_modes 3 ";
const std::string plan = "screen plan library.smi --shards 3 --sample 0 -o p" + site;

const char* const results[] = {"results.csv", "failures.csv", "results.h5", "poses.sdf.gz"};

/// Names, a bad record, a repetition, a salt of another record.
void write_library(const TemporaryFolder& folder) {
  std::ofstream(folder / "library.smi") << "CCO m1\nCC(=O)Oc1ccccc1C(=O)O m2\nc1ccccc(N m3\nOCC m4\n"
                                           "NS(=O)(=O)c1ccccc1 m5\nC1CCNCC1 m6\nC1CCNCC1.Cl m7\n"
                                           "c1ccccc1CCN m8\nCC(=O)Nc1ccc(O)cc1 m9\n";
}

std::string bytes_of(const TemporaryFolder& folder, const std::string& run) {
  std::string all;
  for (const char* name : results) all += std::string(name) + '\n' + read_file(folder / (run + "/" + name));
  return all;
}

/// Of the row-th record.
std::string cell(const ResultRows& table, std::size_t row, const std::string& column) {
  return result_cell(table, row + 1, column);
}

void require_done(const Transcript& run) {
  INFO(run.err);
  REQUIRE(run.exit_code == 0);
}

}  // namespace

TEST_CASE("a screen of three shards gives the bytes of one docking run") {
  TemporaryFolder folder;
  write_library(folder);
  require_done(run_theriac("dock -l library.smi -o whole" + site, folder));
  require_done(run_theriac(plan, folder));
  CHECK(run_theriac("screen status p", folder).exit_code == 75);
  CHECK(run_theriac("screen merge p", folder).exit_code == 75);
  require_done(run_theriac("screen run p --shard 1", folder));
  const auto script = run_theriac("screen submit p --slurm partition=short", folder);
  CHECK_THAT(script.out, Contains("--array=0,2\n") && Contains("--signal=B:TERM@60") &&
                             Contains("#SBATCH --partition=short") &&
                             Contains("--shard \"$SLURM_ARRAY_TASK_ID\""));
  require_done(run_theriac("screen run p --shard 0-2", folder));
  const auto status = nlohmann::json::parse(run_theriac("screen status p --json", folder).out);
  CHECK(status["finished"] == 3);
  CHECK(status["done"] == 9);
  require_done(run_theriac("screen merge p --best 2", folder));
  CHECK(bytes_of(folder, "p/merged") == bytes_of(folder, "whole"));
  const auto best = read_csv(read_file(folder / "p/merged/best.csv"));
  REQUIRE(best.size() == 3);
  CHECK(cell(best, 0, "rank") == "1");
  CHECK(cell(best, 1, "rank") == "2");
  const auto again = run_theriac("screen merge p --best 2", folder);
  CHECK(again.exit_code == 0);
  CHECK_THAT(again.err, Contains("nothing to do"));
}

TEST_CASE("a screen ranked by probability gives the bytes of docking and refuses a changed scorer") {
  TemporaryFolder folder;
  write_library(folder);
  fs::copy_file(THERIAC_MODELS_FOLDER "/pose-scorer.safetensors", folder / "own.safetensors");
  fs::copy_file(THERIAC_MODELS_FOLDER "/pose-affinity.safetensors", folder / "own_affinity.safetensors");
  const std::string how =
      site + "--rank_by probability --pose_scorer own.safetensors --pose_affinity own_affinity.safetensors ";
  require_done(run_theriac("dock -l library.smi -o whole" + how, folder));
  const auto planned = run_theriac("screen plan library.smi --shards 2 --sample 0 -o p" + how, folder);
  require_done(planned);
  CHECK_THAT(planned.err, Contains("ordered by its probability"));
  const auto facts = nlohmann::json::parse(read_file(folder / "p/plan.json"));
  REQUIRE(facts["judges"].size() == 2);  // the scorer, and the affinities beside it
  for (const auto& judge : facts["judges"]) CHECK(judge["sha256"].get<std::string>().size() == 64);
  require_done(run_theriac("screen run p --shard 0", folder));
  fs::remove(folder / "own.safetensors");  // the plan has its own
  fs::remove(folder / "own_affinity.safetensors");
  std::string copy;
  for (const auto& entry : fs::recursive_directory_iterator(folder / "p/inputs"))
    if (entry.path().filename() == "own.safetensors") copy = entry.path().string();
  REQUIRE_FALSE(copy.empty());
  const std::string bytes = read_file(copy);
  std::string other = bytes;
  other[other.size() - 20] = static_cast<char>(other[other.size() - 20] ^ 1);  // one bit of a weight
  std::ofstream(copy, std::ios::binary) << other;
  const auto refused = run_theriac("screen run p", folder);
  CHECK(refused.exit_code == 6);
  CHECK_THAT(refused.err, Contains("pose scorer") && Contains("was changed after the screen was planned"));
  std::ofstream(copy, std::ios::binary) << bytes;
  require_done(run_theriac("screen run p", folder));
  require_done(run_theriac("screen merge p", folder));
  CHECK(bytes_of(folder, "p/merged") == bytes_of(folder, "whole"));
  CHECK_THAT(read_file(folder / "p/merged/results.csv"), Contains(",probability,reasons,"));
  require_done(run_theriac("screen merge p -o bound --best 5 --rank_ligands_by affinity", folder));
  const auto bound = read_csv(read_file(folder / "bound/best.csv"));
  REQUIRE(bound.size() > 3);
  for (std::size_t i = 1; i + 1 < bound.size(); ++i)
    CHECK(std::stod(cell(bound, i - 1, "pose_affinity")) >= std::stod(cell(bound, i, "pose_affinity")));
}

TEST_CASE("the best of a screen have PDBQT poses where the screen has them") {
  TemporaryFolder folder;
  write_library(folder);
  require_done(run_theriac(plan + " --pdbqt", folder));
  require_done(run_theriac("screen run p", folder));
  require_done(run_theriac("screen merge p --best 2 --only_best", folder));
  CHECK_FALSE(fs::exists(folder / "p/merged/poses.pdbqt.gz"));
  const auto best = theriac::datasets::gunzip(read_file(folder / "p/merged/best_poses.pdbqt.gz"));
  const auto table = read_csv(read_file(folder / "p/merged/best.csv"));
  std::size_t first = 0, ligands = 0;
  for (auto at = best.find("MODEL 1\n"); at != std::string::npos; at = best.find("MODEL 1\n", at + 1)) {
    if (ligands++ == 0) first = at;
  }
  CHECK(ligands == 2);
  const auto result = best.find("REMARK VINA RESULT:", first);
  REQUIRE(result != std::string::npos);
  CHECK(std::stod(best.substr(result + 19)) ==
        Approx(std::stod(cell(table, 0, "score_kcal_mol"))).margin(0.01));

  // ligands without bonds have no other form
  const auto model = best.substr(first + 8, best.find("ENDMDL", first) - first - 8);
  std::ofstream(folder / "bare.pdbqt") << model;
  require_done(run_theriac("screen plan bare.pdbqt --shards 1 --sample 0 -o q" + site, folder));
  require_done(run_theriac("screen run q", folder));
  require_done(run_theriac("screen merge q --only_best", folder));
  CHECK_THAT(theriac::datasets::gunzip(read_file(folder / "q/merged/best_poses.pdbqt.gz")),
             Contains("REMARK VINA RESULT:"));
}

TEST_CASE("a screen whose submission was killed finds its job and submits the array once") {
  const TemporaryFolder folder;
  write_library(folder);
  require_done(run_theriac(plan, folder));
  const std::string path = "PATH='" + (folder / "bin") + "':\"$PATH\"";
  const auto submit = [&](const std::string& more = "") {
    return run_theriac("screen submit p --now" + more, folder, path);
  };
  write_slurm(folder, "kill -9 $PPID");  // Slurm has the job, theriac never hears its number
  CHECK(submit().exit_code > 128);
  REQUIRE(lines(folder, "submitted") == 1);
  write_slurm(folder, "");
  std::ofstream(folder / "down") << "";
  auto run = submit();
  CHECK(run.exit_code == 5);
  CHECK_THAT(run.err, Contains("was handed in is not known") && Contains("p/job.json"));
  fs::remove(folder / "down");
  run = submit(" --json");
  CHECK(run.exit_code == 0);
  CHECK_THAT(run.err, Contains("job 41 of this screen waits or runs: nothing is handed in"));
  CHECK_THAT(run.out, Contains("\"job\": \"41\""));
  CHECK(lines(folder, "submitted") == 1);

  require_done(run_theriac("screen run p --shard 0,2", folder));
  std::ofstream(folder / "queue") << "";  // the job is gone and left a shard
  run = submit();
  CHECK(run.exit_code == 0);
  CHECK_THAT(run.err, Contains("job 41 is no longer in the queue") && Contains("Submitted batch job 42"));
  CHECK_THAT(read_file(folder / "queue"), Catch::Matchers::StartsWith("42 p-"));
  CHECK_THAT(read_file(folder / "p/array.sbatch"), Contains("#SBATCH --array=1\n"));
  require_done(run_theriac("screen run p", folder));
  CHECK_THAT(submit().err, Contains("all shards of 'p' are finished"));
  CHECK(lines(folder, "submitted") == 2);
}

TEST_CASE("an array that waits keeps its list of shards when another script is printed") {
  const TemporaryFolder folder;
  write_library(folder);
  require_done(run_theriac(plan, folder));
  const auto list_of = [&](const Transcript& run) {
    const auto at = run.out.find("elements-");
    REQUIRE(at != std::string::npos);
    return "p/" + run.out.substr(at, run.out.find('\'', at) - at);
  };
  const std::string first = list_of(run_theriac("screen submit p --array_size 2", folder));
  CHECK(read_file(folder / first) == "0,2\n1\n");
  require_done(run_theriac("screen run p --shard 1", folder));
  const std::string second = list_of(run_theriac("screen submit p --array_size 1", folder));
  CHECK(read_file(folder / second) == "0,2\n");
  CHECK(read_file(folder / first) == "0,2\n1\n");
}

TEST_CASE("the settings of a screen plan another library from its folder") {
  const TemporaryFolder folder;
  write_library(folder);
  require_done(run_theriac(plan, folder));
  CHECK_THAT(read_file(folder / "p/screen.toml"),
             Catch::Matchers::StartsWith("# these settings again: theriac screen plan LIBRARY --shards N "
                                         "--config screen.toml -o ANOTHER_FOLDER"));
  const auto config = "screen plan ../library.smi --shards 3 --sample 0 --config screen.toml -o ../q";
  const auto run =
      run_theriac("--version > /dev/null; cd p && '" THERIAC_PROGRAM "' " + std::string(config), folder);
  require_done(run);
  for (const std::string screen : {"p", "q"}) {
    require_done(run_theriac("screen run " + screen, folder));
    require_done(run_theriac("screen merge " + screen, folder));
  }
  CHECK(read_file(folder / "p/merged/poses.sdf.gz") == read_file(folder / "q/merged/poses.sdf.gz"));
}

TEST_CASE("a screen takes no seed poses") {
  TemporaryFolder folder;
  write_library(folder);
  std::ofstream(folder / "seeds.sdf") << "";
  const auto refused = run_theriac(plan + "--seed_poses seeds.sdf", folder);
  CHECK(refused.exit_code == 2);
  CHECK_THAT(refused.err, Contains("a screen takes no seed poses"));
}

TEST_CASE("filter and predictors decide what a screen goes on with") {
  TemporaryFolder folder;
  write_library(folder);
  require_done(
      run_theriac("screen plan library.smi --shards 2 -o q --filter 'mw<170' --columns qed,mw "
                  "--require 'qed > 0.45' --models none",
                  folder));
  require_done(run_theriac("screen run q", folder));
  require_done(run_theriac("screen merge q", folder));
  const auto table = read_csv(read_file(folder / "q/merged/results.csv"));
  REQUIRE(table.size() == 10);
  CHECK(cell(table, 0, "status") == "skipped");  // ethanol, by its QED
  CHECK_THAT(cell(table, 0, "message"), Contains("qed 0.4") && Contains("not > 0.45"));
  CHECK(cell(table, 1, "status") == "skipped");  // aspirin, by its weight
  CHECK_THAT(cell(table, 1, "message"), Contains("mw 180"));
  CHECK(cell(table, 2, "status") == "failed");
  CHECK(cell(table, 3, "status") == "skipped");  // ethanol again
  CHECK(cell(table, 4, "status") == "ok");
  CHECK(std::stod(cell(table, 4, "qed")) > 0.45);
  CHECK(cell(table, 6, "status") != "failed");
  CHECK_THAT(
      run_theriac("screen plan library.smi --shards 2 -o r --columns qed --require 'qde<1'", folder).err,
      Contains("did you mean 'qed'?"));
}

TEST_CASE("a screen goes on with what resembles known ligands or with what does not") {
  const TemporaryFolder folder;
  write_library(folder);
  std::ofstream(folder / "known.smi")
      << "CC(=O)Nc1ccc(O)cc1 paracetamol\nnot_a_molecule x\nNCCc1ccccc1.Cl pea\n";
  const std::string start = "screen plan library.smi --shards 2 --sample 0 --similar_to known.smi ";
  const auto rows_of = [&](const std::string& more, const std::string& name) {
    const auto planned = run_theriac(start + more + " -o " + name, folder);
    require_done(planned);
    CHECK_THAT(planned.err, Contains("similar   to 2 known ligands of known.smi (1 could not be read)"));
    require_done(run_theriac("screen run " + name, folder));
    require_done(run_theriac("screen merge " + name + " --max-failed 50%", folder));
    return read_csv(read_file(folder / (name + "/merged/results.csv")));
  };
  const auto alike = rows_of("--columns qed --min_similarity 0.5" + site, "alike");
  CHECK(cell(alike, 8, "status") == "ok");  // m9, paracetamol itself
  CHECK(cell(alike, 8, "similarity") == "1.000");
  CHECK(cell(alike, 8, "most_similar") == "paracetamol");
  CHECK(cell(alike, 7, "similarity") == "1.000");  // m8: the salt of a known ligand is that ligand
  CHECK(cell(alike, 7, "most_similar") == "pea");
  CHECK_FALSE(cell(alike, 7, "score_kcal_mol").empty());
  CHECK(cell(alike, 5, "status") == "skipped");
  CHECK_THAT(cell(alike, 5, "message"), Contains("similarity 0.") && Contains("not >= 0.5"));
  CHECK(cell(alike, 5, "score_kcal_mol").empty());
  CHECK_FALSE(cell(alike, 5, "predicted_qed").empty());
  CHECK(cell(alike, 2, "status") == "failed");
  CHECK(cell(alike, 2, "similarity").empty());

  const auto novel = rows_of("--max_similarity 0.9", "novel");  // the only tier
  CHECK(cell(novel, 8, "status") == "skipped");
  CHECK_THAT(cell(novel, 8, "message"), Contains("similarity 1.000 to paracetamol, not <= 0.9"));
  CHECK(cell(novel, 5, "status") == "ok");
  CHECK(cell(novel, 5, "similarity") == cell(alike, 5, "similarity"));

  fs::remove(folder / "known.smi");  // the plan has its own
  require_done(run_theriac("screen run novel --overwrite", folder));
  CHECK(run_theriac(start + "-o x", folder).exit_code == 3);
  std::ofstream(folder / "known.smi") << "nothing x\n";
  CHECK_THAT(run_theriac(start + "-o x", folder).err, Contains("holds no molecule to compare with"));
  CHECK(
      run_theriac("screen plan library.smi --shards 2 --min_similarity 0.4 -o x" + site, folder).exit_code ==
      2);
  CHECK(run_theriac(start + "--min_similarity 0.8 --max_similarity 0.2 -o x", folder).exit_code == 2);
}

TEST_CASE("a molecule whose embedding does not end becomes a failed row and the others are docked") {
  TemporaryFolder folder;
  std::string peptide;  // 37 leucines, 297 heavy atoms: minutes of RDKit's time and more
  for (int i = 0; i < 37; ++i) peptide += "N[C@@H](CC(C)C)C(=O)";
  std::ofstream(folder / "library.smi") << "CCO m1\n" << peptide << "O slow\nOCCN m3\n";
  require_done(
      run_theriac("dock -l library.smi -o whole --max_embed_time 1" + site + " --max-failed 1", folder));
  const auto docked = read_csv(read_file(folder / "whole/results.csv"));
  CHECK(cell(docked, 0, "status") == "ok");
  CHECK(cell(docked, 1, "status") == "failed");
  CHECK_THAT(cell(docked, 1, "message"), Contains("was ended after 1 s of processor time"));
  CHECK(cell(docked, 2, "status") == "ok");
  require_done(run_theriac(plan + " --max_embed_time 1", folder));
  require_done(run_theriac("screen run p", folder));
  require_done(run_theriac("screen merge p --max-failed 1", folder));
  CHECK(bytes_of(folder, "p/merged") == bytes_of(folder, "whole"));
}

TEST_CASE("a library that was changed after planning is noticed and the planned records stay usable") {
  TemporaryFolder folder;
  write_library(folder);
  require_done(run_theriac(plan, folder));
  std::ofstream(folder / "library.smi", std::ios::app) << "CCCC m10\n";
  for (const char* part : {"run p --shard 0", "merge p", "submit p"}) {
    const auto refused = run_theriac(std::string("screen ") + part, folder);
    CHECK(refused.exit_code == 3);
    CHECK_THAT(refused.err, Contains("was changed after it was planned") && Contains("--as_planned"));
  }
  require_done(run_theriac("screen run p --as_planned", folder));
  fs::remove(folder / "library.smi");  // absent, as on a node that does not mount it
  require_done(run_theriac("screen merge p", folder));
  CHECK(read_csv(read_file(folder / "p/merged/results.csv")).size() == 10);
}

TEST_CASE("a damaged shard is named and made anew, and the others are kept") {
  TemporaryFolder folder;
  write_library(folder);
  require_done(run_theriac(plan, folder));
  require_done(run_theriac("screen run p", folder));
  const std::string path = folder / "p/shards/shard-00001.rows", good = read_file(path);
  std::string bytes = good;
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  std::ofstream(path, std::ios::binary) << bytes;
  const auto merge = run_theriac("screen merge p", folder);
  CHECK(merge.exit_code == 5);
  CHECK_THAT(merge.err, Contains("shard 1 is damaged") && Contains("--shard 1 --overwrite"));
  CHECK_FALSE(fs::exists(folder / "p/merged/results.csv"));
  require_done(run_theriac("screen run p --shard 1 --overwrite", folder));
  CHECK(read_file(path) == good);
  require_done(run_theriac("screen merge p", folder));
}

TEST_CASE("a full disk stops a shard with what is done, and the same command continues") {
  TemporaryFolder folder;
  write_library(folder);
  require_done(run_theriac("screen plan library.smi --shards 1 --sample 0 -o p" + site, folder));
  // a file may have 8 kB: room for a few rows
  const auto full = run_theriac("screen run p --checkpoint 0", folder, "ulimit -f 16;");
  CHECK(full.exit_code == 5);
  CHECK_THAT(full.err, Contains("disk full") && Contains("records are safe"));
  const auto rest = run_theriac("screen run p", folder);
  require_done(rest);
  CHECK_THAT(rest.err, Contains("of 9 records are done: continuing"));
  require_done(run_theriac("screen merge p", folder));
  require_done(run_theriac("dock -l library.smi -o whole" + site, folder));
  CHECK(bytes_of(folder, "p/merged") == bytes_of(folder, "whole"));
}

TEST_CASE("two tasks on one shard and two merges at once are refused") {
  TemporaryFolder folder;
  write_library(folder);
  require_done(run_theriac(plan, folder));
  {
    const auto other = ShardLease::take(folder / "p/shards/shard-00002", {}, nullptr);
    REQUIRE(other);
    const auto refused = run_theriac("screen run p --shard 2", folder);
    CHECK(refused.exit_code == 5);
    CHECK_THAT(refused.err, Contains("shard 2 is being run by"));
    CHECK_THAT(run_theriac("screen status p", folder).out, Contains("running"));
    const auto rest = run_theriac("screen run p", folder);  // all: leaves that one out
    CHECK_THAT(rest.err, Contains("left to it"));
  }
  require_done(run_theriac("screen run p", folder));
  {
    const auto other = ShardLease::take(folder / "p/shards/merge", {}, nullptr);
    REQUIRE(other);
    const auto refused = run_theriac("screen merge p", folder);
    CHECK(refused.exit_code == 5);
    CHECK_THAT(refused.err, Contains("is being merged by"));
  }
  require_done(run_theriac("screen merge p", folder));
}

TEST_CASE("a shard whose holder on another host is silent is taken over whatever the clocks say") {
  TemporaryFolder folder;
  write_library(folder);
  require_done(run_theriac(plan, folder));
  require_done(run_theriac("screen run p", folder));
  const std::string rows = folder / "p/shards/shard-00001.rows", calm = read_file(rows);
  require_done(run_theriac(plan + " --overwrite", folder));
  const std::string lease = folder / "p/shards/shard-00001.lease-4";
  std::ofstream(lease)
      << R"({"host":"node9","boot":"another","process":7,"began":1,"beat":3,"released":false})";
  fs::last_write_time(lease,
                      fs::file_time_type::clock::now() + std::chrono::hours(48));  // its clock is ahead
  fs::last_write_time(folder / "library.smi", fs::file_time_type::clock::now() - std::chrono::hours(48));
  CHECK_THAT(run_theriac("screen status p", folder).out, Contains("held") && Contains("node9, process 7"));
  const auto run = run_theriac("screen run p --shard 1 --silence 1", folder);
  require_done(run);
  CHECK_THAT(run.err, Contains("shard 1 is held by node9, process 7: watching for 1 s whether it is alive"));
  CHECK(read_file(rows) == calm);
  CHECK_FALSE(fs::exists(lease));
}

TEST_CASE("a disk that is full stops plan run and merge and with space each goes on") {
  TemporaryFolder folder;
  const std::string disk = folder / "disk",
                    mount = "mount -t tmpfs -o size=28k tmpfs '" + disk + "' 2> /dev/null";
  fs::create_directories(disk);
  if (std::system(mount.c_str()) != 0) {
    WARN("skipped: a small disk cannot be mounted here");
    return;
  }
  struct Mounted {
    std::string path;
    ~Mounted() { CHECK(std::system(("umount -l '" + path + "'").c_str()) == 0); }
  } const mounted{disk};
  const auto size = [&](const std::string& bytes) {
    REQUIRE(std::system(("mount -o remount,size=" + bytes + " '" + disk + "'").c_str()) == 0);
  };
  write_library(folder);
  const std::string small = "screen plan library.smi --shards 2 --sample 0 -o disk/p" + site;
  size("4k");
  const auto no_plan = run_theriac(small, folder);
  CHECK(no_plan.exit_code == 5);
  CHECK_THAT(no_plan.err, Contains("disk full") && Contains("(0 B free of 4.1 kB)"));
  size("24k");
  require_done(run_theriac(small, folder));
  const auto no_room = run_theriac("screen run disk/p --checkpoint 0", folder);
  CHECK(no_room.exit_code == 5);
  CHECK_THAT(no_room.err, Contains("disk full") && Contains("free some space and run the same command"));
  size("144k");
  require_done(run_theriac("screen run disk/p", folder));
  const auto no_merge = run_theriac("screen merge disk/p", folder);
  CHECK(no_merge.exit_code == 5);
  CHECK_THAT(no_merge.err, Contains("disk full while writing 'disk/p/merged/"));
  size("20M");
  require_done(run_theriac("screen merge disk/p", folder));
  require_done(run_theriac("dock -l library.smi -o whole" + site, folder));
  CHECK(bytes_of(folder, "disk/p/merged") == bytes_of(folder, "whole"));
}

TEST_CASE("files of a screen that may not be read say so") {
  TemporaryFolder folder;
  write_library(folder);
  require_done(run_theriac(plan, folder));
  fs::resize_file(folder / "p/records.bin", 20);
  const auto run = run_theriac("screen run p", folder);
  CHECK(run.exit_code == 5);
  CHECK_THAT(run.err,
             Contains("is shorter than it was when it was planned") && Contains("plan the library again"));
  std::ofstream(folder / "p/plan.json") << "{";
  const auto plan_file = run_theriac("screen run p --shard 0", folder);
  CHECK(plan_file.exit_code == 5);
  CHECK_THAT(plan_file.err,
             Contains("'p/plan.json' is damaged") && Contains("plan again into another folder"));
}

TEST_CASE("a shard that is killed at any moment and taken up again has the same bytes") {
  TemporaryFolder folder;
  write_library(folder);
  require_done(run_theriac(plan, folder));
  require_done(run_theriac("screen run p", folder));
  std::vector<std::string> undisturbed;
  for (int k = 0; k < 3; ++k)
    undisturbed.push_back(read_file(folder / ("p/shards/shard-0000" + std::to_string(k) + ".rows")));
  require_done(run_theriac(plan + " --overwrite", folder));
  int kills = 0;
  for (int attempt = 0; attempt < 60; ++attempt) {
    const pid_t child = fork();
    if (child == 0) {
      const std::string line = "cd '" + folder.path() +
                               "' && exec '" THERIAC_PROGRAM "' screen run p --checkpoint 0 > .out 2> .err";
      execl("/bin/sh", "sh", "-c", line.c_str(), nullptr);
      _exit(127);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(60 + attempt * 7919 % 400 + 20 * attempt));
    kill(child, attempt % 3 == 2 ? SIGTERM : SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) break;
    ++kills;
  }
  INFO(kills << " kills");
  for (std::size_t k = 0; k < 3; ++k)
    CHECK(read_file(folder / ("p/shards/shard-0000" + std::to_string(k) + ".rows")) == undisturbed[k]);
  std::size_t files = 0;
  for (const auto& entry : fs::directory_iterator(folder / "p/shards")) {
    INFO(entry.path());
    files += entry.path().extension() != ".rows";
  }
  CHECK(files == 0);  // no journal, no lease
}

TEST_CASE("a plan refuses another library in its folder, and a molecule too large to dock is a failed row") {
  TemporaryFolder folder;
  write_library(folder);
  require_done(run_theriac(plan, folder));
  std::string polymer;
  for (int i = 0; i < 84; ++i) polymer += "NCC(=O)N(C)C";
  std::ofstream(folder / "large.smi") << polymer << "O polymer\nCCO ethanol\n";
  const auto other = run_theriac("screen plan large.smi --shards 3 -o p" + site, folder);
  CHECK(other.exit_code == 2);
  CHECK_THAT(other.err, Contains("holds another plan"));
  require_done(run_theriac("screen plan large.smi --shards 1 --sample 0 -o l" + site, folder));
  require_done(run_theriac("screen run l", folder));
  run_theriac("screen merge l", folder);
  const auto table = read_csv(read_file(folder / "l/merged/results.csv"));
  CHECK(cell(table, 0, "status") == "failed");
  CHECK_THAT(cell(table, 0, "message"), Contains("300"));
  CHECK(cell(table, 1, "status") == "ok");
}

TEST_CASE("rounds of docking choose by what was learned and can be stopped at any moment") {
  TemporaryFolder folder;
  {
    std::ofstream library(folder / "library.smi");
    for (const char* end : {"O", "N", "S", "F", "C#N", "C(C)C"})
      for (int n = 1; n <= 18; ++n) library << std::string(n, 'C') << end << " m" << end[0] << n << '\n';
    library << "c1ccccc(N bad\n";
  }
  const std::string rounds =
      "screen rounds -l library.smi --rounds 2 --per_round 50 --trees 20 --as_drawn --interactions off "
      "--box-check off -r '" THERIAC_TEST_DATA
      "/zinc_site.pdbqt' --center_x 11 --center_y 11.5 --center_z 13 --size_x 14 --size_y 14 --size_z 14 "
      "--exhaustiveness 0.1 --num_modes 1 --rank_by energy ";  // the energy is what rounds learn
  require_done(run_theriac(rounds + "-o whole", folder));
  const auto table = read_csv(read_file(folder / "whole/rounds.csv"));
  REQUIRE(table.size() == 3);
  CHECK(cell(table, 0, "docked") == "50");
  CHECK(cell(table, 1, "docked") == "50");
  CHECK(cell(table, 0, "rank_correlation").empty());
  CHECK(std::stod(cell(table, 1, "mean_kcal_mol")) < std::stod(cell(table, 0, "mean_kcal_mol")));
  const auto best = read_csv(read_file(folder / "whole/best.csv"));
  CHECK(best.size() == 101);  // no molecule twice
  const auto again = run_theriac(rounds + "-o whole", folder);
  CHECK(again.exit_code == 0);
  CHECK_THAT(again.err, Contains("nothing to do"));

  auto stopped = run_theriac(rounds + "-o parts --max-time 1s", folder);
  for (int tries = 0; stopped.exit_code == 75 && tries < 100; ++tries)
    stopped = run_theriac(rounds + "-o parts --max-time 1s", folder);
  require_done(stopped);
  for (const char* name : {"/best.csv", "/rounds.csv", "/round2/chosen.csv"})
    CHECK(read_file(folder / (std::string("whole") + name)) ==
          read_file(folder / (std::string("parts") + name)));

  const auto other = run_theriac(rounds + "-o whole --spacing 0.5", folder);
  CHECK(other.exit_code == 2);
  CHECK_THAT(other.err, Contains("spacing"));
}
