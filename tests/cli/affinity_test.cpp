// theriac train affinity, predict --target and bench affinity as a user runs them.
#include <catch2/catch.hpp>
#include <fstream>

#include "chem/counter_random.hpp"
#include "datasets/results_table.hpp"
#include "tests/cli/result_rows.hpp"
#include "tests/cli/transcript.hpp"

using Catch::Matchers::Contains;

namespace {

std::string random_protein(int number, int length) {
  theriac::chem::CounterRandom random(11, std::to_string(number), "protein");
  std::string out;
  for (int i = 0; i < length; ++i) out += "ACDEFGHIKLMNPQRSTVWY"[random.below(20)];
  return out;
}

/// Family 0 to 2, member 0 to 3.
std::string protein(int family, int member) {
  std::string out = random_protein(family, 100);
  return out.replace(static_cast<std::size_t>(10 * member), 6, random_protein(100 + 4 * family + member, 6));
}

std::string molecule(int n) {
  const std::string chain(static_cast<std::size_t>(n), 'C');
  return n % 2 ? chain + "O" : "c1ccccc1" + chain + "N";
}

/// Alcohols bind family 2 more strongly than family 0; the sets' fold is drug plus target modulo 6.
void write_set(const TemporaryFolder& folder) {
  std::ofstream table(folder / "mine.csv"), drugs(folder / "mine_drugs.tsv"),
      proteins(folder / "mine_proteins.tsv"), values(folder / "mine_affinity.tsv");
  table << "smiles,sequence,pkd\n";
  drugs << "idx\tpubchem_or_chembl_id\tsmiles_can\tsmiles_iso\n";
  proteins << "idx\tprotein_id\tsequence\n";
  values << "drug_idx\tprotein_idx\tvalue\tpKd\tfold\n";
  for (int n = 1; n <= 30; ++n)
    drugs << n - 1 << '\t' << n << '\t' << molecule(n) << '\t' << molecule(n) << '\n';
  for (int t = 0; t < 12; ++t) proteins << t << "\tt" << t << '\t' << protein(t / 4, t % 4) << '\n';
  for (int n = 1; n <= 30; ++n)
    for (int t = 0; t < 12; ++t) {
      const double value = 5 + (n % 2) * (t / 4) + 0.02 * n;
      const int fold = (n + t) % 6;
      table << molecule(n) << ',' << protein(t / 4, t % 4) << ',' << value << '\n';
      values << n - 1 << '\t' << t << "\t0\t" << value << '\t' << (fold == 5 ? "test" : std::to_string(fold))
             << '\n';
    }
}

}  // namespace

TEST_CASE("a model of one's own measurements predicts affinities, and none for a protein it does not know") {
  TemporaryFolder folder;
  write_set(folder);
  auto run = run_theriac(
      "train affinity --data mine.csv --target pkd --unit pKd --family 'invented proteins' "
      "--trees 40 --folds 2 -o mine.safetensors",
      folder);
  INFO(run.err);
  REQUIRE(run.exit_code == 0);
  CHECK_THAT(run.err, Contains("360 affinities of 30 drugs and 12 targets"));

  std::ofstream(folder / "three.fasta") << ">weak\n"
                                        << protein(0, 1) << "\n>strong\n"
                                        << protein(2, 1) << "\n>foreign\n"
                                        << random_protein(999, 100) << "\n";
  std::ofstream(folder / "m.smi") << "CCCCCO pentanol\n";
  run = run_theriac(
      "predict -l m.smi --columns qed --target three.fasta --affinity_models mine.safetensors -o a.csv",
      folder);
  INFO(run.err);
  REQUIRE(run.exit_code == 0);
  CHECK_THAT(run.err, Contains("foreign: no basis: the model knows invented proteins only"));
  const auto table = result_rows(folder, "a.csv");
  REQUIRE(table.size() == 2);
  const double weak = std::stod(result_cell(table, 1, "pkd_weak")),
               strong = std::stod(result_cell(table, 1, "pkd_strong"));
  CHECK(strong > weak + 0.5);
  CHECK(std::stod(result_cell(table, 1, "pkd_strong_low")) <= strong);
  CHECK(strong <= std::stod(result_cell(table, 1, "pkd_strong_high")));
  CHECK(result_cell(table, 1, "pkd_foreign").empty());

  run = run_theriac(
      "predict -l m.smi --columns qed --target three.fasta --affinity_models mine.safetensors "
      "--outside_domain value -o b.csv",
      folder);
  REQUIRE(run.exit_code == 0);
  CHECK_FALSE(result_cell(result_rows(folder, "b.csv"), 1, "pkd_foreign").empty());
}

