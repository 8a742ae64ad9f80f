// Splits keep series and copies together, depend on the seed alone, and leaks are counted.
#include "datasets/data_split.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "chem/error.hpp"

using Catch::Matchers::Contains;
using theriac::InputError;
using theriac::UsageError;
using namespace theriac::datasets;

namespace {

Measurement row(const std::string& skeleton, const std::string& scaffold, double value = 0) {
  Measurement m;
  m.smiles = skeleton;
  m.skeleton = skeleton;
  m.scaffold = scaffold;
  m.value = value;
  return m;
}

/// 200 molecules: a series of 60, one of 20, pairs, and 20 without rings.
std::vector<Measurement> series() {
  std::vector<Measurement> rows;
  for (int i = 0; i < 200; ++i) {
    const std::string scaffold = i < 60    ? "large"
                                 : i < 80  ? "middle"
                                 : i < 180 ? fmt::format("s{}", i / 2)
                                           : "";
    rows.push_back(row(fmt::format("m{}", i), scaffold, i % 4 == 0 ? 1 : 0));
  }
  return rows;
}

std::vector<double> values_of(const std::vector<Measurement>& rows) {
  std::vector<double> values;
  for (const auto& r : rows) values.push_back(r.value);
  return values;
}

void check_whole(const std::vector<Measurement>& rows, const DataSplit& split) {
  std::set<std::size_t> all(split.train.begin(), split.train.end());
  all.insert(split.test.begin(), split.test.end());
  CHECK(all.size() == rows.size());
  CHECK(split.train.size() + split.test.size() == rows.size());
  CHECK(std::is_sorted(split.train.begin(), split.train.end()));
  CHECK(std::is_sorted(split.test.begin(), split.test.end()));
}

}  // namespace

TEST_CASE("groups join what shares a scaffold or a skeleton, and acyclic molecules by skeleton only") {
  const std::vector<Measurement> rows = {row("a", "x"), row("b", "y"), row("c", "x"), row("b", "z"),
                                         row("d", "z"), row("e", ""),  row("f", ""),  row("e", "")};
  CHECK(scaffold_groups(rows) == std::vector<std::size_t>{0, 1, 0, 1, 1, 2, 3, 2});
  CHECK(skeleton_groups(rows) == std::vector<std::size_t>{0, 1, 2, 1, 3, 4, 5, 4});
}

TEST_CASE("folds keep groups whole, balance rows and classes, and follow the seed") {
  const auto rows = series();
  const auto groups = scaffold_groups(rows);
  const auto folds = group_folds(groups, 5, 7, values_of(rows));
  std::map<std::size_t, std::set<int>> folds_of_group;
  std::map<int, int> sizes, positives;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    folds_of_group[groups[i]].insert(folds[i]);
    ++sizes[folds[i]];
    positives[folds[i]] += rows[i].value == 1;
  }
  for (const auto& [group, used] : folds_of_group) CHECK(used.size() == 1);
  REQUIRE(sizes.size() == 5);
  for (const auto& [fold, size] : sizes) {
    CHECK((size == 60 || (size >= 33 && size <= 37)));  // the large series has a fold for itself
    CHECK((positives[fold] >= 7 && positives[fold] <= 15));
  }
  CHECK(group_folds(groups, 5, 7, values_of(rows)) == folds);
  CHECK(group_folds(groups, 5, 8, values_of(rows)) != folds);
  const auto split = fold_split(folds, 2);
  check_whole(rows, split);
  for (const auto i : split.test) CHECK(folds[i] == 2);
}

TEST_CASE("folds are checked for compounds and scaffolds in two of them") {
  const auto rows = series();
  const auto whole = fold_check(rows, group_folds(scaffold_groups(rows), 5, 1));
  CHECK(whole.folds == 5);
  CHECK(whole.skeletons == 0);
  CHECK(whole.scaffolds == 0);
  CHECK(fold_line(whole) ==
        fmt::format("5 folds of {} to 60 rows; no compound and no scaffold in two folds or more",
                    whole.smallest));
  const auto torn = fold_check({row("a", "x"), row("a", ""), row("b", "x"), row("c", "")}, {0, 1, 1, 1});
  CHECK(torn.skeletons == 1);
  CHECK(torn.scaffolds == 1);
  CHECK(fold_line(torn) == "2 folds of 1 to 3 rows; 1 compounds and 1 scaffolds in two folds or more");
  CHECK_THROWS_AS(fold_check(rows, {0}), UsageError);
}

TEST_CASE("folds that cannot be made are refused") {
  const std::vector<std::size_t> two = {0, 0, 1, 1, 1};
  CHECK_THROWS_WITH(group_folds(two, 3, 1), Contains("2 groups of molecules cannot make 3 folds"));
  CHECK_THROWS_AS(group_folds(two, 1, 1), UsageError);
  CHECK_THROWS_AS(group_folds(two, 2, 1, {1.0}), UsageError);
}

