#include "chem/record_reader.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <thread>

#include "chem/error.hpp"
#include "chem/input_files.hpp"
#include "input_folder.hpp"

using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;
using Catch::Matchers::Equals;
using Catch::Matchers::StartsWith;
using theriac::InputError;
using theriac::UsageError;
using namespace theriac::chem;

namespace {

std::vector<Record> all_of(RecordReader reader) {
  std::vector<Record> records;
  while (auto record = reader.next()) records.push_back(*record);
  return records;
}

std::vector<Record> read_text(const std::string& text, MoleculeFormat format) {
  return all_of(RecordReader::from_text(text, format, "input." + format_name(format)));
}

std::string hint_of(const std::vector<std::string>& inputs, ReaderOptions options = {}) {
  try {
    RecordReader reader(inputs, std::move(options));
  } catch (const theriac::Error& e) {
    return e.hint();
  }
  return "nothing was thrown";
}

/// A V2000 block of methanol without hydrogens; `x` is the first coordinate of its first atom.
std::string methanol_block(const std::string& title, const std::string& x = "    0.0000") {
  return title + "\n  theriac           3D\n\n  2  1  0  0  0  0            999 V2000\n" + x +
         "    0.0000    0.0000 C   0  0\n    1.4300    0.0000    0.2000 O   0  0\n  1  2  1  0\nM  END\n";
}

const std::string acetate_mol2 =
    "# made by hand\n@<TRIPOS>MOLECULE\nacetate\n4 3 1 0 0\nSMALL\nNO_CHARGES\n\n@<TRIPOS>ATOM\n"
    "1 C1 0.000 0.000 0.000 C.3 1 LIG 0.0\n2 C2 1.500 0.000 0.000 C.2 1 LIG 0.0\n"
    "3 O1 2.100 1.050 0.000 O.co2 1 LIG 0.0\n4 O2 2.100 -1.050 0.000 O.co2 1 LIG 0.0\n"
    "@<TRIPOS>BOND\n1 1 2 1\n2 2 3 ar\n3 2 4 ar\n";

const std::string ethanol_pdbqt =
    "REMARK  Name = ethanol\nROOT\n"
    "HETATM    1  C1  LIG A   1       0.000   0.000   0.000  1.00  0.00     0.042 C \n"
    "HETATM    2  C2  LIG A   1       1.500   0.000   0.000  1.00  0.00     0.152 C \n"
    "ENDROOT\nBRANCH   2   3\n"
    "HETATM    3  O1  LIG A   1       2.000   1.350   0.000  1.00  0.00    -0.398 OA\n"
    "HETATM    4  H1  LIG A   1       2.960   1.350   0.000  1.00  0.00     0.209 HD\n"
    "ENDBRANCH   2   3\nTORSDOF 1\n";

}  // namespace

TEST_CASE("SMILES lines give numbered records with names and further fields") {
  const auto records =
      read_text("smiles id logp\nCCO ethanol -0.1\n\n# a comment\nc1ccccc1\nCC(=O)O\tacetic acid\t0.2\n",
                MoleculeFormat::smiles);
  REQUIRE(records.size() == 3);
  CHECK(records[0].name == "ethanol");
  CHECK(records[0].properties == Properties{{"logp", "-0.1"}});
  CHECK(records[0].molecule->smiles() == "CCO");
  CHECK(records[0].line == 2);
  CHECK(records[1].name == "input.smi:5");
  CHECK(records[1].index == 1);
  CHECK(records[2].name == "acetic acid");
  CHECK(records[2].smiles_in() == "CC(=O)O");
}

TEST_CASE("a CXSMILES suffix is not part of the SMILES nor of the name") {
  const auto records = read_text("CC(F)Cl |&1:1,$;;a label;$| racemate\nCCO |c:1|\n", MoleculeFormat::smiles);
  REQUIRE(records.size() == 2);
  CHECK(records[0].text == "CC(F)Cl");
  CHECK(records[0].name == "racemate");
  CHECK(records[1].name == "input.smi:2");
  CHECK(read_text("id,smiles\n7,\"CC(F)Cl |&1:1|\"\n", MoleculeFormat::csv)[0].text == "CC(F)Cl");
}

