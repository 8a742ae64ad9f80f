// Every score, component and list of ../shared/golden/guacamol: what the published programs give.
#include <catch2/catch.hpp>
#include <charconv>
#include <filesystem>
#include <map>
#include <optional>

#include "chem/error.hpp"
#include "chem/text_file.hpp"
#include "datasets/results_table.hpp"
#include "scoring/guacamol.hpp"
#include "scoring/pmo.hpp"

using theriac::chem::Molecule;
using namespace theriac::scoring;

namespace {

const std::string golden = THERIAC_SHARED_DATA "/golden/guacamol/";
constexpr double tolerance = 1e-9;

using Row = std::map<std::string, std::string>;

std::vector<Row> table(const std::string& file) {
  const auto lines = theriac::datasets::read_csv(theriac::chem::read_text_file(golden + file));
  std::vector<Row> rows;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    rows.emplace_back();
    for (std::size_t j = 0; j < lines[i].size(); ++j) rows.back()[lines[0][j]] = lines[i][j];
  }
  return rows;
}

double number(const std::string& text) {
  double value = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
  REQUIRE(end.ptr == text.data() + text.size());
  return value;
}

std::optional<Molecule> molecule(const std::string& smiles) {
  try {
    return smiles.empty() ? Molecule::without_atoms() : Molecule::from_smiles(smiles);
  } catch (const theriac::MoleculeError&) {
    return {};
  }
}

bool absent() {
  if (std::filesystem::exists(golden + "scores.csv.gz")) return false;
  WARN("skipped: needs ../shared/golden/guacamol");
  return true;
}

/// Compares the scores of all molecules of the golden file with a table that has one column a task.
void compare(const GoalDirectedSuite& suite, const std::vector<Row>& molecules,
             const std::vector<Row>& want) {
  REQUIRE(molecules.size() == 505);
  REQUIRE(want.size() == molecules.size());
  for (std::size_t i = 0; i < want.size(); ++i) {
    const auto scores = suite.scores(molecule(molecules[i].at("smiles")));
    for (std::size_t t = 0; t < suite.tasks.size(); ++t) {
      INFO(molecules[i].at("id") << " '" << molecules[i].at("smiles") << "' " << suite.tasks[t].column);
      CHECK(scores[t] == Approx(number(want[i].at(suite.tasks[t].column))).margin(tolerance));
    }
  }
}

void compare_component(const std::string& column, const ComponentValue& value, const Row& want) {
  INFO(want.at("id") << ' ' << column);
  CHECK(value.raw == Approx(number(want.at(column + "_raw"))).margin(tolerance));
  CHECK(value.modified == Approx(number(want.at(column + "_mod"))).margin(tolerance));
}

}  // namespace

TEST_CASE("GuacaMol's scores of 505 molecules in 20 tasks") {
  if (absent()) return;
  const auto molecules = table("scores.csv.gz");
  compare(guacamol_suite(), molecules, molecules);
}

TEST_CASE("GuacaMol's components, before and after their modifiers") {
  if (absent()) return;
  const auto molecules = table("scores.csv.gz"), components = table("components.csv.gz");
  int compared = 0;
  for (std::size_t i = 0; i < molecules.size(); ++i) {
    const auto read = molecule(molecules[i].at("smiles"));
    if (!read) continue;
    const MeasuredMolecule measured(*read);
    for (const auto& task : guacamol_suite().tasks) {
      const auto values = component_values(task, measured);
      for (std::size_t c = 0; c < values.size(); ++c, ++compared)
        compare_component(task.column.substr(0, 4) + task.components[c].name, values[c], components[i]);
    }
    for (const auto& component : isomer_components("C16H15F6N5O")) {
      const double raw = component.measure(measured);
      compare_component("t16_isomer." + component.name, {raw, component.modifier(raw)}, components[i]);
    }
  }
  CHECK(compared == 495 * 53);
}

TEST_CASE("PyTDC's scores of 505 molecules by 20 PMO oracles") {
  if (absent()) return;
  compare(pmo_suite(), table("scores.csv.gz"), table("pmo_scores.csv.gz"));
}

TEST_CASE("GuacaMol's judgement of three lists in 20 tasks") {
  if (absent()) return;
  std::map<std::string, std::vector<std::string>> lists;
  for (const auto& row : table("aggregation_lists.csv")) lists[row.at("list")].push_back(row.at("smiles"));
  const auto want = table("aggregation_scores.csv");
  REQUIRE(want.size() == 60);
  for (const auto& row : want) {
    const auto& task = guacamol_suite().task(row.at("task"));
    INFO(row.at("list") << ' ' << task.name);
    const auto got = list_score(task, lists.at(row.at("list")));
    CHECK(got.score == Approx(number(row.at("score"))).margin(tolerance));
    for (std::size_t k = 0; k < task.top_counts.size(); ++k)
      CHECK(got.top_means[k] ==
            Approx(number(row.at("top_" + std::to_string(task.top_counts[k])))).margin(tolerance));
  }
}
