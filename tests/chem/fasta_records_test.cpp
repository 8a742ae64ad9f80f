// FASTA record by record: what is changed is noted, what is wrong is said, and the next record follows.
#include "chem/fasta_records.hpp"

#include <catch2/catch.hpp>

using Catch::Matchers::Contains;
using namespace theriac::chem;

namespace {

std::vector<FastaRecord> all(const std::string& text) {
  auto records = FastaRecords::from_text(text);
  std::vector<FastaRecord> out;
  for (FastaRecord record; records.next(record);) out.push_back(record);
  return out;
}

}  // namespace

TEST_CASE("records keep their names, and lines are joined") {
  const auto records = all("\n>sp|P1|A first protein\r\nMKTA\r\nYI AK\r\n>second\nGSHM*\n");
  REQUIRE(records.size() == 2);
  CHECK(records[0].name == "sp|P1|A");
  CHECK(records[0].residues == "MKTAYIAK");
  CHECK(records[0].line == 2);
  CHECK(records[0].note.empty());
  CHECK(records[1].residues == "GSHM");
  CHECK(records[1].note == "final '*' removed");
}

TEST_CASE("lower case, gaps and unknown residues are read and noted") {
  const auto records = all(">a\nmkT-a.X\n>b\nBJOUXZ\n");
  CHECK(records[0].residues == "MKTAX");
  CHECK(records[0].note == "2 gaps removed; 3 residues in lower case; 1 unknown residues X");
  CHECK(records[1].residues == "BJOUXZ");
}

TEST_CASE("a bad record says what is wrong and where, and harms no other") {
  const auto records =
      all(">a\nMK*TA\n>empty\n>b\nMK1TA\n>dna\nACGTACGTACGTNN\n>rna\nacguacguacguacgu\n>short\nACGTGA\n>");
  REQUIRE(records.size() == 7);
  CHECK(records[0].fault == "a stop codon '*' behind residue 2");
  CHECK(records[0].residues.empty());
  CHECK(records[1].fault == "no residues");
  CHECK(records[2].fault == "'1' behind residue 2 stands for no amino acid");
  CHECK_THAT(records[3].fault, Contains("letters of nucleotides"));
  CHECK_THAT(records[4].fault, Contains("letters of nucleotides"));
  CHECK(records[5].residues == "ACGTGA");
  CHECK(records[6].name == "sequence_7");
  CHECK(records[6].fault == "no residues");
}

TEST_CASE("text before the first header is a record, and a nameless one is numbered") {
  const auto records = all("MKTA\nYI\n> \nGS\n");
  REQUIRE(records.size() == 2);
  CHECK(records[0].name == "sequence_1");
  CHECK(records[0].residues == "MKTAYI");
  CHECK(records[1].name == "sequence_2");
  CHECK(all("").empty());
  CHECK(all("\n \n").empty());
}

TEST_CASE("a protein of 40,000 residues is read, an endless one is a fault") {
  std::string text = ">titin\n";
  for (int i = 0; i < 500; ++i) text += std::string(79, 'E') + "K\n";
  text += ">endless\n";
  for (int i = 0; i < 3000; ++i) text += std::string(100, 'A') + "\n";
  text += ">one_line\n" + std::string(2'000'000, 'A') + "\n>last\nMK\n";
  const auto records = all(text);
  REQUIRE(records.size() == 4);
  CHECK(records[0].residues.size() == 40000);
  CHECK(records[1].fault == "more than 200000 residues");
  CHECK(records[2].fault == "more than 200000 residues");
  CHECK(records[3].residues == "MK");
}
