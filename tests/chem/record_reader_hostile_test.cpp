#include <catch2/catch.hpp>
#include <cstdlib>

#include "chem/counter_random.hpp"
#include "chem/error.hpp"
#include "chem/record_reader.hpp"

using namespace theriac::chem;

namespace {

const std::string block =
    "benzoate\n  theriac           3D\n\n  9  9  0  0  0  0            999 V2000\n"
    "    1.2000    0.7000    0.0000 C   0  0\n    1.2000   -0.7000    0.0000 C   0  0\n"
    "    0.0000   -1.4000    0.0000 C   0  0\n   -1.2000   -0.7000    0.0000 C   0  0\n"
    "   -1.2000    0.7000    0.0000 C   0  0\n    0.0000    1.4000    0.0000 C   0  0\n"
    "    0.0000    2.9000    0.0000 C   0  0\n    1.1000    3.5000    0.1000 O   0  0\n"
    "   -1.1000    3.5000   -0.1000 O   0  5\n"
    "  1  2  2  0\n  2  3  1  0\n  3  4  2  0\n  4  5  1  0\n  5  6  2  0\n  6  1  1  0\n  6  7  1  0\n"
    "  7  8  2  0\n  7  9  1  0\nM  CHG  1   9  -1\nM  END\n> <id>\n17\n\n$$$$\n";

const std::string v3000 =
    "v3\n\n\n  0  0  0     0  0            999 V3000\nM  V30 BEGIN CTAB\nM  V30 COUNTS 3 2 0 0 1\nM  V30 "
    "BEGIN ATOM\n"
    "M  V30 1 C 0 0 0 0\nM  V30 2 N 1.4 0 0 0 CHG=1\nM  V30 3 O 2.1 1.2 0 0 CHG=-1\nM  V30 END ATOM\n"
    "M  V30 BEGIN BOND\nM  V30 1 1 1 2\nM  V30 2 1 2 3 CFG=1\nM  V30 END BOND\nM  V30 END CTAB\nM  "
    "END\n$$$$\n";

const std::string mol2 =
    "@<TRIPOS>MOLECULE\nacetate\n4 3 1 0 0\nSMALL\nNO_CHARGES\n\n@<TRIPOS>ATOM\n"
    "1 C1 0.000 0.000 0.000 C.3 1 LIG 0.0\n2 C2 1.500 0.000 0.000 C.2 1 LIG 0.0\n"
    "3 O1 2.100 1.050 0.000 O.co2 1 LIG 0.0\n4 O2 2.100 -1.050 0.000 O.co2 1 LIG 0.0\n"
    "@<TRIPOS>BOND\n1 1 2 1\n2 2 3 ar\n3 2 4 ar\n";

const std::string pdb =
    "COMPND    acetone\n"
    "HETATM    1  C1  LIG A   1       0.000   0.000   0.000  1.00  0.00           C\n"
    "HETATM    2  O1  LIG A   1       1.215   0.000   0.000  1.00  0.00           O\n"
    "HETATM    3  C2  LIG A   1      -0.760   1.300   0.000  1.00  0.00           C\n"
    "HETATM    4  C3  LIG A   1      -0.760  -1.300   0.000  1.00  0.00           C\n"
    "CONECT    1    2    2    3    4\nEND\n";

const std::string pdbqt =
    "MODEL 1\nREMARK SMILES CCO\nROOT\n"
    "HETATM    1  C1  LIG A   1       0.000   0.000   0.000  1.00  0.00     0.042 C \n"
    "ENDROOT\nBRANCH   1   2\n"
    "HETATM    2  O1  LIG A   1       2.000   1.350   0.000  1.00  0.00    -0.398 OA\n"
    "ENDBRANCH   1   2\nTORSDOF 1\nENDMDL\n";

const std::string smiles =
    "smiles id\nC[C@H](N)C(=O)O ala\nCC(C)Cc1ccc(cc1)C(C)C(=O)O |&1:11| "
    "ibu\nO=C([O-])c1ccccc1.[Na+]\tsalt\tx\n"
    "F/C=C\\F z\n[13CH3][N+](C)(C)CC%10CCCCC%10 q\n";

const std::string table =
    "id,SMILES,\"a, b\"\r\n1,CCO,\"x \"\"y\"\"\"\r\n2,\"c1ccccc1\",\"two\r\nlines\"\r\n3,CCN,\r\n";

/// One to four changes: a byte replaced, a piece cut, doubled or overwritten with another, the end cut off.
std::string mutated(std::string text, CounterRandom& random) {
  static const std::string bytes("\n\r\t \0\"|$[](){}<>0123456789-+.,;:%@/\\#=*ABCNOHabcnoX\xff\x80", 53);
  for (std::uint32_t changes = 1 + random.below(4); changes > 0 && !text.empty(); --changes) {
    const auto size = static_cast<std::uint32_t>(text.size());
    const std::size_t at = random.below(size), length = 1 + random.below(40);
    switch (random.below(6)) {
      case 0:
        text[at] = bytes[random.below(static_cast<std::uint32_t>(bytes.size()))];
        break;
      case 1:
        text.erase(at, length);
        break;
      case 2:
        text.insert(random.below(size), text.substr(at, length));
        break;
      case 3:
        text.resize(at);
        break;
      case 4:
        text.insert(at, std::string(length * 50, bytes[random.below(53)]));
        break;
      default:
        text.replace(at, 1, std::to_string(random() - 2147483648.0));
        break;
    }
  }
  return text;
}

}  // namespace

TEST_CASE("files with random damage give rows, never a crash, an exception or a lost stream") {
  const char* more = std::getenv("THERIAC_TEST_MUTANTS");  // more than the 300 of every day, for a long run
  const int mutants = more ? std::atoi(more) : 300;
  const std::pair<MoleculeFormat, std::string> inputs[] = {{MoleculeFormat::sdf, block + v3000 + block},
                                                           {MoleculeFormat::mol, block},
                                                           {MoleculeFormat::mol2, mol2 + mol2},
                                                           {MoleculeFormat::pdb, pdb},
                                                           {MoleculeFormat::pdbqt, pdbqt},
                                                           {MoleculeFormat::smiles, smiles},
                                                           {MoleculeFormat::csv, table}};
  for (const auto& [format, text] : inputs) {
    int records = 0, bad = 0;
    for (int n = 0; n < mutants; ++n) {
      CounterRandom random(1, format_name(format), "mutant", static_cast<std::uint64_t>(n));
      const std::string mutant = mutated(text, random);
      INFO(format_name(format) << " mutant " << n << ":\n" << mutant);
      try {
        RecordReader reader = RecordReader::from_text(mutant, format, "mutant");
        while (const auto record = reader.next()) {
          ++records;
          bad += !record->good();
          REQUIRE(record->index == reader.records_read() - 1);
          REQUIRE_FALSE(record->name.empty());
          REQUIRE((record->good() || record->message.find("mutant") != std::string::npos));
          REQUIRE((!record->good() || record->molecule || !record->pdbqt_text.empty()));
        }
      } catch (const theriac::InputError&) {  // an empty file, a table whose header is gone
      }
    }
    CHECK(records > mutants / 2);
    CHECK(bad > mutants / 20);
  }
}
