// theriac repurpose on the store that ships: answers, their views, and questions that cannot be answered.
#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "chem/text_file.hpp"
#include "datasets/hdf5_file.hpp"
#include "datasets/results_table.hpp"
#include "tests/cli/transcript.hpp"

using namespace theriac;
using nlohmann::json;

namespace {

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

json asked(const std::string& arguments, const TemporaryFolder& folder) {
  const auto run = run_theriac("repurpose --json " + arguments, folder);
  INFO(arguments << "\n" << run.err);
  REQUIRE(run.exit_code == 0);
  return json::parse(run.out);
}

void write(const std::string& path, const std::string& text) {
  chem::write_text_file(path, text);
}

}  // namespace

TEST_CASE("a disease is answered with known drugs near the top, reasons and sources") {
  const TemporaryFolder folder;
  const auto run = run_theriac("repurpose 'Rheumatoid  Arthritis' --explain 2", folder);
  REQUIRE(run.exit_code == 0);
  CHECK(holds(run.out, "rheumatoid arthritis (DOID:7148)"));
  CHECK(holds(run.out, "indicated"));
  CHECK(holds(run.out, "sum: the logit"));
  CHECK(holds(run.out, "CC0 1.0"));
  CHECK(holds(run.out, "not medical"));
  CHECK(run.err.empty());
}

TEST_CASE("contributions and intercept sum to the logit of every drug shown") {
  const TemporaryFolder folder;
  const auto answer = asked("psoriasis --top 40 --explain 40", folder);
  const double intercept = answer["intercept"];
  REQUIRE(answer["rows"].size() == 40);
  double last = 1e9;
  for (const auto& row : answer["rows"]) {
    double sum = intercept;
    for (const auto& line : row["evidence"]) sum += line["contribution"].get<double>();
    const double logit = row["logit"];
    CHECK(sum == Approx(logit).margin(1e-9));
    CHECK(logit <= last);
    last = logit;
    const double probability = row["probability"];
    CHECK(probability >= 0);
    CHECK(probability <= 1);
  }
}

TEST_CASE("the same question gives the same bytes on one thread and on two") {
  const TemporaryFolder folder;
  const auto one = run_theriac("repurpose asthma --cpu 1 --explain 3 -o one.html,one.csv,one.json", folder);
  const auto two = run_theriac("repurpose asthma --cpu 2 --explain 3 -o two.html,two.csv,two.json", folder);
  REQUIRE(one.exit_code == 0);
  CHECK(one.out == two.out);
  for (const char* ending : {"html", "csv", "json"})
    CHECK(datasets::read_file(folder / (std::string("one.") + ending)) ==
          datasets::read_file(folder / (std::string("two.") + ending)));
}

TEST_CASE("known drugs can be left out, drugs filtered, mechanisms excluded") {
  const TemporaryFolder folder;
  const auto novel = asked("psoriasis --novel --top 0", folder);
  REQUIRE(novel["rows"].size() > 20);
  for (const auto& row : novel["rows"]) CHECK(row["status"] == "new");
  const auto names = [](const json& answer) {
    std::vector<std::string> out;
    for (const auto& row : answer["rows"]) out.push_back(row["name"]);
    return out;
  };
  const auto all = names(asked("psoriasis --top 0", folder));
  const auto without = names(asked("psoriasis --top 0 --exclude_mechanism TNF", folder));
  CHECK(std::find(all.begin(), all.end(), "adalimumab") != all.end());
  CHECK(std::find(without.begin(), without.end(), "adalimumab") == without.end());
  CHECK(without.size() < all.size());
  const auto oral = names(asked("psoriasis --top 0 --route oral --status approved --class L04", folder));
  CHECK(std::find(oral.begin(), oral.end(), "apremilast") != oral.end());
  CHECK(oral.size() < without.size());
}

