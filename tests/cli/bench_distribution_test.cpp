// theriac bench distribution from small files to its tables: figures, rows, kept references, messages.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "cli/published_moses.hpp"
#include "cli/record_blocks.hpp"
#include "datasets/model_file_writer.hpp"
#include "datasets/results_table.hpp"
#include "tests/cli/transcript.hpp"

using Catch::Matchers::Contains;
using theriac::datasets::read_csv;
using theriac::datasets::read_file;
namespace fs = std::filesystem;

namespace {

void write(const std::string& path, const std::string& text) {
  std::ofstream(path) << text;
}

/// Amides, ethers and amines of benzene, pyridine and cyclohexane with small side chains.
std::vector<std::string> molecules(std::size_t first, std::size_t count) {
  const std::vector<std::string> rings = {"c1ccccc1", "c1ccncc1", "C1CCCCC1", "c1ccsc1", "C1CCNCC1"};
  const std::vector<std::string> links = {"C(=O)N", "OC", "NC", "CC", "S(=O)(=O)N"};
  const std::vector<std::string> tails = {"C", "CC", "C(C)C", "CCO", "c1ccc(F)cc1", "C1CC1", "CCOC"};
  std::vector<std::string> out;
  for (std::size_t i = first; i < first + count; ++i)
    out.push_back(tails[i % 7] + links[i / 7 % 5] + rings[i / 35 % 5]);
  return out;
}

std::string lines(const std::vector<std::string>& smiles) {
  std::string text;
  for (const auto& each : smiles) text += each + '\n';
  return text;
}

void write_sets(const TemporaryFolder& folder) {
  write(folder / "train.smi", lines(molecules(0, 120)));
  write(folder / "test.smi", lines(molecules(60, 80)));
  write(folder / "other.smi", lines(molecules(100, 60)) + "C1CC\n");
  write(folder / "generated.smi", lines(molecules(90, 40)) + "OCC drink\nC(C)O drink again\nc1ccc bad\n");
  write(folder / "random.smi", lines({"CCCCCCCCCCCC", "FC(F)(F)C(F)(F)F", "CCN", "C1CCCCCCCC1", "CC=O"}));
}

const std::string sets = "--molecules generated.smi --train train.smi --reference test.smi,other.smi ";

/// metric and reference to the named column.
std::map<std::string, std::string> column(const std::string& csv, const std::string& name) {
  const auto rows = read_csv(csv);
  std::size_t at = 0;
  while (rows.at(0).at(at) != name) ++at;
  std::map<std::string, std::string> out;
  for (std::size_t i = 1; i < rows.size(); ++i) out[rows[i][0] + " " + rows[i][1]] = rows[i].at(at);
  return out;
}

}  // namespace

TEST_CASE("every metric of a small sample, beside its ceiling and its floor") {
  const TemporaryFolder folder;
  write_sets(folder);
  const auto run = run_theriac("bench distribution " + sets + "--floor random.smi -o out", folder);
  INFO(run.err);
  REQUIRE(run.exit_code == 0);
  CHECK_THAT(run.out, Contains("unique@10k") && Contains("Scaf") && Contains("ceiling") && Contains("floor"));
  CHECK_THAT(run.err, Contains("reference records that cannot be read") || Contains("(other.smi, line 61)"));

  const auto csv = read_file(folder / "out/distribution.csv");
  const auto ours = column(csv, "generated"), floor = column(csv, "floor"), ceiling = column(csv, "ceiling");
  CHECK(std::stod(ours.at("valid ")) == Approx(42.0 / 43).epsilon(1e-8));
  CHECK(std::stod(ours.at("unique_1k ")) == Approx(41.0 / 42).epsilon(1e-8));
  CHECK(std::stod(ours.at("novelty ")) < 0.7);
  CHECK(std::stod(ceiling.at("novelty ")) < 0.5);
  CHECK(std::stod(floor.at("novelty ")) == 1);
  CHECK(std::stod(floor.at("filters ")) == 0.6);  // all but the ring of nine and the aldehyde
  CHECK(std::stod(ours.at("snn test")) > std::stod(floor.at("snn test")));
  CHECK(std::stod(ours.at("weight test")) < std::stod(floor.at("weight test")));
  CHECK(ours.count("log_p other") == 0);
  CHECK(ours.count("fcd test") == 0);
  CHECK(column(csv, "CharRNN").at("valid ").empty());  // these are not the MOSES test sets

  const auto rows = read_csv(read_file(folder / "out/molecules.csv"));
  REQUIRE(rows.size() == 44);
  for (const auto& row : rows) CHECK(row.size() == rows[0].size());
  CHECK(rows[41][1] == "drink");
  CHECK(rows[41][4] == "CCO");
  CHECK(rows[43][2] == "failed");
  CHECK_THAT(rows[43][3], Contains("generated.smi, line 43"));

  const auto json = nlohmann::json::parse(read_file(folder / "out/distribution.json"));
  CHECK(json.at("generated").at("valid") == 42);
  CHECK(json.at("ceiling").at("records") == 42);
  CHECK(json.at("references").at(1).at("unread") == 1);
  const auto text = read_file(folder / "out/distribution.md");
  CHECK_THAT(text, Contains("Generated: 1 records that cannot be read") &&
                       Contains("Reference other: 1 records that cannot be read") && Contains("molecules/s"));
}

