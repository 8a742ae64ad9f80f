// theriac train protein-lm as a user runs it: what is refused, and a network small enough to learn in a
// second.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "tests/cli/transcript.hpp"

using Catch::Matchers::Contains;

namespace {

void write(const TemporaryFolder& folder, const std::string& name, const std::string& text) {
  std::ofstream(folder / name) << text;
}

}  // namespace

TEST_CASE("what holds no protein is refused with what is wrong") {
  const TemporaryFolder folder;
  write(folder, "empty.fasta", "");
  write(folder, "dna.fasta",
        ">gene\n" + std::string(200, 'A') + std::string(200, 'C') + std::string(99, 'G') + "T\n");
  write(folder, "pairs.tsv", "receptor\tpeptide\nMKTAY\tACD\n");
  const auto run = [&](const std::string& data) {
    return run_theriac("train protein-lm -o p --steps 1 --data " + data, folder);
  };
  const auto empty = run("empty.fasta"), dna = run("dna.fasta"), pairs = run("pairs.tsv"),
             none = run("none.fasta");
  CHECK(empty.exit_code == 3);
  CHECK_THAT(empty.err, Contains("'empty.fasta' holds no protein: it is empty"));
  CHECK(dna.exit_code == 3);
  CHECK_THAT(dna.err, Contains("nucleotides"));
  CHECK(pairs.exit_code == 3);
  CHECK_THAT(pairs.err, Contains("'pairs.tsv' has no column 'target'; it has receptor, peptide"));
  CHECK(none.exit_code == 3);
  const auto gpu = run("pairs.tsv --device cuda:63");
  CHECK(gpu.exit_code == 7);
  CHECK_THAT(gpu.err, Contains("no device 'cuda:63'") && Contains("use --device cpu"));
  CHECK(run("pairs.tsv --device abacus").exit_code == 2);
}

TEST_CASE("a protein language model is trained, described, and continued with other data") {
  const TemporaryFolder folder;
  std::string text;
  for (int i = 0; i < 40; ++i)
    text += ">p" + std::to_string(i) + "\n" +
            std::string(static_cast<std::size_t>(20 + i), "ACDEFGHIKL"[i % 10]) + "MNPQRSTVWYX\n";
  write(folder, "p.fasta", text + ">bad\nAC!D\n");
  const std::string tiny = "train protein-lm --data p.fasta --rows 2 --row 64 --cpu 1 ";
  const auto run =
      run_theriac(tiny + "--width 64 --depth 1 --positions 64 --steps 3 --held_out 2 -o p", folder);
  INFO(run.err);
  REQUIRE(run.exit_code == 0);
  CHECK_THAT(run.err, Contains("2 of "));
  CHECK_THAT(run.err, Contains("perplexity_4_gram"));
  for (const char* file : {"p/protein-lm.safetensors", "p/card.md", "p/curve.csv", "p/split.tsv"})
    CHECK(std::filesystem::exists(folder / file));
  const auto more = run_theriac(tiny + "--init p/protein-lm.safetensors --steps 2 --held_out 0 -o q", folder);
  INFO(more.err);
  CHECK(more.exit_code == 0);
  CHECK(std::filesystem::exists(folder / "q/protein-lm.safetensors"));
}