TEST_CASE("a bad SMILES in line 17 is a row that says so, and reading goes on") {
  std::string text;
  for (int i = 1; i <= 20; ++i) text += i == 17 ? "c1ccccc(N cmpd-0017\n" : "CCO\n";
  const auto records = read_text(text, MoleculeFormat::smiles);
  REQUIRE(records.size() == 20);
  CHECK_FALSE(records[16].good());
  CHECK_FALSE(records[16].molecule);
  CHECK(records[16].name == "cmpd-0017");
  CHECK(records[16].message ==
        "not a valid SMILES 'c1ccccc(N': ring 1 is opened at character 2 and never closed (input.smi, line "
        "17)");
  CHECK(std::count_if(records.begin(), records.end(), [](const Record& r) { return r.good(); }) == 19);
}

TEST_CASE("a table's SMILES column is found by name and all other columns travel in order") {
  const auto records = read_text(
      "Price,\"Compound ID\",Canonical SMILES,\"note, long\"\r\n"
      "1.5,A-1,CCO,\"he said \"\"two\nlines\"\"\"\r\n2,,CCN\r\n",
      MoleculeFormat::csv);
  REQUIRE(records.size() == 2);
  CHECK(records[0].name == "A-1");
  CHECK(records[0].properties == Properties{{"Price", "1.5"}, {"note, long", "he said \"two\nlines\""}});
  CHECK(records[1].name == "input.csv:4");
  CHECK(records[1].line == 4);
  CHECK(records[1].molecule->smiles() == "CCN");
  CHECK(read_text("name;smiles\nx;CCO\n", MoleculeFormat::csv)[0].name == "x");
  CHECK(read_text("id\tstructure\n5\" pipe\tCCO\n\"odd\tCCN\nz\tCCC\n", MoleculeFormat::tsv)[1].name ==
        "\"odd");
}

TEST_CASE("SMILES and name columns can be chosen, and a wrong choice names the nearest") {
  const InputFolder folder;
  const std::string file = folder.write("t.csv", "smiles,product,label\nC,CCO,first\n");
  ReaderOptions options;
  options.smiles_column = "product";
  options.name_column = "label";
  const auto records = all_of(RecordReader({file}, options));
  CHECK(records.at(0).text == "CCO");
  CHECK(records.at(0).name == "first");
  options.smiles_column = "prodct";
  CHECK_THROWS_WITH(RecordReader({file}, options),
                    Contains("no column 'prodct'") && Contains("smiles, product, label"));
  CHECK(hint_of({file}, options) == "did you mean 'product'?");
  const std::string other = folder.write("u.csv", "a,b\n1,2\n");
  CHECK_THROWS_WITH(RecordReader({other}), "no SMILES column in '" + other + "'; its columns: a, b");
  CHECK(hint_of({other}) == "name it with --smiles-column");
}

TEST_CASE("a quote that is never closed costs its own row only") {
  std::string text = "smiles,name\nCCO,one\n\"CCN,two\n";
  for (int i = 0; i < 2000; ++i) text += "CCC,n" + std::to_string(i) + "\n";
  const auto records = read_text(text, MoleculeFormat::csv);
  REQUIRE(records.size() == 2002);
  CHECK(records[1].message == "a quoted cell that begins in this row is not closed (input.csv, line 3)");
  CHECK(records[2001].name == "n1999");
  const auto wide = read_text("smiles,name\nCCO,a,b\nCCC,c\n,d\n", MoleculeFormat::csv);
  REQUIRE(wide.size() == 3);
  CHECK(wide[0].message == "the row has 3 cells, the header has 2 (input.csv, line 2)");
  CHECK(wide[1].good());
  CHECK(wide[2].message == "no SMILES in column 'smiles' (input.csv, line 4)");
}