TEST_CASE("contraindicated drugs stand apart") {
  const TemporaryFolder folder;
  const auto answer = asked("asthma --top 0", folder);
  bool beta_blocker = false;
  for (const auto& row : answer["contraindicated"])
    beta_blocker = beta_blocker || row["name"] == "propranolol";
  CHECK(beta_blocker);
  for (const auto& row : answer["rows"]) CHECK(row["status"] != "contraindicated");
}

TEST_CASE("popularity can be switched off") {
  const TemporaryFolder folder;
  const auto answer = asked("epilepsy --no_popularity", folder);
  REQUIRE(answer["rows"].size() == 20);
  for (const auto& row : answer["rows"]) CHECK(row["popularity_share"] == 0.0);
}

TEST_CASE("a pair is explained, a drug is placed among diseases") {
  const TemporaryFolder folder;
  const auto pair = asked("'rheumatoid arthritis' --drug xeljanz", folder);
  REQUIRE(pair["rows"].size() == 1);
  CHECK(pair["rows"][0]["name"] == "tofacitinib");
  CHECK(pair["rows"][0]["status"] == "indicated");
  CHECK(pair["rows"][0]["evidence"].size() > 2);
  const auto drug = asked("--drug metformin --top 5", folder);
  REQUIRE(drug["diseases"].size() == 5);
  CHECK(drug["diseases"][0]["percentile_among_diseases"] == 100.0);
}

TEST_CASE("a target lists its ligands, a variant what is known of it") {
  const TemporaryFolder folder;
  const auto answer = asked("--target egfr:p.T790M", folder);
  CHECK(answer["target"] == "EGFR");
  CHECK(answer["known"].size() >= 5);
  CHECK(answer["variant_facts"].size() == 4);
  for (const auto& likely : answer["likely"]) CHECK(likely["e"].get<double>() <= 1);
  const auto unknown = run_theriac("repurpose --target EGFR:A289V", folder);
  CHECK(unknown.exit_code == 0);
  CHECK(holds(unknown.out, "nothing is on record of A289V"));
}

TEST_CASE("a gene list asks like a disease and says which genes it does not know") {
  const TemporaryFolder folder;
  write(folder / "genes.txt", "JAK1\nJAK3\nTYK2\nIL6R\nNOTAGENE\n");
  const auto answer = asked("--genes genes.txt", folder);
  CHECK(answer["question"] == "4 genes of genes.txt");
  REQUIRE(answer["warnings"].size() == 1);
  CHECK(answer["warnings"][0] == "no gene is called 'NOTAGENE' (genes.txt, line 5)");
  REQUIRE_FALSE(answer["rows"].empty());
  for (const auto& row : answer["rows"]) CHECK(row["status"] == "new");
}

TEST_CASE("a library of one's own gives a row per record, the bad one too") {
  const TemporaryFolder folder;
  write(folder / "mine.smi", "CC1CCN(CC1N(C)c1ncnc2[nH]ccc12)C(=O)CC#N copy\nC1CC bad\nCCO ethanol\n");
  const auto run =
      run_theriac("repurpose --target JAK1 --library mine.smi -o rows.csv --max-failed 1", folder);
  CHECK(run.exit_code == 0);
  const auto rows = datasets::read_csv(datasets::read_file(folder / "rows.csv"));
  REQUIRE(rows.size() == 4);
  CHECK(rows[1][1] == "copy");
  CHECK(rows[1][3] == "ok");
  CHECK(rows[1][9] == "tofacitinib");
  CHECK(rows[2][3] == "failed");
  CHECK(holds(rows[2][4], "mine.smi, line 2"));
  CHECK(run_theriac("repurpose --target JAK1 --library mine.smi --max-failed 0", folder).exit_code == 4);
}

