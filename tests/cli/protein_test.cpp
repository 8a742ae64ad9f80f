// theriac protein: what a model is, and vectors of sequences, odd ones among them.
#include <catch2/catch.hpp>
#include <cmath>

#include "chem/text_file.hpp"
#include "datasets/hdf5_file.hpp"
#include "scoring/protein_language_model.hpp"
#include "tests/cli/transcript.hpp"
#include "tests/scoring/small_protein_model.hpp"

using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
using theriac::datasets::Hdf5File;

namespace {

const TemporaryFolder& folder() {
  static const TemporaryFolder made;
  static const bool once = [] {
    small_protein_model::write_esm(made / "esm");
    theriac::chem::write_text_file(made / "own.safetensors", small_protein_model::progen2_bytes());
    theriac::chem::write_text_file(made / "odd.fasta",
                                   ">one first\nMKTAYIAKQR\n>two\nmkta-yi*\n>empty\n>dna\nACGTACGTACGTACGT\n"
                                   ">stop\nMK*TA\n>unknown\nMXXJK\n>long\n" +
                                       std::string(40000, 'L') + "\n>one\nGS\n");
    return true;
  }();
  static_cast<void>(once);
  return made;
}

}  // namespace

TEST_CASE("info tells the architecture, and what the file says of itself") {
  const auto esm = run_theriac("protein info esm", folder());
  CHECK(esm.exit_code == 0);
  CHECK_THAT(esm.out, Contains("ESM-2: masked, rotary positions") && Contains("3 of width 8") &&
                          Contains("tied to the embedding") && Contains("the file does not say"));
  CHECK_THAT(esm.err, Contains("holds no rotary frequencies"));
  const auto own = run_theriac("protein info own.safetensors --json", folder());
  CHECK_THAT(own.out, Contains("\"architecture\": \"ProGen2: causal") && Contains("\"licence\": \"CC0\""));
  const auto missing = run_theriac("protein info odd.fasta", folder());
  CHECK(missing.exit_code == 6);
  CHECK_THAT(missing.err, Contains("is not a readable safetensors file"));
}

TEST_CASE("vectors of good records, and a row with the reason for each bad one") {
  const auto run = run_theriac("protein embed odd.fasta --model esm --max-failed 5 -o v.h5", folder());
  INFO(run.err);
  CHECK(run.exit_code == 0);
  CHECK_THAT(run.err, Contains("embedded  5 of 8 sequences, 40023 residues"));
  const auto file = Hdf5File::open(folder() / "v.h5");
  CHECK(file.read_text("/sequences/name") ==
        std::vector<std::string>{"one", "two", "empty", "dna", "stop", "unknown", "long", "one"});
  CHECK(file.read_text("/sequences/status") ==
        std::vector<std::string>{"ok", "ok", "failed", "failed", "failed", "ok", "ok", "ok"});
  CHECK(file.read_integers("/sequences/length") == std::vector<std::int64_t>{10, 6, 0, 0, 0, 5, 40000, 2});
  const auto messages = file.read_text("/sequences/message");
  CHECK(messages[1] == "final '*' removed; 1 gaps removed; 6 residues in lower case");
  CHECK(messages[2] == "no residues");
  CHECK_THAT(messages[3], Contains("nucleotides"));
  const auto vectors = file.read_reals("/sequences/vector");
  REQUIRE(vectors.size() == 8 * 24);
  CHECK(std::isnan(vectors[2 * 24]));
  const auto model = theriac::scoring::ProteinLanguageModel::read(folder() / "esm");
  const auto expected = model.pooled_embeddings({"MKTAYIAKQR", "MXXXK"});
  for (std::size_t k = 0; k < 24; ++k) {
    CHECK(vectors[k] == Approx(expected[k]).margin(1e-6));
    CHECK(vectors[5 * 24 + k] == Approx(expected[24 + k]).margin(1e-6));
  }
  CHECK(run_theriac("protein embed odd.fasta --model esm -o v.h5", folder()).exit_code == 2);  // it is there
}

