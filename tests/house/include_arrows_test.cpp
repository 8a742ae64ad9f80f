// The arrows of the house: which room may include which, and where foreign headers may appear.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace fs = std::filesystem;

namespace {

// chem <- datasets <- scoring <- generative <- cli;  chem <- datasets <- repurpose <- cli
const std::map<std::string, std::set<std::string>> rooms_left_of = {
    {"chem", {}},
    {"datasets", {"chem"}},
    {"scoring", {"chem", "datasets"}},
    {"generative", {"chem", "datasets", "scoring"}},
    {"repurpose", {"chem", "datasets"}},
    {"cli", {"chem", "datasets", "scoring", "generative", "repurpose"}}};

// The one room whose .cpp files may include a library. No header of ours may include any of them.
const std::vector<std::pair<std::regex, std::string>> owned_libraries = {
    {std::regex("^(rdkit/)?(GraphMol|RDGeneral|Geometry|ForceField|DataStructs|DistGeom|SimDivPickers|"
                "CatalogTools|Catalogs|Query)/.*"),
     "chem"},
    {std::regex("^(openbabel3/)?openbabel/.*"), "chem"},
    {std::regex("^(hdf5(_hl)?\\.h|H5.*\\.h|H5Cpp\\.h)$"), "datasets"}};

std::string room_of(const std::string& path) {
  return path.substr(0, path.find('/'));
}

/// What is wrong with `path` (e.g. "chem/molecule.hpp") including `included`; empty when nothing is.
std::string complaint(const std::string& path, const std::string& included) {
  const std::string room = room_of(path);
  const std::string target = room_of(included);
  if (rooms_left_of.count(target) && target != room && !rooms_left_of.at(room).count(target))
    return path + " includes " + included + ": room " + room + " stands left of " + target;
  for (const auto& [library, owner] : owned_libraries) {
    if (!std::regex_match(included, library)) continue;
    if (path.size() > 4 && path.substr(path.size() - 4) == ".hpp")
      return path + " includes " + included +
             ": headers of a room show no third-party library, forward-declare";
    if (room != owner) return path + " includes " + included + ": only room " + owner + " may";
  }
  return {};
}

std::vector<std::string> included_by(const fs::path& file) {
  static const std::regex line_pattern("^\\s*#\\s*include\\s*[<\"]([^>\"]+)[>\"].*");
  std::vector<std::string> names;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    std::smatch match;
    if (std::regex_match(line, match, line_pattern)) names.push_back(match[1]);
  }
  return names;
}

}  // namespace

TEST_CASE("every include follows the arrows between the rooms") {
  std::vector<std::string> complaints;
  int files = 0;
  for (const auto& [room, left] : rooms_left_of) {
    const fs::path folder = fs::path(THERIAC_SOURCE_DIR) / room;
    if (!fs::is_directory(folder)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      const std::string extension = entry.path().extension();
      if (extension != ".cpp" && extension != ".hpp") continue;
      ++files;
      const std::string path = fs::relative(entry.path(), THERIAC_SOURCE_DIR);
      for (const auto& included : included_by(entry.path()))
        if (auto text = complaint(path, included); !text.empty()) complaints.push_back(text);
    }
  }
  CHECK(files > 10);
  for (const auto& text : complaints) FAIL_CHECK(text);
}

TEST_CASE("an arrow the wrong way and a foreign header are noticed") {
  CHECK(complaint("chem/molecule.cpp", "scoring/docking.hpp") ==
        "chem/molecule.cpp includes scoring/docking.hpp: room chem stands left of scoring");
  CHECK_FALSE(complaint("repurpose/ranking.cpp", "scoring/docking.hpp").empty());
  CHECK_FALSE(complaint("scoring/qed.cpp", "GraphMol/RDKitBase.h").empty());
  CHECK_FALSE(complaint("chem/molecule.hpp", "GraphMol/RDKitBase.h").empty());
  CHECK_FALSE(complaint("cli/show.cpp", "hdf5.h").empty());
  CHECK(complaint("chem/molecule.cpp", "GraphMol/RDKitBase.h").empty());
  CHECK(complaint("cli/dock.cpp", "scoring/docking.hpp").empty());
  CHECK(complaint("datasets/hdf5_file.cpp", "hdf5.h").empty());
}

// CMake splits lists at semicolons: such a test would be looked for under half of its name, not found, and
// pass.
TEST_CASE("no name of a test holds a semicolon") {
  int files = 0;
  static const std::regex name_pattern("TEST_CASE\\(\\s*\"([^\"]*)\"");
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(THERIAC_SOURCE_DIR) / "tests")) {
    if (entry.path().extension() != ".cpp") continue;
    ++files;
    std::ifstream in(entry.path());
    const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    for (auto name = std::sregex_iterator(text.begin(), text.end(), name_pattern);
         name != std::sregex_iterator(); ++name)
      if ((*name)[1].str().find(';') != std::string::npos)
        FAIL_CHECK(entry.path().filename() << ": " << (*name)[1]);
  }
  CHECK(files > 10);
}
