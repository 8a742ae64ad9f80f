// Safetensors files: what is written is read back, and a file that lies is refused with the reason.
#include "datasets/model_file.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>
#include <limits>

#include "chem/error.hpp"
#include "chem/text_file.hpp"
#include "datasets/durable_file.hpp"
#include "datasets/half_precision.hpp"
#include "datasets/model_file_writer.hpp"
#include "datasets/npz_file.hpp"
#include "tests/datasets/temporary_folder.hpp"

using Catch::Matchers::Contains;
using namespace theriac::datasets;

namespace {

/// A file of this header and `data_bytes` zeros.
std::string file_of(const std::string& header, std::size_t data_bytes) {
  const std::uint64_t length = header.size();
  std::string out(8, '\0');
  std::memcpy(out.data(), &length, 8);
  return out + header + std::string(data_bytes, '\0');
}

std::string reason_for(const std::string& bytes) {
  try {
    ModelFile::from_bytes(bytes, "weights.safetensors");
  } catch (const theriac::ModelError& error) {
    return error.what();
  }
  return "accepted";
}

std::string small_model() {
  ModelFileWriter writer;
  writer.set("licence", "MIT");
  writer.add("layer.weight", {2, 3}, std::vector<float>{1, -2, 0.5f, 4, 5, 1e-8f});
  writer.add("layer.bias", {3}, std::vector<double>{1.5, -0.25, 1.0 / 3});
  writer.add("tokens", {2, 2}, std::vector<std::int64_t>{-1, 34, 0, 7}, TensorType::int32);
  writer.add("empty", {0, 5}, std::vector<float>{});
  return writer.bytes();
}

}  // namespace

TEST_CASE("tensors and metadata come back as they were written, from the disk too") {
  const TemporaryFolder folder;
  const auto bytes = small_model();
  theriac::chem::write_text_file(folder / "m.safetensors", bytes);
  const auto file = ModelFile::read(folder / "m.safetensors");
  CHECK(file.metadata("licence") == "MIT");
  CHECK(file.metadata("nothing").empty());
  CHECK(file.floats("layer.weight", {2, 3}) == std::vector<float>{1, -2, 0.5f, 4, 5, 1e-8f});
  CHECK(file.doubles("layer.bias", {-1}) == std::vector<double>{1.5, -0.25, 1.0 / 3});
  CHECK(file.integers("tokens", {2, 2}) == std::vector<std::int64_t>{-1, 34, 0, 7});
  CHECK(file.floats("empty", {0, 5}).empty());
  CHECK(file.contains("tokens"));
  CHECK_FALSE(file.contains("token"));
  CHECK(bytes == small_model());
}

TEST_CASE("a missing tensor, another shape and another kind of number are named") {
  const auto file = ModelFile::from_bytes(small_model(), "m.safetensors");
  CHECK_THROWS_WITH(file.floats("layer.weigth", {2, 3}), "'m.safetensors' has no tensor 'layer.weigth'");
  CHECK_THROWS_WITH(file.floats("layer.weight", {3, 2}),
                    "tensor 'layer.weight' of 'm.safetensors' is 2 x 3, needed is 3 x 2");
  CHECK_THROWS_WITH(file.floats("tokens", {2, 2}), Contains("holds I32, floating-point numbers are needed"));
  CHECK_THROWS_WITH(file.integers("layer.bias", {3}), Contains("holds F64, integers are needed"));
}

TEST_CASE("numbers that have to be finite are refused by the name of their tensor") {
  const double least = std::numeric_limits<double>::denorm_min(), most = std::numeric_limits<double>::max();
  ModelFileWriter writer;
  writer.add("good", {2}, std::vector<double>{-most, least});
  writer.add("infinite", {2}, std::vector<double>{1, -std::numeric_limits<double>::infinity()});
  writer.add("unknown", {2}, std::vector<double>{std::numeric_limits<double>::quiet_NaN(), 1});
  const auto file = ModelFile::from_bytes(writer.bytes(), "w");
  CHECK(file.finite_doubles("good", {2}) == std::vector<double>{-most, least});
  CHECK(std::isinf(file.doubles("infinite", {2})[1]));
  CHECK_THROWS_WITH(file.finite_doubles("infinite", {2}),
                    "tensor 'infinite' of 'w' holds a number that is not finite");
  CHECK_THROWS_WITH(file.finite_doubles("unknown", {-1}), Contains("'unknown'"));
  CHECK_THROWS_WITH(file.finite_doubles("good", {3}), Contains("good"));
}

