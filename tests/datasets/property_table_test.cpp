// Tables of measured values, kept well and kept badly.
#include "datasets/property_table.hpp"

#include <fmt/format.h>
#include <tbb/global_control.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>

#include "chem/counter_random.hpp"
#include "chem/error.hpp"
#include "datasets/gzip.hpp"
#include "tests/datasets/temporary_folder.hpp"

using Catch::Matchers::Contains;
using theriac::InputError;
using theriac::UsageError;
using namespace theriac::datasets;

namespace {

/// `count` different alcohols, "CO", "CCO" ...: value 0.5 * length, or class 1 from the middle on.
std::string alcohol(int i) {
  return std::string(static_cast<std::size_t>(i) + 1, 'C') + "O";
}
std::string numbers(int count, const std::string& more = {}) {
  std::string text = "smiles,y\n";
  for (int i = 0; i < count; ++i) text += fmt::format("{},{}\n", alcohol(i), 0.5 * i);
  return text + more;
}
std::string classes(int count, const std::string& more = {}) {
  std::string text = "smiles,y\n";
  for (int i = 0; i < count; ++i) text += fmt::format("{},{}\n", alcohol(i), i < count / 2 ? 0 : 1);
  return text + more;
}

struct TextTable {
  explicit TextTable(const std::string& text, const std::string& name = "assay.csv") : path(folder / name) {
    std::ofstream(path, std::ios::binary) << text;
  }
  PropertyTable read(const PropertyTableOptions& options = {}) const {
    return read_property_table(path, options);
  }
  std::string refusal(const PropertyTableOptions& options = {}) const {
    try {
      read(options);
    } catch (const theriac::Error& e) {
      return std::string(e.what()) + " | " + e.hint();
    }
    return "read";
  }
  TemporaryFolder folder;
  std::string path;
};

PropertyTableOptions with_target(const std::string& column) {
  PropertyTableOptions options;
  options.target_column = column;
  return options;
}

}  // namespace

TEST_CASE("a clean table of numbers is read row by row") {
  const auto table = TextTable(numbers(40)).read();
  REQUIRE(table.rows.size() == 40);
  CHECK_FALSE(table.binary);
  CHECK(table.tallies.records == 40);
  CHECK(table.rows[3].smiles == "CCCCO");
  CHECK(table.rows[3].value == 1.5);
  CHECK(table.rows[3].line == 5);
  CHECK(table.rows[3].name == "assay.csv:5");
  CHECK(table.rows[3].replicates == 1);
  CHECK(table.rows[3].scaffold.empty());
  CHECK_FALSE(table.rows[3].skeleton.empty());
  CHECK(std::isnan(table.tallies.replicate_deviation));
}

TEST_CASE("labels make a binary table") {
  const auto table = TextTable(classes(30)).read();
  CHECK(table.binary);
  CHECK(table.positives == 15);
  std::string words = classes(30, "CN,active\nCCN,Inactive\n");
  const auto mixed = TextTable(words).read();
  CHECK(mixed.binary);
  CHECK(mixed.positives == 16);
}

TEST_CASE("salts and charges meet in their parent, and replicates become their median") {
  const auto table =
      TextTable(numbers(30, "CCN,1.0\nCC[NH3+].[Cl-],2.0\nNCC,6.0\nCCCCN,4\nCCCCN,5\n")).read();
  REQUIRE(table.rows.size() == 32);
  const auto& amine = table.rows[30];
  CHECK(amine.smiles == "CCN");
  CHECK(amine.value == 2.0);
  CHECK(amine.replicates == 3);
  CHECK(amine.spread == Approx(std::sqrt(7.0)));  // of 1, 2 and 6
  CHECK(amine.line == 32);
  CHECK(table.rows[31].value == 4.5);
  CHECK(table.tallies.merged_molecules == 2);
  CHECK(table.tallies.merged_records == 5);
  CHECK(table.tallies.replicate_deviation == Approx(std::sqrt((14.0 + 0.5) / 3)));
}

TEST_CASE("a benchmark keeps its rows as they are") {
  PropertyTableOptions options;
  options.merge_duplicates = false;
  const auto table = TextTable(numbers(30, "CCN,1.0\nCCN,2.0\n")).read(options);
  CHECK(table.rows.size() == 32);
  CHECK(table.tallies.merged_records == 0);
}