TEST_CASE("SDF records keep title, data tags and coordinates, V2000 and V3000") {
  const std::string v3000 =
      "second\n  theriac           3D\n\n  0  0  0     0  0            999 V3000\nM  V30 BEGIN CTAB\n"
      "M  V30 COUNTS 2 1 0 0 0\nM  V30 BEGIN ATOM\nM  V30 1 C 0 0 0.5 0\nM  V30 2 N 1.4 0 0 0\nM  V30 END "
      "ATOM\n"
      "M  V30 BEGIN BOND\nM  V30 1 1 1 2\nM  V30 END BOND\nM  V30 END CTAB\nM  END\n";
  const auto records = read_text(
      methanol_block("first") + "> <logp>\n-0.77\n\n>  <note>  (1)\ntwo\nlines\n\n$$$$\n" + v3000 + "$$$$\n",
      MoleculeFormat::sdf);
  REQUIRE(records.size() == 2);
  CHECK(records[0].name == "first");
  CHECK(records[0].properties == Properties{{"logp", "-0.77"}, {"note", "two\nlines"}});
  CHECK(records[0].molecule->smiles() == "CO");
  CHECK(records[0].molecule->has_3d());
  CHECK(records[0].molecule->coordinates()[1].z == Approx(0.2));
  CHECK(records[1].name == "second");
  CHECK(records[1].line == 17);
  CHECK(records[1].molecule->smiles() == "CN");
  CHECK(records[1].smiles_in().empty());
}

TEST_CASE("an SDF cut in the middle ends in a bad row") {
  const std::string whole = methanol_block("a") + "$$$$\n" + methanol_block("b") + "> <x>\n1\n\n$$$$\n";
  const auto in_atoms = read_text(whole.substr(0, whole.find("b\n") + 90), MoleculeFormat::sdf);
  REQUIRE(in_atoms.size() == 2);
  CHECK(in_atoms[0].good());
  CHECK(in_atoms[1].name == "b");
  CHECK_THAT(in_atoms[1].message, StartsWith("the file ends inside this record") &&
                                      Contains("'M  END' is missing") && EndsWith("(input.sdf, line 10)"));
  const auto in_tags = read_text(whole.substr(0, whole.size() - 7), MoleculeFormat::sdf);
  REQUIRE(in_tags.size() == 2);
  CHECK_THAT(in_tags[1].message, Contains("'$$$$' is missing"));
  CHECK(read_text(methanol_block("only"), MoleculeFormat::sdf).at(0).good());
}

TEST_CASE("bad structures inside an SDF are rows with reasons") {
  std::string text =
      methanol_block("nan", "       nan") + "$$$$\n" + methanol_block("infinite", "       inf") + "$$$$\n";
  text += "empty\n\n\n$$$$\n" + methanol_block("good") + "$$$$\n";
  std::string too_many_atoms = methanol_block("atoms");
  too_many_atoms.replace(too_many_atoms.find("  2  1  0"), 9, "999999  0");
  const auto records = read_text(text + too_many_atoms + "$$$$\n", MoleculeFormat::sdf);
  REQUIRE(records.size() == 5);
  for (int bad : {0, 1, 2, 4}) {
    CHECK_FALSE(records[bad].good());
    CHECK_THAT(records[bad].message, Contains("(input.sdf, line "));
  }
  CHECK_THAT(records[0].message, Contains("a coordinate of atom 1 is not a finite number"));
  CHECK_THAT(records[1].message, Contains("a coordinate of atom 1 is not a finite number"));
  CHECK(records[3].good());
}

TEST_CASE("MOL2 records are cut at MOLECULE and their charges understood") {
  std::string second = acetate_mol2;
  second.replace(second.find("acetate"), 7, "again");
  const auto records = read_text(acetate_mol2 + second, MoleculeFormat::mol2);
  REQUIRE(records.size() == 2);
  CHECK(records[0].message == "");
  CHECK(records[0].name == "acetate");
  CHECK(records[0].molecule->smiles() == "CC(=O)[O-]");
  CHECK(records[1].name == "again");
  const auto cut =
      read_text(acetate_mol2 + acetate_mol2.substr(0, acetate_mol2.size() - 20), MoleculeFormat::mol2);
  REQUIRE(cut.size() == 2);
  CHECK_THAT(cut[1].message,
             StartsWith("the record has 1 of 3 bond lines: the file ends inside this record"));
  CHECK_THAT(read_text("CCO\n", MoleculeFormat::mol2).at(0).message, Contains("not a MOL2 record"));
}