TEST_CASE("a vector for each residue, found by the row of the first one") {
  theriac::chem::write_text_file(folder() / "two.fasta", ">a\nMKT\n>bad\n*A\n>b\nGSHM\n");
  const auto run = run_theriac(
      "protein embed two.fasta --model own.safetensors --per-residue --max-failed 1 -o r.h5", folder());
  INFO(run.err);
  CHECK(run.exit_code == 0);
  const auto file = Hdf5File::open(folder() / "r.h5");
  CHECK(file.read_integers("/sequences/first_residue") == std::vector<std::int64_t>{0, -1, 3});
  CHECK(file.read_text("/sequences/residues") == std::vector<std::string>{"MKT", "", "GSHM"});
  const auto vectors = file.read_reals("/residues/vector");
  REQUIRE(vectors.size() == 7 * 32);
  const auto expected = theriac::scoring::ProteinLanguageModel::read(folder() / "own.safetensors")
                            .residue_embeddings({"GSHM"})
                            .front();
  for (std::size_t i = 0; i < expected.size(); ++i) CHECK(vectors[3 * 32 + i] == expected[i]);
}

TEST_CASE("embed says what is missing") {
  CHECK_THAT(run_theriac("protein embed -o x.h5", folder()).err, Contains("which sequences?"));
  CHECK_THAT(run_theriac("protein embed odd.fasta -o x.csv", folder()).err, Contains("is no HDF5 file"));
  CHECK(run_theriac("protein embed none.fasta --model esm -o x.h5", folder()).exit_code == 3);
  theriac::chem::write_text_file(folder() / "empty.fasta", "\n");
  CHECK(run_theriac("protein embed empty.fasta --model esm -o x.h5", folder()).exit_code == 3);
  const auto part = run_theriac("protein embde", folder());
  CHECK(part.exit_code == 2);
  CHECK_THAT(part.err, Contains("did you mean 'theriac protein embed'?"));
  CHECK_THAT(run_theriac("help protein embed", folder()).out,
             StartsWith("Usage: theriac protein embed") && Contains("--per-residue"));
}

TEST_CASE("a device of the model that is not there ends with exit code 7 and says what to do") {
  theriac::chem::write_text_file(folder() / "few.fasta", ">a\nMKTAYIAKQRGS\n");
  for (const std::string ask : {"protein embed few.fasta --model esm -o none.h5",
                                "protein variants K2A --sequence few.fasta --model esm -o none.csv",
                                "protein peptides --target few.fasta --model esm -o none.csv"}) {
    INFO(ask);
    const auto none = run_theriac(ask + " --device cuda:63", folder());
    CHECK(none.exit_code == 7);
    CHECK_THAT(none.err, Contains("no device 'cuda:63'") && Contains("use --device cpu"));
    CHECK(run_theriac(ask + " --device abacus", folder()).exit_code == 2);
    CHECK_FALSE(std::filesystem::exists(folder() / "none.h5"));
    CHECK_FALSE(std::filesystem::exists(folder() / "none.csv"));
  }
  const auto causal =
      run_theriac("protein peptides --target few.fasta --model own.safetensors --device cuda:0", folder());
  CHECK(causal.exit_code == 2);
  CHECK_THAT(causal.err, Contains("residue by residue") && Contains("leave out --device"));
  REQUIRE(run_theriac("protein embed few.fasta --model esm -o here.h5", folder()).exit_code == 0);
  REQUIRE(run_theriac("protein embed few.fasta --model esm --device auto -o there.h5", folder()).exit_code ==
          0);
  const auto here = Hdf5File::open(folder() / "here.h5").read_reals("/sequences/vector");
  const auto there = Hdf5File::open(folder() / "there.h5").read_reals("/sequences/vector");
  REQUIRE(here.size() == there.size());
  for (std::size_t i = 0; i < here.size(); ++i) CHECK(there[i] == Approx(here[i]).margin(1e-4));
}