TEST_CASE("answers are written as tables, pages and matrices") {
  const TemporaryFolder folder;
  const auto run = run_theriac("repurpose gout -o a.csv,a.h5,a.json,a.html --quiet", folder);
  REQUIRE(run.exit_code == 0);
  const auto rows = datasets::read_csv(datasets::read_file(folder / "a.csv"));
  REQUIRE(rows.size() > 10);
  CHECK(rows[0][0] == "rank");
  const auto file = datasets::Hdf5File::open(folder / "a.h5");
  CHECK(file.read_text("/drugs/drug").size() == rows.size() - 1);
  CHECK(holds(file.text_attribute("/", "question"), "gout"));
  const std::string page = datasets::read_file(folder / "a.html");
  CHECK(holds(page, "<title>gout (DOID:13189)"));
  CHECK(holds(page, "class=\"paths\""));
  CHECK_FALSE(holds(page, "<script"));
  CHECK_FALSE(holds(page, "http://www.w3.org/2000/svg\" src"));

  REQUIRE(run_theriac("repurpose --all -o pairs.h5 --quiet", folder).exit_code == 0);
  const auto pairs = datasets::Hdf5File::open(folder / "pairs.h5");
  const std::size_t drugs = pairs.read_text("/drugs/id").size(),
                    diseases = pairs.read_text("/diseases/id").size();
  CHECK(pairs.read_reals("/probability").size() == drugs * diseases);
  const auto names = pairs.read_text("/drugs/id"), asked_for = pairs.read_text("/diseases/id");
  const auto probabilities = pairs.read_reals("/probability");
  const auto gout = static_cast<std::size_t>(std::find(asked_for.begin(), asked_for.end(), "DOID:13189") -
                                             asked_for.begin());
  const auto answer = asked("gout --top 0", folder);
  REQUIRE(answer["rows"].size() > 100);
  for (const auto& row : answer["rows"]) {
    const auto drug = std::find(names.begin(), names.end(), row["id"].get<std::string>()) - names.begin();
    CHECK(probabilities[gout * drugs + static_cast<std::size_t>(drug)] ==
          Approx(row["probability"].get<double>()).epsilon(1e-6));
  }
  REQUIRE(run_theriac("repurpose --all -o best.csv --top 2 --quiet", folder).exit_code == 0);
  CHECK(datasets::read_csv(datasets::read_file(folder / "best.csv")).size() > diseases);
}

TEST_CASE("questions that cannot be answered say why and what to do") {
  const TemporaryFolder folder;
  write(folder / "empty.txt", "# nothing\n");
  write(folder / "text.h5", "no HDF5\n");
  struct Case {
    const char* arguments;
    int exit_code;
    const char* message;
  };
  const Case cases[] = {
      {"", 2, "repurpose for what?"},
      {"asthma --target EGFR", 2, "one question at a time"},
      {"'rheumatoid artritis'", 3, "did you mean 'rheumatoid arthritis' (DOID:7148)"},
      {"asthma --drug tofacitinibb", 3, "no drug is called 'tofacitinibb'"},
      {"--target EGRF", 3, "no target is called 'EGRF'"},
      {"--target EGFR:790", 2, "no variant of a target"},
      {"--genes empty.txt", 3, "no genes in 'empty.txt'"},
      {"--genes none.txt", 3, "file not found"},
      {"--sequence MK1?", 3, "stands for no amino acid"},
      {"asthma --route orally", 2, "has the route 'orally'"},
      {"asthma --class nosuchclass", 2, "no class in"},
      {"asthma --store none.h5", 3, "none.h5"},
      {"asthma --store text.h5", 5, "text.h5"},
      {"asthma --model none.safetensors", 3, "none.safetensors"},
      {"asthma -o a.xyz", 2, "cannot be written to 'a.xyz'"},
      {"--target EGFR --novel", 2, "--novel means nothing to this question"},
      {"--target EGFR --library mine.smi --json", 2, "--json means nothing to a library"},
      {"--all", 2, "all pairs go to one file"},
      {"--library mine.smi", 2, "a library is compared with"},
  };
  for (const auto& each : cases) {
    const auto run = run_theriac(std::string("repurpose ") + each.arguments, folder);
    INFO(each.arguments << "\n" << run.err);
    CHECK(run.exit_code == each.exit_code);
    CHECK(holds(run.err, each.message));
    CHECK(run.out.empty());
  }
}

