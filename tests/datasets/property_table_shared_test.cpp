// The tables of the TDC ADMET group, read as they are: no row is lost, and the copies across train and test
// are those that an independent count found.
#include <catch2/catch.hpp>
#include <filesystem>
#include <map>
#include <set>

#include "datasets/property_table.hpp"

using namespace theriac::datasets;

namespace {

const std::string folder = std::string(THERIAC_SHARED_DATA) + "/data/admet/tdc/";

struct Expected {
  std::size_t train_rows, test_rows;  // of the official split; the file may lack the test rows
  std::size_t test_copies;            // test rows whose skeleton is also in train_val
};

PropertyTable read(const std::string& task) {
  PropertyTableOptions options;
  options.smiles_column = "smiles";
  options.split_column = "split";
  options.merge_duplicates = false;
  return read_property_table(folder + task + ".csv.gz", options);
}

}  // namespace

TEST_CASE("every row of the TDC tables is read, and copies across the split are found") {
  if (!std::filesystem::exists(folder)) {
    WARN("skipped: needs ../shared/data/admet/tdc");
    return;
  }
  const std::map<std::string, Expected> tasks = {
      {"ames", {5821, 1457, 9}}, {"bbb_martins", {1624, 406, 3}}, {"caco2_wang", {728, 182, 2}},
      {"herg", {523, 132, 7}},   {"hia_hou", {461, 117, 0}},      {"vdss_lombardo", {904, 226, 0}}};
  for (const auto& [task, expected] : tasks) {
    INFO(task);
    const auto table = read(task);
    CHECK(table.tallies.unreadable.count == 0);
    std::set<std::string> train;
    std::size_t test_rows = 0, copies = 0;
    for (const auto& row : table.rows)
      if (row.split == "train_val") train.insert(row.skeleton);
    for (const auto& row : table.rows) {
      test_rows += row.split == "test";
      copies += row.split == "test" && train.count(row.skeleton) > 0;
    }
    CHECK(table.rows.size() - test_rows == expected.train_rows);
    if (test_rows == 0) continue;  // a copy of the set without the labels of the test molecules
    CHECK(test_rows == expected.test_rows);
    CHECK(copies == expected.test_copies);
  }
}