TEST_CASE("a test share is met in whole groups and large series are learned from") {
  const auto rows = series();
  const auto groups = scaffold_groups(rows);
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    const auto split = group_split(groups, 0.2, seed);
    check_whole(rows, split);
    CHECK(split.test.size() <= 40);
    CHECK(split.test.size() >= 38);
    std::set<std::string> train, test;
    for (const auto i : split.train)
      train.insert(rows[i].scaffold.empty() ? rows[i].skeleton : rows[i].scaffold);
    for (const auto i : split.test)
      test.insert(rows[i].scaffold.empty() ? rows[i].skeleton : rows[i].scaffold);
    for (const auto& key : test) CHECK(train.count(key) == 0);
    CHECK(train.count("large") == 1);
  }
  CHECK(group_split(groups, 0.2, 1).test != group_split(groups, 0.2, 2).test);
  CHECK_THROWS_AS(group_split(groups, 0, 1), UsageError);
  CHECK_THROWS_AS(group_split(groups, 1, 1), UsageError);
  CHECK_THROWS_WITH(group_split({0, 0, 0, 0, 0, 1, 1, 1, 1, 1}, 0.2, 1), Contains("no group of molecules"));
}

TEST_CASE("singletons make a random split of the exact share") {
  std::vector<std::size_t> groups;
  for (std::size_t i = 0; i < 37; ++i) groups.push_back(i);
  CHECK(group_split(groups, 0.2, 1).test.size() == 7);
  CHECK(group_split({0, 1, 2, 3, 4}, 0.2, 1).test.size() == 1);
}

TEST_CASE("TDC's train and validation parts are whole scaffolds, 7 to 1") {
  const auto rows = series();
  const auto split = tdc_scaffold_split(rows, 1);
  check_whole(rows, split);
  CHECK(split.train.size() <= 175);
  CHECK(split.train.size() >= 115);  // when the series of 60 does not fit any more
  std::set<std::string> train;
  for (const auto i : split.train) train.insert(rows[i].scaffold);
  for (const auto i : split.test) CHECK(train.count(rows[i].scaffold) == 0);
  CHECK(tdc_scaffold_split(rows, 1).test == split.test);
  CHECK(tdc_scaffold_split(rows, 2).test != split.test);
}

TEST_CASE("a split by time tests on the latest and forgets earlier copies of it") {
  std::vector<Measurement> rows;
  for (int i = 0; i < 10; ++i) {
    rows.push_back(row(fmt::format("m{}", i), ""));
    rows.back().time = fmt::format("20{:02}-01", 19 - i);  // the first row is the latest
    rows.back().line = i + 2;
  }
  rows[9].skeleton = "m0";  // measured first, and again last
  auto split = time_split(rows, 0.2, "assay.csv");
  CHECK(split.test == std::vector<std::size_t>{0, 1});
  CHECK(split.train == std::vector<std::size_t>{2, 3, 4, 5, 6, 7, 8});
  rows[2].time = rows[1].time;  // now three share the cut or come after it
  split = time_split(rows, 0.2, "assay.csv");
  CHECK(split.test == std::vector<std::size_t>{0});
  for (int i = 0; i < 5; ++i) rows[static_cast<std::size_t>(i)].time = "2030";
  split = time_split(rows, 0.2, "assay.csv");
  CHECK(split.test == std::vector<std::size_t>{0, 1, 2, 3, 4});
  rows[4].time = "04/03/2021";
  CHECK_THROWS_WITH(time_split(rows, 0.2, "assay.csv"),
                    Contains("cannot order the time '04/03/2021' (assay.csv, line 6)"));
  for (auto& r : rows) r.time = "2021";
  CHECK_THROWS_AS(time_split(rows, 0.2, "assay.csv"), InputError);
}

TEST_CASE("a split column is followed") {
  std::vector<Measurement> rows = {row("a", ""), row("b", ""), row("c", "")};
  rows[0].split = rows[2].split = "train_val";
  rows[1].split = "test";
  const auto split = column_split(rows);
  CHECK(split.train == std::vector<std::size_t>{0, 2});
  CHECK(split.test == std::vector<std::size_t>{1});
  CHECK_THROWS_WITH(column_split(rows, "holdout"),
                    Contains("no row called 'holdout'; it holds 'test', 'train_val'"));
}

TEST_CASE("copies of held-out molecules leave the training set, counted by kind") {
  HeldOutMolecules held_out;
  auto test = row("k1", "");
  test.smiles = "C[C@H](N)C(=O)O";
  test.split = "test";
  auto other = row("k9", "");
  other.split = "train";
  held_out.add_split({test, other}, "test");
  CHECK(held_out.size() == 1);
  auto exact = test, stereo = test, fresh = row("k2", "");
  stereo.smiles = "C[C@@H](N)C(=O)O";
  stereo.line = 4;
  const auto check = leak_check({exact, fresh, stereo}, held_out);
  CHECK(check.kept == std::vector<std::size_t>{1});
  CHECK(check.removed == std::vector<std::size_t>{0, 2});
  CHECK(check.exact == 1);
  CHECK(check.copies == 1);
  CHECK(check.examples.at(1) == "line 4: 'C[C@@H](N)C(=O)O'");
  CHECK_THAT(leak_line(check), Contains("2 of 3 training rows removed as copies of 1 held-out molecules"));
  CHECK_THAT(leak_line(leak_check({fresh}, held_out)), Contains("none of 1 training rows"));
}