TEST_CASE("every row says where the disease stands for its drug, and the drug's own answer agrees") {
  const TemporaryFolder folder;
  const auto answer = asked("psoriasis --top 0", folder);
  REQUIRE(answer["rows"].size() > 100);
  for (const auto& row : answer["rows"]) {
    const double percentile = row["percentile_among_diseases"];
    CHECK(percentile >= 0);
    CHECK(percentile <= 100);
  }
  const auto& first = answer["rows"][0];
  for (const char* how : {"", " --model '" THERIAC_STARTER_MODEL "'"}) {  // from the table, and ranked anew
    const auto drug = asked("--drug " + first["id"].get<std::string>() + " --top 0" + how, folder);
    bool seen = false;
    for (const auto& row : drug["diseases"])
      if (row["id"] == "DOID:8893") {
        seen = true;
        CHECK(row["percentile_among_diseases"].get<double>() ==
              Approx(first["percentile_among_diseases"].get<double>()).epsilon(1e-6));
        CHECK(row["percentile_among_drugs"].get<double>() ==
              Approx(first["percentile"].get<double>()).epsilon(1e-9));
        CHECK(row["rank_among_drugs"] == first["rank"]);
        CHECK(row["probability"].get<double>() == Approx(first["probability"].get<double>()).epsilon(1e-6));
      }
    CHECK(seen);
  }
  CHECK(asked("psoriasis --no_popularity", folder)["rows"][0]["percentile_among_diseases"].is_null());
}

TEST_CASE("a table of pairs of another store is not used, and the answer says so") {
  const TemporaryFolder folder;
  const std::string share = datasets::read_file(THERIAC_STARTER);
  write(folder / "mine.h5", share);
  write(folder / "add.tsv", "head\trelation\ttail\ndrug:DB00331\tin_trial\tdisease:DOID:8893\n");
  REQUIRE(run_theriac("store import mine.h5 --format triples add.tsv", folder).exit_code == 0);
  CHECK(asked("psoriasis --store mine.h5", folder)["rows"][0]["percentile_among_diseases"].is_null());
  REQUIRE(run_theriac("repurpose --all --store '" THERIAC_STARTER "' -o mine.pairs.h5", folder).exit_code ==
          0);
  const auto other = run_theriac("repurpose psoriasis --store mine.h5", folder);
  CHECK(other.exit_code == 0);
  CHECK(holds(other.err, "made with another store, model, version or other options"));
  CHECK(!holds(other.out, "among diseases"));
  REQUIRE(run_theriac("repurpose --all --store mine.h5 -o mine.pairs.h5", folder).exit_code == 0);
  CHECK(holds(run_theriac("repurpose psoriasis --store mine.h5", folder).out, "among diseases"));
}

TEST_CASE("the diseases of a drug can be filtered, contraindicated ones stand apart") {
  const TemporaryFolder folder;
  const auto all = asked("--drug propranolol --top 0", folder);
  bool asthma = false;
  for (const auto& row : all["contraindicated"]) asthma = asthma || row["disease"] == "asthma";
  CHECK(asthma);
  for (const auto& row : all["diseases"]) CHECK(row["status"] != "contraindicated");
  const auto fresh = asked("--drug propranolol --top 0 --novel", folder);
  CHECK(fresh["known_left_out"] > 0);
  for (const auto& row : fresh["diseases"]) CHECK(row["status"] == "new");
  const auto cancers = asked("--drug metformin --top 0 --within cancer -o cancers.csv", folder);
  CHECK(cancers["diseases"].size() > 3);
  CHECK(cancers["filtered_out"].get<std::size_t>() > cancers["diseases"].size());
  CHECK(holds(datasets::read_file(folder / "cancers.csv"), "ranked,DOID:9256,colorectal cancer"));
  CHECK(run_theriac("repurpose --drug metformin --route oral", folder).exit_code == 2);
  CHECK(run_theriac("repurpose psoriasis --within cancer", folder).exit_code == 2);
}

