#include "chem/structure_file.hpp"

#include <catch2/catch.hpp>

#include "chem/error.hpp"

using namespace theriac;
using namespace theriac::chem;

namespace {

std::string pdb_atom(const std::string& record, int serial, const std::string& name_field, char alternate,
                     const std::string& residue, char chain, const std::string& number_and_code,
                     const std::string& xyz, const std::string& element) {
  char line[100];
  std::snprintf(line, sizeof line, "%-6s%5d %-4s%c%3s %c%5s   %24s  0.50 20.00          %2s\n",
                record.c_str(), serial, name_field.c_str(), alternate, residue.c_str(), chain,
                number_and_code.c_str(), xyz.c_str(), element.c_str());
  return line;
}

const std::string somewhere = "   1.000   2.000   3.000";

const std::string cif_head =
    "data_TEST\nloop_\n_atom_site.group_PDB\n_atom_site.type_symbol\n_atom_site.label_atom_id\n"
    "_atom_site.label_alt_id\n_atom_site.label_comp_id\n_atom_site.auth_asym_id\n_atom_site.auth_seq_id\n"
    "_atom_site.pdbx_PDB_ins_code\n_atom_site.Cartn_x\n_atom_site.Cartn_y\n_atom_site.Cartn_z\n"
    "_atom_site.occupancy\n_atom_site.pdbx_PDB_model_num\n";

std::string message_of(const std::string& text) {
  try {
    parse_structure(text, "x.pdb");
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("PDB atoms keep chain, insertion code, alternate location and occupancy") {
  const auto s =
      parse_structure(pdb_atom("ATOM", 1, " CA ", 'B', "SER", 'L', "100A", somewhere, " C"), "x.pdb");
  REQUIRE(s.atoms.size() == 1);
  const auto& atom = s.atoms[0];
  CHECK(s.format == StructureFormat::pdb);
  CHECK(atom.name == "CA");
  CHECK(atom.alternate == 'B');
  CHECK(atom.residue.text() == "L:100A");
  CHECK(atom.residue_name == "SER");
  CHECK(atom.occupancy == 0.5);
  CHECK(atom.b_factor == 20.0);
  CHECK(atom.element == 6);
  CHECK(atom.position.z == 3.0);
  CHECK_FALSE(atom.hetero);
}

TEST_CASE("without an element column the atom name tells calcium from an alpha carbon") {
  const auto element = [](const std::string& name, const std::string& residue) {
    return parse_structure(pdb_atom("HETATM", 1, name, ' ', residue, 'A', "1 ", somewhere, ""), "x")
        .atoms[0]
        .element;
  };
  CHECK(element("CA  ", " CA") == 20);
  CHECK(element(" CA ", "ALA") == 6);
  CHECK(element("ZN  ", " ZN") == 30);
  CHECK(element("HG  ", " HG") == 80);
  CHECK(element("HG11", "VAL") == 1);
  CHECK(element("1HB ", "ALA") == 1);
  CHECK(element("CL1 ", "LIG") == 17);
  CHECK(element("FE  ", "HEM") == 26);
  CHECK(element("HO3'", "LIG") == 1);
  CHECK(element(" OD1", "ASP") == 8);
}

TEST_CASE("residue numbers above 9999 are read in hybrid-36") {
  const auto s = parse_structure(pdb_atom("ATOM", 1, " CA ", ' ', "SER", 'A', "A00A ", somewhere, " C"), "x");
  CHECK(s.atoms[0].residue.number == 10010);
}

TEST_CASE("of several PDB models the first is used and all are counted") {
  const std::string atom = pdb_atom("ATOM", 1, " CA ", ' ', "SER", 'A', "1 ", somewhere, " C");
  const auto s =
      parse_structure("MODEL        1\n" + atom + "ENDMDL\nMODEL        2\n" + atom + "ENDMDL\n", "x");
  CHECK(s.models == 2);
  CHECK(s.atoms.size() == 1);
}

TEST_CASE("mmCIF atoms are read in author numbering") {
  const auto s = parse_structure(cif_head +
                                     "ATOM N N . MET AA -1 ? 1.5 2.5 -3.5 1.00 1\n"
                                     "ATOM C \"C1'\" B LIG AA 201 C 1.5 2.5 -3.5 0.25 1\n"
                                     "HETATM ZN ZN . ZN AA 301 ? 0 0 0 1.00 2\n#\n_cell.length_a 1\n",
                                 "x.cif");
  CHECK(s.format == StructureFormat::mmcif);
  CHECK(s.models == 2);
  REQUIRE(s.atoms.size() == 2);
  CHECK(s.atoms[0].residue.text() == "AA:-1");
  CHECK(s.atoms[0].alternate == ' ');
  CHECK(s.atoms[1].name == "C1'");
  CHECK(s.atoms[1].alternate == 'B');
  CHECK(s.atoms[1].residue.insertion_code == 'C');
  CHECK(s.atoms[1].occupancy == 0.25);
}

TEST_CASE("mmCIF text fields, comments and other tables are stepped over") {
  const auto s = parse_structure(
      "# comment\ndata_X\n_struct.title\n;a title with 'quotes and loop_\nATOM line\n;\nloop_\n_a.b\n_a.c\n1 "
      "'two words' 3 4\n" +
          cif_head.substr(10) + "ATOM N N . MET A 1 ? 1.5 2.5 -3.5 1.00 1\n",
      "x.cif");
  CHECK(s.atoms.size() == 1);
}

TEST_CASE("bad structures are refused with file, line and value") {
  const std::string atom = pdb_atom("ATOM", 1, " CA ", ' ', "SER", 'A', "1 ", somewhere, " C");
  CHECK(message_of("HEADER    NOTHING\nEND\n") == "no atoms in 'x.pdb'");
  CHECK(message_of(atom + pdb_atom("ATOM", 2, " CB ", ' ', "SER", 'A', "1 ", "     NaN   2.000   3.000",
                                   " C")) == "x is 'NaN', not finite (x.pdb, line 2)");
  CHECK(message_of(pdb_atom("ATOM", 2, " CB ", ' ', "SER", 'A', "1 ", "   1.000  abc     3.000", " C"))
            .substr(0, 5) == "y is ");
  CHECK(message_of(atom + atom.substr(0, 40)) ==
        "the atom line ends at column 40, before its coordinates do (x.pdb, line 2)");
  CHECK(message_of(pdb_atom("ATOM", 2, " CB ", ' ', "SER", 'A', "x1 ", somewhere, " C")) ==
        "residue number 'x1' is not a number (x.pdb, line 1)");
  CHECK(message_of(pdb_atom("ATOM", 2, " CB ", ' ', "SER", 'A', "1 ", "1.0e+300   2.000   3.000", " C")) ==
        "x is '1.0e+300', further than 100,000 angstrom from the origin (x.pdb, line 1)");
}

TEST_CASE("bad mmCIF files are refused with file, line and value") {
  CHECK(message_of(cif_head + "ATOM N N . MET A 1 ? 1.5 2.5\n") ==
        "the last row of the atom table has 10 of 13 values (x.pdb, line 16)");
  CHECK(message_of(cif_head + "ATOM N N . MET A 1 ? 1.5 nan 2.5 1.0 1\n") ==
        "Cartn_y is 'nan', not finite (x.pdb, line 16)");
  CHECK(message_of("data_X\n_a.b\n;never closed\n") == "a text field is never closed (x.pdb, line 3)");
  CHECK(message_of("data_X\n_a.b 'never closed\n") == "a quote ' is never closed (x.pdb, line 2)");
  CHECK(message_of("data_X\nloop_\n_atom_site.Cartn_x\n1.0\n") ==
        "the atom table has no column _atom_site.Cartn_y (x.pdb, line 2)");
  CHECK(message_of("data_X\nloop_\n") == "no atoms in 'x.pdb'");
}
