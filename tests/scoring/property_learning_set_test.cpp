// Tables of measured properties as one learning set: what is read, and that no test molecule is learned.
#include "scoring/property_learning_set.hpp"

#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <set>

#include "chem/error.hpp"

using Catch::Matchers::Contains;
using namespace theriac;
using namespace theriac::scoring;

namespace {

struct Tables {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("theriac-tables-" + std::to_string(::getpid()));
  Tables() {
    std::filesystem::create_directories(path / "tdc");
    std::filesystem::create_directories(path / "more");
  }
  ~Tables() { std::filesystem::remove_all(path); }
  void write(const std::string& name, const std::string& text) const { std::ofstream(path / name) << text; }
};

/// Plain text under the names of the packed tables: both can be read.
Tables small_tables() {
  Tables t;
  t.write("tdc/herg.csv.gz",
          "split,drug_id,smiles,y\n"
          "train_val,a,CCCCc1ccccc1,1\n"
          "train_val,b,CCCCc1ccccc1,0\n"
          "train_val,c,OCC1CCCCC1,0\n"
          "train_val,d,C1CC,1\n"
          "test,e,N[C@@H](Cc1ccccc1)C(=O)O,1\n"
          "test,f,Oc1ccccn1,0\n");
  t.write("tdc/half_life_obach.csv.gz",
          "split,drug_id,smiles,y\n"
          "train_val,a,CCCCc1ccccc1,10\n"
          "train_val,b,OCC1CCCCC1,1000\n"
          "train_val,c,O=c1cccc[nH]1,3\n"  // tautomer of a test molecule of another task
          "train_val,d,CCO,0\n");          // no logarithm
  t.write("more/admetica_herg.csv.gz",
          "smiles,y\n"
          "N[C@H](Cc1ccccc1)C(=O)O,1\n"       // mirror image of a test molecule
          "[Na+].NC(Cc1ccccc1)C(=O)[O-],1\n"  // its salt
          "CCCCCC,1\n");
  return t;
}

const PropertyTask& task_of(const PropertyLearningSet& set, const PropertyRow& row) {
  return set.tasks[static_cast<std::size_t>(row.task)];
}

}  // namespace

TEST_CASE("no copy of a test molecule is learned, whatever table it stands in") {
  const Tables tables = small_tables();
  const auto set = read_property_learning_set(tables.path);
  REQUIRE(set.tasks.size() == 3);
  CHECK(set.leaked == 3);
  CHECK(set.unreadable == 2);
  std::set<std::string> learned;
  for (const auto& row : set.rows)
    if (!row.test && set.molecules[static_cast<std::size_t>(row.molecule)].learnable)
      learned.insert(task_of(set, row).name + " " + row.smiles);
  CHECK(learned == std::set<std::string>{"herg CCCCc1ccccc1", "herg OCC1CCCCC1",
                                         "half_life_obach CCCCc1ccccc1", "half_life_obach OCC1CCCCC1",
                                         "admetica_herg CCCCCC"});
  CHECK_THAT(set.missing_files.front(), Contains("ames"));
}

TEST_CASE("examples hold means of repeated values on a standardised scale, and nothing elsewhere") {
  const Tables tables = small_tables();
  const auto set = read_property_learning_set(tables.path);
  const auto lesson = property_examples(set, std::vector<bool>(set.molecules.size(), false));
  REQUIRE(lesson.examples.graphs.size() == 3);
  REQUIRE(lesson.examples.targets.size() == 9);
  const auto task = [&](const std::string& name) {
    return static_cast<std::size_t>(std::find_if(lesson.tasks.begin(), lesson.tasks.end(),
                                                 [&](const auto& t) { return t.name == name; }) -
                                    lesson.tasks.begin());
  };
  const std::size_t herg = task("herg"), life = task("half_life_obach"), more = task("admetica_herg");
  CHECK(lesson.examples.targets[herg] == 0.5f);  // the two labels disagree
  CHECK(lesson.tasks[life].mean == Approx(2));   // log10 of 10 and 1000
  CHECK(lesson.tasks[life].spread == Approx(1));
  CHECK(lesson.examples.targets[life] == Approx(-1));
  CHECK(lesson.tasks[life].measured(-1) == Approx(10));
  CHECK(std::isnan(lesson.examples.targets[more]));
  CHECK(lesson.tasks[herg].values == 2);
  CHECK(lesson.losses[more].weight > lesson.losses[herg].weight);
}

TEST_CASE("the hold-out keeps scaffolds whole and never holds test molecules") {
  Tables tables;
  std::string text = "split,drug_id,smiles,y\n";
  for (const std::string ring : {"c1ccccc1", "C1CCCCC1", "c1ccncc1", "c1ccoc1", "C1CCNCC1", "c1ccsc1"})
    for (int length = 1; length <= 5; ++length)
      text += "train_val,x," + std::string(static_cast<std::size_t>(length), 'C') + ring + ",1\n";
  text += "test,y,Cc1ccc2ccccc2c1,0\n";
  tables.write("tdc/herg.csv.gz", text);
  const auto set = read_property_learning_set(tables.path);
  const auto held = scaffold_hold_out(set, 0.34, 1);
  std::set<std::string> in, out;
  for (std::size_t m = 0; m < set.molecules.size(); ++m)
    (held[m] ? in : out).insert(set.molecules[m].scaffold);
  for (const auto& scaffold : in) CHECK(out.count(scaffold) == 0);
  CHECK(std::count(held.begin(), held.end(), true) == 10);
  CHECK(in.count("c1ccc2ccccc2c1") == 0);
  CHECK(held == scaffold_hold_out(set, 0.34, 1));
}

TEST_CASE("a folder without tables and a table without its columns are refused") {
  const Tables tables;
  CHECK_THROWS_WITH(read_property_learning_set(tables.path), Contains("holds none of the tables"));
  tables.write("tdc/herg.csv.gz", "drug_id,smiles,y\na,CCO,1\n");
  CHECK_THROWS_WITH(read_property_learning_set(tables.path), Contains("no column 'split'"));
}
