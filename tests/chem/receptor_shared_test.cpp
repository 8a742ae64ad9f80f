// Receptors of other people's making. Needs ../shared; passes, and says so, where it is absent.
#include <catch2/catch.hpp>
#include <filesystem>
#include <map>

#include "chem/autodock_type.hpp"
#include "chem/receptor_file.hpp"

using namespace theriac::chem;
namespace fs = std::filesystem;

namespace {

std::vector<fs::path> files_named(const std::string& folder, const std::string& ending) {
  std::vector<fs::path> files;
  const fs::path root = fs::path(THERIAC_SHARED_DATA) / "data" / folder;
  if (!fs::exists(root)) {
    WARN("skipped: needs ../shared/data/" << folder);
    return files;
  }
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    const std::string name = entry.path().filename().string();
    if (name.size() >= ending.size() && name.compare(name.size() - ending.size(), ending.size(), ending) == 0)
      files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

void check_typed(const Receptor& receptor) {
  CHECK(receptor.atoms.size() > 1000);
  std::map<std::string, int> types;
  for (const auto& atom : receptor.atoms) {
    types[atom.autodock_type] += 1;
    if (autodock_type_element(atom.autodock_type) != atom.element)
      FAIL("atom " << atom.name << " is untyped");
  }
  // every protein has amides and carbonyls, about one of each per residue
  CHECK(types["N"] > 100);
  CHECK(types["OA"] > types["N"] / 2);
  CHECK(types["HD"] > types["N"]);
}

}  // namespace

TEST_CASE("all PDBQT receptors of the redocking set are read") {
  const auto files = files_named("redock", "receptor.pdbqt");
  if (files.empty()) return;
  CHECK(files.size() == 98);
  for (const auto& file : files) {
    INFO(file.parent_path().filename().string());
    check_typed(read_pdbqt_receptor(file.string()));
  }
}

TEST_CASE("all gzip receptors of the dockstring targets are read") {
  const auto files = files_named("dockstring_targets", ".pdbqt.gz");
  if (files.empty()) return;
  CHECK(files.size() == 58);
  for (const auto& file : files) {
    INFO(file.filename().string());
    check_typed(read_pdbqt_receptor(file.string()));
  }
}