TEST_CASE("stereoisomers are molecules of their own with one skeleton") {
  const auto table = TextTable(numbers(30, "C[C@H](N)C(=O)Oc1ccccc1,1\nC[C@@H](N)C(=O)Oc1ccccc1,3\n")).read();
  REQUIRE(table.rows.size() == 32);
  CHECK(table.rows[30].skeleton == table.rows[31].skeleton);
  CHECK(table.rows[30].smiles != table.rows[31].smiles);
  CHECK(table.rows[30].scaffold == "c1ccccc1");
}

TEST_CASE("replicates with opposite labels are no measurement") {
  const auto table = TextTable(classes(30, "CCN,0\nCCN,1\nCCCN,1\nCCCN,1\n")).read();
  CHECK(table.rows.size() == 31);
  CHECK(table.tallies.conflicting.count == 1);
  CHECK(table.tallies.conflicting_records == 2);
  REQUIRE(table.tallies.conflicting.examples.size() == 1);
  CHECK(table.tallies.conflicting.examples[0] == "'CCN': 0 (line 32), 1 (line 33)");
  CHECK(table.rows.back().replicates == 2);
}

TEST_CASE("bounds are kept, and yield to exact values and tighter bounds") {
  const auto table = TextTable(numbers(30,
                                       "CN,>10\nCCN,>10\nCCN,>30\nCCCN,<5\nCCCN,3\nCCCCN,>10\nCCCCN,7\n"
                                       "CCCCCN,>10\nCCCCCN,<1\n"))
                         .read();
  REQUIRE(table.rows.size() == 34);
  CHECK(table.rows[30].value == 10);
  CHECK(table.rows[30].bound == 1);
  CHECK(table.rows[31].value == 30);
  CHECK(table.rows[31].bound == 1);
  CHECK(table.rows[31].replicates == 2);
  CHECK(table.rows[32].value == 3);
  CHECK(table.rows[32].bound == 0);
  CHECK(table.rows[33].value == 7);
  CHECK(table.bounded == 2);
  CHECK(table.tallies.yielding_bounds == 3);
  CHECK(table.tallies.contradicted_bounds == 1);
  CHECK(table.tallies.conflicting.examples.at(0) == "'CCCCCN': >10 (line 39), <1 (line 40)");
}

TEST_CASE("merging does not join what a split column keeps apart, and takes the latest time") {
  std::string text = "smiles,y,set,when\n";
  for (int i = 0; i < 30; ++i) text += fmt::format("{},{},train,2020-01-01\n", alcohol(i), i);
  text += "CCN,1,train,2021-05-01\nCCN,2,train,2019-12-31\nCCN,9,test,2022-01-01\n";
  auto options = with_target("y");
  options.split_column = "set";
  options.time_column = "when";
  const auto table = TextTable(text).read(options);
  REQUIRE(table.rows.size() == 32);
  CHECK(table.rows[30].split == "train");
  CHECK(table.rows[30].value == 1.5);
  CHECK(table.rows[30].time == "2021-05-01");
  CHECK(table.rows[31].split == "test");
  CHECK(table.rows[31].value == 9);
}

TEST_CASE("a relation column gives the bounds") {
  std::string text = "smiles\tvalue\trelation\n";
  for (int i = 0; i < 30; ++i) text += fmt::format("{}\t{}\t'='\n", alcohol(i), i);
  text += "CN\t100\t'>'\n";
  auto options = with_target("value");
  options.relation_column = "relation";
  const auto table = TextTable(text, "chembl.tsv").read(options);
  CHECK(table.rows.back().bound == 1);
  CHECK(table.bounded == 1);
}

TEST_CASE("bad structures and empty cells are counted and said, the rest is read") {
  const auto table =
      TextTable(numbers(30, "C1CC,3\nnot a molecule,4\n,5\nCCN,\nCCCN,NA\n[Na+].[Cl-],7\n")).read();
  CHECK(table.rows.size() == 31);
  CHECK(table.tallies.records == 36);
  CHECK(table.tallies.unreadable.count == 3);
  CHECK_THAT(table.tallies.unreadable.examples.at(0), Contains("C1CC") && Contains("line 32"));
  CHECK(table.tallies.missing_targets.count == 2);
  CHECK(table.tallies.missing_targets.examples.at(1) == "line 36: 'NA'");
  CHECK(table.tallies.without_carbon.count == 1);
  const auto lines = tally_lines(table);
  CHECK(lines.at(0) == "36 records read");
  CHECK(lines.at(1) == "31 molecules kept with a value");
  CHECK_THAT(lines.at(2), Contains("3 records left out: structure not readable") && Contains("C1CC"));
}

