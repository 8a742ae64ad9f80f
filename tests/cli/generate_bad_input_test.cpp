// theriac generate and train on weights, requests and corpora that are no good: the exit code, and a message
// that says what to do.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <limits>

#include "datasets/durable_file.hpp"
#include "datasets/model_file.hpp"
#include "datasets/model_file_writer.hpp"
#include "generative/policy_engine.hpp"
#include "tests/cli/untrained_generator.hpp"

using Catch::Matchers::Contains;
using namespace theriac;

namespace {

std::string good_weights() {
  return datasets::read_file(untrained_folder() / "g.safetensors");
}

void write(const std::string& name, const std::string& bytes) {
  std::ofstream(untrained_folder() / name, std::ios::binary) << bytes;
}

void refused(const std::string& arguments, int code, const std::vector<std::string>& messages) {
  const auto run = run_theriac(arguments, untrained_folder());
  INFO(arguments << "\n" << run.err);
  CHECK(run.exit_code == code);
  for (const std::string& message : messages) CHECK_THAT(run.err, Contains(message));
  CHECK_FALSE(std::ifstream(untrained_folder() / "no.csv").good());
}

/// `theriac generate` and `train --init` with these weights.
void refused_weights(const std::string& file, int code, const std::vector<std::string>& messages) {
  refused("generate -n 5 -o no.csv --model " + file, code, messages);
  refused(std::string("train generator --epochs 1 -o none --data ") + THERIAC_STARTER_MOLECULES + " --init " +
              file,
          code, messages);
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const auto at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), by);
}

}  // namespace

TEST_CASE("damaged weights are refused, wherever the damage is") {
  const std::string good = good_weights();
  REQUIRE(run_theriac("generate -n 5 -o yes.csv --model g.safetensors", untrained_folder()).exit_code == 0);
  write("half.safetensors", good.substr(0, good.size() / 2));
  refused_weights("half.safetensors", 6, {"half.safetensors", "hint:"});
  write("short.safetensors", good.substr(0, good.size() - 1));
  refused_weights("short.safetensors", 6, {"short.safetensors", "hint:"});
  write("nothing.safetensors", "");
  refused_weights("nothing.safetensors", 6, {"nothing.safetensors"});
  for (const std::size_t at : {std::size_t{2}, std::size_t{7}, std::size_t{8}, std::size_t{40}}) {
    std::string flipped = good;  // in the length of the header, its first bracket, a name
    flipped[at] = static_cast<char>(flipped[at] ^ 0x20);
    write("flipped.safetensors", flipped);
    refused_weights("flipped.safetensors", 6, {"flipped.safetensors"});
  }
}

TEST_CASE("weights that are no numbers are refused") {
  const auto file = datasets::ModelFile::read(untrained_folder() / "g.safetensors");
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    auto weights = generative::GraphPolicy::load(untrained_folder() / "g.safetensors").engine().weights();
    datasets::ModelFileWriter writer;
    for (const auto& [key, text] : file.metadata()) writer.set(key, text);
    for (auto& tensor : weights) {
      if (tensor.name == "simple.weight") tensor.numbers[3] = bad;
      writer.add(tensor.name, tensor.shape, tensor.numbers, datasets::TensorType::float32);
    }
    writer.write(untrained_folder() / "nan.safetensors");
    refused_weights("nan.safetensors", 6,
                    {"nan.safetensors", "weights in 'simple.weight' that are not numbers", "train anew"});
  }
}

TEST_CASE("weights of another version, of another kind and of another vocabulary are refused") {
  const std::string good = good_weights();
  write("newer.safetensors", replaced(good, "\"format_version\":\"1\"", "\"format_version\":\"7\""));
  refused_weights("newer.safetensors", 6,
                  {"format version '7'; this program reads version 1", "train them again"});
  write("other.safetensors", replaced(good, "theriac graph policy", "theriac other policy"));
  refused_weights("other.safetensors", 6, {"holds 'theriac other policy'", "theriac model list"});
  write("wide.safetensors", replaced(good, "\"hidden\":\"16\"", "\"hidden\":\"32\""));
  refused_weights("wide.safetensors", 6, {"wide.safetensors"});
  write("size.safetensors", replaced(good, "\"hidden\":\"16\"", "\"hidden\":\"1x\""));
  refused_weights("size.safetensors", 6, {"'hidden' is '1x', not a size", "get it again"});
  refused_weights("absent.safetensors", 3, {"absent.safetensors"});
}