TEST_CASE("16-bit floats: every half and bfloat16 survives, and rounding is to nearest even") {
  for (std::uint32_t bits = 0; bits < 65536; ++bits) {
    const auto half = static_cast<std::uint16_t>(bits);
    const float value = float_of_half(half);
    if (std::isnan(value))
      CHECK(std::isnan(float_of_half(half_of(value))));
    else if (half_of(value) != half)
      FAIL("half " << bits);
    const float brain = float_of_bfloat16(half);
    if (!std::isnan(brain) && bfloat16_of(brain) != half) FAIL("bfloat16 " << bits);
  }
  CHECK(float_of_half(0x3c00) == 1.0f);
  CHECK(float_of_half(0x0001) == std::ldexp(1.0f, -24));
  CHECK(half_of(1.0f + std::ldexp(1.0f, -11)) == 0x3c00);      // tie: to even, down
  CHECK(half_of(1.0f + 3 * std::ldexp(1.0f, -11)) == 0x3c02);  // tie: to even, up
  CHECK(half_of(std::ldexp(1.0f, -25)) == 0);                  // half the least subnormal
  CHECK(half_of(1.01f * std::ldexp(1.0f, -25)) == 1);
  CHECK(half_of(65519.0f) == 0x7bff);
  CHECK(half_of(65520.0f) == 0x7c00);
  CHECK(half_of(-std::numeric_limits<float>::infinity()) == 0xfc00);
  CHECK(bfloat16_of(1.0f + std::ldexp(1.0f, -8)) == 0x3f80);
  CHECK(bfloat16_of(1.0f + 3 * std::ldexp(1.0f, -8)) == 0x3f82);
}

TEST_CASE("16-bit tensors are converted on reading") {
  ModelFileWriter writer;
  writer.add("half", {2}, std::vector<float>{0.5f, 1000.0f}, TensorType::float16);
  writer.add("brain", {2}, std::vector<float>{0.5f, 1024.0f}, TensorType::bfloat16);
  const auto file = ModelFile::from_bytes(writer.bytes(), "m");
  CHECK(file.info("half").bytes() == 4);
  CHECK(file.floats("half", {2}) == std::vector<float>{0.5f, 1000.0f});
  CHECK(file.floats("brain", {2}) == std::vector<float>{0.5f, 1024.0f});
}

