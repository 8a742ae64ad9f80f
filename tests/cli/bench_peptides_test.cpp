#include <catch2/catch.hpp>
#include <filesystem>

#include "chem/text_file.hpp"
#include "tests/cli/transcript.hpp"
#include "tests/scoring/random_protein_model.hpp"

using theriac::chem::write_text_file;

namespace {

// four proteins without a word in common
const char* const targets[] = {"MKTAYIAKQRQISFVKSHFSRQLEERLGLIEVQ", "GSDNVWPCCHHWNPDDTGGSMNWCPFYYTGGHDN",
                               "EEEEEEKKKKKKRRRRRRDDDDDDSSSSSSTTTTTT", "LVLVILFAVMLWLIVAAGLFVLMILVAVFLIAGL"};

/// Two pairs to be tested, one of them a relative of what was learned; in training two pairs.
void write_tables(const TemporaryFolder& folder) {
  const std::string relative = std::string(targets[0]) + "GG";
  write_text_file(folder / "pepmlm_test203.tsv.gz", std::string("target_seq\tnative_peptide\n") + relative +
                                                        "\tETFSDLW\n" + targets[1] + "\tAKWCY\n" +
                                                        targets[1] + "\tAXB\n");
  write_text_file(folder / "pepnn_pdb_pairs.tsv.gz", std::string("receptor_seq\tpeptide_seq\tsplit\n") +
                                                         targets[0] + "\tKLLPE\ttrain\n" + targets[2] +
                                                         "\tFFWYD\ttrain\n" + targets[0] +
                                                         "AA\tRRKA\ttrain\n" + targets[3] + "\tGGGG\ttest\n");
}

}  // namespace

TEST_CASE("peptide pairs that a model learned from are left out, those it held out are measured") {
  const TemporaryFolder folder;
  RandomProteinModel::write_causal(folder / "m.safetensors");
  RandomProteinModel::write_masked(folder / "masked.safetensors");
  write_tables(folder);
  write_text_file(folder / "m_split.tsv", "# proteins\nKLLPE\tlearned\nFFWYD\theld_out\nRRKA\tlearned\n");
  const auto run = run_theriac("bench peptides --data . --model m.safetensors", folder);
  INFO(run.err);
  REQUIRE(run.exit_code == 0);
  CHECK(run.err.find(
            "2 of 4 in 2 families of targets; left out: 1 with other letters, 1 whose target is related to "
            "one of the 2 learned pairs") != std::string::npos);
  CHECK(run.out.find("composition of peptide and target alone") != std::string::npos);
  CHECK(run.out.find("| held out | 1 |") != std::string::npos);
  const auto rows = theriac::chem::read_text_file(folder / "bench-peptides/pairs.csv");
  CHECK(rows.find("AKWCY,pepmlm,0,34,") != std::string::npos);
  CHECK(rows.find("FFWYD,held_out,1,36,") != std::string::npos);
  const auto masked =
      run_theriac("bench peptides --data . --model masked.safetensors --split m_split.tsv -o again", folder);
  INFO(masked.err);
  CHECK(masked.exit_code == 0);
  CHECK(masked.err.find("judged residue by residue") != std::string::npos);
}

TEST_CASE("without a split all training pairs count as learned, and a foreign one is refused") {
  const TemporaryFolder folder;
  RandomProteinModel::write_causal(folder / "m.safetensors");
  write_tables(folder);
  const auto none = run_theriac("bench peptides --data . --model m.safetensors", folder);
  CHECK(none.exit_code == 3);
  CHECK(none.err.find("no split.tsv beside") != std::string::npos);
  CHECK(none.err.find("no two families of targets are left") != std::string::npos);
  write_text_file(folder / "other.tsv", "KLLPE\tlearned\nWWWW\theld_out\n");
  const auto foreign = run_theriac("bench peptides --data . --model m.safetensors --split other.tsv", folder);
  CHECK(foreign.exit_code == 3);
  CHECK(foreign.err.find("'other.tsv' line 2: 'WWWW' is not pair 2 of the table") != std::string::npos);
  write_text_file(folder / "short.tsv", "KLLPE\tlearned\n");
  CHECK(run_theriac("bench peptides --data . --model m.safetensors --split short.tsv", folder)
            .err.find("'short.tsv' has 1 of 3 pairs") != std::string::npos);
}