TEST_CASE("MOL2 with hydrogens keeps its charges") {
  const std::string methylammonium =
      "@<TRIPOS>MOLECULE\nmethylammonium\n8 7\nSMALL\nUSER_CHARGES\n\n@<TRIPOS>ATOM\n"
      "1 C 0.0 0.0 0.0 C.3\n2 N 1.5 0.0 0.0 N.4\n3 H1 -0.4 1.0 0.0 H\n4 H2 -0.4 -0.5 0.9 H\n"
      "5 H3 -0.4 -0.5 -0.9 H\n6 H4 1.9 1.0 0.0 H\n7 H5 1.9 -0.5 0.9 H\n8 H6 1.9 -0.5 -0.9 H\n"
      "@<TRIPOS>BOND\n1 1 2 1\n2 1 3 1\n3 1 4 1\n4 1 5 1\n5 2 6 1\n6 2 7 1\n7 2 8 1\n";
  const auto records = read_text(methylammonium, MoleculeFormat::mol2);
  REQUIRE(records[0].message == "");
  CHECK(records[0].molecule->smiles() == "C[NH3+]");
  CHECK(records[0].molecule->atom_count() == 8);
}

TEST_CASE("MOL2 atom types that RDKit does not know are read through Open Babel") {
  std::string text = acetate_mol2;  // GAFF names instead of Tripos types
  for (const auto& [tripos, gaff] :
       {std::pair{"C.3", "c3 "}, {"C.2", "c  "}, {"O.co2", "o    "}, {"O.co2", "oh   "}})
    text.replace(text.find(tripos), std::string(tripos).size(), gaff);
  text.replace(text.find("2 3 ar"), 6, "2 3 2 ");
  text.replace(text.find("3 2 4 ar"), 8, "3 2 4 1 ");
  const auto records = read_text(text, MoleculeFormat::mol2);
  REQUIRE(records.size() == 1);
  CHECK(records[0].message == "");
  CHECK(records[0].molecule->smiles() == "CC(=O)O");
}

TEST_CASE("bond orders of a PDB ligand are perceived from its geometry") {
  const std::string acetone_pdb =
      "COMPND    acetone\n"
      "HETATM    1  C1  LIG A   1       0.000   0.000   0.000  1.00  0.00           C\n"
      "HETATM    2  O1  LIG A   1       1.215   0.000   0.000  1.00  0.00           O\n"
      "HETATM    3  C2  LIG A   1      -0.760   1.300   0.000  1.00  0.00           C\n"
      "HETATM    4  C3  LIG A   1      -0.760  -1.300   0.000  1.00  0.00           C\nEND\n";
  const auto records = read_text(acetone_pdb, MoleculeFormat::pdb);
  REQUIRE(records.size() == 1);
  CHECK(records[0].name == "acetone");
  CHECK(records[0].molecule->smiles() == "CC(C)=O");
  CHECK(records[0].molecule->coordinates()[1].x == Approx(1.215));
  CHECK_THAT(read_text("REMARK nothing\nEND\n", MoleculeFormat::pdb).at(0).message,
             StartsWith("no ATOM or HETATM line"));
  std::string nan = acetone_pdb;
  nan.replace(nan.find("1.215"), 5, "  nan");
  CHECK_THAT(read_text(nan, MoleculeFormat::pdb).at(0).message,
             StartsWith("a coordinate of atom 2 is not a finite"));
}

TEST_CASE("PDBQT is kept as it is, one record per model") {
  const auto one = read_text(ethanol_pdbqt, MoleculeFormat::pdbqt);
  REQUIRE(one.size() == 1);
  CHECK(one[0].good());
  CHECK(one[0].name == "ethanol");
  CHECK(one[0].pdbqt_text == ethanol_pdbqt);
  CHECK_FALSE(one[0].molecule);
  const auto two = read_text("MODEL 1\nREMARK SMILES CCO\n" + ethanol_pdbqt + "ENDMDL\nMODEL 2\n" +
                                 ethanol_pdbqt + "ENDMDL\nMODEL 3\n" + ethanol_pdbqt.substr(0, 150),
                             MoleculeFormat::pdbqt);
  REQUIRE(two.size() == 3);
  CHECK(two[0].molecule->smiles() == "CCO");
  CHECK(two[1].pdbqt_text == ethanol_pdbqt);
  CHECK_THAT(two[2].message, Contains("the file ends inside this model"));
  CHECK_THAT(
      read_text(ethanol_pdbqt.substr(0, ethanol_pdbqt.find("ENDBRANCH")), MoleculeFormat::pdbqt)[0].message,
      StartsWith("the torsion tree is not complete (an ENDBRANCH is missing)"));
  CHECK_THAT(
      read_text("ATOM      1  CA  ALA A   1       0.000   0.000   0.000\n", MoleculeFormat::pdbqt)[0].message,
      StartsWith("no ROOT line"));
}