TEST_CASE("headers that lie are refused with the reason") {
  const std::string good = R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})";
  CHECK(reason_for(file_of(good, 8)) == "accepted");
  CHECK_THAT(reason_for("short"), Contains("it has 5 bytes, the length of the header alone takes 8"));
  CHECK_THAT(reason_for(std::string(8, '\xff')),
             Contains("its header claims 18446744073709551615 bytes, 0 follow"));
  CHECK_THAT(reason_for(file_of(good, 7)), Contains("its tensors take 8 bytes, 7 are there"));
  CHECK_THAT(reason_for(file_of(good, 9)), Contains("1 bytes belong to no tensor"));
  CHECK_THAT(reason_for(file_of("{", 0)), Contains("its header is not JSON"));
  CHECK_THAT(reason_for(file_of("[]", 0)), Contains("its header is not JSON that begins with '{'"));
  CHECK_THAT(reason_for(file_of(" {}", 0)), Contains("its header is not JSON that begins with '{'"));
  CHECK_THAT(reason_for(file_of("{}\n", 0)), Contains("its header is padded with other than blanks"));
  CHECK_THAT(reason_for(file_of(std::string("{}\0", 3), 0)), Contains("it holds a zero byte"));
  CHECK(reason_for(file_of("{}   ", 0)) == "accepted");
  CHECK_THAT(reason_for(file_of(std::string(1000000, '['), 0)), Contains("its header is not JSON"));
  const auto one = [](const std::string& entry) { return file_of("{\"a\":" + entry + "}", 8); };
  CHECK_THAT(reason_for(one(R"({"dtype":"F8","shape":[2],"data_offsets":[0,8]})")),
             Contains("tensor 'a' has the unknown type 'F8'"));
  CHECK_THAT(reason_for(one(R"({"dtype":"F32","data_offsets":[0,8]})")), Contains("tensor 'a' has no shape"));
  CHECK_THAT(reason_for(one(R"({"dtype":"F32","shape":[3],"data_offsets":[0,8]})")),
             Contains("tensor 'a' of 3 F32 needs 12 bytes, its place has 8"));
  CHECK_THAT(reason_for(one(R"({"dtype":"F32","shape":[-2],"data_offsets":[0,8]})")),
             Contains("a length of tensor 'a' is not a whole number"));
  CHECK_THAT(reason_for(one(R"({"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]})")),
             Contains("tensor 'a' is impossibly large"));
  CHECK_THAT(reason_for(one(R"({"dtype":"F32","shape":[2],"data_offsets":[8,0]})")),
             Contains("its place has 0"));
  CHECK_THAT(reason_for(one(R"({"dtype":"F32","shape":[2],"data_offsets":[4,12]})")),
             Contains("tensor 'a' begins at byte 4, the one before it ends at 0"));
  CHECK_THAT(reason_for(file_of(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
                                R"("b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}})",
                                12)),
             Contains("tensor 'b' begins at byte 4, the one before it ends at 8"));
  CHECK_THAT(reason_for(file_of(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
                                R"("a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})",
                                8)),
             Contains("tensor 'a' is named twice"));
  CHECK_THAT(reason_for(one(R"({"dtype":"F32","dtype":"I32","shape":[2],"data_offsets":[0,8]})")),
             Contains("'dtype' of tensor 'a' is named twice"));
  CHECK_THAT(reason_for(file_of(R"({"__metadata__":{"n":5}})", 0)), Contains("metadata 'n' is not a text"));
}

TEST_CASE("files that are taken for weights by accident are told apart, and an unknown field is a warning") {
  CHECK_THAT(reason_for("version https://git-lfs.github.com/spec/v1\n"), Contains("is a Git LFS pointer"));
  CHECK_THAT(reason_for("PK\x03\x04 and so on"), Contains("is a Python checkpoint"));
  CHECK_THAT(reason_for("<!DOCTYPE html><html></html>"), Contains("is a web page"));
  const auto file = ModelFile::from_bytes(
      file_of(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"compressed":1}})", 8),
      "w.safetensors");
  CHECK(file.warnings() ==
        std::vector<std::string>{"tensor 'a' of 'w.safetensors' has the unknown field 'compressed'"});
}

TEST_CASE("every truncation of a model file is refused") {
  const auto bytes = small_model();
  for (std::size_t n = 0; n < bytes.size(); ++n) CHECK(reason_for(bytes.substr(0, n)) != "accepted");
}

TEST_CASE("a writer refuses what does not fit") {
  ModelFileWriter writer;
  writer.add("a", {2}, std::vector<float>{1, 2});
  CHECK_THROWS_WITH(writer.add("a", {1}, std::vector<float>{1}), "the tensor name 'a' is taken");
  CHECK_THROWS_WITH(writer.add("b", {3}, std::vector<float>{1, 2}),
                    "tensor 'b' of shape 3 cannot hold 8 bytes of F32");
  CHECK_THROWS_WITH(writer.add("c", {1}, std::vector<std::int64_t>{300}, TensorType::int8),
                    "300 does not fit an integer of 1 bytes");
  CHECK_THROWS_WITH(writer.add("c", {1}, std::vector<std::int64_t>{-1}, TensorType::uint64),
                    "-1 does not fit an integer of 8 bytes");
  CHECK_THROWS_WITH(writer.add("c", {1}, std::vector<float>{1}, TensorType::int8),
                    "floating-point numbers cannot be stored as I8");
}

