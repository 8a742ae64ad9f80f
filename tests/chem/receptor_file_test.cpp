#include "chem/receptor_file.hpp"

#include <unistd.h>
#include <zlib.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "chem/error.hpp"
#include "chem/text_file.hpp"

using namespace theriac;
using namespace theriac::chem;
using Catch::Matchers::Equals;

namespace {

std::string message_of(const std::string& text) {
  try {
    parse_pdbqt_receptor(text, "x.pdbqt");
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

std::string atom_line(const std::string& xyz, const std::string& type) {
  return "ATOM      1  N   ALA A   2    " + xyz + "  1.00  0.00    -0.058 " + type + "\n";
}

const std::string origin = "   0.000   0.000   0.000";

std::string temporary_file(const std::string& name) {
  return (std::filesystem::temp_directory_path() / ("theriac_" + std::to_string(::getpid()) + "_" + name))
      .string();
}

}  // namespace

TEST_CASE("a PDBQT receptor is read as it is") {
  const Receptor receptor = read_pdbqt_receptor(THERIAC_TEST_DATA "/zinc_site.pdbqt");
  REQUIRE(receptor.atoms.size() == 14);
  CHECK(receptor.name == "zinc_site.pdbqt");
  const ReceptorAtom& nd1 = receptor.atoms[7];
  CHECK(nd1.name == "ND1");
  CHECK(nd1.autodock_type == "NA");
  CHECK(nd1.element == 7);
  CHECK(nd1.charge == Approx(-0.354));
  CHECK(nd1.position.x == 11.5);
  CHECK(nd1.residue.text() == "A:94");
  CHECK_FALSE(nd1.hetero);
}

TEST_CASE("sodium and the accepting nitrogen differ only by case") {
  const Receptor receptor = read_pdbqt_receptor(THERIAC_TEST_DATA "/zinc_site.pdbqt");
  CHECK(receptor.atoms[13].autodock_type == "Na");
  CHECK(receptor.atoms[13].element == 11);
  CHECK(receptor.atoms[12].autodock_type == "Zn");  // written ZN, which can mean nothing else
  CHECK(parse_pdbqt_receptor(atom_line(origin, "NA"), "x").atoms[0].element == 7);
}

TEST_CASE("a written receptor PDBQT is read back the same") {
  const Receptor receptor = read_pdbqt_receptor(THERIAC_TEST_DATA "/zinc_site.pdbqt");
  const Receptor again = parse_pdbqt_receptor(receptor_pdbqt(receptor), "again");
  REQUIRE(again.atoms.size() == receptor.atoms.size());
  for (std::size_t i = 0; i < again.atoms.size(); ++i) {
    CHECK(again.atoms[i].name == receptor.atoms[i].name);
    CHECK(again.atoms[i].autodock_type == receptor.atoms[i].autodock_type);
    CHECK(again.atoms[i].charge == Approx(receptor.atoms[i].charge));
    CHECK(distance(again.atoms[i].position, receptor.atoms[i].position) < 1e-9);
    CHECK(again.atoms[i].residue == receptor.atoms[i].residue);
  }
}

TEST_CASE("gzip receptors are read, and a truncated one is refused") {
  const std::string text = read_text_file(THERIAC_TEST_DATA "/zinc_site.pdbqt");
  const std::string path = temporary_file("zinc_site.pdbqt.gz");
  gzFile out = gzopen(path.c_str(), "wb");
  gzwrite(out, text.data(), static_cast<unsigned>(text.size()));
  gzclose(out);
  CHECK(read_pdbqt_receptor(path).atoms.size() == 14);

  std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
  CHECK_THROWS_WITH(
      read_pdbqt_receptor(path),
      Equals("cannot read '" + path + "': the file ends before its gzip data do; it was cut short"));
  std::filesystem::remove(path);
}

TEST_CASE("errors in a PDBQT receptor name the line and the value") {
  CHECK(message_of("REMARK nothing\n") == "no atoms in 'x.pdbqt'");
  CHECK(message_of("\n" + atom_line("     nan   0.000   0.000", "N")) ==
        "x is 'nan', not finite (x.pdbqt, line 2)");
  CHECK(message_of(atom_line("   0.000   0.0x0   0.000", "N")) ==
        "y is '0.0x0', not a number (x.pdbqt, line 1)");
  CHECK(message_of(atom_line(origin, "B")) == "unknown AutoDock type 'B' (x.pdbqt, line 1)");
  CHECK(message_of(atom_line(origin, "")) == "no AutoDock type in columns 78-79 (x.pdbqt, line 1)");
  CHECK(message_of("ATOM      1  N   ALA A   2       0.0") ==
        "the atom line ends at column 36, before its coordinates do (x.pdbqt, line 1)");
  CHECK(message_of("ROOT\n") == "'ROOT' belongs to a ligand, not to a receptor (x.pdbqt, line 1)");
  CHECK(message_of("BEGIN_RES ALA A 2\n") == "flexible side chains in a rigid receptor (x.pdbqt, line 1)");
}

TEST_CASE("a single line of 10 MB is no receptor") {
  CHECK(message_of(std::string(10'000'000, 'A')) == "no atoms in 'x.pdbqt'");
}

TEST_CASE("only the first model of a PDBQT receptor is taken") {
  const std::string model = "MODEL        1\n" + atom_line(origin, "N") + "ENDMDL\n";
  CHECK(parse_pdbqt_receptor(model + model, "x").atoms.size() == 1);
}

TEST_CASE("a missing receptor file suggests the nearest name") {
  try {
    read_pdbqt_receptor(THERIAC_TEST_DATA "/zinc_sit.pdbqt");
    FAIL("no error");
  } catch (const InputError& error) {
    CHECK(error.what() == std::string("file not found: '" THERIAC_TEST_DATA "/zinc_sit.pdbqt'"));
    CHECK(error.hint() == "did you mean '" THERIAC_TEST_DATA "/zinc_site.pdbqt'?");
  }
}

TEST_CASE("an empty file and a folder are refused") {
  const std::string path = temporary_file("empty.pdbqt");
  std::ofstream(path).close();
  CHECK_THROWS_WITH(read_pdbqt_receptor(path), Equals("'" + path + "' is empty"));
  std::filesystem::remove(path);
  CHECK_THROWS_WITH(read_pdbqt_receptor(THERIAC_TEST_DATA),
                    Equals("'" THERIAC_TEST_DATA "' is a folder, expected a file"));
}
