// theriac screen: the same rows as one docking run, and what decides which molecules are docked.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "datasets/gzip.hpp"
#include "datasets/results_table.hpp"
#include "tests/cli/small_screen.hpp"

using Catch::Matchers::Contains;
using theriac::datasets::read_csv;
using theriac::datasets::read_file;
namespace fs = std::filesystem;

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