TEST_CASE("scaffolds and warheads that cannot grow are refused with the reason") {
  const std::string generate = "generate -n 5 -o no.csv --model g.safetensors ";
  refused(generate + "--scaffold c1ccccc1", 2, {"has no attachment point", "hint: mark where it may grow"});
  refused(generate + "--scaffold '[*:1]C(C)(C)(C)C'", 3,
          {"the generator cannot use the scaffold", "valence"});
  refused(generate + "--scaffold '[*:1]=c1ccccc1'", 3, {"the generator cannot use the scaffold"});
  refused(generate + "--scaffold '[*:1]CC[SiH](C)C'", 3, {"(Si", "is not in the vocabulary"});
  refused(generate + "--scaffold '[*:1]CC.CC'", 3, {"more than one component"});
  refused(generate + "--scaffold '[*:1]CC' --optional 2", 2, {"attachment point 2 may stay open"});
  refused(generate + "--link '[*]c1ccncc1' '[*]C(C)(C)(C)C'", 3,
          {"the generator cannot use the warhead", "valence"});
  refused(generate + "--link '[*]CC' '[*]CC' --min_linker 9 --max_linker 3", 2, {"longer than the longest"});
  refused(generate + "--optimise 'CC(C)(C)(C)(C)C'", 3, {"cannot use the molecule", "valence"});
}

TEST_CASE("ranges in which no molecule lies are refused before anything is drawn") {
  const std::string generate = "generate -n 5 -o no.csv --model g.safetensors ";
  refused(generate + "--mw 400:300", 2, {"nothing lies in the range '400:300' of mw"});
  refused(generate + "--qed 1.2:", 2, {"no molecule has a qed in '1.2:'", "between 0 and 1"});
  refused(generate + "--sa :0.5", 2, {"no molecule has a sa in ':0.5'", "between 1 and 10"});
  refused(generate + "--tpsa :-1", 2, {"no molecule has a tpsa in ':-1'"});
  refused(generate + "--mw :100 --min_atoms 30", 2, {"30 heavy atoms weigh more than 100 Da"});
  refused(generate + "--mw :100 --scaffold '[*:1]c1ccc(cc1)-c1ccccc1'", 2,
          {"12 heavy atoms weigh more than 100 Da"});
}

TEST_CASE("a corpus of which the vocabulary can express nothing is refused") {
  std::string strange, mixed;
  for (int i = 1; i < 40; ++i) {
    strange += std::string(static_cast<std::size_t>(i), 'C') + "[Se]C s" + std::to_string(i) + "\n";
    mixed += i % 20 == 7 ? "not a molecule\n" : std::string(static_cast<std::size_t>(i), 'C') + "O m\n";
  }
  write("strange.smi", strange);
  write("mixed.smi", mixed);
  write("empty.smi", "");
  const std::string train = "train generator --epochs 1 --batch 8 --patience 0 ";
  refused(
      train + "-o t1 --init g.safetensors --data strange.smi", 3,
      {"none of 39 records can be learned from", "strange.smi, line 1", "Se", "that the generator knows"});
  refused(train + "-o t2 --init g.safetensors --data empty.smi", 3, {"empty.smi"});
  const auto run = run_theriac(train + "-o t3 --init g.safetensors --data mixed.smi", untrained_folder());
  INFO(run.err);
  CHECK(run.exit_code == 0);
  CHECK_THAT(run.err, Contains("37 of 39 records; 2 unreadable") && Contains("mixed.smi, line 7"));
}

TEST_CASE("a GPU that is not there ends generate and train generator before anything is made") {
  const std::string start = "--init g.safetensors --data " + std::string(THERIAC_STARTER_MOLECULES);
  refused("generate -n 5 -o no.csv --model g.safetensors --device cuda:63", 7,
          {"no device 'cuda:63'", "use --device cpu"});
  refused("generate -n 5 -o no.csv --model g.safetensors --device abacus", 2,
          {"no device 'abacus'", "cuda:0"});
  refused("generate -n 5 -o no.csv --random-policy --device auto", 2, {"excludes"});
  refused("train generator --epochs 1 -o none " + start + " --device cuda:63", 7, {"no device 'cuda:63'"});
  CHECK_FALSE(std::filesystem::exists(untrained_folder() / "none"));
  refused("train affinity -o none --data x --device cuda:63", 2, {"'affinity' is trained on the processor"});
  const auto run =
      run_theriac("generate -n 5 -o auto.csv --model g.safetensors --device auto --json", untrained_folder());
  CHECK(run.exit_code == 0);
  CHECK_THAT(run.out, Contains("\"device\": \"c"));  // cpu, or cuda:0 where there is one
}