TEST_CASE("a value that is no number stops the reading with its place") {
  const TextTable table(numbers(30, "CCN,soluble\nCCCN,12 uM\n"));
  CHECK(table.refusal() ==
        fmt::format(
            "'soluble' is no number ({}, line 32, column 'y'); 1 more rows are like it | correct the cells, "
            "leave them empty where nothing was measured, or skip such rows",
            table.path));
  CHECK_THROWS_AS(table.read(), InputError);
  PropertyTableOptions skipping;
  skipping.skip_unreadable_targets = true;
  const auto read = table.read(skipping);
  CHECK(read.rows.size() == 30);
  CHECK(read.tallies.unreadable_targets.count == 2);
  CHECK_THAT(read.tallies.unreadable_targets.examples.at(1), Contains("line 33: '12 uM' has 'uM'"));
}

TEST_CASE("a column that is not there is named with its neighbour") {
  const TextTable table(numbers(30));
  auto options = with_target("yy");
  CHECK_THROWS_AS(table.read(options), UsageError);
  CHECK(
      table.refusal(options) ==
      fmt::format("no column 'yy' in '{}'; besides the structure and its name it has: y | did you mean 'y'?",
                  table.path));
  options = with_target("y");
  options.smiles_column = "smile";
  CHECK_THAT(table.refusal(options), Contains("no column 'smile'") && Contains("did you mean 'smiles'?"));
  options = with_target("y");
  options.time_column = "date";
  CHECK_THAT(table.refusal(options), Contains("no column 'date'"));
  CHECK_THAT(TextTable("smiles\nCCO\n").refusal(), Contains("no column 'y'"));
}

TEST_CASE("fewer than 30 molecules are refused with what became of the rest") {
  CHECK_THAT(TextTable(numbers(29)).refusal(),
             Contains("has 29 usable molecules with a value in column 'y', at least 30 are needed"));
  CHECK_THAT(TextTable(numbers(29, "C1CC,3\nCCN,\nCO,8\n")).refusal(),
             Contains("32 records: 1 structures unreadable, 1 without a value, 0 in conflict, 1 merged") &&
                 Contains("C1CC"));
  PropertyTableOptions options;
  options.minimum_rows = 0;
  CHECK(TextTable(numbers(5)).read(options).rows.size() == 5);
}

TEST_CASE("one class, one value and classes that are not 0 and 1 cannot be learned") {
  std::string ones = "smiles,y\n", same = ones, two = ones, mixed = classes(30, "CCN,active\nCCCN,3.7\n");
  for (int i = 0; i < 30; ++i) {
    ones += alcohol(i) + ",1\n";
    same += alcohol(i) + ",6.5\n";
    two += alcohol(i) + (i % 2 ? ",1\n" : ",2\n");
  }
  CHECK_THAT(TextTable(ones).refusal(), Contains("every molecule") &&
                                            Contains("has the class 1 in column 'y'") &&
                                            Contains("add molecules of the other class"));
  CHECK_THAT(TextTable(same).refusal(), Contains("has the value 6.5"));
  CHECK_THAT(TextTable(two).refusal(), Contains("holds only the values 1 and 2") && Contains("0 and 1"));
  CHECK_THAT(TextTable(mixed).refusal(),
             Contains("mixes classes and numbers: 'active' in line 32, '3.7' in line 33"));
  PropertyTableOptions options;
  options.allow_one_class = true;
  CHECK(TextTable(ones).read(options).positives == 30);
}

TEST_CASE("an empty file, a header alone and a missing file are refused") {
  CHECK_THAT(TextTable("").refusal(), Contains("is empty"));
  CHECK_THAT(TextTable("smiles,y\n").refusal(), Contains("no molecules in"));
  const TextTable table(numbers(30));
  CHECK_THROWS_WITH(read_property_table(table.folder / "assai.csv"), Contains("file not found"));
}