TEST_CASE("the same records come from plain and gzip files, known by extension or content") {
  const InputFolder folder;
  const std::string sdf = methanol_block("m") + "$$$$\n";
  const std::vector<std::string> files{folder.write("a.smi", "CO m\n"),
                                       folder.write_gzip("b.smi.gz", "CO m\n"),
                                       folder.write("c.csv", "\xef\xbb\xbfsmiles,id\nCO,m\n"),
                                       folder.write_gzip("d.sdf.gz", sdf),
                                       folder.write("e.mol", methanol_block("m")),
                                       folder.write("f.dat", sdf),
                                       folder.write("g", "CO m\n"),
                                       folder.write("h.txt", "id\tSMILES\nm\tCO\n"),
                                       folder.write_gzip("i.unknown", "smiles,id\r\nCO,m\r\n")};
  const auto records = all_of(RecordReader(files));
  REQUIRE(records.size() == files.size());
  for (std::size_t i = 0; i < files.size(); ++i) {
    CHECK(records[i].index == static_cast<int>(i));
    CHECK(records[i].file == files[i]);
    CHECK(records[i].name == "m");
    REQUIRE(records[i].message == "");
    CHECK(records[i].molecule->smiles() == "CO");
  }
}

TEST_CASE("an empty file among others is one bad record that names it") {
  const InputFolder folder;
  const std::string good = folder.write("ligands.smi", "CCO\n"), empty = folder.write("empty.sdf", ""),
                    packed = folder.write_gzip("empty.smi.gz", "");
  const std::vector<std::vector<std::string>> orders{
      {good, empty, packed}, {empty, packed, good}, {packed, good, empty}};
  for (const auto& files : orders) {
    const auto records = all_of(RecordReader(files));
    REQUIRE(records.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) {
      CHECK(records[i].index == static_cast<int>(i));
      CHECK(records[i].file == files[i]);
      CHECK(records[i].good() == (files[i] == good));
      if (files[i] != good) CHECK_THAT(records[i].message, Contains("file '" + files[i] + "' is empty"));
    }
  }
}

TEST_CASE("missing, empty and unknown files are refused before anything is read") {
  const InputFolder folder;
  const std::string good = folder.write("ligands.smi", "CCO\n"), empty = folder.write("empty.smi", "");
  CHECK_THROWS_WITH(RecordReader({folder.path("ligand.smi")}),
                    "file not found: '" + folder.path("ligand.smi") + "'");
  CHECK(hint_of({folder.path("ligand.smi")}) == "did you mean '" + good + "'?");
  CHECK_THROWS_AS(RecordReader({folder.path("ligand.smi")}), InputError);
  CHECK_THROWS_WITH(RecordReader({empty}), "file '" + empty + "' is empty");
  CHECK_THROWS_WITH(RecordReader({empty, folder.write_gzip("f.smi.gz", "")}), "all 2 files are empty");
  CHECK_THROWS_WITH(RecordReader({folder.write_gzip("e.smi.gz", "")}), Contains("is empty"));
  CHECK_THROWS_WITH(RecordReader({folder.write("x.bin", std::string("\0\1\2", 3))}),
                    Contains("cannot tell the format"));
  CHECK_THAT(hint_of({folder.path("x.bin")}),
             Contains("--in-format") && Contains("smi, csv, tsv, sdf, mol, mol2"));
  CHECK_THROWS_WITH(RecordReader({folder.write("z.smi.zst", "\x28\xb5\x2f\xfd....")}),
                    Contains("compressed with zstd"));
  RecordReader blank({folder.write("blank.smi", "\n# nothing\n\n")});
  CHECK_THROWS_WITH(blank.next(), "no molecules in '" + folder.path("blank.smi") + "'");
  CHECK_THROWS_WITH(format_from_name("sfd"), Contains("unknown input format 'sfd'"));
  CHECK(format_from_name(".SDF.gz") == MoleculeFormat::sdf);
}