TEST_CASE("one thread or two, references described or kept: the same figures and rows") {
  const TemporaryFolder folder;
  write_sets(folder);
  REQUIRE(run_theriac("bench distribution " + sets + "--cpu 1 -o a", folder).exit_code == 0);
  REQUIRE(run_theriac("bench distribution " + sets + "--cpu 2 --reference-cache a/reference -o b", folder)
              .exit_code == 0);
  CHECK_FALSE(fs::exists(folder / "b/reference"));
  CHECK(read_file(folder / "a/distribution.csv") == read_file(folder / "b/distribution.csv"));
  CHECK(read_file(folder / "a/molecules.csv") == read_file(folder / "b/molecules.csv"));
  const auto other_seed = run_theriac(
      "bench distribution " + sets + "--seed 2 --samples 20 --reference-cache a/reference -o c", folder);
  REQUIRE(other_seed.exit_code == 0);
  CHECK(read_csv(read_file(folder / "c/molecules.csv")).size() == 21);
}

TEST_CASE("GuacaMol's own scores look at a fixed number of molecules in file order") {
  const TemporaryFolder folder;
  write_sets(folder);
  REQUIRE(run_theriac("bench distribution " + sets + "--guacamol 40 -o out", folder).exit_code == 0);
  const auto g = nlohmann::json::parse(read_file(folder / "out/distribution.json")).at("guacamol");
  CHECK(g.at("records") == 43);
  CHECK(g.at("validity") == 1.0);
  CHECK(g.at("uniqueness") == 1.0);
  CHECK(g.at("novelty") == Approx(0.25));  // 30 of 40 lie in the training set
}

TEST_CASE("what is missing or wrong is said before computing starts") {
  const TemporaryFolder folder;
  write_sets(folder);
  const auto says = [&](const std::string& options, int code, const std::string& message) {
    const auto run = run_theriac("bench distribution " + options, folder);
    INFO(options << "\n" << run.err);
    CHECK(run.exit_code == code);
    CHECK_THAT(run.err, Contains(message));
  };
  says("", 2, "which molecules?");
  says("--molecules generated.smi", 2, "where is the training set?");
  says("--molecules generated.smi --train train.smi", 2, "what are the molecules to be like?");
  says(sets + "--reference-activations a.npz", 2, "1 files of activations for 2 references");
  says(sets + "--reference-activations a.npz,b.npz", 2, "of no use without --chemnet");
  says("--molecules nothing.smi --train train.smi --reference test.smi", 3, "nothing.smi");
  write(folder / "bad.smi", "C1CC\nxyz\n");
  says("--molecules bad.smi --train train.smi --reference test.smi", 3,
       "no molecule of 'bad.smi' can be read");
  says("--molecules generated.smi --train train.smi --reference bad.smi", 3,
       "no molecule of 'bad.smi' can be read");
  write(folder / "half.smi", "CCO\nC1CC\n");
  says("--molecules generated.smi --train train.smi --reference half.smi", 4, "1 of 2 records failed");
}

TEST_CASE("weights of another network, cut short or no weights at all are refused") {
  const TemporaryFolder folder;
  write_sets(folder);
  theriac::datasets::ModelFileWriter writer;
  writer.add("conv1.weight", {32, 35, 3}, std::vector<float>(32 * 35 * 3));
  writer.write(folder / "other.safetensors");
  const auto bytes = read_file(folder / "other.safetensors");
  write(folder / "cut.safetensors", bytes.substr(0, bytes.size() - 5));
  write(folder / "text.safetensors", "these are no weights at all");
  const auto says = [&](const std::string& file, const std::string& message) {
    const auto run = run_theriac("bench distribution " + sets + "--chemnet " + file, folder);
    CHECK(run.exit_code == 6);
    CHECK_THAT(run.err, Contains(message));
  };
  says("other.safetensors", "is 32 x 35 x 3, needed is 32 x 35 x 4");
  says("cut.safetensors", "its tensors take 13440 bytes, 13435 are there");
  says("text.safetensors", "its header claims");
}

TEST_CASE("a draw is a fair sample of the file") {
  const TemporaryFolder folder;
  std::string text;
  for (int i = 0; i < 40; ++i) text += "C m" + std::to_string(i) + "\n";
  write(folder / "m.smi", text);
  std::map<std::string, int> first, drawn;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    const auto draw = theriac::cli::draw_records(folder / "m.smi", 10, seed, "test");
    REQUIRE(draw.records.size() == 10);
    REQUIRE(draw.total == 40);
    ++first[draw.records[0].name];
    for (const auto& record : draw.records) ++drawn[record.name];
  }
  for (int i = 0; i < 40; ++i) {
    INFO("record " << i);
    CHECK(drawn["m" + std::to_string(i)] == Approx(500).margin(100));  // five standard deviations
    CHECK(first["m" + std::to_string(i)] == Approx(50).margin(36));
  }
  CHECK(theriac::cli::draw_records(folder / "m.smi", 0, 1, "test").records[7].name == "m7");
  CHECK(theriac::cli::draw_records(folder / "m.smi", 100, 1, "test").records.size() == 40);
}
