// Weights of gnina's networks from both kinds of files, and files that are something else.
#include "scoring/gnina_weights.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>

#include "../datasets/temporary_folder.hpp"
#include "chem/error.hpp"
#include "datasets/durable_file.hpp"
#include "datasets/model_file_writer.hpp"
#include "datasets/torch_archive.hpp"
#include "random_gnina_network.hpp"
#include "torch_script_file.hpp"

using Catch::Matchers::Contains;
using namespace theriac;
using namespace theriac::scoring;

namespace {

class Files {
 public:
  std::string write(const std::string& name, const std::string& bytes) const {
    const std::string path = folder_.path() + "/" + name;
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }
  std::string path(const std::string& name) const { return folder_.path() + "/" + name; }

 private:
  TemporaryFolder folder_;
};

void check_equal(const GninaWeights& a, const GninaWeights& b) {
  CHECK(a.architecture == b.architecture);
  REQUIRE(a.tensors.size() == b.tensors.size());
  for (std::size_t i = 0; i < a.tensors.size(); ++i) {
    INFO(a.tensors[i].name);
    CHECK(a.tensors[i].name == b.tensors[i].name);
    CHECK(a.tensors[i].numbers == b.tensors[i].numbers);
  }
}

/// The message and hint of the ModelError or InputError that reading throws.
std::string refusal(const std::string& path) {
  try {
    read_gnina_weights(path);
  } catch (const Error& error) {
    return error.what();
  }
  FAIL("'" << path << "' was read");
  return {};
}

}  // namespace

TEST_CASE("weights survive safetensors and TorchScript files") {
  const Files files;
  for (const auto architecture : {GninaArchitecture::default2018, GninaArchitecture::dense}) {
    auto weights = random_gnina_weights(architecture, 5);
    weights.metadata["licence"] = "Apache-2.0";
    write_gnina_weights(weights, files.path("copy.safetensors"));
    const auto copy = read_gnina_weights(files.path("copy.safetensors"));
    check_equal(copy, weights);
    CHECK(copy.name == weights.name);
    CHECK(copy.metadata.at("licence") == "Apache-2.0");
    const auto script = read_gnina_weights(files.write("dense_1.3.pt", torch_script_of(weights)));
    check_equal(script, weights);
    CHECK(script.name == "dense_1_3");
    CHECK(script.metadata.at("resolution") == "0.5");
  }
}

TEST_CASE("files that are no network of gnina are refused with the reason") {
  const Files files;
  const auto weights = random_gnina_weights(GninaArchitecture::default2018, 6);
  const std::string good = torch_script_of(weights);

  CHECK_THROWS_AS(read_gnina_weights(files.path("missing.pt")), InputError);
  CHECK_THAT(refusal(files.write("half.pt", good.substr(0, good.size() / 2))), Contains("cut short"));
  CHECK_THAT(refusal(files.write("text.pt", "not a model")), Contains("not a readable safetensors file"));
  CHECK_THAT(refusal(files.write("zip.pt", zip_of({{"a/readme", "hello"}}))), Contains("no data.pkl"));
  std::string damaged = good;
  damaged[good.find("net/data/3") + 30] ^= 1;
  CHECK_THAT(refusal(files.write("damaged.pt", damaged)), Contains("damaged"));

  TorchScriptParts parts;
  parts.metadata = R"({"resolution": 0.25})";
  CHECK_THAT(refusal(files.write("grid.pt", torch_script_of(weights, parts))),
             Contains("resolution '0.25'") && Contains("0.5"));
  parts.metadata = R"({"ligmap": "Carbon\nNitrogen"})";
  CHECK_THAT(refusal(files.write("map.pt", torch_script_of(weights, parts))),
             Contains("ligmap 'Carbon / Nitrogen'"));
  parts.metadata = "not json";
  CHECK_THAT(refusal(files.write("json.pt", torch_script_of(weights, parts))), Contains("no JSON object"));
  parts.metadata = "{}";
  parts.leave_out = "conv3.bias";
  CHECK_THAT(refusal(files.write("bias.pt", torch_script_of(weights, parts))),
             Contains("has no 'bias' of 64"));
  parts.leave_out = "conv3.weight";
  CHECK_THAT(refusal(files.write("weight.pt", torch_script_of(weights, parts))),
             Contains("conv3.weight") && Contains("64 x 32 x 3 x 3 x 3"));

  auto infinite = weights;
  infinite.tensors[0].numbers[7] = INFINITY;
  CHECK_THAT(refusal(files.write("infinite.pt", torch_script_of(infinite))), Contains("not finite"));

  datasets::ModelFileWriter other;
  other.set("architecture", "theriac graph policy");
  other.add("a", {1}, std::vector<float>{1});
  other.write(files.path("other.safetensors"));
  CHECK_THAT(refusal(files.path("other.safetensors")), Contains("architecture 'theriac graph policy'"));
  datasets::ModelFileWriter wrong;
  wrong.set("architecture", "dense");
  wrong.add("init.weight", {32, 28, 3, 3}, std::vector<float>(32 * 28 * 9));
  wrong.write(files.path("wrong.safetensors"));
  CHECK_THAT(refusal(files.path("wrong.safetensors")),
             Contains("'init.weight'") && Contains("32 x 28 x 3 x 3 x 3"));
}

