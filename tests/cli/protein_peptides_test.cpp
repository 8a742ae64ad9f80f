#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>

#include "datasets/results_table.hpp"
#include "tests/cli/transcript.hpp"
#include "tests/scoring/random_protein_model.hpp"

using theriac::datasets::read_csv;
using theriac::datasets::read_file;

namespace {

void put(const std::string& path, const std::string& text) {
  std::ofstream(path) << text;
}

const std::string mdm2 =
    ">MDM2\nSQIPASEQETLVRPKPLLLKLLKSVGAQKDTYTMKEVLFYLGQYIMTKRLYDEKQQHIVYCSNDLLGDLFGVPSFSVKEHRKIYTMIYRNLVV\n";

struct Folder : TemporaryFolder {
  Folder() {
    RandomProteinModel::write_causal(*this / "m.safetensors");
    put(*this / "t.fasta", mdm2);
  }
  Transcript run(const std::string& options) const {
    return run_theriac("protein peptides --model m.safetensors --shuffles 1 --number 5 " + options, *this);
  }
};

}  // namespace

TEST_CASE("peptides of a target as a table: ranked, named, the same for the same seed") {
  const Folder folder;
  const auto first = folder.run("--target t.fasta --length 6-10 -o a.csv --cpu 2");
  INFO(first.err);
  REQUIRE(first.exit_code == 0);
  REQUIRE(folder.run("--target t.fasta --length 6-10 -o b.csv --cpu 1").exit_code == 0);
  CHECK(read_file(folder / "a.csv") == read_file(folder / "b.csv"));
  const auto rows = read_csv(read_file(folder / "a.csv"));
  REQUIRE(rows.size() == 6);
  const auto column = [&](const std::string& name) {
    return static_cast<std::size_t>(std::find(rows[0].begin(), rows[0].end(), name) - rows[0].begin());
  };
  for (std::size_t i = 1; i < rows.size(); ++i) {
    CHECK(rows[i][column("rank")] == std::to_string(i));
    CHECK(rows[i][column("target")] == "MDM2");
    const std::string& peptide = rows[i][column("peptide")];
    CHECK(peptide.find_first_not_of("ACDEFGHIKLMNPQRSTVWY") == std::string::npos);
    CHECK(rows[i][column("smiles")].empty() == (peptide.size() > 8));
    if (i > 1) CHECK(std::stod(rows[i - 1][column("score")]) >= std::stod(rows[i][column("score")]));
  }
  CHECK(column("hemolysis") < rows[0].size());
  const auto again = folder.run("--target t.fasta -o a.csv");
  CHECK(again.exit_code == 2);
  CHECK(again.err.find("--overwrite") != std::string::npos);
}

TEST_CASE("rings: a disulfide holds the ends together, and a start is improved") {
  const Folder folder;
  REQUIRE(folder.run("--target t.fasta --length 6 --cyclise disulfide -o s.csv").exit_code == 0);
  const auto rows = read_csv(read_file(folder / "s.csv"));
  for (std::size_t i = 1; i < rows.size(); ++i) {
    CHECK(rows[i][3].front() == 'C');
    CHECK(rows[i][3].back() == 'C');
    CHECK(rows[i][rows[i].size() - 2].find("SS") != std::string::npos);
  }
  REQUIRE(folder.run("--target t.fasta --start ETFSDLWK --fix 3:F --steps 3 -o i.csv").exit_code == 0);
  CHECK(read_csv(read_file(folder / "i.csv")).at(1).at(3)[2] == 'F');
  CHECK(folder.run("--target t.fasta --length 6-9 --cyclise disulfide -o x.csv").exit_code == 2);
}

TEST_CASE("targets: lower case and unknown residues are read, long ones cut with a warning") {
  const Folder folder;
  std::string lower = mdm2.substr(6);
  for (char& c : lower) c = static_cast<char>(std::tolower(c));
  put(folder / "lower.fasta", ">MDM2\n" + lower + "*\n");
  REQUIRE(folder.run("--target lower.fasta -o l.csv").exit_code == 0);
  REQUIRE(folder.run("--target t.fasta -o u.csv").exit_code == 0);
  CHECK(read_file(folder / "l.csv") == read_file(folder / "u.csv"));
  put(folder / "x.fasta", ">x\nMKTAYXAKQRQISFVKXHFSRQ\n");
  const auto odd = folder.run("--target x.fasta -o x.csv");
  CHECK(odd.exit_code == 0);
  CHECK(odd.err.find("x: 2 of 22") != std::string::npos);
  std::string giant = ">giant\n";
  for (int i = 0; i < 4000; ++i) giant += "MKTAYIEKQR";
  put(folder / "giant.fasta", giant + "\n");
  const auto cut = folder.run("--target giant.fasta -o g.csv");
  CHECK(cut.exit_code == 0);
  CHECK(cut.err.find("of 40000 residues were read") != std::string::npos);
}

TEST_CASE("targets that are none are refused with the reason") {
  const Folder folder;
  const std::pair<const char*, const char*> bad[] = {
      {">gap\nMKT--AYIAKQRQ\n", "'-' stands for no amino acid (f.fasta, line 2)"},
      {">stop\nMKT*AYIAKQRQ\n", "'*' stands for no amino acid (f.fasta, line 2)"},
      {">empty\n>b\nMKTAYIAKQRQ\n", "no residues after the header 'empty'"},
      {">dna\nATGGCTAGCTAGCTAGGCTAGCTAGCTAACGATCGATCG\n", "is a nucleotide sequence"},
      {">short\nMKTA\n", "has 4 residues"}};
  for (const auto& [text, reason] : bad) {
    put(folder / "f.fasta", text);
    const auto said = folder.run("--target f.fasta -o f.csv");
    INFO(said.err);
    CHECK(said.exit_code == 3);
    CHECK(said.err.find(reason) != std::string::npos);
  }
  put(folder / "f.fasta", "");
  CHECK(folder.run("--target f.fasta -o f.csv").exit_code == 3);
}

TEST_CASE("designs and models that cannot be are refused") {
  const Folder folder;
  const auto refused = [&](const std::string& options, const std::string& reason, int code) {
    const auto said = folder.run("--target t.fasta -o n.csv " + options);
    INFO(said.err);
    CHECK(said.exit_code == code);
    CHECK(said.err.find(reason) != std::string::npos);
  };
  refused("--fix 12:C", "position 12 is fixed, but the shortest peptide has 8 residues", 2);
  refused("--fix 3:C --ban CM", "C is fixed at position 3 and banned", 2);
  refused("--fix 0:C", "position 0 is fixed", 2);
  refused("--start ETFX", "'X' at position 4 of the peptide", 3);
  refused("--cyclise head-to-tail --ends capped", "has no ends to be capped", 2);
  refused("--length 1", "peptides of 1 to 1 residues cannot be proposed", 2);
  CHECK(run_theriac("protein peptides --target t.fasta --model t.fasta -o n.csv", folder).exit_code == 6);
  CHECK(run_theriac("protein peptides --target none.fasta --model m.safetensors", folder).exit_code == 3);
}
