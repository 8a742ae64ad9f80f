// Atom types as gnina 1.3 gives them: ligands and PDB receptors through Open Babel, PDBQT receptors by their
// type column.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "chem/smina_type.hpp"

namespace fs = std::filesystem;
using namespace theriac::chem;

namespace {

const std::string golden = THERIAC_SHARED_DATA "/golden/gnina",
                  complexes = THERIAC_SHARED_DATA "/data/redock";

bool present() {
  if (fs::is_directory(golden) && fs::is_directory(complexes)) return true;
  WARN("skipped: needs ../shared/golden/gnina and ../shared/data/redock");
  return false;
}

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  REQUIRE(file);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<std::vector<std::string>> rows(const std::string& path) {
  std::istringstream lines(text_of(path));
  std::vector<std::vector<std::string>> out;
  std::string line;
  std::getline(lines, line);  // header
  while (std::getline(lines, line)) {
    out.emplace_back();
    std::istringstream fields(line);
    for (std::string field; std::getline(fields, field, '\t');) out.back().push_back(field);
  }
  return out;
}

std::vector<std::string> folders() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(golden))
    if (entry.is_directory()) names.push_back(entry.path().filename());
  return names;
}

/// The records of an SDF file by the pose in their title.
std::map<std::string, std::string> records(const std::string& path) {
  std::map<std::string, std::string> out;
  std::istringstream lines(text_of(path));
  std::string record;
  for (std::string line; std::getline(lines, line);) {
    record += line + "\n";
    if (line != "$$$$") continue;
    out[record.substr(record.find('_') + 1, record.find('\n') - record.find('_') - 1)] =
        record;  // "1bcu_crystal"
    record.clear();
  }
  return out;
}

}  // namespace

TEST_CASE("ligands through Open Babel get gnina's types") {
  if (!present()) return;
  std::map<std::string, std::vector<std::vector<std::string>>> expected;
  for (auto& row : rows(golden + "/ligand_types.tsv")) expected[row[0]].push_back(row);
  CHECK(expected.size() == 101);
  int atoms = 0;
  for (const auto& [complex, types] : expected) {
    INFO(complex);
    const auto found =
        smina_ligand_by_open_babel(text_of(complexes + "/" + complex + "/ligand_start.sdf"), "sdf");
    REQUIRE(found.size() == types.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
      CHECK(found[i].source + 1 == std::stoi(types[i][1]));
      CHECK(found[i].autodock_type == types[i][2]);
      CHECK(name(found[i].type) == types[i][3]);
      ++atoms;
    }
  }
  CHECK(atoms > 2000);
}

TEST_CASE("the types of a ligand are the same in every pose") {
  if (!present()) return;
  for (const auto& complex : folders()) {
    const auto poses = records(golden + "/" + complex + "/poses.sdf");
    std::map<std::string, std::vector<std::vector<std::string>>> expected;
    for (auto& row : rows(golden + "/" + complex + "/ligand_atoms.tsv")) expected[row[0]].push_back(row);
    for (const auto& [pose, types] : expected) {
      INFO(complex << " " << pose);
      REQUIRE(poses.count(pose) == 1);
      const auto found = smina_ligand_by_open_babel(poses.at(pose), "sdf");
      REQUIRE(found.size() == types.size());
      for (std::size_t i = 0; i < found.size(); ++i) {
        CHECK(found[i].source + 1 == std::stoi(types[i][1]));
        CHECK(found[i].autodock_type == types[i][5]);
        CHECK(name(found[i].type) == types[i][6]);
        const Vector3 place{std::stod(types[i][2]), std::stod(types[i][3]), std::stod(types[i][4])};
        if (types[i][5] != "HD") CHECK(distance(found[i].position, place) < 1e-3);
      }
    }
  }
}

TEST_CASE("receptors get gnina's types from PDB and from PDBQT") {
  if (!present()) return;
  int pdb = 0, pdbqt = 0;
  for (const auto& complex : folders()) {
    INFO(complex);
    const std::string folder = complexes + "/" + complex;
    const bool has_pdb = fs::exists(folder + "/receptor.pdb");
    ++(has_pdb ? pdb : pdbqt);
    const auto found = has_pdb
                           ? smina_receptor_by_open_babel(text_of(folder + "/receptor.pdb"))
                           : smina_receptor_of_pdbqt(text_of(folder + "/receptor.pdbqt"), "receptor.pdbqt");
    const auto expected = rows(golden + "/" + complex + "/receptor_atoms.tsv");
    const auto place = [](const std::vector<std::string>& row) {
      return Vector3{std::stod(row[1]), std::stod(row[2]), std::stod(row[3])};
    };
    // Open Babel turns an added hydroxyl hydrogen anywhere, anew in every run. One that comes to lie as near
    // to an acceptor as if it were bonded to it makes it look like a donor.
    const auto met_by_foreign_hydrogen = [&](const SminaAtom& atom) {
      constexpr double bonded = 1.24;
      return std::any_of(found.begin(), found.end(), [&](const auto& hydrogen) {
        const double apart = distance(hydrogen.position, atom.position);
        return hydrogen.autodock_type == "HD" && apart < bonded &&
               std::any_of(found.begin(), found.end(), [&](const auto& owner) {
                 return owner.autodock_type != "HD" && distance(hydrogen.position, owner.position) < apart;
               });
      });
    };
    int wrong = 0;
    std::string first_wrong;
    for (const auto& row : expected) {
      const auto index = static_cast<std::size_t>(std::stoi(row[0]) - 1);
      REQUIRE(index < found.size());
      const auto& atom = found[index];
      const double moved = distance(atom.position, place(row));
      const bool same = atom.autodock_type == row[4] &&
                        (name(atom.type) == row[5] || met_by_foreign_hydrogen(atom)) &&
                        (row[4] == "HD" || moved < 1e-6);  // hydrogens are not drawn
      if (!same && !wrong++)
        first_wrong =
            row[0] + ": " + atom.autodock_type + " " + name(atom.type) + " is not " + row[4] + " " + row[5];
    }
    INFO(first_wrong);
    CHECK(wrong == 0);
  }
  CHECK(pdb == 9);
  CHECK(pdbqt == 8);
}