TEST_CASE("a truncated gzip file ends in a row that says how much was read") {
  const InputFolder folder;
  std::string text;
  for (int i = 0; i < 20000; ++i)
    text += "C" + std::string(i % 37, 'C') + "O name" + std::to_string(i * 7919) + "\n";
  const std::string file = folder.write_gzip("lib.smi.gz", text),
                    second = folder.write("next.smi", "CCO last\n");
  folder.cut("lib.smi.gz", 0.5);
  RecordReader reader({file, second});
  std::int64_t good = 0;
  std::vector<RawRecord> rest;
  while (auto record = reader.next_raw())
    if (record->message.empty() && rest.empty())
      ++good;
    else
      rest.push_back(*record);
  CHECK(good > 5000);
  CHECK(good < 19000);
  REQUIRE(rest.size() == 2);
  CHECK(rest[0].message == "the gzip data end in the middle, the file is incomplete; " +
                               std::to_string(good) + " records were read before (" + file + ", line " +
                               std::to_string(good) + ")");
  CHECK(rest[0].index == good);
  CHECK(rest[1].name == "last");
  CHECK(reader.records_read() == good + 2);
}

TEST_CASE("damaged gzip data are a row, not an endless read") {
  const InputFolder folder;
  std::string text;
  for (int i = 0; i < 20000; ++i) text += "CCO name" + std::to_string(i * 7919) + "\n";
  const std::string file = folder.write_gzip("lib.smi.gz", text);
  {
    std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekp(static_cast<std::streamoff>(std::filesystem::file_size(file) / 2));
    bytes << std::string(64, '\xff');
  }
  const auto records = all_of(RecordReader({file}));
  CHECK_FALSE(records.back().good());
  CHECK_THAT(records.back().message,
             StartsWith("the gzip data are damaged") && Contains("records were read before"));
}