TEST_CASE("the model that ships answers for a kinase sequence") {
  TemporaryFolder folder;
  // The kinase domain of human ABL1, residues 242 to 493 (UniProt P00519).
  std::ofstream(folder / "abl1.fasta") << ">ABL1\nITMKHKLGGGQYGEVYEGVWKKYSLTVAVKTLKEDTMEVEEFLKEAAVMKEIKHPNLVQ"
                                          "LLGVCTREPPFYIITEFMTYGNLLDYLRECNRQEVNAVVL"
                                          "LYMATQISSAMEYLEKKNFIHRDLAARNCLVGENHLVKVADFGLSRLMTGDTYTAHAGAKFPIKWT"
                                          "APESLAYNKFSIKSDVWAFGVLLWEIATYGMSPY"
                                          "PGIDLSQVYELLEKDYRMERPEGCPEKVYELMRACWQWNPSDRPSFAEIHQAF\n";
  std::ofstream(folder / "m.smi") << "Cc1ccc(NC(=O)c2ccc(CN3CCN(C)CC3)cc2)cc1Nc1nccc(-c2cccnc2)n1 imatinib\n"
                                  << "CC(C)Cc1ccc(C(C)C(=O)O)cc1 ibuprofen\n";
  const auto run = run_theriac("predict -l m.smi --columns qed --target abl1.fasta -o a.csv", folder);
  INFO(run.err);
  REQUIRE(run.exit_code == 0);
  const auto table = result_rows(folder, "a.csv");
  REQUIRE(table.size() == 3);
  CHECK(std::stod(result_cell(table, 1, "pkd")) > 6);  // shrunk: the domain alone was not measured
  CHECK_THAT(result_cell(table, 2, "doubtful"), Contains("pkd"));  // like no measured drug
}

TEST_CASE("the affinity benchmark writes every method beside its interval on one thread or two") {
  TemporaryFolder folder;
  write_set(folder);
  for (const std::string out : {"a", "b"}) {
    const auto run = run_theriac("bench affinity --data . --set mine --splits fold4,drug --trees 40 --cpu " +
                                     std::string(out == "a" ? "1" : "2") + " -o " + out,
                                 folder);
    INFO(run.err);
    REQUIRE(run.exit_code == 0);
    CHECK_THAT(run.out, Contains("nearest neighbour") && Contains("target only"));
  }
  const auto table = result_rows(folder, "a/affinity.csv");
  CHECK(table.size() == 1 + 2 * 7);
  CHECK(result_cell(table, 1, "split") == "fold 4");
  CHECK(result_cell(table, 1, "method") == "model");
  CHECK(std::stod(result_cell(table, 1, "mse")) < std::stod(result_cell(table, 6, "mse")));
  CHECK(std::stod(result_cell(table, 1, "ci")) > 0.8);
  CHECK(theriac::datasets::read_file(folder / "a/affinity.csv") ==
        theriac::datasets::read_file(folder / "b/affinity.csv"));
}

TEST_CASE("affinity commands say what they need") {
  TemporaryFolder folder;
  write_set(folder);
  auto run = run_theriac("bench affinity --data . --set mine --splits drugs -o x", folder);
  CHECK(run.exit_code == 2);
  CHECK_THAT(run.err, Contains("there is no split 'drugs', did you mean 'drug'?"));
  run = run_theriac("train affinity --data . --target pkd -o m.safetensors", folder);
  CHECK(run.exit_code == 2);
  CHECK_THAT(run.err, Contains("--set names the set in it"));
  run = run_theriac("train affinity --data mine.csv --target pkd -o m.bin", folder);
  CHECK(run.exit_code == 2);
  CHECK_THAT(run.err, Contains("does not end in .safetensors"));
}