namespace {

/// What NumPy's save wrote, byte for byte, as a ZIP archive of one stored file.
std::string npz_of(const std::string& name, const std::string& header, const std::string& data) {
  std::string npy = "\x93NUMPY";
  npy += std::string("\x01\x00", 2);
  npy += static_cast<char>(header.size());
  npy += '\0';
  npy += header + data;
  const auto put = [](std::string& out, std::uint32_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xff);
  };
  std::uint32_t crc = 0xffffffff;  // ISO 3309, bit by bit
  for (const char c : npy) {
    crc ^= static_cast<unsigned char>(c);
    for (int i = 0; i < 8; ++i) crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
  }
  crc = ~crc;
  const auto size = static_cast<std::uint32_t>(npy.size());
  const auto common = [&](std::string& out) {
    for (const int zero : {0, 0, 0, 0})
      put(out, static_cast<std::uint32_t>(zero), 2);  // flags, method, time, date
    put(out, crc, 4);
    put(out, size, 4);
    put(out, size, 4);
    put(out, static_cast<std::uint32_t>(name.size()), 2);
    put(out, 0, 2);
  };
  std::string local, central, end;
  put(local, 0x04034b50, 4);
  put(local, 20, 2);
  common(local);
  local += name + npy;
  put(central, 0x02014b50, 4);
  put(central, 20, 2);
  put(central, 20, 2);
  common(central);
  put(central, 0, 2);
  put(central, 0, 4);
  put(central, 0, 4);
  put(central, 0, 4);
  central += name;
  put(end, 0x06054b50, 4);
  put(end, 0, 4);
  put(end, 1, 2);
  put(end, 1, 2);
  put(end, static_cast<std::uint32_t>(central.size()), 4);
  put(end, static_cast<std::uint32_t>(local.size()), 4);
  put(end, 0, 2);
  return local + central + end;
}

std::string floats_as_bytes(const std::vector<float>& numbers) {
  std::string out(4 * numbers.size(), '\0');
  std::memcpy(out.data(), numbers.data(), out.size());
  return out;
}

}  // namespace

TEST_CASE("an npz archive gives its arrays, and a damaged or foreign one the reason") {
  const TemporaryFolder folder;
  const std::string path = folder / "a.npz";
  const std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }";
  const auto good = npz_of("mean.npy", header, floats_as_bytes({1, 2, -3, 0.5f}));
  const auto reading = [&](const std::string& bytes) {
    theriac::chem::write_text_file(path, bytes);
    return read_npz(path);
  };
  const auto arrays = reading(good);
  REQUIRE(arrays.count("mean") == 1);
  CHECK(arrays.at("mean").shape == TensorShape{2, 2});
  CHECK(arrays.at("mean").numbers == std::vector<double>{1, 2, -3, 0.5});
  for (std::size_t n = 0; n < good.size(); ++n)
    CHECK_THROWS_AS(reading(good.substr(0, n)), theriac::InputError);
  auto flipped = good;
  flipped[good.size() / 3] = static_cast<char>(flipped[good.size() / 3] ^ 1);
  CHECK_THROWS_WITH(reading(flipped), Contains("'mean.npy' in it is damaged"));
  CHECK_THROWS_WITH(
      reading(npz_of("o.npy", "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", "........")),
      Contains("array 'o' holds '|O', not numbers that are read here"));
  CHECK_THROWS_WITH(
      reading(npz_of("m.npy", "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", "....")),
      Contains("array 'm' of shape 3 does not fit its 4 bytes"));
  CHECK_THROWS_WITH(
      reading(npz_of("m.npy", "{'descr': '<f4', 'fortran_order': True, 'shape': (1, 1), }", "....")),
      Contains("Fortran order"));
}