TEST_CASE("docking scores of the disease's targets are shown, marked as computed, and change no rank") {
  const TemporaryFolder folder;
  const std::string question = "'rheumatoid arthritis' --explain 400 --top 400 --store ";
  write(folder / "mine.h5", datasets::read_file(THERIAC_STARTER));
  const auto before = asked(question + "mine.h5", folder);
  write(folder / "scores.csv", "name,score_kcal_mol\nbaricitinib,-9.25\nimatinib,-7.5\n");
  REQUIRE(run_theriac("store import mine.h5 --format docking scores.csv --target JAK1", folder).exit_code ==
          0);
  const auto after = asked(question + "mine.h5", folder);
  REQUIRE(before["rows"].size() == after["rows"].size());
  std::size_t shown = 0;
  for (std::size_t i = 0; i < after["rows"].size(); ++i) {
    CHECK(before["rows"][i]["logit"] == after["rows"][i]["logit"]);
    if (!after["rows"][i].contains("computed_not_ranked")) continue;
    ++shown;
    CHECK(after["rows"][i]["computed_not_ranked"][0]["kind"] == "docked");
    CHECK(after["rows"][i]["computed_not_ranked"][0]["unit"] == "kcal/mol");
  }
  CHECK(shown >= 1);
  const auto pair =
      run_theriac("repurpose 'rheumatoid arthritis' --drug baricitinib --store mine.h5", folder);
  CHECK(holds(pair.out, "computed, not measured, and no part of the rank"));
  CHECK(holds(pair.out, "docked into JAK1: -9.2 kcal/mol"));
}

TEST_CASE("predicted affinities stand beside the drugs of a kinase and are no part of a rank") {
  const TemporaryFolder folder;
  const auto egfr = asked("--target EGFR", folder);
  REQUIRE(!egfr["predicted_affinity"]["drugs"].empty());
  for (const auto& row : egfr["predicted_affinity"]["drugs"]) {
    INFO(row.dump());
    CHECK(row["taken_as"] == "EGFR");
    CHECK(row["value"].is_null() == (row["domain"] == "out"));
    if (row["value"].is_null()) continue;
    CHECK(row["low"].get<double>() <= row["value"].get<double>());
    CHECK(row["value"].get<double>() <= row["high"].get<double>());
  }
  CHECK(egfr["predicted_affinity"]["drugs"][0]["value"].get<double>() > 7);  // the strongest known drug
  CHECK(asked("--target EGFR:T790M", folder)["predicted_affinity"]["drugs"][0]["taken_as"] == "EGFR(T790M)");
  const auto receptor = run_theriac("repurpose --target ADRB2", folder);
  CHECK(holds(receptor.out, "predicted affinity (no basis: affinity-davis, protein kinases"));

  const auto open = asked("'rheumatoid arthritis' --explain 400 --top 400", folder);
  const auto closed = asked("'rheumatoid arthritis' --top 400", folder);
  std::size_t predicted = 0, without_basis = 0;
  for (std::size_t i = 0; i < open["rows"].size(); ++i) {
    CHECK(open["rows"][i]["logit"] == closed["rows"][i]["logit"]);
    CHECK(!closed["rows"][i].contains("predicted_affinity_not_ranked"));
    const auto lines = open["rows"][i].value("predicted_affinity_not_ranked", json::array());
    CHECK(lines.size() <= 5);
    for (const auto& line : lines) ++(line["value"].is_null() ? without_basis : predicted);
  }
  CHECK(predicted > 0);
  CHECK(without_basis > 0);
  const auto text = run_theriac("repurpose 'rheumatoid arthritis' --drug tofacitinib", folder);
  CHECK(holds(text.out, "predicted affinity for JAK1: pKd "));
  CHECK(holds(text.out, "90 % interval"));
}