TEST_CASE("hostile pickles are data or refused: nothing is called") {
  const Files files;
  const auto weights = random_gnina_weights(GninaArchitecture::default2018, 7);
  const auto read = [&](const std::string& pickle) {
    TorchScriptParts parts;
    parts.pickle = pickle;
    return refusal(files.write("hostile.pt", torch_script_of(weights, parts)));
  };
  CHECK_THAT(read("cos\nsystem\n(" + pickled_text("touch " + files.path("touched")) + "tR."),
             Contains("no tensors"));
  CHECK(!std::filesystem::exists(files.path("touched")));
  CHECK_THAT(read("i"), Contains("opcode 0x69"));
  CHECK_THAT(read("\x80"), Contains("cut short"));
  CHECK_THAT(read("t."), Contains("damaged"));
  CHECK_THAT(read("(t"), Contains("cut short"));
  CHECK_THAT(read("R."), Contains("damaged"));
  CHECK_THAT(read("h\x05."), Contains("damaged"));
  CHECK_THAT(read("X" + little_endian(0xffffffff, 4) + "."), Contains("negative length"));
  CHECK_THAT(read("X" + little_endian(0x7fffffff, 4) + "."), Contains("cut short"));
  CHECK_THAT(read(std::string(2000000, 'N') + "."), Contains("too many values"));
  std::string deep = "c__torch__\nA\n)\x81";
  for (int i = 0; i < 100; ++i) deep = "c__torch__\nA\n)\x81}(" + pickled_text("a") + deep + "ub";
  CHECK_THAT(read(deep + "."), Contains("nested too deep"));
  CHECK_THAT(read("c__torch__\nA\n)\x81}(" + pickled_text("a") + pickled_tensor({99999}, 99999, 0) + "ub."),
             Contains("needs 99999 numbers"));
  CHECK_THAT(read("c__torch__\nA\n)\x81}(" + pickled_text("a") + pickled_tensor({4, -1}, 4, 0) + "ub."),
             Contains("impossible shape"));
  // parts that are shared twice on each of many levels
  std::string wide = "c__torch__\nA\n)\x81q" + std::string(1, '\0');
  for (char level = 0; level < 28; ++level)
    wide += "c__torch__\nA\n)\x81}(" + pickled_text("a") + "h" + level + pickled_text("b") + "h" + level +
            "ubq" + static_cast<char>(level + 1);
  CHECK_THAT(read(wide + "."), Contains("too many parts"));
  // an object that holds itself
  CHECK_THAT(read("c__torch__\nA\n)\x81q\x01}(" + pickled_text("a") + "h\x01ub."),
             Contains("nested too deep"));
}