TEST_CASE("a line of 10 MB is one bad row, quickly, whatever the format") {
  const InputFolder folder;
  const std::string line(10'000'000, 'C');
  for (const char* name : {"l.smi", "l.csv", "l.sdf", "l.mol2", "l.pdb", "l.pdbqt"}) {
    const std::string head = name == std::string("l.csv")    ? "smiles\n"
                             : name == std::string("l.mol2") ? "@<TRIPOS>MOLECULE\n"
                                                             : "";
    const std::string file = folder.write(name, head + line + "\n");
    const auto start = std::chrono::steady_clock::now();
    const auto records = all_of(RecordReader({file}));
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
    CHECK(elapsed.count() < 5.0);
    REQUIRE(records.size() == 1);
    CHECK_THAT(records[0].message, Contains("is 10000000 bytes long, at most 1048576 are read"));
    CHECK(records[0].text.size() <= 1100000);
  }
  const auto around = read_text("CCO a\n" + line + "\nCCN b\n", MoleculeFormat::smiles);
  REQUIRE(around.size() == 3);
  CHECK(around[2].name == "b");
  const auto medium = read_text(std::string(50'000, 'C') + " x\n", MoleculeFormat::smiles);
  CHECK_THAT(medium.at(0).message, StartsWith("the SMILES has 50000 characters, at most 5000 are read"));
  const auto polymer = read_text(std::string(4'000, 'C') + " x\n", MoleculeFormat::smiles);
  CHECK(polymer.at(0).message == "the molecule has 4000 atoms, at most 1000 are read (input.smi, line 1)");
  CHECK(read_text("Cl[Si](Br)([13CH3])c1ccccc1 x\n", MoleculeFormat::smiles).at(0).good());
}

TEST_CASE("a million SMILES stream in constant memory") {
  const InputFolder folder;
  const std::string file = folder.path("million.smi.gz");
  gzFile out = gzopen(file.c_str(), "wb1");
  for (int i = 0; i < 1'000'000; ++i) gzprintf(out, "CC(C)Cc1ccc(cc1)C(C)C(=O)O mol%d\n", i);
  gzclose(out);
  const auto resident_pages = [] {
    std::int64_t size = 0, resident = 0;
    std::ifstream("/proc/self/statm") >> size >> resident;
    return resident;
  };
  RecordReader reader({file});
  const auto before = resident_pages();
  while (reader.next_raw()) {
  }
  CHECK(reader.records_read() == 1'000'000);
  CHECK((resident_pages() - before) * 4096 < 4'000'000);
}

TEST_CASE("trouble with a later file is a row and the files behind it are read") {
  const InputFolder folder;
  const auto records =
      all_of(RecordReader({folder.write("a.smi", "CCO\n"), folder.write("b.csv", "x,y\n1,2\n"),
                           folder.write("c.smi", "# none\n"), folder.write("d.smi", "CCN\n")}));
  REQUIRE(records.size() == 4);
  CHECK_THAT(records[1].message, Contains("no SMILES column in") && Contains("b.csv"));
  CHECK_THAT(records[2].message, StartsWith("no molecules in this file"));
  CHECK(records[3].molecule->smiles() == "CCN");
}

TEST_CASE("standard input is read like a file, its format given or seen") {
  const InputFolder folder;
  const std::string file = folder.write_gzip("in.smi.gz", "CCO first\nC1C second\n");
  const int saved = ::dup(STDIN_FILENO);
  for (const bool given : {true, false}) {
    const int replacement = ::open(file.c_str(), O_RDONLY);
    ::dup2(replacement, STDIN_FILENO);
    ::close(replacement);
    ReaderOptions options;
    if (given) options.format = MoleculeFormat::smiles;
    const auto records = all_of(RecordReader({"-"}, options));
    REQUIRE(records.size() == 2);
    CHECK(records[0].name == "first");
    CHECK_THAT(records[1].message, EndsWith("(standard input, line 2)"));
  }
  const std::string empty = folder.write("empty", "");
  const int replacement = ::open(empty.c_str(), O_RDONLY);
  ::dup2(replacement, STDIN_FILENO);
  ::close(replacement);
  CHECK_THROWS_WITH(RecordReader({"-"}), "standard input is empty");
  ::dup2(saved, STDIN_FILENO);
  ::close(saved);
}

TEST_CASE("folders and globs give their molecule files sorted by name") {
  const InputFolder folder;
  for (const char* name : {"b.smi", "a.smi", "c.sdf.gz", "notes.md", ".hidden.smi"})
    folder.write(name, "C\n");
  const std::string root = folder.path("");
  const auto names = [&](const std::vector<std::string>& inputs) {
    std::string text;
    for (const auto& f : expand_inputs(inputs)) text += std::filesystem::path(f).filename().string() + " ";
    return text;
  };
  CHECK(names({root}) == "a.smi b.smi c.sdf.gz ");
  CHECK(names({folder.path("?.smi"), "-"}) == "a.smi b.smi - ");
  CHECK(names({folder.path("b.smi"), folder.path("a.smi"), folder.path("b.smi")}) == "b.smi a.smi b.smi ");
  CHECK_THROWS_WITH(expand_inputs({folder.path("*.mol2")}),
                    "no file matches '" + folder.path("*.mol2") + "'");
  std::filesystem::create_directory(folder.path("nothing"));
  CHECK_THROWS_WITH(expand_inputs({folder.path("nothing")}), StartsWith("no molecule files in folder"));
}

TEST_CASE("raw records are parsed on several threads with the same result") {
  std::string text;
  for (int i = 0; i < 400; ++i)
    text += (i % 10 == 3 ? "C1CC" : "CC(C)Cc1ccc(cc1)C(C)C(=O)O") + std::string(" x\n");
  RecordReader reader = RecordReader::from_text(text, MoleculeFormat::smiles, "in.smi");
  std::vector<RawRecord> raw;
  while (auto record = reader.next_raw()) raw.push_back(*record);
  std::vector<std::string> serial(raw.size()), parallel(raw.size());
  const auto outcome = [](const RawRecord& r) {
    const Record record = parse(r);
    return record.good() ? record.molecule->smiles() : record.message;
  };
  for (std::size_t i = 0; i < raw.size(); ++i) serial[i] = outcome(raw[i]);
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (std::size_t i = t; i < raw.size(); i += 4) parallel[i] = outcome(raw[i]);
    });
  for (auto& thread : threads) thread.join();
  CHECK(serial == parallel);
  CHECK_THAT(serial[3], StartsWith("not a valid SMILES 'C1CC'") && EndsWith("(in.smi, line 4)"));
}
