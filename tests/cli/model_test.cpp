// theriac model, and models by name: what ships, what a file says of itself.
#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "chem/molecule.hpp"
#include "datasets/model_file_writer.hpp"
#include "datasets/results_table.hpp"
#include "tests/cli/transcript.hpp"

using Catch::Matchers::Contains;

namespace {

/// A share folder with one generator, trained for a moment.
const TemporaryFolder& share() {
  static const TemporaryFolder folder;
  static const auto run = run_theriac(
      "train generator --hidden 16 --layers 1 --embedding 16 --batch 64 --epochs 1 --cpu 1 --motifs 16 "
      "--no_properties "
      "--about 'starter molecules' --licence CC0 --precision float32 --data " THERIAC_STARTER_MOLECULES
      " -o g",
      folder);
  INFO(run.err);
  REQUIRE(run.exit_code == 0);
  std::filesystem::create_directories(folder / "models");
  std::filesystem::copy_file(folder / "g/generator.safetensors", folder / "models/generator.safetensors",
                             std::filesystem::copy_options::skip_existing);
  return folder;
}

}  // namespace

TEST_CASE("models that ship are listed, and describe themselves") {
  const auto& folder = share();
  const std::string here = "THERIAC_DATA='" + folder.path() + "'";
  const auto list = run_theriac("model list", folder, here);
  CHECK(list.exit_code == 0);
  CHECK_THAT(list.out, Contains("generator  molecule generator") && Contains("starter molecules"));
  for (const std::string name : {"", " default", " generator", " models/generator.safetensors"}) {
    const auto info = run_theriac("model info" + name, folder, here);
    INFO(info.err);
    CHECK(info.exit_code == 0);
    CHECK_THAT(info.out, Contains("molecule generator") && Contains("CC0") && Contains("tensors (F32)") &&
                             Contains("mw, clogp") && Contains("16 ring systems") &&
                             Contains("validation nats per molecule"));
  }
  const auto json = nlohmann::json::parse(run_theriac("model info --json", folder, here).out);
  CHECK(json["schema"] == "theriac.model/1");
  CHECK(json["models"][0]["kind"] == "molecule generator");
  CHECK(json["models"][0]["training_molecules"] == "221");
  CHECK(json["models"][0]["date"].get<std::string>().size() == 10);
}

TEST_CASE("the generator that ships is what generate and --init take by default") {
  const auto& folder = share();
  const std::string here = "THERIAC_DATA='" + folder.path() + "'";
  const auto by_default = run_theriac("generate -n 5 -o a.csv", folder, here);
  INFO(by_default.err);
  REQUIRE(by_default.exit_code == 0);
  REQUIRE(run_theriac("generate --model g/generator.safetensors -n 5 -o b.csv", folder).exit_code == 0);
  CHECK(theriac::datasets::read_file(folder / "a.csv") == theriac::datasets::read_file(folder / "b.csv"));
  const auto further = run_theriac(
      "train generator --init default --epochs 1 --cpu 1 --batch 64 --no_properties "
      "--data " THERIAC_STARTER_MOLECULES " -o further",
      folder, here);
  CHECK(further.exit_code == 0);
  CHECK_THAT(further.err, Contains("models/generator.safetensors"));
}

TEST_CASE("a model that is not here is asked for with what can be done") {
  const TemporaryFolder folder;
  const std::string here = "THERIAC_DATA='" + folder.path() + "'";
  const auto generate = run_theriac("generate -n 5 -o a.csv", folder, here);
  CHECK(generate.exit_code == 6);
  CHECK_THAT(generate.err, Contains("there is no '" + folder.path() + "/models/generator.safetensors'") &&
                               Contains("theriac train generator --data molecules.smi"));
  CHECK_THAT(run_theriac("model list", folder, here).err, Contains("no models in"));
  const auto& full = share();
  const auto typo = run_theriac("model info genrator", folder, "THERIAC_DATA='" + full.path() + "'");
  CHECK(typo.exit_code == 3);
  CHECK_THAT(typo.err, Contains("neither a file nor a model") && Contains("did you mean 'generator'?"));
  CHECK(run_theriac("model", folder).exit_code == 2);
}

TEST_CASE("a file of another kind says what it has, and a damaged one is refused") {
  const TemporaryFolder folder;
  theriac::datasets::ModelFileWriter file;
  file.set("architecture", "something else");
  file.add("a", {2, 3}, std::vector<float>(6, 1.0f));
  file.write(folder / "other.safetensors");
  const auto other = run_theriac("model info other.safetensors", folder);
  CHECK(other.exit_code == 0);
  CHECK_THAT(other.out, Contains("something else") && Contains("6 in 1 tensors (F32)"));
  std::string bytes = theriac::datasets::read_file(folder / "other.safetensors");
  theriac::datasets::DurableFile cut(folder / "cut.safetensors");
  cut.write(bytes.substr(0, bytes.size() - 4));
  cut.publish();
  CHECK(run_theriac("model info cut.safetensors", folder).exit_code == 6);
}

TEST_CASE(
    "the generator that ships describes itself and makes molecules, all valid and nearly all different") {
  const TemporaryFolder folder;
  CHECK_THAT(run_theriac("model list", folder).out,
             Contains("molecule generator") && Contains("trained endpoints") && Contains("property network"));
  const auto info = nlohmann::json::parse(run_theriac("model info --json", folder).out);
  CHECK_FALSE(info["models"][0]["data_licence"].get<std::string>().empty());
  CHECK_FALSE(info["models"][0]["training_data"].get<std::string>().empty());
  const auto run = run_theriac("generate -n 100 -o m.csv --cpu 1", folder);
  INFO(run.err);
  REQUIRE(run.exit_code == 0);
  const auto rows = theriac::datasets::read_csv(theriac::datasets::read_file(folder / "m.csv"));
  REQUIRE(rows.size() == 101);
  for (std::size_t i = 1; i < rows.size(); ++i)
    CHECK(theriac::chem::Molecule::from_smiles(rows[i][1]).smiles() == rows[i][1]);
  CHECK_THAT(run.err, Contains("100 molecules from 100 drawn") || Contains("from 101 drawn"));
}