TEST_CASE("quotes, line ends of Windows, a byte order mark, semicolons and gzip make no difference") {
  const auto expected = TextTable(numbers(30)).read();
  std::string quoted = "\xef\xbb\xbf\"SMILES\";\"comment, long\";\"y\"\r\n";
  for (int i = 0; i < 30; ++i)
    quoted += fmt::format("\"{}\";\"one; two \"\"three\"\"\nfour\";\"{}\"\r\n", alcohol(i), 0.5 * i);
  const auto table = TextTable(gzip(quoted), "assay.csv.gz").read();
  REQUIRE(table.rows.size() == expected.rows.size());
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    CHECK(table.rows[i].smiles == expected.rows[i].smiles);
    CHECK(table.rows[i].value == expected.rows[i].value);
  }
}

TEST_CASE("a file that is cut in the middle does not pass for the whole") {
  const std::string packed = gzip(numbers(2000));
  CHECK_THAT(TextTable(packed.substr(0, packed.size() / 2), "assay.csv.gz").refusal(),
             Contains("the gzip data end in the middle"));
}

TEST_CASE("an SD file gives its value as a data tag") {
  const std::string block =
      "methanol\n     theriac\n\n  2  1  0  0  0  0  0  0  0  0999 V2000\n"
      "    0.0000    0.0000    0.0000 C   0  0\n    1.4000    0.0000    0.0000 O   0  0\n  1  2  1  0\nM  "
      "END\n";
  const std::string text = block + "> <pIC50>\n5.5\n\n$$$$\n";
  auto options = with_target("pIC50");
  options.minimum_rows = 1;
  options.allow_one_class = true;
  const auto table = TextTable(text, "assay.sdf").read(options);
  REQUIRE(table.rows.size() == 1);
  CHECK(table.rows[0].value == 5.5);
  CHECK(table.rows[0].name == "methanol");
  options.target_column = "pIC5";
  CHECK_THAT(TextTable(text, "assay.sdf").refusal(options), Contains("did you mean 'pIC50'?"));
}

TEST_CASE("a file cut anywhere or filled with noise is a table or an error, never worse") {
  const std::string text =
      "smiles,y,note\r\n\"C(C)O\",\"1.5\",\"a \"\"b\"\"\nc\"\r\nCCN,>2,\r\nCC[NH3+],3,x\r\n";
  PropertyTableOptions options;
  options.minimum_rows = 0;
  options.allow_one_class = true;
  options.skip_unreadable_targets = true;
  std::size_t read = 0, refused = 0;
  const auto attempt = [&](const std::string& content) {
    try {
      read += TextTable(content).read(options).rows.size() <= 3;
    } catch (const theriac::Error&) {
      ++refused;
    }
  };
  for (std::size_t length = 0; length <= text.size(); ++length) attempt(text.substr(0, length));
  theriac::chem::CounterRandom random(1, "noise", "test");
  for (int i = 0; i < 100; ++i) {
    std::string noise = text;
    for (int k = 0; k < 5; ++k)
      noise[random.below(static_cast<std::uint32_t>(noise.size()))] = static_cast<char>(random.below(256));
    attempt(noise);
  }
  CHECK(read > 50);
  CHECK(refused > 5);
  CHECK(read + refused == text.size() + 101);
}

TEST_CASE("the table does not depend on the number of threads") {
  std::string text = "smiles,y\n";
  for (int i = 0; i < 5000; ++i)  // more than one block; every molecule more than a hundred times
    text += fmt::format("{}{},{}\n", alcohol(i % 37), i % 41 == 0 ? ".Cl" : "", i % 37 + i % 11);
  const TextTable file(text);
  const auto many = file.read();
  const tbb::global_control one_thread(tbb::global_control::max_allowed_parallelism, 1);
  const auto one = file.read();
  CHECK(many.tallies.records == 5000);
  REQUIRE(many.rows.size() == 37);
  REQUIRE(one.rows.size() == 37);
  for (std::size_t i = 0; i < one.rows.size(); ++i) {
    CHECK(one.rows[i].smiles == many.rows[i].smiles);
    CHECK(one.rows[i].value == many.rows[i].value);
    CHECK(one.rows[i].line == many.rows[i].line);
    CHECK(one.rows[i].spread == many.rows[i].spread);
  }
  CHECK(tally_lines(one) == tally_lines(many));
}
